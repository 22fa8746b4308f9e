//! Limits of the head, and lines longer than the window.

use mrequests_engine::Error;
use mrequests_engine::limits::{MAX_FIELDS, MAX_HEAD, MAX_LINE};

use crate::driver::{AT_ONCE, BYTE_BY_BYTE, Outcome, Parsed, parse, parse_everyhow};

const STATUS: &str = "HTTP/1.1 200 OK\r\n";

fn outcome(head: &str) -> Outcome {
    parse_everyhow(head.as_bytes()).outcome
}

/// A field line of `len` bytes, its line end included.
fn field(len: usize) -> String {
    format!("X: {}\r\n", "y".repeat(len - 5))
}

#[test]
fn field_line() {
    let head = format!("{STATUS}{}\r\n", field(MAX_LINE));
    assert_eq!(outcome(&head), Outcome::Complete(head.len()));
    let head = format!("{STATUS}{}\r\n", field(MAX_LINE + 1));
    assert_eq!(outcome(&head), Outcome::Refused(Error::LineTooLong));
    let endless = format!("{STATUS}{}", "y".repeat(MAX_LINE));
    assert_eq!(outcome(&endless), Outcome::Refused(Error::LineTooLong));
}

#[test]
fn folded_field_counts_as_one_line() {
    let folded = field(MAX_LINE / 2) + &" z\r\n".repeat(MAX_LINE / 8);
    assert_eq!(folded.len(), MAX_LINE);
    let head = format!("{STATUS}{folded}\r\n");
    assert_eq!(outcome(&head), Outcome::Complete(head.len()));
    let head = format!("{STATUS}{folded} \n\r\n");
    assert_eq!(outcome(&head), Outcome::Refused(Error::LineTooLong));
    let blank = format!("{STATUS}X: y\r\n{}", " \r\n".repeat(MAX_LINE));
    assert_eq!(outcome(&blank), Outcome::Refused(Error::LineTooLong));
}

#[test]
fn status_line() {
    for (len, expected) in [
        (MAX_LINE, Outcome::Complete(MAX_LINE + 2)),
        (MAX_LINE + 1, Outcome::Refused(Error::LineTooLong)),
    ] {
        let reason = "r".repeat(len - 15);
        let head = format!("HTTP/1.1 200 {reason}\r\n\r\n");
        for size in [64, 512, MAX_HEAD] {
            for cuts in [AT_ONCE, BYTE_BY_BYTE] {
                assert_eq!(parse(head.as_bytes(), size, cuts).outcome, expected);
            }
        }
    }
}

#[test]
fn reason_longer_than_the_window_is_cut() {
    let head = format!("HTTP/1.1 200 {}\r\nA: b\r\n\r\n", "r".repeat(100));
    let expected = Parsed {
        status: Some((200, "r".repeat(64 - 13).into_bytes())),
        fields: vec![b"A: b".to_vec()],
        outcome: Outcome::Complete(head.len()),
    };
    for cuts in [AT_ONCE, BYTE_BY_BYTE, &[50]] {
        assert_eq!(parse(head.as_bytes(), 64, cuts), expected);
    }
    let bad = head.replace("rr\r\n", "r\rr\r\n");
    let refused = Outcome::Refused(Error::InvalidStatusLine);
    assert_eq!(parse(bad.as_bytes(), 64, AT_ONCE).outcome, refused);
}

#[test]
fn interim_reason_longer_than_the_window() {
    let head = format!("HTTP/1.1 100 {}\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "r".repeat(100));
    let parsed = parse(head.as_bytes(), 64, AT_ONCE);
    assert_eq!(parsed.status, Some((200, b"OK".to_vec())));
    assert_eq!(parsed.fields, Vec::<Vec<u8>>::new());
}

#[test]
fn head() {
    let lines = field(MAX_HEAD / 4).repeat(3);
    let rest = MAX_HEAD - STATUS.len() - lines.len() - 2;
    let head = format!("{STATUS}{lines}{}\r\n", field(rest));
    assert_eq!(outcome(&head), Outcome::Complete(MAX_HEAD));
    let head = format!("{STATUS}{lines}{}\r\n", field(rest + 1));
    assert_eq!(outcome(&head), Outcome::Refused(Error::HeadTooLarge));
}

#[test]
fn interim_heads_count_together() {
    let endless = "HTTP/1.1 100 Continue\r\n\r\n".repeat(MAX_HEAD / 25 + 1);
    assert_eq!(outcome(&endless), Outcome::Refused(Error::HeadTooLarge));
}

#[test]
fn fields() {
    let lines = "A: b\r\n".repeat(MAX_FIELDS);
    let head = format!("{STATUS}{lines}\r\n");
    assert_eq!(outcome(&head), Outcome::Complete(head.len()));
    for line in ["A: b\r\n", "garbage\r\n", ": x\r\n"] {
        let head = format!("{STATUS}{lines}{line}\r\n");
        assert_eq!(outcome(&head), Outcome::Refused(Error::TooManyFields));
    }
    let skipped = "garbage\r\n".repeat(MAX_FIELDS);
    let head = format!("{STATUS}{skipped}A: b\r\n\r\n");
    assert_eq!(outcome(&head), Outcome::Refused(Error::TooManyFields));
    // Fields of an interim response do not count.
    let head = format!("HTTP/1.1 103 x\r\n{lines}A: b\r\n\r\n{STATUS}{lines}\r\n");
    assert_eq!(outcome(&head), Outcome::Complete(head.len()));
}

#[test]
fn name_longer_than_the_window_is_skipped() {
    let head = format!("{STATUS}{}: x\r\n folded: y\r\nA: b\r\n\r\n", "n".repeat(70));
    for cuts in [AT_ONCE, BYTE_BY_BYTE, &[50]] {
        let parsed = parse(head.as_bytes(), 64, cuts);
        assert_eq!(parsed.fields, [b"A: b"]);
        assert_eq!(parsed.outcome, Outcome::Complete(head.len()));
    }
}

#[test]
fn white_space_that_fills_the_window_becomes_one_space() {
    let blank = " \t".repeat(100);
    for (line, expected) in [
        (format!("X: a{blank}b"), "X: a b"),
        (format!("X:{blank}b"), "X: b"),
        (format!("X: a{blank}\r\n{blank}b"), "X: a b"),
        (format!("X: a\r\n{blank}\r\n{blank}b"), "X: a b"),
        (format!("X: a{blank}\r\n{blank}"), "X: a"),
        (format!("X: a{blank}"), "X: a"),
    ] {
        let head = format!("{STATUS}{line}\r\nA: b\r\n\r\n");
        for cuts in [AT_ONCE, BYTE_BY_BYTE, &[9]] {
            let parsed = parse(head.as_bytes(), 64, cuts);
            assert_eq!(parsed.fields, [expected.as_bytes(), b"A: b"], "{line:?}");
            assert_eq!(parsed.outcome, Outcome::Complete(head.len()));
        }
    }
}

#[test]
fn a_window_too_small_is_an_error() {
    for size in 1..12 {
        let outcome = parse(b"HTTP/1.1 200 OK\r\n\r\n", size, AT_ONCE).outcome;
        assert!(matches!(outcome, Outcome::Refused(_)));
    }
}
