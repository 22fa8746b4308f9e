//! References resolved and redirects followed, by table.
#![allow(clippy::unwrap_used)]

mod written;

use mrequests_engine::Error;
use mrequests_engine::redirect::{Follow, follow};
use mrequests_engine::request::Method;
use mrequests_engine::resolve::with_query;
use mrequests_engine::sink::{Buffer, Sink};
use mrequests_engine::url::Url;
use written::{Written, resolve, text, written};

fn resolved(base: &str, reference: &str) -> Result<String, Error> {
    let url = written(|out| resolve(base.as_bytes(), reference.as_bytes(), out))?;
    assert!(Url::parse(&url).is_ok(), "{base} {reference}");
    Ok(String::from_utf8(url).unwrap())
}

#[test]
fn examples_of_rfc_3986_section_5_4() {
    let cases: [(&str, Result<&str, Error>); 42] = [
        // 5.4.1, normal; fragments are dropped
        ("g:h", Err(Error::UnsupportedScheme)),
        ("g", Ok("http://a/b/c/g")),
        ("./g", Ok("http://a/b/c/g")),
        ("g/", Ok("http://a/b/c/g/")),
        ("/g", Ok("http://a/g")),
        ("//g", Ok("http://g")),
        ("?y", Ok("http://a/b/c/d;p?y")),
        ("g?y", Ok("http://a/b/c/g?y")),
        ("#s", Ok("http://a/b/c/d;p?q")),
        ("g#s", Ok("http://a/b/c/g")),
        ("g?y#s", Ok("http://a/b/c/g?y")),
        (";x", Ok("http://a/b/c/;x")),
        ("g;x", Ok("http://a/b/c/g;x")),
        ("g;x?y#s", Ok("http://a/b/c/g;x?y")),
        ("", Ok("http://a/b/c/d;p?q")),
        (".", Ok("http://a/b/c/")),
        ("./", Ok("http://a/b/c/")),
        ("..", Ok("http://a/b/")),
        ("../", Ok("http://a/b/")),
        ("../g", Ok("http://a/b/g")),
        ("../..", Ok("http://a/")),
        ("../../", Ok("http://a/")),
        ("../../g", Ok("http://a/g")),
        // 5.4.2, abnormal
        ("../../../g", Ok("http://a/g")),
        ("../../../../g", Ok("http://a/g")),
        ("/./g", Ok("http://a/g")),
        ("/../g", Ok("http://a/g")),
        ("g.", Ok("http://a/b/c/g.")),
        (".g", Ok("http://a/b/c/.g")),
        ("g..", Ok("http://a/b/c/g..")),
        ("..g", Ok("http://a/b/c/..g")),
        ("./../g", Ok("http://a/b/g")),
        ("./g/.", Ok("http://a/b/c/g/")),
        ("g/./h", Ok("http://a/b/c/g/h")),
        ("g/../h", Ok("http://a/b/c/h")),
        ("g;x=1/./y", Ok("http://a/b/c/g;x=1/y")),
        ("g;x=1/../y", Ok("http://a/b/c/y")),
        ("g?y/./x", Ok("http://a/b/c/g?y/./x")),
        ("g?y/../x", Ok("http://a/b/c/g?y/../x")),
        ("g#s/./x", Ok("http://a/b/c/g")),
        ("g#s/../x", Ok("http://a/b/c/g")),
        ("http:g", Err(Error::InvalidUrl)), // strict: a URL without a host
    ];
    for (reference, expected) in cases {
        let result = resolved("http://a/b/c/d;p?q", reference);
        assert_eq!(result.as_deref(), expected.as_deref(), "{reference:?}");
    }
}

#[test]
fn paths_are_merged_with_any_base() {
    for (base, reference, expected) in [
        ("http://h", "g", "http://h/g"),
        ("http://h?q", "g", "http://h/g"),
        ("http://h", "..", "http://h/"),
        ("http://h", "", "http://h"),
        ("http://h", "?q", "http://h?q"),
        ("http://h/", "g", "http://h/g"),
        ("http://h/d", "g", "http://h/g"),
        ("http://h/d/", "g", "http://h/d/g"),
        ("http://h//", "g", "http://h//g"),
        ("http://h//d", "../g", "http://h/g"),
        ("http://h/b/../c/d", "g", "http://h/c/g"),
        ("http://h/b/../c", "?q", "http://h/b/../c?q"),
        ("http://h/d?a/b", "g", "http://h/g"),
        ("http://h/d?q#f", "", "http://h/d?q"),
        ("http://h/d?q", "?", "http://h/d?"),
        ("http://h/d", "g//x", "http://h/g//x"),
        ("http://h/d", "g//../x", "http://h/g/x"),
        ("http://h/d", "/.//evil", "http://h//evil"),
        ("http://h/d", "a/b//host", "http://h/a/b//host"),
        ("http://h/d", "/a:b", "http://h/a:b"),
        ("http://h/d", "1:b", "http://h/1:b"),
        ("http://h/d", "?u=http://x/../y", "http://h/d?u=http://x/../y"),
        ("http://h/d", "...", "http://h/..."),
        ("http://h/d/e", "%2e%2e/g", "http://h/d/%2e%2e/g"),
    ] {
        assert_eq!(resolved(base, reference).as_deref(), Ok(expected), "{base} {reference:?}");
    }
}

#[test]
fn authority_is_the_references_own_or_the_bases() {
    for (base, reference, expected) in [
        ("http://h:81/a", "/b", "http://h:81/b"),
        ("http://h:80/a", "/b", "http://h:80/b"),
        ("http://h:/a", "/b", "http://h/b"),
        ("https://[::1]:81/a", "b", "https://[::1]:81/b"),
        ("https://[fe80::1%25eth0]/a", "b", "https://[fe80::1%25eth0]/b"),
        ("https://h/a", "//i:82", "https://i:82"),
        ("https://h/a", "//i/../b", "https://i/b"),
        ("https://h/a", "HTTP://I/./b?c#d", "http://I/b?c"),
        ("http://h/a", "https://i", "https://i"),
        ("http://h/a", "http://i?q", "http://i?q"),
        ("http://u:p@h/a", "/b", "http://h/b"),
        ("http://u:p@h/a", "", "http://h/a"),
        ("http://h/a", "//u:p@i/b", "http://i/b"),
        ("http://h/a", "http://u:p@h/b", "http://h/b"),
    ] {
        assert_eq!(resolved(base, reference).as_deref(), Ok(expected), "{base} {reference:?}");
    }
}

#[test]
fn unsafe_characters_are_quoted() {
    for (reference, expected) in [
        ("a b", "http://h/a%20b"),
        ("a b?c d#e f", "http://h/a%20b?c%20d"),
        ("a HTTP/1.1 X-Injected: 1", "http://h/a%20HTTP/1.1%20X-Injected:%201"),
        ("/a%0d%0aX-Injected:%201", "http://h/a%0d%0aX-Injected:%201"),
        ("/ü", "http://h/%C3%BC"),
        ("\t\x7f", "http://h/%09%7F"),
        ("/%zz", "http://h/%25zz"),
        ("\\a", "http://h/%5Ca"),
        ("\\\\evil/a", "http://h/%5C%5Cevil/a"),
        ("/\\evil", "http://h/%5Cevil"),
        ("..\\a", "http://h/..%5Ca"),
    ] {
        assert_eq!(resolved("http://h/d", reference).as_deref(), Ok(expected), "{reference:?}");
    }
    assert_eq!(resolved("http://h/ü d?q r", "").as_deref(), Ok("http://h/%C3%BC%20d?q%20r"));
    assert_eq!(resolved("http://h/ü d/e", "f").as_deref(), Ok("http://h/%C3%BC%20d/f"));
}

#[test]
fn what_is_no_url_is_refused() {
    for (reference, expected) in [
        ("file:///etc/passwd", Error::UnsupportedScheme),
        ("javascript:alert(1)", Error::UnsupportedScheme),
        ("mailto:a@b", Error::UnsupportedScheme),
        ("localhost:80/a", Error::UnsupportedScheme),
        ("http:", Error::InvalidUrl),
        ("https:/a", Error::InvalidUrl),
        ("http:\\\\evil", Error::InvalidUrl),
        ("//", Error::InvalidHost),
        ("http:///a", Error::InvalidHost),
        ("//good\\@evil", Error::InvalidHost),
        ("//a b/", Error::InvalidHost),
        ("//ü/", Error::InvalidHost),
        ("//h:99999/", Error::InvalidPort),
        ("http://h:http/", Error::InvalidPort),
        ("a\r\nX: 1", Error::InvalidUrl),
        ("a#\n", Error::InvalidUrl),
        ("\0", Error::InvalidUrl),
    ] {
        assert_eq!(resolved("http://h/", reference), Err(expected), "{reference:?}");
    }
    assert_eq!(resolved("/a", "http://h/"), Err(Error::InvalidUrl));
    assert_eq!(resolved("ftp://h/", "http://h/"), Err(Error::UnsupportedScheme));
}

#[test]
fn a_long_way_up_and_down_ends_where_it_should() {
    let reference = ["a/".repeat(50_000), "../".repeat(60_000), "b".into()].concat();
    assert_eq!(resolved("http://h/x/y", &reference).as_deref(), Ok("http://h/b"));
}

#[test]
fn resolve_replaces_what_the_buffer_held() {
    let url = text(|out| {
        out.put(b"http://u:p@old/")?;
        resolve(b"http://h/a", b"b", out)
    });
    assert_eq!(url, "http://h/b");
}

#[test]
fn a_full_buffer_is_no_room() {
    let mut out = heapless::Vec::<u8, 12>::new();
    assert_eq!(resolve(b"http://h/", b"abcdefgh", &mut out), Err(Error::NoRoom));
    assert_eq!(resolve(b"http://h/", b"abc", &mut out), Ok(()));
    assert_eq!(out, b"http://h/abc");
}

#[test]
fn query_is_added_before_the_fragment() {
    for (url, query, expected) in [
        ("http://h/a", "b=1", "http://h/a?b=1"),
        ("http://h", "b=1", "http://h?b=1"),
        ("http://h/?a", "b=1", "http://h/?a&b=1"),
        ("http://h/?", "b=1", "http://h/?b=1"),
        ("http://h/?a&", "b=1", "http://h/?a&b=1"),
        ("http://h/#f", "b=1", "http://h/?b=1"),
        ("http://h/#f?g", "b=1", "http://h/?b=1"),
        ("http://h/?a#f", "b=1", "http://h/?a&b=1"),
        ("http://h/?a", "", "http://h/?a"),
        ("http://h/#f", "", "http://h/"),
    ] {
        let result = text(|out| with_query(url.as_bytes(), query.as_bytes(), out));
        assert_eq!(result, expected, "{url} {query:?}");
    }
}

const BASE: &[u8] = b"http://h/a";

fn followed(status: u16, method: &[u8], base: &[u8], location: &[u8]) -> Option<Follow> {
    follow(status, Method::parse(method).unwrap(), base, location, &mut Written::default()).unwrap()
}

#[test]
fn method_becomes_get_unless_head_or_307_or_308() {
    for (method, status, becomes_get) in [
        ("POST", 301, true),
        ("POST", 302, true),
        ("POST", 303, true),
        ("POST", 307, false),
        ("POST", 308, false),
        ("PUT", 301, true),
        ("PUT", 307, false),
        ("DELETE", 303, true),
        ("PATCH", 302, true),
        ("HEAD", 301, false),
        ("HEAD", 302, false),
        ("HEAD", 303, false),
        ("HEAD", 307, false),
        ("HEAD", 308, false),
        ("GET", 307, false),
        ("GET", 308, false),
    ] {
        let expected = Some(Follow { becomes_get, cross_origin: false });
        assert_eq!(followed(status, method.as_bytes(), BASE, b"b"), expected, "{method} {status}");
    }
    for status in [301, 302] {
        assert!(followed(status, b"GET", BASE, b"b").is_some());
    }
}

#[test]
fn only_five_statuses_are_followed() {
    let statuses: Vec<u16> =
        (0..1000).filter(|&status| followed(status, b"POST", BASE, b"/b").is_some()).collect();
    assert_eq!(statuses, [301, 302, 303, 307, 308]);
}

#[test]
fn not_followed_and_so_nobodys_error() {
    for (status, method, base, location) in [
        (303, "GET", "http://h/", "/b"),
        (303, "get", "http://h/", "/b"),
        (302, "GET", "http://h/", ""),
        (302, "GET", "https://h/", "http://h/"),
        (307, "POST", "https://h/", "http://h:443/"),
        (304, "GET", "http://h/", "ftp://h/"),
        (300, "GET", "http://h/", "http://h:x/"),
        (200, "GET", "http://h/", "/b"),
    ] {
        let result = followed(status, method.as_bytes(), base.as_bytes(), location.as_bytes());
        assert_eq!(result, None, "{status} {method} {base} {location}");
    }
}

#[test]
fn another_origin_is_told() {
    for (base, location, cross_origin) in [
        ("http://h/a", "/b", false),
        ("http://h/a", "//H:80/b", false),
        ("http://h/a", "https://h/a", true),
        ("http://h/a", "http://h:81/a", true),
        ("http://localhost/a", "http://127.0.0.1/a", true),
        ("http://u:p@h/a", "http://h/a", false),
        ("https://h/a", "//i/a", true),
    ] {
        let result = followed(302, b"GET", base.as_bytes(), location.as_bytes());
        assert_eq!(result.unwrap().cross_origin, cross_origin, "{base} {location}");
    }
}

#[test]
fn target_holds_the_absolute_url() {
    let mut target = Written::default();
    for (location, expected) in [("../c?d#e", "http://h/c?d"), ("//i", "http://i")] {
        follow(301, Method::GET, b"http://h/a/b", location.as_bytes(), &mut target).unwrap();
        assert_eq!(target.as_slice(), expected.as_bytes());
    }
}

#[test]
fn bad_locations_are_errors() {
    for (location, expected) in [
        ("ftp://h/x", Error::UnsupportedScheme),
        ("gopher://h/_GET", Error::UnsupportedScheme),
        ("data:text/plain,x", Error::UnsupportedScheme),
        ("http:///x", Error::InvalidHost),
        ("http://h:99999/", Error::InvalidPort),
        ("http://h:-1/", Error::InvalidPort),
        ("/a\rX-Injected: 1", Error::InvalidUrl),
        ("/a\0b", Error::InvalidUrl),
    ] {
        let mut target = Written::default();
        let result = follow(302, Method::GET, BASE, location.as_bytes(), &mut target);
        assert_eq!(result, Err(expected), "{location:?}");
    }
}
