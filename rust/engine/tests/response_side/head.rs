//! Heads: delivered, skipped and refused lines (RFC 9112 sections 2.2, 4, 5).

use mrequests_engine::Error;
use mrequests_engine::head::{Event, Head};

use crate::driver::{AT_ONCE, BYTE_BY_BYTE, Outcome, Parsed, parse, parse_everyhow};

fn fields(head: &str) -> Result<Vec<String>, Error> {
    let parsed = parse_everyhow(head.as_bytes());
    match parsed.outcome {
        Outcome::Complete(len) => assert_eq!(len, head.len()),
        Outcome::Unfinished => panic!("unfinished: {head:?}"),
        Outcome::Refused(error) => return Err(error),
    }
    Ok(parsed.fields.into_iter().map(|line| String::from_utf8(line).unwrap()).collect())
}

#[test]
fn status_lines() {
    type Expected = (u16, &'static [u8]);
    let table: &[(&[u8], Expected)] = &[
        (b"HTTP/1.1 200 OK\r\n", (200, b"OK")),
        (b"HTTP/1.0 404 Not Found Here\r\n", (404, b"Not Found Here")),
        (b"HTTP/1.1 200 OK\n", (200, b"OK")),
        (b"HTTP/1.1 200 \r\n", (200, b"")),
        (b"HTTP/1.1 200\r\n", (200, b"")),
        (b"HTTP/1.1 200\n", (200, b"")),
        (b"HTTP/1.1 200 OK \t \r\n", (200, b"OK")),
        (b"HTTP/1.1 200 a\tb\r\n", (200, b"a\tb")),
        (b"HTTP/1.1 200  x\r\n", (200, b" x")),
        (b"HTTP/1.1 200 Gr\xfc\xdfe\r\n", (200, b"Gr\xfc\xdfe")),
        (b"HTTP/1.9 299 x\r\n", (299, b"x")),
        (b"HTTP/1.1 999 x\r\n", (999, b"x")),
        (b"HTTP/1.1 101 Switching\r\n", (101, b"Switching")),
    ];
    for (line, (code, reason)) in table {
        let parsed = parse_everyhow(&[*line, b"\r\n"].concat());
        let expected = Parsed {
            status: Some((*code, reason.to_vec())),
            fields: vec![],
            outcome: Outcome::Complete(line.len() + 2),
        };
        assert_eq!(parsed, expected);
    }
}

/// Each is refused at its last byte: any shorter prefix may still become a status line.
#[test]
fn bytes_that_cannot_begin_a_status_line_are_refused_at_once() {
    let table: &[&[u8]] = &[
        b"\r",
        b"\n",
        b" ",
        b"\0",
        b"<",
        b"h",
        b"HTP",
        b"HTTP/2",
        b"HTTP/0",
        b"HTTP/11",
        b"HTTP/1 ",
        b"HTTP/1.x",
        b"HTTP/1.\n",
        b"HTTP/1.1\r",
        b"HTTP/1.1\t",
        b"HTTP/1.12",
        b"HTTP/1.1  ",
        b"HTTP/1.1 \r",
        b"HTTP/1.1 -",
        b"HTTP/1.1 +",
        b"HTTP/1.1 0",
        b"HTTP/1.1 a",
        b"HTTP/1.1 20 ",
        b"HTTP/1.1 2_",
        b"HTTP/1.1 2000",
        b"HTTP/1.1 200\t",
        b"HTTP/1.1 200O",
        b"HTTP/1.1 200\rO",
        b"HTTP/1.1 200 O\0",
        b"HTTP/1.1 200 OK\r\r",
        b"HTTP/1.1 200 O\rK",
        b"HTTP/1.1 100 C\0",
    ];
    for garbage in table {
        let refused = Outcome::Refused(Error::InvalidStatusLine);
        for cuts in [AT_ONCE, BYTE_BY_BYTE] {
            assert_eq!(parse(garbage, 64, cuts).outcome, refused, "{garbage:?}");
            let prefix = &garbage[..garbage.len() - 1];
            assert_eq!(parse(prefix, 64, cuts).outcome, Outcome::Unfinished, "{garbage:?}");
        }
        let more = [*garbage, b"200 OK\r\n\r\n"].concat();
        assert_eq!(parse_everyhow(&more).outcome, refused, "{garbage:?}");
    }
}

#[test]
fn field_lines() {
    let long = format!("X: {}", "y".repeat(700));
    let spaced = format!("X: a{}b", " ".repeat(40));
    let no_colon = "no colon ".repeat(80);
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("A: b\r\n", &["A: b"]),
        ("A: b\r\nC:d\r\n", &["A: b", "C:d"]),
        ("A: b\nC: d\r\nE: f\n", &["A: b", "C: d", "E: f"]),
        ("A:\r\nB: \r\nC: \t \r\n", &["A:", "B:", "C:"]),
        ("A:  b c \t\r\n", &["A:  b c"]),
        ("A: b: c\r\nD::\r\n", &["A: b: c", "D::"]),
        ("A: b\tc\x0b\x7f\r\n", &["A: b\tc\x0b\x7f"]),
        ("x-1.2_3!#$%&'*+^`|~: t\r\n", &["x-1.2_3!#$%&'*+^`|~: t"]),
        ("Set-Cookie: a\r\nset-cookie: b\r\n", &["Set-Cookie: a", "set-cookie: b"]),
        (&format!("{long}\r\nA: b\r\n"), &[&long, "A: b"]),
        (&format!("{spaced}\r\n"), &[&spaced]),
        // Skipped, as they are no field lines.
        ("garbage\r\nA: b\r\n", &["A: b"]),
        (": x\r\nA: b\r\n", &["A: b"]),
        (":\r\nA: b\r\n", &["A: b"]),
        ("X Y: z\r\nA: b\r\n", &["A: b"]),
        ("X(Y): z\r\nA: b\r\n", &["A: b"]),
        ("X;: z\r\n\"X\": z\r\nA: b\r\n", &["A: b"]),
        ("X\u{e9}: z\r\nA: b\r\n", &["A: b"]),
        (&format!("{no_colon}\r\nA: b\r\n"), &["A: b"]),
    ];
    for (lines, expected) in table {
        let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n");
        assert_eq!(fields(&head).unwrap(), *expected, "{lines:?}");
    }
}

/// Whole lines take another path through the parser than lines that arrive byte by byte.
#[test]
fn any_byte_anywhere_in_a_line() {
    let line = b"Long-Field-Name: a value \r\n";
    for place in 0..line.len() {
        for byte in 0..=255 {
            let mut head = [b"HTTP/1.1 200 OK\r\n", &line[..], b"Next: x\r\n\r\n"].concat();
            head[b"HTTP/1.1 200 OK\r\n".len() + place] = byte;
            let parsed = parse(&head, head.len(), AT_ONCE);
            assert_eq!(parsed, parse(&head, head.len(), BYTE_BY_BYTE), "{byte} at {place}");
        }
    }
}

#[test]
fn folds_become_one_space() {
    let long = "y".repeat(700);
    let table: &[(&str, &[&str])] = &[
        ("A: one\r\n two\r\n\tthree\r\nB: c\r\n", &["A: one two three", "B: c"]),
        ("A: one\n two\n", &["A: one two"]),
        ("A: one \t \r\n \t two\r\n", &["A: one two"]),
        ("A:\r\n b\r\n", &["A: b"]),
        ("A\r\n :b\r\nB: c\r\n", &[]),
        ("A: b\r\n \r\n\t\r\n c\r\n", &["A: b c"]),
        ("A: b\r\n \r\n \r\n", &["A: b"]),
        ("A: b  c\r\n  d  e\r\n", &["A: b  c d  e"]),
        ("A: b\x0c\r\n c\r\n", &["A: b\x0c c"]),
        // A fold is no field even if it looks like one, also after a skipped line.
        ("A: b\r\n Content-Length: 9\r\n", &["A: b Content-Length: 9"]),
        ("garbage\r\n Content-Length: 9\r\nA: b\r\n", &["A: b"]),
        (
            &format!("A: {long}\r\n {long}\r\n  \r\n {long}\r\n"),
            &[&format!("A: {long} {long} {long}")],
        ),
    ];
    for (lines, expected) in table {
        let head = format!("HTTP/1.1 200 OK\r\n{lines}\r\n");
        match fields(&head) {
            Ok(found) => assert_eq!(found, *expected, "{lines:?}"),
            Err(error) => {
                assert_eq!((error, expected.len()), (Error::InvalidField, 0), "{lines:?}");
            }
        }
    }
}

#[test]
fn invalid_fields_are_refused() {
    let long = "y".repeat(700);
    let table: &[&str] = &[
        " A: b\r\n",
        "\tA: b\r\n",
        " \r\n",
        "A : b\r\n",
        "A\t: b\r\n",
        "Transfer-Encoding : chunked\r\n",
        "A B : c\r\n",
        "A: b\rc\r\n",
        "A: b\r\r\n",
        "A: b\0\r\n",
        "A\0: b\r\n",
        "\0\r\n",
        "A: b\r\n c\0\r\n",
        "A: b\r\n\rc",
        "garbage\0\r\n",
        "garbage\rgarbage\r\n",
        &format!("A: {long}\0\r\n"),
        &format!("A: {long}\r{long}\r\n"),
        &format!("no colon {long}\r{long}\r\n"),
    ];
    for lines in table {
        for before in ["", "X: y\r\n"] {
            if !before.is_empty() && lines.starts_with([' ', '\t']) {
                continue; // after a field, the line is a fold
            }
            let head = format!("HTTP/1.1 200 OK\r\n{before}{lines}\r\n");
            assert_eq!(fields(&head), Err(Error::InvalidField), "{head:?}");
        }
    }
}

#[test]
fn interim_responses_are_skipped() {
    let head = "HTTP/1.1 100 Continue\r\n\r\n\
        HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n folded\r\nContent-Length: 99\r\n\r\n\
        HTTP/1.1 199 \r\nno colon\r\n\n\
        HTTP/1.1 204 Done\r\nA: b\r\n\r\n";
    let parsed = parse_everyhow(head.as_bytes());
    let expected = Parsed {
        status: Some((204, b"Done".to_vec())),
        fields: vec![b"A: b".to_vec()],
        outcome: Outcome::Complete(head.len()),
    };
    assert_eq!(parsed, expected);

    let only = b"HTTP/1.1 100 Continue\r\n\r\n";
    assert_eq!(parse_everyhow(only).outcome, Outcome::Unfinished);
    let garbage = b"HTTP/1.1 100 Continue\r\n\r\nX";
    assert_eq!(parse_everyhow(garbage).outcome, Outcome::Refused(Error::InvalidStatusLine));
}

#[test]
fn nothing_past_the_head_is_touched() {
    let head = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    for body in [&b"\r\n"[..], b" x", b"\0\r\r", b"HTTP/1.1 200 OK\r\n\r\n"] {
        let parsed = parse_everyhow(&[head, body].concat());
        assert_eq!(parsed.outcome, Outcome::Complete(head.len()));
    }
}

#[test]
fn a_head_that_stops_anywhere_is_unfinished() {
    let head = b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nno colon\r\n\r\n";
    for len in 0..head.len() {
        assert_eq!(parse_everyhow(&head[..len]).outcome, Outcome::Unfinished, "{len}");
    }
}

#[test]
fn an_interim_head_is_consumed_at_once() {
    let mut interim = *b"HTTP/1.1 100 Continue\r\n\r\n";
    let step = Head::new().step(&mut interim, false).unwrap();
    assert_eq!((step.consumed, step.event), (interim.len(), Event::NeedMore));
}

#[test]
fn the_end_stays_the_end() {
    let mut head = Head::new();
    let mut window = *b"HTTP/1.1 200 OK\r\n\r\nbody";
    assert!(matches!(head.step(&mut window, true).unwrap().event, Event::Status(_)));
    let step = head.step(&mut window[17..], false).unwrap();
    assert_eq!((step.consumed, step.event), (2, Event::End));
    let step = head.step(&mut window[19..], true).unwrap();
    assert_eq!((step.consumed, step.event), (0, Event::End));
}
