//! Heads in the read-ahead, and lines that do not fit it.

use mrequests_engine::Error;
use mrequests_engine::content::{Extent, Read};
use mrequests_engine::field::Known;
use mrequests_engine::incoming::{Event, Incoming};
use mrequests_engine::limits::{MAX_FIELDS, MAX_HEAD, MAX_LINE, READ_AHEAD};

use crate::driver::{Buf, Client, Failure, GET, Request};
use crate::response::{AT_ONCE, BYTE_BY_BYTE};

const CUTS: [&[usize]; 5] = [AT_ONCE, BYTE_BY_BYTE, &[7], &[511, 1], &[1, 600]];

/// A response as a driver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    status: u16,
    reason: String,
    fields: Vec<String>,
    content: String,
}

fn see(answer: &str, keep_all: bool) -> Result<Seen, Failure> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let run = |cuts| {
        let mut client = Client::new([answer.as_bytes()], cuts);
        let mut response = client.perform(&Request { keep_all, ..GET })?;
        let (content, end) = response.read_all(&[100], Extent::Fill);
        end?;
        Ok(Seen {
            status: response.status,
            reason: text(&response.reason),
            fields: response.fields.iter().map(|line| text(line)).collect(),
            content: text(&content),
        })
    };
    let expected = run(AT_ONCE);
    for cuts in CUTS {
        assert_eq!(run(cuts), expected, "{cuts:?}");
    }
    expected
}

fn refusal(answer: &str) -> Failure {
    see(answer, true).unwrap_err()
}

#[test]
fn plain() {
    let answer = "HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 2\r\n\r\nhi";
    let seen = see(answer, true).unwrap();
    assert_eq!((seen.status, seen.reason.as_str()), (404, "Not Found"));
    assert_eq!(seen.fields, ["A: b", "Content-Length: 2"]);
    assert_eq!(seen.content, "hi");
    assert_eq!(see(answer, false), Ok(Seen { fields: vec![], ..seen }));
}

#[test]
fn interim_responses_are_skipped() {
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let expected = see(last, true);
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 100 \r\n\r\nHTTP/1.1 100 \r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n",
        &format!("HTTP/1.1 199 {0}\r\nContent-Length: {0}\r\n\r\n", "1".repeat(READ_AHEAD)),
    ] {
        assert_eq!(see(&format!("{interim}{last}"), true), expected);
    }
    // 101 is final: another protocol follows.
    let seen = see("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nhello", true).unwrap();
    assert_eq!((seen.status, seen.content.as_str()), (101, ""));
}

/// Lengths around the least at which a line arrives in pieces.
#[test]
fn line_about_as_long_as_the_read_ahead() {
    for len in READ_AHEAD - 5..READ_AHEAD + 5 {
        for end in ["\r\n", "\n"] {
            let line = format!("Set-Cookie: {}", "x".repeat(len - 12 - end.len()));
            let after = format!("Content-Length: 2{end}{end}hi");
            let answer = format!("HTTP/1.1 200 OK{end}{line}{end}{after}");
            let kept = see(&answer, true).unwrap();
            assert_eq!(kept.fields, [&line, "Content-Length: 2"], "{len}");
            assert_eq!(kept.content, "hi");
            assert_eq!(see(&answer, false), Ok(Seen { fields: vec![], ..kept }), "{len}");
        }
    }
}

#[test]
fn long_lines_are_kept_where_they_matter() {
    for (start, matters) in [
        ("Content-Type: ", true),
        ("CONTENT-ENCODING: ", true),
        ("location: ", true),
        ("Set-Cookie: ", false),
        ("Content-Encodin: ", false),
        ("X-Content-Type: ", false),
    ] {
        for len in [READ_AHEAD, 2 * READ_AHEAD, MAX_LINE - start.len() - 2] {
            let line = format!("{start}{}", "x".repeat(len));
            let answer = format!("HTTP/1.1 200 OK\r\nA: b\r\n{line}\r\nC: d\r\n\r\n");
            assert_eq!(see(&answer, true).unwrap().fields, ["A: b", &line, "C: d"]);
            let expected = if matters { vec![line] } else { vec![] };
            assert_eq!(see(&answer, false).unwrap().fields, expected, "{start}");
        }
    }
}

#[test]
fn long_lines_frame_the_body() {
    let space = " ".repeat(400);
    let zeros = "0".repeat(2000);
    for (line, raw) in [
        (format!("Content-Length: {zeros}2"), "hi"),
        (format!("Content-Length:{space}\r\n {space}2"), "hi"),
        (format!("Content-Length: 2{}", ", 2".repeat(400)), "hi"),
        (format!("Transfer-Encoding: {}chunked", ",".repeat(600)), "2\r\nhi\r\n0\r\n\r\n"),
    ] {
        for keep_all in [false, true] {
            let head = format!("HTTP/1.1 200 OK\r\nX: {zeros}\r\n{line}\r\nX: {zeros}\r\n\r\n");
            let answer = format!("{head}{raw}GARBAGE");
            assert_eq!(see(&answer, keep_all).unwrap().content, "hi", "{line}");
        }
    }
    let two = format!("Content-Length: 2\r\nContent-Length: {zeros}3\r\n");
    let refused = Failure::Engine(Error::InvalidContentLength);
    assert_eq!(refusal(&format!("HTTP/1.1 200 OK\r\n{two}\r\n")), refused);
}

#[test]
fn long_folded_line_is_joined() {
    let parts = vec!["x".repeat(300); 5];
    let answer = format!("HTTP/1.1 200 OK\r\nA: {}\r\nB: c\r\n\r\n", parts.join(" \r\n\t "));
    let line = format!("A: {}", parts.join(" "));
    assert_eq!(see(&answer, true).unwrap().fields, [&line, "B: c"]);
}

#[test]
fn name_longer_than_the_read_ahead_is_skipped() {
    let name = "x".repeat(READ_AHEAD);
    let answer = format!("HTTP/1.1 200 OK\r\n{name}: y\r\nA: b\r\n\r\n");
    assert_eq!(see(&answer, true).unwrap().fields, ["A: b"]);
}

#[test]
fn long_reason_is_cut() {
    let answer = format!("HTTP/1.1 200 {}\r\nA: b\r\n\r\n", "r".repeat(1000));
    let seen = see(&answer, true).unwrap();
    assert_eq!(seen.reason, "r".repeat(READ_AHEAD - "HTTP/1.1 200 ".len()));
    assert_eq!(seen.fields, ["A: b"]);
}

#[test]
fn head_longer_than_the_read_ahead() {
    let lines: Vec<_> = (0..MAX_FIELDS).map(|i| format!("X-{i}: {}", "y".repeat(i + 1))).collect();
    let answer = format!("HTTP/1.1 200 OK\r\n{}\r\n\r\nhello", lines.join("\r\n"));
    let seen = see(&answer, true).unwrap();
    assert_eq!((seen.fields, seen.content.as_str()), (lines, "hello"));
}

#[test]
fn limits() {
    let head = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
    for (answer, error) in [
        (head(&format!("X: {}", "y".repeat(MAX_LINE))), Error::LineTooLong),
        (head(&format!("Location: {}", "y".repeat(MAX_LINE))), Error::LineTooLong),
        (head(&vec!["X: y"; MAX_FIELDS + 1].join("\r\n")), Error::TooManyFields),
        (head(&vec![format!("X: {}", "y".repeat(300)); 60].join("\r\n")), Error::HeadTooLarge),
        ("HTTP/1.1 100 \r\n\r\n".repeat(MAX_HEAD / 16), Error::HeadTooLarge),
        ("x".repeat(MAX_HEAD), Error::InvalidStatusLine),
        (head("Content-Length: x"), Error::InvalidContentLength),
        (head("Transfer-Encoding: gzip"), Error::UnsupportedTransferEncoding),
        (head("A : b"), Error::InvalidField),
    ] {
        assert_eq!(refusal(&answer), Failure::Engine(error));
    }
}

#[test]
fn close_within_the_head() {
    let answer = format!("HTTP/1.1 200 OK\r\nA: b\r\nC: {}\r\n\r\n", "d".repeat(600));
    for len in 0..answer.len() {
        for cuts in [AT_ONCE, BYTE_BY_BYTE] {
            let mut client = Client::new([&answer.as_bytes()[..len]], cuts);
            assert_eq!(
                client.perform(&GET).unwrap_err(),
                Failure::Engine(Error::NoResponse),
                "{len}"
            );
        }
    }
    assert!(see(&answer, true).is_ok());
    assert_eq!(refusal("HTTP/1.1 100 Continue\r\n\r\n"), Failure::Engine(Error::NoResponse));
}

/// All events of a head in a read-ahead that is filled at once.
fn poll(head: &[u8], long: &mut heapless::Vec<u8, 600>) -> Result<Vec<Vec<u8>>, Error> {
    let mut incoming = Incoming::new();
    incoming.begin_head(true);
    let mut unread = head;
    let mut lines = Vec::new();
    loop {
        match incoming.poll_head(long)? {
            Event::NeedMore => {
                let room = incoming.room();
                let (now, later) = unread.split_at(room.len().min(unread.len()));
                room[..now.len()].copy_from_slice(now);
                incoming.received(now.len());
                unread = later;
            }
            Event::Status(..) => {}
            Event::Field(line) => lines.push(incoming.read_ahead[line].to_vec()),
            Event::LongField => lines.push(long.to_vec()),
            Event::End => return Ok(lines),
        }
    }
}

#[test]
fn room_for_a_long_line_is_the_drivers() {
    let head = |len| format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "b".repeat(len));
    let mut long = heapless::Vec::new();
    assert_eq!(poll(head(597).as_bytes(), &mut long).unwrap()[0].len(), 600);
    assert_eq!(long.len(), 600);
    // The next long line overwrites the buffer; a line that fits the read-ahead does not use it.
    assert_eq!(poll(head(597).as_bytes(), &mut long).unwrap()[0].len(), 600);
    assert_eq!(poll(head(100).as_bytes(), &mut long).unwrap()[0].len(), 103);
    assert_eq!(poll(head(598).as_bytes(), &mut long), Err(Error::NoRoom));
}

#[test]
fn a_head_that_the_caller_parses() {
    let mut incoming = Incoming::new();
    assert_eq!(incoming.note_field(b"no field\r\n"), None);
    assert_eq!(incoming.note_field(b"A: b\r\n"), None);
    let length = Some((Known::ContentLength, &b"5"[..]));
    for line in [&b"Content-Length: 5"[..], b"content-length:5\n", b"Content-Length: \t5 \r\n"] {
        assert_eq!(incoming.note_field(line), length);
    }
    assert_eq!((incoming.content_length(), incoming.is_chunked()), (Some(5), false));
    assert_eq!(incoming.remaining(), Some(5));
    // The framing of a body does not change after its start.
    incoming.note_field(b"Transfer-Encoding: chunked");
    incoming.begin_body(true).unwrap();
    assert_eq!(incoming.remaining(), Some(5));
    assert_eq!(incoming.poll_head(&mut Buf::new()), Ok(Event::End));

    let mut incoming = Incoming::new();
    incoming.note_field(b"Content-Length: x");
    assert_eq!(incoming.remaining(), None);
    for _ in 0..2 {
        let mut dst = [0; 9];
        let next = incoming.read(&mut dst, &mut Read::new(Extent::Some));
        assert_eq!(next, Err(Error::InvalidContentLength));
    }
}
