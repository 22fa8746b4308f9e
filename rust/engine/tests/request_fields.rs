//! Methods, the caller's fields, and the body's length by them.
#![allow(clippy::unwrap_used)]

mod any_bytes;
mod written;

use any_bytes::any_bytes;
use mrequests_engine::Error;
use mrequests_engine::request::{
    BodyLength, Entry, Fields, Head, Kept, MAX_METHOD, Method, body_length, find, push_field,
    push_omitted,
};
use mrequests_engine::url::Url;
use proptest::prelude::*;
use written::{text, written};

/// Names with values, or without: omitted.
type Given<'a> = &'a [(&'a str, Option<&'a str>)];

fn block(fields: Given<'_>) -> Vec<u8> {
    written(|out| {
        fields.iter().try_for_each(|(name, value)| match value {
            Some(value) => push_field(out, name.as_bytes(), value.as_bytes()),
            None => push_omitted(out, name.as_bytes()),
        })
    })
    .unwrap()
}

#[test]
fn methods_are_tokens_in_upper_case() {
    for (name, expected) in [
        ("GET", "GET"),
        ("get", "GET"),
        ("pRopFind", "PROPFIND"),
        ("M-SEARCH", "M-SEARCH"),
        ("x!#$%&'*+-.^_`|~9", "X!#$%&'*+-.^_`|~9"),
    ] {
        assert_eq!(text(|out| Method::parse(name.as_bytes())?.put(out)), expected);
    }
    let longest = [b'A'; MAX_METHOD];
    assert!(Method::parse(&longest).unwrap().is(&longest));
    assert_eq!(Method::parse(&[b'A'; MAX_METHOD + 1]).err(), Some(Error::InvalidMethod));
    for name in ["", " ", "GET ", " GET", "GET /evil", "GET\r\nX: 1", "A\nB", "A\0", "A:", "GÉT"] {
        assert_eq!(Method::parse(name.as_bytes()).err(), Some(Error::InvalidMethod), "{name:?}");
    }
    assert!(Method::GET.is(b"GET") && !Method::GET.is(b"HEAD"));
    assert!(Method::parse(b"get").unwrap().is(b"GET"));
}

#[test]
fn field_values_are_trimmed_and_kept() {
    for (value, expected) in [
        ("", "X-A: \r\n"),
        ("b", "X-A: b\r\n"),
        (" \t b \t c\t ", "X-A: b \t c\r\n"),
        ("caf\u{e9}: \"x\", y", "X-A: caf\u{e9}: \"x\", y\r\n"),
    ] {
        assert_eq!(text(|out| push_field(out, b"X-A", value.as_bytes())), expected);
    }
    assert_eq!(text(|out| push_omitted(out, b"X-A")), "X-A\r\n");
}

#[test]
fn fields_that_would_inject_are_refused_with_nothing_written() {
    let mut out = heapless::Vec::<u8, 64>::new();
    for name in
        ["", " ", "X A", "X-A ", " X", "\tX", "X:", ":X", "X\r\nY", "X\nY", "\rX", "X\0", "X-é"]
    {
        let name = name.as_bytes();
        assert_eq!(push_field(&mut out, name, b"1"), Err(Error::InvalidFieldName), "{name:?}");
        assert_eq!(push_omitted(&mut out, name), Err(Error::InvalidFieldName), "{name:?}");
    }
    for value in ["b\r\nX: 1", "b\nX: 1", "b\rX: 1", "b\0", "b\r\n", "\nb", "b\r", "b\r\n X: 1"] {
        let result = push_field(&mut out, b"X-A", value.as_bytes());
        assert_eq!(result, Err(Error::InvalidFieldValue), "{value:?}");
    }
    assert!(out.is_empty());
}

#[test]
fn find_gives_the_last_entry_in_any_case() {
    let fields = block(&[
        ("Accept", Some("a")),
        ("X-A", Some("1: 2")),
        ("accept", Some("b")),
        ("User-Agent", Some("me")),
        ("user-agent", None),
        ("X-Empty", Some("")),
    ]);
    for (name, expected) in [
        ("ACCEPT", Some(Entry::Value(b"b".as_slice()))),
        ("x-a", Some(Entry::Value(b"1: 2"))),
        ("USER-agent", Some(Entry::Omitted)),
        ("x-empty", Some(Entry::Value(b""))),
        ("accep", None),
        ("accept-", None),
        ("", None),
        ("b", None),
    ] {
        assert_eq!(find(&fields, name.as_bytes()), expected, "{name}");
    }
    assert_eq!(find(b"", b"a"), None);
}

#[test]
fn callers_framing_must_agree_with_the_body() {
    use BodyLength::{Chunked, Known, None as Absent};
    let cl = "Content-Length";
    let te = "Transfer-Encoding";
    let bad = Err(Error::BodyMismatch);
    let cases: [(&[(&str, &str)], _, _); 38] = [
        (&[], Absent, Ok(Absent)),
        (&[], Known(5), Ok(Known(5))),
        (&[], Chunked, Ok(Chunked)),
        (&[("Accept", "5")], Known(5), Ok(Known(5))),
        // Content-Length
        (&[(cl, "5")], Known(5), Ok(Known(5))),
        (&[("content-LENGTH", "5")], Known(5), Ok(Known(5))),
        (&[(cl, "005")], Known(5), Ok(Known(5))),
        (&[(cl, "4")], Known(5), bad),
        (&[(cl, "6")], Known(5), bad),
        (&[(cl, "6"), (cl, "5")], Known(5), Ok(Known(5))),
        (&[(cl, "5")], Chunked, Ok(Known(5))),
        (&[(cl, "0")], Chunked, Ok(Known(0))),
        (&[(cl, "0")], Absent, Ok(Known(0))),
        (&[(cl, "5")], Absent, bad),
        (&[(cl, "")], Known(0), bad),
        (&[(cl, "+5")], Known(5), bad),
        (&[(cl, "-5")], Known(5), bad),
        (&[(cl, "0x5")], Known(5), bad),
        (&[(cl, "5, 5")], Known(5), bad),
        (&[(cl, "5 5")], Known(55), bad),
        (&[(cl, "18446744073709551614")], Chunked, Ok(Known(u64::MAX - 1))),
        (&[(cl, "18446744073709551615")], Chunked, bad),
        (&[(cl, "18446744073709551616")], Chunked, bad),
        (&[(cl, "18446744073709551621")], Known(5), bad),
        // Transfer-Encoding
        (&[(te, "chunked")], Known(5), Ok(Chunked)),
        (&[(te, "chunked")], Chunked, Ok(Chunked)),
        (&[(te, "ChunKed")], Known(5), Ok(Chunked)),
        (&[(te, "gzip, chunked")], Known(5), Ok(Chunked)),
        (&[(te, "gzip,,chunked ,")], Known(5), Ok(Chunked)),
        (&[(te, "chunked")], Absent, bad),
        (&[(te, "")], Known(5), bad),
        (&[(te, "identity")], Known(5), bad),
        (&[(te, "xchunked")], Known(5), bad),
        (&[(te, "chunked;a=b")], Known(5), bad),
        (&[(te, "chunked, gzip")], Known(5), bad),
        (&[(te, "chunked, chunked")], Known(5), bad),
        // both
        (&[(te, "chunked"), (cl, "5")], Known(5), bad),
        (&[(cl, "0"), (te, "chunked")], Absent, bad),
    ];
    for (fields, length, expected) in cases {
        let given: Vec<_> = fields.iter().map(|(name, value)| (*name, Some(*value))).collect();
        assert_eq!(
            body_length(Fields::new(&block(&given)), length),
            expected,
            "{fields:?} {length:?}"
        );
    }
}

#[test]
fn omitted_framing_is_no_framing() {
    let fields = block(&[("Content-Length", Some("9")), ("content-length", None)]);
    assert_eq!(body_length(Fields::new(&fields), BodyLength::Known(5)), Ok(BodyLength::Known(5)));
    let fields = block(&[("Transfer-Encoding", None), ("Content-Length", Some("5"))]);
    assert_eq!(body_length(Fields::new(&fields), BodyLength::Known(5)), Ok(BodyLength::Known(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_a_block_that_nobody_checked(
        block in any_bytes(), name in any_bytes(), credentials: bool, content: bool,
    ) {
        let _ = find(&block, &name);
        let _ = Method::parse(&name);
        let fields = Fields::new(&block);
        let head = Head {
            method: Method::GET,
            url: &Url::parse(b"http://u:p@h/").unwrap(),
            fields,
            kept: Kept { credentials, content },
            length: body_length(fields, BodyLength::Chunked).unwrap_or(BodyLength::None),
            content_type: Some(&name),
        };
        let _ = written(|out| head.write(out));
    }
}
