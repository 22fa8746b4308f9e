//! The bytes that a call sends: its writes, bodies in pieces, peers that close early.

use mrequests_engine::Error;
use mrequests_engine::call::{self, Answer, Call, Step};
use mrequests_engine::sink::{Buffer, Sink};

use crate::driver::{Body, Client, Failure, Request};
use crate::latin1;
use crate::response::AT_ONCE;
use crate::steps::{AGAIN, OK, QUIET, SMALL, engine_request, perform, post};

/// The most bytes that a head and its body, or a chunk, have in one write.
const ONE_WRITE: usize = 1400;

/// The bytes of each write after the head.
fn writes(request: &Request<'_>) -> Vec<String> {
    let (client, result) = perform(request, &[OK]);
    assert_eq!(result, Ok(200));
    let mut writes: Vec<_> = client.writes.iter().map(|bytes| latin1::text(bytes)).collect();
    writes[0] = writes[0].split_once("\r\n\r\n").unwrap().1.to_owned();
    writes
}

#[test]
fn small_body_leaves_with_the_head() {
    let head_len = perform(&SMALL, &[OK]).0.writes[0].len() - "hello".len();
    // The Content-Length has three digits more.
    let most = ONE_WRITE - head_len - 3;
    let body = vec![b'x'; most + 1];
    for (len, count) in [(0, 1), (1, 1), (most, 1), (most + 1, 2)] {
        let (client, _) = perform(&post(Body::Bytes(&body[..len])), &[OK]);
        assert_eq!(client.writes.len(), count, "{len}");
        assert!(client.writes.concat().ends_with(&body[..len]), "{len}");
    }
}

#[test]
fn chunks_are_framed() {
    let coding = &[("Transfer-Encoding", Some("chunked"))];
    let (large, larger) = ("x".repeat(ONE_WRITE), "x".repeat(ONE_WRITE + 1));
    for (pieces, expected) in [
        (&[][..], &["", "0\r\n\r\n"][..]),
        (&["hello"], &["", "5\r\nhello\r\n", "0\r\n\r\n"]),
        (&["hello, world", "!"], &["", "c\r\nhello, world\r\n", "1\r\n!\r\n", "0\r\n\r\n"]),
        (&[&large], &["", &format!("578\r\n{large}\r\n"), "0\r\n\r\n"]),
        (&[&larger], &["", "579\r\n", &larger, "\r\n", "0\r\n\r\n"]),
        (&[&larger, "a"], &["", "579\r\n", &larger, "\r\n", "1\r\na\r\n", "0\r\n\r\n"]),
    ] {
        let parts: Vec<_> = pieces.iter().map(|piece| piece.as_bytes()).collect();
        assert_eq!(writes(&post(Body::Pieces(&parts, None))), expected);
        // A caller's Transfer-Encoding makes any body chunked.
        let request = Request { fields: coding, ..SMALL };
        assert_eq!(writes(&Request { body: Body::Pieces(&parts, Some(9)), ..request }), expected);
        if let [] | [_] = pieces {
            let body = Body::Bytes(&parts.concat());
            assert_eq!(writes(&Request { body, ..request }), expected);
        }
    }
}

#[test]
fn body_of_another_length_than_announced_is_refused() {
    let announced = &[("Content-Length", Some("3"))];
    for (pieces, sent) in [
        (&[][..], ""),
        (&["ab"], "ab"),
        // The server would take excess bytes for another request.
        (&["abcd"], ""),
        (&["ab", "c", "d"], "abc"),
    ] {
        let pieces: Vec<_> = pieces.iter().map(|piece| piece.as_bytes()).collect();
        let by_caller = Request { fields: announced, ..post(Body::Pieces(&pieces, None)) };
        for request in [post(Body::Pieces(&pieces, Some(3))), by_caller] {
            let (client, result) = perform(&request, &[OK]);
            assert_eq!(result, Err(Failure::Engine(Error::BodyMismatch)));
            assert_eq!(client.sent()[0].body, sent);
        }
    }
}

/// Requests whose writes differ in their kind.
fn requests() -> [Request<'static>; 6] {
    const LARGE: &[u8] = &[b'x'; 1500];
    [
        QUIET,
        SMALL,
        post(Body::Bytes(LARGE)),
        post(Body::Pieces(&[b"hello", LARGE], Some(1505))),
        post(Body::Pieces(&[b"hello", LARGE], None)),
        Request { fields: &[("Transfer-Encoding", Some("chunked"))], ..post(Body::Bytes(LARGE)) },
    ]
}

#[test]
fn answer_of_a_peer_that_closes_early_is_received() {
    let refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
    for request in requests() {
        let all = perform(&request, &[OK]).0.taken.remove(0).1;
        for takes in 0..all.len() {
            let mut client = Client::new([refusal.as_bytes()], AT_ONCE);
            client.takes = takes;
            assert_eq!(client.perform(&request).unwrap().status, 413);
            assert!(client.taken[0].1 == all[..takes]);
            let steps = client.steps.join(" ");
            assert!(steps.ends_with("Send Head Receive Status Done"), "{steps}");
        }
        let mut client = Client::new([&b""[..]], AT_ONCE);
        client.takes = all.len() / 2;
        let result = client.perform(&request).unwrap_err();
        assert_eq!(result, Failure::Engine(Error::NoResponse));
    }
}

#[test]
fn body_that_a_peer_did_not_take_is_sent_again_whole() {
    for request in requests() {
        let all = perform(&request, &[OK]).0.taken.remove(0).1;
        let mut client = Client::new([AGAIN.as_bytes(), OK.as_bytes()], AT_ONCE);
        client.takes = all.len() - 1;
        assert_eq!(client.perform(&request).unwrap().status, 200);
        // The path of the second URL is longer by a byte.
        let second = latin1::text(&client.taken[1].1).replacen(" /b ", " / ", 1);
        assert_eq!(second.into_bytes(), all[..all.len() - 2]);
    }
}

#[test]
fn sends_take_any_part() {
    for request in requests() {
        let (whole, _) = perform(&request, &[OK]);
        for cuts in [&[1][..], &[2], &[1399, 1], &[3, 1000]] {
            let mut client = Client::new([OK.as_bytes()], AT_ONCE).sending(cuts);
            assert_eq!(client.perform(&request).unwrap().status, 200);
            assert!(client.taken == whole.taken, "{cuts:?}");
            // What a send did not take is all that is left to send.
            let mut steps = client.steps;
            steps.dedup_by(|a, b| (*a, *b) == ("Send", "Send"));
            let mut expected = whole.steps.clone();
            expected.dedup_by(|a, b| (*a, *b) == ("Send", "Send"));
            assert_eq!(steps, expected);
        }
    }
}

/// A buffer that refuses what has no reserved room.
#[derive(Debug, Default)]
struct Reserved {
    bytes: Vec<u8>,
    room: usize,
}

impl Sink for Reserved {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() <= self.room { Ok(()) } else { Err(Error::NoRoom) }
    }
}

impl Buffer for Reserved {
    fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    fn reserve(&mut self, more: usize) -> Result<(), Error> {
        self.room = self.room.max(self.bytes.len() + more);
        Ok(())
    }
}

#[test]
fn room_for_a_head_and_its_body_is_reserved_at_once() {
    let json = &b"application/json"[..];
    for (method, url, content_type, body) in [
        ("GET", "http://h", &b""[..], call::Body::None),
        ("DELETE", "http://example.org:8080/a/b?c=d", b"", call::Body::None),
        ("POST", "https://h/", json, call::Body::Bytes(b"{}")),
        ("PATCH", "https://h/", json, call::Body::Bytes(&[b'x'; 1200])),
        ("PUT", "https://h/", json, call::Body::Bytes(&[b'x'; 100_000])),
        ("PUT", "http://h/", b"text/plain; charset=utf-8", call::Body::Pieces(Some(u64::MAX - 1))),
        ("PUT", "http://h/", b"text/plain", call::Body::Pieces(None)),
    ] {
        let fields = b"Accept: */*\r\n";
        let request = call::Request {
            method: method.as_bytes(),
            fields,
            content_type,
            ..engine_request(url, body)
        };
        let first = Call::<Reserved>::new()
            .step(&request, None, &Answer::default())
            .map(|step| matches!(step, Step::Open { .. }));
        assert_eq!(first, Ok(true), "{method} {url} {body:?}");
    }
}
