//! URLs taken apart, by table.
#![allow(clippy::unwrap_used)]

mod written;

use mrequests_engine::Error;
use mrequests_engine::sink::Buffer;
use mrequests_engine::url::{Scheme, Split, Url, split};
use written::{Written, basic, text};

/// The parts of a URL as one line: scheme, userinfo, host, port, path, query; `-` for none.
fn parts(url: &str) -> Result<String, Error> {
    let url = Url::parse(url.as_bytes())?;
    let (path, query) = url.path_and_query();
    let show = |part: Option<&[u8]>| part.map_or("-".into(), shown);
    Ok([
        format!("{:?}", url.scheme),
        show(url.userinfo),
        show(Some(url.host)) + if url.is_ipv6 { " v6" } else { "" },
        url.port.map_or("-".into(), |port| port.to_string()),
        show(Some(path)),
        show(query),
    ]
    .join(" "))
}

fn shown(bytes: &[u8]) -> String {
    format!("'{}'", String::from_utf8(bytes.to_vec()).unwrap())
}

#[test]
fn absolute_urls_are_taken_apart() {
    for (url, expected) in [
        ("http://h", "Http - 'h' - '' -"),
        ("https://h/", "Https - 'h' - '/' -"),
        ("HtTpS://H", "Https - 'H' - '' -"),
        ("http://h?x=1", "Http - 'h' - '' 'x=1'"),
        ("http://h/?", "Http - 'h' - '/' ''"),
        ("http://h/a?b?c/d", "Http - 'h' - '/a' 'b?c/d'"),
        ("http://h/a#b?c", "Http - 'h' - '/a' -"),
        ("http://h#b", "Http - 'h' - '' -"),
        ("http://h?a#b@c:d", "Http - 'h' - '' 'a'"),
        ("http://h//a//", "Http - 'h' - '//a//' -"),
        ("http://h/a b|ü", "Http - 'h' - '/a b|ü' -"),
        ("http://h:8080/", "Http - 'h' 8080 '/' -"),
        ("http://h:80", "Http - 'h' 80 '' -"),
        ("http://h:0080", "Http - 'h' 80 '' -"),
        ("http://h:65535", "Http - 'h' 65535 '' -"),
        ("http://h:/", "Http - 'h' - '/' -"),
        ("http://1.2.3.4:5/", "Http - '1.2.3.4' 5 '/' -"),
        ("http://a_b.-~!$&'()*+,;=%2f/", "Http - 'a_b.-~!$&'()*+,;=%2f' - '/' -"),
        ("http://u:p@h/", "Http 'u:p' 'h' - '/' -"),
        ("http://u@v:p@q@h:1/", "Http 'u@v:p@q' 'h' 1 '/' -"),
        ("http://@h/", "Http '' 'h' - '/' -"),
        ("http://u [ü]:p%@h/", "Http 'u [ü]:p%' 'h' - '/' -"),
        ("http://h/@x", "Http - 'h' - '/@x' -"),
        ("http://h?@x", "Http - 'h' - '' '@x'"),
        ("http://[::1]/", "Http - '::1' v6 - '/' -"),
        ("http://[::1]:8080", "Http - '::1' v6 8080 '' -"),
        ("http://[::1]:?q", "Http - '::1' v6 - '' 'q'"),
        ("http://u:p@[::ffff:1.2.3.4]:1", "Http 'u:p' '::ffff:1.2.3.4' v6 1 '' -"),
        ("http://[fe80::1%25eth0]/", "Http - 'fe80::1%25eth0' v6 - '/' -"),
        ("http://[fe80::1%eth0]/", "Http - 'fe80::1%eth0' v6 - '/' -"),
    ] {
        assert_eq!(parts(url).as_deref(), Ok(expected), "{url}");
    }
}

#[test]
fn bad_urls_are_refused() {
    use Error::{InvalidHost, InvalidPort, InvalidUrl, UnsupportedScheme};
    for (url, expected) in [
        // not absolute
        ("", InvalidUrl),
        ("h", InvalidUrl),
        ("/a", InvalidUrl),
        ("//h/a", InvalidUrl),
        ("?q", InvalidUrl),
        ("://h", InvalidUrl),
        ("1http://h", InvalidUrl),
        (" http://h", InvalidUrl),
        ("ht tp://h", InvalidUrl),
        ("http:", InvalidUrl),
        ("http:h", InvalidUrl),
        ("http:/h", InvalidUrl),
        ("http:\\\\h", InvalidUrl),
        // line breaks anywhere
        ("http://h/a\r\nX: 1", InvalidUrl),
        ("http://h/a\nX", InvalidUrl),
        ("http://h/\r", InvalidUrl),
        ("http://h/\0", InvalidUrl),
        ("http://h?\n", InvalidUrl),
        ("http://h/#\r\nX: 1", InvalidUrl),
        ("http://u\r\n@h/", InvalidUrl),
        ("http://h\r\nX: 1:80/", InvalidUrl),
        ("http://h\0/", InvalidUrl),
        ("\nhttp://h/", InvalidUrl),
        // other schemes
        ("ftp://h/", UnsupportedScheme),
        ("httpx://h/", UnsupportedScheme),
        ("http+unix://h/", UnsupportedScheme),
        ("file:///etc/passwd", UnsupportedScheme),
        ("mailto:a@b", UnsupportedScheme),
        ("localhost:8080/a", UnsupportedScheme),
        // hosts
        ("http://", InvalidHost),
        ("http:///a", InvalidHost),
        ("http://?q", InvalidHost),
        ("http://#f", InvalidHost),
        ("http://u@/", InvalidHost),
        ("http://:80/", InvalidHost),
        ("http://a b/", InvalidHost),
        ("http://a\tb/", InvalidHost),
        ("http://a\x7f/", InvalidHost),
        ("http://ü/", InvalidHost),
        ("http://a<b/", InvalidHost),
        ("http://a>b/", InvalidHost),
        ("http://a\"b/", InvalidHost),
        ("http://a^b/", InvalidHost),
        ("http://a`b/", InvalidHost),
        ("http://a{b/", InvalidHost),
        ("http://a|b/", InvalidHost),
        ("http://a}b/", InvalidHost),
        ("http://a%b/", InvalidHost),
        ("http://a%4/", InvalidHost),
        ("http://a%/", InvalidHost),
        ("http://a]/", InvalidHost),
        ("http://a[b]/", InvalidHost),
        ("http://good\\@evil/", InvalidHost),
        ("http://good\\.evil/", InvalidHost),
        ("http://u\\:p@h/", InvalidHost),
        // IPv6
        ("http://[]/", InvalidHost),
        ("http://[::1/", InvalidHost),
        ("http://[::1", InvalidHost),
        ("http://[::1]a/", InvalidHost),
        ("http://[::1]80/", InvalidHost),
        ("http://[::1][::2]/", InvalidHost),
        ("http://[::g]/", InvalidHost),
        ("http://[1]/", InvalidHost),
        ("http://[v1.a:b]/", InvalidHost),
        ("http://[::1%]/", InvalidHost),
        ("http://[::1%a b]/", InvalidHost),
        ("http://[::1 ]/", InvalidHost),
        // ports
        ("http://h:0/", InvalidPort),
        ("http://h:65536/", InvalidPort),
        ("http://h:99999999999999999999999/", InvalidPort),
        ("http://h:-1/", InvalidPort),
        ("http://h:+80/", InvalidPort),
        ("http://h: 80/", InvalidPort),
        ("http://h:8 0/", InvalidPort),
        ("http://h:http/", InvalidPort),
        ("http://h:0x50/", InvalidPort),
        ("http://h:²²/", InvalidPort),
        ("http://h:80:80/", InvalidPort),
        ("http://::1/", InvalidPort),
        ("http://[::1]:x/", InvalidPort),
    ] {
        assert_eq!(parts(url), Err(expected), "{url:?}");
    }
}

#[test]
fn host_field_names_the_port_where_it_is_not_the_default() {
    for (url, expected) in [
        ("http://h/", "h"),
        ("http://h:80/", "h"),
        ("https://h:443/", "h"),
        ("http://h:443/", "h:443"),
        ("https://h:80/", "h:80"),
        ("http://H.Example:8080/", "H.Example:8080"),
        ("http://h:/", "h"),
        ("http://u:p@h:81/", "h:81"),
        ("http://[::1]/", "[::1]"),
        ("http://[::1]:81/", "[::1]:81"),
        ("http://[fe80::1%25eth0]:81/", "[fe80::1]:81"),
    ] {
        assert_eq!(text(|out| Url::parse(url.as_bytes())?.put_host(out)), expected, "{url}");
    }
}

#[test]
fn target_is_in_origin_form_and_never_empty() {
    for (url, expected) in [
        ("http://h", "/"),
        ("http://h/", "/"),
        ("http://h?x=1", "/?x=1"),
        ("http://h/?", "/?"),
        ("http://h/a/../b", "/a/../b"),
        ("http://h/a#f", "/a"),
        ("http://h/a b?c d", "/a%20b?c%20d"),
        ("http://h/a HTTP/1.1", "/a%20HTTP/1.1"),
        ("http://h/ü?q=€", "/%C3%BC?q=%E2%82%AC"),
        ("http://h/%41%zz?%c3%", "/%41%25zz?%c3%25"),
        ("http://h/a\\b?c\\d", "/a%5Cb?c%5Cd"),
        ("http://h?a[]={1}", "/?a[]=%7B1%7D"),
    ] {
        assert_eq!(text(|out| Url::parse(url.as_bytes())?.put_target(out)), expected, "{url}");
    }
}

#[test]
fn userinfo_becomes_basic_auth() {
    for (url, expected) in [
        ("http://h/", None),
        ("http://@h/", None),
        ("http://:@h/", None),
        ("http://user:pass@h/", Some("Basic dXNlcjpwYXNz")),
        ("http://user@h/", Some("Basic dXNlcjo=")),
        ("http://:pass@h/", Some("Basic OnBhc3M=")),
        ("http://a%40b:c%3Ad@h/", Some("Basic YUBiOmM6ZA==")),
        ("http://a@b:c:d@h/", Some("Basic YUBiOmM6ZA==")),
        ("http://a%3A:b@h/", Some("Basic YTo6Yg==")),
        ("http://a+b%:c%0d%0a@h/", Some("Basic YStiJTpjDQo=")),
    ] {
        let url = Url::parse(url.as_bytes()).unwrap();
        let value = url.credentials().map(|(user, password)| basic(user, password, true));
        assert_eq!(value.as_deref(), expected, "{url:?}");
    }
}

#[test]
fn origins_are_compared_by_scheme_host_and_effective_port() {
    for (one, other, expected) in [
        ("http://h/a", "http://h/b?c", true),
        ("http://h", "http://H:80/", true),
        ("https://h", "https://h:443", true),
        ("http://u:p@h", "http://h", true),
        ("http://[::a]", "http://[::A]", true),
        ("http://h", "https://h", false),
        ("http://h:443", "https://h", false),
        ("http://h", "http://h:8080", false),
        ("http://h", "http://h.", false),
        ("http://localhost", "http://127.0.0.1", false),
        ("http://h", "http://sub.h", false),
    ] {
        let (a, b) = (Url::parse(one.as_bytes()).unwrap(), Url::parse(other.as_bytes()).unwrap());
        assert_eq!((a.same_origin(&b), b.same_origin(&a)), (expected, expected), "{one} {other}");
    }
}

#[test]
fn schemes_have_their_default_ports() {
    assert_eq!((Scheme::Http.default_port(), Scheme::Https.default_port()), (80, 443));
    assert_eq!(Url::parse(b"https://h").unwrap().effective_port(), 443);
    assert_eq!(Url::parse(b"https://h:8443").unwrap().effective_port(), 8443);
}

/// Scheme, host, port, and path with query and fragment.
type ParseUrl = (&'static str, &'static str, Option<u16>, &'static str);

#[test]
fn split_gives_what_parse_url_returns() {
    let cases: [(&str, ParseUrl); 26] = [
        ("http://host:8888/foo/bar#spamm", ("http", "host", Some(8888), "/foo/bar#spamm")),
        ("//host/foo", ("", "host", None, "/foo")),
        ("/foo#x", ("", "", None, "/foo#x")),
        ("http://host", ("http", "host", None, "/")),
        ("http://h?x=1", ("http", "h", None, "/?x=1")),
        ("http://h#f", ("http", "h", None, "/#f")),
        ("http://h/?a=//b", ("http", "h", None, "/?a=//b")),
        ("//h", ("", "h", None, "/")),
        ("foo/bar", ("", "", None, "foo/bar")),
        ("foo//bar", ("", "", None, "foo//bar")),
        ("foo/http://bar", ("", "", None, "foo/http://bar")),
        ("?q", ("", "", None, "?q")),
        ("#f", ("", "", None, "#f")),
        ("", ("", "", None, "")),
        ("foo?u=http://h/", ("", "", None, "foo?u=http://h/")),
        ("mailto:a@b", ("", "", None, "mailto:a@b")),
        ("host:80/a", ("", "", None, "host:80/a")),
        ("HTTPS://Host/A", ("https", "Host", None, "/A")),
        ("coap+tcp://h:1/a", ("coap+tcp", "h", Some(1), "/a")),
        ("file:///etc/x", ("file", "", None, "/etc/x")),
        ("http://u:p@q@h:81/a", ("http", "h", Some(81), "/a")),
        ("http://h/a@b:c", ("http", "h", None, "/a@b:c")),
        ("http://h:/a", ("http", "h", None, "/a")),
        ("http://[::1]:8080/a", ("http", "::1", Some(8080), "/a")),
        ("//[fe80::1%25eth0]", ("", "fe80::1%25eth0", None, "/")),
        ("http://ü b|/\\", ("http", "ü b|", None, "/\\")),
    ];
    for (url, expected) in cases {
        let mut out = Written::default();
        let Split { scheme_len, host, port, path_start } = split(url.as_bytes(), &mut out).unwrap();
        let text = std::str::from_utf8(out.as_slice()).unwrap();
        let host = std::str::from_utf8(host).unwrap();
        assert_eq!((&text[..scheme_len], host, port, &text[path_start..]), expected, "{url}");
    }
}

#[test]
fn split_writes_the_url_without_userinfo() {
    for (url, expected) in [
        ("", ""),
        ("foo?q#f", "foo?q#f"),
        ("mailto:A@b", "mailto:A@b"),
        ("//host", "//host/"),
        ("HTTP://u:p@q@Host:/A#F", "http://Host/A#F"),
        ("CoAP+TCP://h:080?q", "coap+tcp://h:80/?q"),
        ("http://[FE80::1%25Eth0]:81", "http://[FE80::1%25Eth0]:81/"),
        ("file:///etc/x", "file:///etc/x"),
    ] {
        assert_eq!(text(|out| split(url.as_bytes(), out).map(|_| ())), expected, "{url}");
    }
}

#[test]
fn split_refuses_little() {
    for (url, expected) in [
        ("http://h/\r\nX: 1", Error::InvalidUrl),
        ("/a\nb", Error::InvalidUrl),
        ("a\0", Error::InvalidUrl),
        ("http://h:x/", Error::InvalidPort),
        ("http://h:0/", Error::InvalidPort),
        ("http://h:65536/", Error::InvalidPort),
        ("http://h:-1/", Error::InvalidPort),
        ("//[::1/", Error::InvalidHost),
        ("//[::1]x/", Error::InvalidHost),
    ] {
        assert_eq!(split(url.as_bytes(), &mut Written::default()), Err(expected), "{url:?}");
    }
}
