//! Percent-encoding, forms and base64, by table.
#![allow(clippy::unwrap_used)]

mod written;

use mrequests_engine::Error;
use mrequests_engine::auth::put_basic;
use mrequests_engine::form::{pairs, push_pair};
use mrequests_engine::percent::{SafeSet, decoded, escape_target, quote};
use written::{basic, text};

#[test]
fn unreserved_is_what_rfc_3986_says() {
    for b in 0..=255u8 {
        let expected = b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        assert_eq!(SafeSet::UNRESERVED.contains(b), expected, "{b:#04x}");
    }
}

#[test]
fn safe_set_takes_ascii_only() {
    let set = SafeSet::NONE.with(b"\x00/\x7f\x80\xff");
    let members: Vec<u8> = (0..=255).filter(|&b| set.contains(b)).collect();
    assert_eq!(members, b"\x00/\x7f");
}

#[test]
fn quote_writes_upper_case_escapes() {
    let cases: [(&[u8], &[u8], bool, &str); 12] = [
        (b"", b"", false, ""),
        (b"abc-._~09AZ", b"", false, "abc-._~09AZ"),
        (b"/a b/", b"/", false, "/a%20b/"),
        (b"/a b/", b"", false, "%2Fa%20b%2F"),
        (b"a b+c", b"", true, "a+b%2Bc"),
        (b"a b+c", b"+", true, "a+b+c"),
        (b"a b+c", b" ", true, "a+b%2Bc"),
        (b"a b+c", b" ", false, "a b%2Bc"),
        (b"100%", b"", false, "100%25"),
        (b"%41", b"%", false, "%41"),
        ("ü€".as_bytes(), b"", false, "%C3%BC%E2%82%AC"),
        (b"\x00\r\n\x7f\xff", b"", true, "%00%0D%0A%7F%FF"),
    ];
    for (bytes, safe, plus, expected) in cases {
        let safe = SafeSet::UNRESERVED.with(safe);
        assert_eq!(text(|out| quote(bytes, &safe, plus, out)), expected, "{bytes:?}");
    }
}

#[test]
fn decoded_leaves_bad_escapes_alone() {
    let cases: [(&[u8], bool, &[u8]); 14] = [
        (b"", false, b""),
        (b"a%20b", false, b"a b"),
        (b"a+b", false, b"a+b"),
        (b"a+b", true, b"a b"),
        (b"a%2Bb", true, b"a+b"),
        (b"%c3%BC", false, b"\xc3\xbc"),
        (b"%", false, b"%"),
        (b"%4", false, b"%4"),
        (b"%%41", false, b"%A"),
        (b"%4%41", false, b"%4A"),
        (b"%g1%1g", false, b"%g1%1g"),
        (b"%+1", false, b"%+1"),
        (b"%+1", true, b"% 1"),
        (b"%25%34%31", false, b"%41"),
    ];
    for (bytes, plus, expected) in cases {
        assert_eq!(decoded(bytes, plus).collect::<Vec<_>>(), expected, "{bytes:?}");
    }
}

#[test]
fn escape_target_quotes_only_what_no_url_has() {
    let cases: [(&[u8], &str); 11] = [
        (b"", ""),
        (b"/a;b,c=d&e!f$g'h(i)j*k+l:m@n?o/p", "/a;b,c=d&e!f$g'h(i)j*k+l:m@n?o/p"),
        (b"a[]=1", "a[]=1"),
        (b"\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"),
        (b"/a b\tc", "/a%20b%09c"),
        (b"\x00\x1f\x7f\r\n", "%00%1F%7F%0D%0A"),
        ("/ü€".as_bytes(), "/%C3%BC%E2%82%AC"),
        (b"/%41%c3%bc", "/%41%c3%bc"),
        (b"100%", "100%25"),
        (b"%%41%4", "%25%41%254"),
        (b"%zz%\xff1", "%25zz%25%FF1"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(text(|out| escape_target(bytes, out)), expected, "{bytes:?}");
    }
}

#[test]
fn pairs_of_a_query_are_not_decoded() {
    type Pair = (&'static [u8], Option<&'static [u8]>);
    let cases: [(&[u8], u8, &[Pair]); 8] = [
        (b"", b'&', &[]),
        (b"&&", b'&', &[]),
        (b"a=1&b=2", b'&', &[(b"a", Some(b"1")), (b"b", Some(b"2"))]),
        (b"a=1;b=2", b'&', &[(b"a", Some(b"1;b=2"))]),
        (b"a=1;b&2", b';', &[(b"a", Some(b"1")), (b"b&2", None)]),
        (b"&a&&b=&", b'&', &[(b"a", None), (b"b", Some(b""))]),
        (b"=v&=", b'&', &[(b"", Some(b"v")), (b"", Some(b""))]),
        (b"a%3D=b=c+d", b'&', &[(b"a%3D", Some(b"b=c+d"))]),
    ];
    for (query, separator, expected) in cases {
        assert_eq!(pairs(query, separator).collect::<Vec<_>>(), expected, "{query:?}");
    }
}

#[test]
fn pairs_tell_what_is_left() {
    let mut pairs = pairs(b"a=1&&b", b'&');
    for rest in [&b"&b"[..], b"", b""] {
        pairs.next();
        assert_eq!(pairs.rest(), rest);
    }
}

#[test]
fn push_pair_separates_and_quotes() {
    let query = text(|out| {
        push_pair(out, true, b"a&b", b"1 2", &SafeSet::UNRESERVED)?;
        push_pair(out, false, b"c=", b"", &SafeSet::UNRESERVED)?;
        push_pair(out, false, b"d", b"/ ", &SafeSet::UNRESERVED.with(b"/ "))
    });
    assert_eq!(query, "a%26b=1+2&c%3D=&d=/+");
}

#[test]
fn basic_is_one_line_of_base64() {
    let cases: [(&[u8], &[u8], &str); 7] = [
        (b"Aladdin", b"open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), // RFC 7617 section 2
        (b"test", "123£".as_bytes(), "Basic dGVzdDoxMjPCow=="),             // section 2.1
        (b"user", b"pass", "Basic dXNlcjpwYXNz"),
        (b"", b"", "Basic Og=="),
        (b"a", b"", "Basic YTo="),
        (b"a", b"b", "Basic YTpi"),
        (b"\xff\xfe", b"\x00\r\n", "Basic //46AA0K"),
    ];
    for (user, password, expected) in cases {
        assert_eq!(basic(user, password, false), expected);
    }
}

#[test]
fn basic_has_no_longest_password() {
    let password = [b'x'; 3000];
    let value = basic(b"joe", &password, false);
    assert_eq!(value.len(), "Basic ".len() + (3004usize).div_ceil(3) * 4);
    assert!(!value.contains(['\r', '\n']));
}

#[test]
fn a_full_sink_is_no_room() {
    let mut out = heapless::Vec::<u8, 8>::new();
    assert_eq!(quote(b"abc def gh", &SafeSet::UNRESERVED, false, &mut out), Err(Error::NoRoom));
    let mut out = heapless::Vec::<u8, 8>::new();
    assert_eq!(put_basic(&[1], &[2], false, &mut out), Err(Error::NoRoom));
}
