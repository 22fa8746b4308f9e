//! Heads of requests with arbitrary methods, URLs and fields.
#![allow(clippy::unwrap_used)]

mod any_bytes;
mod written;

use any_bytes::{any_bytes, any_url};
use mrequests_engine::ascii::is_token;
use mrequests_engine::request::{
    BodyLength, Fields, Head, Kept, Method, body_length, find, push_field, push_omitted,
};
use mrequests_engine::url::Url;
use proptest::collection::vec;
use proptest::prelude::*;
use written::written;

const SINGLETONS: [&str; 7] = [
    "host",
    "user-agent",
    "authorization",
    "content-type",
    "content-length",
    "transfer-encoding",
    "connection",
];

fn name() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select([&SINGLETONS[..], &["Cookie", "HOST", "X-A"]].concat());
    prop_oneof![
        known.prop_map(|name| name.as_bytes().to_vec()),
        "[a-zA-Z-]{1,8}".prop_map(String::into_bytes),
        any_bytes(),
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let known = vec!["5", "0", "chunked", "gzip, chunked", "b\r\nX-Injected: 1"];
    prop_oneof![
        prop::sample::select(known).prop_map(|value| value.as_bytes().to_vec()),
        "[ -~]{0,12}".prop_map(String::into_bytes),
        any_bytes(),
    ]
}

fn length() -> impl Strategy<Value = BodyLength> {
    prop_oneof![
        Just(BodyLength::None),
        Just(BodyLength::Known(5)),
        any::<u64>().prop_map(BodyLength::Known),
        Just(BodyLength::Chunked),
    ]
}

/// A block of the accepted fields, and the same fields with lower-case names. Values that
/// are not ASCII would be accepted, but the test below reads text.
fn accepted(given: Vec<(Vec<u8>, Option<Vec<u8>>)>) -> (Vec<u8>, Vec<(String, Option<String>)>) {
    let (mut block, mut fields) = (Vec::new(), Vec::new());
    for (name, value) in given {
        let line = written(|out| match &value {
            Some(value) => push_field(out, &name, value),
            None => push_omitted(out, &name),
        });
        let value = value.map(String::from_utf8).transpose();
        if let (Ok(line), Ok(value)) = (line, value) {
            block.extend(line);
            fields.push((String::from_utf8(name.to_ascii_lowercase()).unwrap(), value));
        }
    }
    (block, fields)
}

/// The field lines of `head`, names in lower case. Panics unless it is one request line, field
/// lines and an empty line.
fn field_lines<'a>(head: &'a str, method: Method<'_>) -> Vec<(String, &'a str)> {
    let lines = head.strip_suffix("\r\n\r\n").expect("ends in an empty line");
    assert!(!lines.replace("\r\n", "").contains(['\r', '\n', '\0']), "{head:?}");
    let mut lines = lines.split("\r\n");
    let words: Vec<_> = lines.next().unwrap().split(' ').collect();
    assert_eq!((words.len(), words[2]), (3, "HTTP/1.1"));
    assert!(method.is(words[0].as_bytes()) && words[0] == words[0].to_ascii_uppercase());
    assert!(words[1].starts_with('/') && words[1].bytes().all(|b| b.is_ascii_graphic()));
    lines
        .map(|line| {
            let (name, value) = line.split_once(':').expect("a field has a colon");
            assert!(is_token(name.as_bytes()), "{line:?}");
            (name.to_ascii_lowercase(), value)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_on_a_block_that_nobody_checked(
        fields in any_bytes(), name in any_bytes(), url in any_url(),
        credentials: bool, content: bool,
    ) {
        let _ = find(&fields, &name);
        let _ = Method::parse(&name);
        let length = body_length(Fields::new(&fields), BodyLength::Chunked).unwrap_or(BodyLength::None);
        if let Ok(url) = Url::parse(&url) {
            let head = Head {
                method: Method::GET,
                url: &url,
                fields: Fields::new(&fields),
                kept: Kept { credentials, content },
                length,
                content_type: Some(&name),
            };
            let _ = written(|out| head.write(out));
        }
    }

    #[test]
    fn a_head_is_one_request_with_the_fields_it_was_given(
        method in prop_oneof!["[a-zA-Z]{1,8}", Just("POST".to_string())],
        url in any_url(),
        given in vec((name(), prop::option::weighted(0.9, value())), 0..8),
        credentials: bool,
        content: bool,
        length in length(),
    ) {
        let method = Method::parse(method.as_bytes()).unwrap();
        let (block, given) = accepted(given);
        let length = if content { length } else { BodyLength::None };
        let (Ok(url), Ok(length)) = (Url::parse(&url), body_length(Fields::new(&block), length)) else {
            return Ok(()); // refused: nothing is sent
        };
        let head = Head {
            method,
            url: &url,
            fields: Fields::new(&block),
            kept: Kept { credentials, content },
            length,
            content_type: Some(b"text/plain"),
        };
        let head = String::from_utf8(written(|out| head.write(out)).unwrap()).unwrap();
        let (ours, others): (Vec<_>, Vec<_>) = field_lines(&head, method)
            .into_iter()
            .partition(|(name, _)| SINGLETONS.contains(&name.as_str()));

        let count = |name: &str| ours.iter().filter(|(other, _)| other == name).count();
        for name in SINGLETONS {
            prop_assert!(count(name) <= 1, "{name}");
        }
        prop_assert!(head.contains(" HTTP/1.1\r\nHost: "));
        prop_assert!(count("content-length") + count("transfer-encoding") <= 1);
        prop_assert_eq!(count("transfer-encoding") == 1, length == BodyLength::Chunked);
        prop_assert!(credentials || count("authorization") == 0);
        prop_assert!(content || count("content-type") == 0);

        // The other fields are exactly the given ones, in their order.
        let mut others = others.iter();
        for (name, value) in &given {
            let Some(value) = value else { continue };
            if SINGLETONS.contains(&name.as_str()) || (!credentials && name == "cookie") {
                continue;
            }
            let sent = format!(" {}", value.trim_matches([' ', '\t']));
            prop_assert_eq!(others.next(), Some(&(name.clone(), sent.as_str())));
        }
        prop_assert_eq!(others.next(), None);
    }
}
