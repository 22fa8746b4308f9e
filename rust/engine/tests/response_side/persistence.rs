//! Whether a connection persists after a response (RFC 9112 sections 6.3, 9.3 and 9.6).

use mrequests_engine::content::{Extent, Next, Read};
use mrequests_engine::incoming::{Event, Incoming};

/// Receives a response as far as `raw` goes, in reads of `size` bytes.
fn receive(raw: &[u8], to_head: bool, size: usize) -> Incoming {
    let mut incoming = Incoming::new();
    incoming.begin_head(false);
    let mut unread = raw;
    let mut receive = |room: &mut [u8]| {
        let (now, later) = unread.split_at(unread.len().min(room.len()));
        room[..now.len()].copy_from_slice(now);
        unread = later;
        now.len()
    };
    let mut long = heapless::Vec::<u8, 600>::new();
    loop {
        match incoming.poll_head(&mut long).unwrap() {
            Event::NeedMore => {
                let len = receive(incoming.room());
                incoming.received(len);
            }
            Event::End => break,
            _ => {}
        }
    }
    incoming.begin_body(to_head).unwrap();
    let mut dst = vec![0; size];
    loop {
        let mut read = Read::new(Extent::Some);
        while let Ok(Next::Receive(room)) = incoming.read(&mut dst, &mut read) {
            read.received = Some(receive(room));
        }
        if read.done == 0 {
            return incoming;
        }
    }
}

fn is_reusable(raw: &str, to_head: bool) -> bool {
    let [small, large] = [1, 600].map(|size| receive(raw.as_bytes(), to_head, size).is_reusable());
    assert_eq!(small, large, "{raw}");
    small
}

const LENGTH: (&str, &str) = ("Content-Length: 5", "hello");
const CHUNKED: (&str, &str) = ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n");

#[test]
fn version_and_connection_and_framing() {
    // The responses that leave the connection open: with a length, with chunks.
    for (version, connection, length, chunked) in [
        ("1.1", "A: b", true, true),
        ("1.1", "Connection: close", false, false),
        ("1.1", "Connection: Close", false, false),
        ("1.1", "CONNECTION:close", false, false),
        ("1.1", "Connection: keep-alive", true, true),
        ("1.1", "Connection: keep-alive, close", false, false),
        ("1.1", "Connection: keep-alive\r\nConnection: x ,\tclose", false, false),
        ("1.1", "Connection: closed, not-close, x=close", true, true),
        ("1.1", "Connection:", true, true),
        ("1.1", "X: close", true, true),
        ("1.9", "A: b", true, true),
        ("1.9", "Connection: close", false, false),
        // No chunks before HTTP/1.1 (RFC 9112 section 6.1).
        ("1.0", "A: b", false, false),
        ("1.0", "Connection: keep-alive", true, false),
        ("1.0", "Connection: x, Keep-Alive", true, false),
        ("1.0", "Connection: keep-alive, close", false, false),
        ("1.0", "Connection: close", false, false),
        ("1.0", "Keep-Alive: 5", false, false),
    ] {
        for ((field, body), expected) in [(LENGTH, length), (CHUNKED, chunked)] {
            let head = format!("HTTP/{version} 200 OK\r\n{connection}\r\n{field}\r\n\r\n");
            // An interim response has no say.
            let interim = "HTTP/1.1 103 \r\nConnection: close\r\n\r\n";
            for head in [head.clone(), interim.to_owned() + &head] {
                assert_eq!(is_reusable(&format!("{head}{body}"), false), expected, "{head}");
                // Only after the end, and if it is the end.
                for len in 0..body.len() {
                    assert!(!is_reusable(&format!("{head}{}", &body[..len]), false), "{head}");
                }
                assert!(!is_reusable(&format!("{head}{body}\n"), false), "{head}");
                assert!(!is_reusable(&format!("{head}{body}{}", "x".repeat(600)), false), "{head}");
            }
        }
    }
}

#[test]
fn fields_that_frame() {
    for (fields, body, expected) in [
        ("Content-Length: 0", "", true),
        ("Content-Length: 5, 5", "hello", true),
        ("Content-Length: 5\r\nContent-Length: 5", "hello", true),
        ("Transfer-Encoding: gzip, chunked", "0\r\n\r\n", true),
        ("Transfer-Encoding: chunked", "0\r\nX: y\r\n\r\n", true),
        // The body ends with the connection.
        ("A: b", "hello", false),
        ("A: b", "", false),
        // A sign of another reader of this response, who sees another end.
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n", false),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n", false),
    ] {
        let raw = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}");
        assert_eq!(is_reusable(&raw, false), expected, "{raw}");
    }
}

#[test]
fn responses_without_a_body() {
    for (start, fields, to_head, expected) in [
        ("HTTP/1.1 200 OK", "A: b", true, true),
        ("HTTP/1.1 200 OK", "Content-Length: 5", true, true),
        ("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", true, true),
        ("HTTP/1.1 200 OK", "Connection: close", true, false),
        ("HTTP/1.1 204 No Content", "A: b", false, true),
        ("HTTP/1.1 304 Not Modified", "Content-Length: 5", false, true),
        ("HTTP/1.0 304 Not Modified", "A: b", false, false),
        ("HTTP/1.0 304 Not Modified", "Connection: keep-alive", false, false),
        ("HTTP/1.0 200 OK", "Connection: keep-alive\r\nContent-Length: 5", true, true),
        ("HTTP/1.1 101 Switching Protocols", "Upgrade: x", false, false),
        ("HTTP/1.1 204 No Content", "Content-Length: x", false, false),
        ("HTTP/1.1 204 No Content", "Content-Length: 5, 6", false, false),
        ("HTTP/1.1 204 No Content", "Transfer-Encoding: chunked, gzip", false, false),
        ("HTTP/1.1 304 ", "Content-Length: 5\r\nTransfer-Encoding: chunked", false, false),
    ] {
        let raw = format!("{start}\r\n{fields}\r\n\r\n");
        assert_eq!(is_reusable(&raw, to_head), expected, "{raw}");
        assert!(!is_reusable(&format!("{raw}x"), to_head), "{raw}");
    }
}

#[test]
fn an_unknown_head() {
    let mut incoming = Incoming::new();
    incoming.note_field(b"Connection: keep-alive");
    incoming.note_field(b"Content-Length: 0");
    assert_eq!(incoming.remaining(), Some(0));
    assert!(incoming.is_done() && !incoming.is_reusable());
}
