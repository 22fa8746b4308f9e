//! The steps of a call, in their order, with what they send.

use mrequests_engine::Error;
use mrequests_engine::call::{self, Answer, Call, KeptField, Origin, Step};
use mrequests_engine::incoming::Incoming;

use crate::driver::{Body, Buf, Client, Failure, GET, POST, Request};
use crate::latin1;
use crate::response::AT_ONCE;

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const FOUND: &str = "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n";
pub(crate) const AGAIN: &str = "HTTP/1.1 307 Again\r\nLocation: /b\r\n\r\n";

pub(crate) const QUIET: Request<'static> = Request { keep_all: false, ..GET };
pub(crate) const SMALL: Request<'static> = Request { keep_all: false, ..POST };

pub(crate) const fn post(body: Body<'_>) -> Request<'_> {
    Request { body, ..SMALL }
}

/// The client after a call, and its result.
pub(crate) fn perform<'a>(
    request: &Request<'_>,
    answers: &[&'a str],
) -> (Client<'a>, Result<u16, Failure>) {
    let mut client = Client::new(answers.iter().map(|answer| answer.as_bytes()), AT_ONCE);
    let result = client.perform(request).map(|response| response.status);
    (client, result)
}

/// The steps of a call that succeeds.
fn steps(request: &Request<'_>, answers: &[&str]) -> String {
    let (client, result) = perform(request, answers);
    assert_eq!((result, client.peers_left()), (Ok(200), 0));
    client.steps.join(" ")
}

#[test]
fn request_and_response() {
    let large = &vec![b'x'; 2000][..];
    let no_pieces: &[&[u8]] = &[];
    for (request, sent) in [
        (QUIET, "Open Send"),
        (SMALL, "Open Send"),
        (post(Body::None), "Open Send"),
        (post(Body::Bytes(large)), "Open Send Send"),
        // A chunk, then the last chunk.
        (post(Body::Pieces(&[b"a"], None)), "Open Send Piece Send Piece Send"),
        (post(Body::Pieces(no_pieces, None)), "Open Send Piece Send"),
        // The size, the content and the end of a chunk.
        (post(Body::Pieces(&[large], None)), "Open Send Piece Send Send Send Piece Send"),
        (post(Body::Pieces(&[b"a", b"bc"], Some(3))), "Open Send Piece Send Piece Send Piece"),
        (post(Body::Pieces(no_pieces, Some(0))), "Open Send Piece"),
    ] {
        let expected = format!("{sent} Head Receive Status Done");
        assert_eq!(steps(&request, &[OK]), expected, "{request:?}");
    }
}

#[test]
fn fields_with_a_meaning_are_steps_or_all_fields() {
    let answer = "HTTP/1.1 200 \r\nServer: s\r\nContent-Type: a/b\r\nContent-Type: a/b; charset=c\r\n\
        Location: /b\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok";
    let received = "Open Send Head Receive Status";
    assert_eq!(steps(&QUIET, &[answer]), format!("{received} Field Field Field Field Done"));
    assert_eq!(
        steps(&GET, &[answer]),
        format!("{received} Field Field Field Field Field Field Field Done")
    );
    for request in [QUIET, GET] {
        let mut client = Client::new([answer.as_bytes()], AT_ONCE);
        client.perform(&request).unwrap();
        let charset = (KeptField::Charset, "c".to_owned());
        assert_eq!(client.kept, [charset, (KeptField::ContentEncoding, "gzip".to_owned())]);
    }
}

#[test]
fn interim_responses_are_no_steps() {
    let early = "HTTP/1.1 103 Early\r\nContent-Type: a; charset=b\r\nLocation: /c\r\n\r\n";
    let answer = ["HTTP/1.1 100 \r\n\r\n", early, early, OK].concat();
    assert_eq!(steps(&GET, &[&answer]), "Open Send Head Receive Status Field Done");
}

#[test]
fn redirects_open_again() {
    let hop = "Open Send Head Receive Status Field Redirected";
    let last = "Open Send Head Receive Status Done";
    for request in [QUIET, SMALL] {
        assert_eq!(steps(&request, &[FOUND, OK]), format!("{hop} {last}"));
        assert_eq!(steps(&request, &[AGAIN, OK]), format!("{hop} {last}"));
        let request = Request { max_redirects: Some(3), ..request };
        assert_eq!(
            steps(&request, &[AGAIN, FOUND, AGAIN, OK]),
            format!("{hop} {hop} {hop} {last}")
        );
    }
}

#[test]
fn body_in_pieces_is_rewound_if_it_is_sent_again() {
    let request = post(Body::Pieces(&[b"abc"], Some(3)));
    let hop = "Open Send Piece Send Piece Head Receive Status";
    let last = "Open Send Head Receive Status";
    for (answers, expected) in [
        (&[AGAIN, OK][..], format!("{hop} Field Redirected Rewind {hop} Done")),
        // The second request is a GET without the body.
        (&[FOUND, OK], format!("{hop} Field Redirected {last} Done")),
        (
            &[AGAIN, FOUND, OK],
            format!("{hop} Field Redirected Rewind {hop} Field Redirected {last} Done"),
        ),
        (
            &[FOUND, AGAIN, OK],
            format!("{hop} Field Redirected {last} Field Redirected {last} Done"),
        ),
    ] {
        let request = Request { max_redirects: Some(2), ..request };
        assert_eq!(steps(&request, answers), expected);
    }
    let (client, _) = perform(&request, &[AGAIN, OK]);
    assert_eq!(client.sent().iter().map(|sent| &*sent.body).collect::<Vec<_>>(), ["abc", "abc"]);
}

#[test]
fn redirects_tell_the_url_that_was_redirected() {
    let there = "HTTP/1.1 301 \r\nLocation: //other/c?d#e\r\n\r\n";
    let request = Request { url: "http://u:p@h/a#f", max_redirects: Some(2), ..GET };
    let (client, result) = perform(&request, &[FOUND, there, OK]);
    assert_eq!(result, Ok(200));
    let history = [(302, "http://u:p@h/a#f".to_owned()), (301, "http://h/b".to_owned())];
    assert_eq!(client.history, history);
    assert_eq!(client.urls, ["http://u:p@h/a#f", "http://h/b", "http://other/c?d"]);
}

/// The first step for a URL.
fn opened(url: &str, body: call::Body<'_>) -> Result<(String, u16, bool, bool, bool), Error> {
    let request = engine_request(url, body);
    match Call::<Buf>::new().step(&request, None, &Answer::default())? {
        Step::Open { origin: Origin { host, port, tls, is_address, large }, url: same } => {
            assert_eq!(same, url.as_bytes());
            Ok((latin1::text(host), port, tls, is_address, large))
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn engine_request<'a>(url: &'a str, body: call::Body<'a>) -> call::Request<'a> {
    call::Request {
        method: b"PUT",
        url: url.as_bytes(),
        fields: b"",
        content_type: b"",
        body,
        max_redirects: None,
    }
}

#[test]
fn origin_to_connect_to() {
    for (url, host, port, tls, is_address) in [
        ("http://example.org", "example.org", 80, false, false),
        ("HTTPS://user:pass@Example.org/a?b", "Example.org", 443, true, false),
        ("http://example.org:8080/", "example.org", 8080, false, false),
        ("https://192.0.2.1:8443/", "192.0.2.1", 8443, true, true),
        ("http://[2001:db8::1]:81/", "2001:db8::1", 81, false, true),
        ("https://[fe80::1%25eth0]/", "fe80::1%25eth0", 443, true, true),
        // A dotted number of any form is no name for a certificate.
        ("https://1.2.3/", "1.2.3", 443, true, true),
        ("https://127.1.example/", "127.1.example", 443, true, false),
        ("https://1-2.3/", "1-2.3", 443, true, false),
    ] {
        let expected = (host.to_owned(), port, tls, is_address, false);
        assert_eq!(opened(url, call::Body::None), Ok(expected));
    }
}

#[test]
fn large_requests_take_several_writes() {
    for (body, large) in [
        (call::Body::None, false),
        (call::Body::Bytes(b"hello"), false),
        (call::Body::Bytes(&[0; 1500]), true),
        (call::Body::Pieces(Some(0)), true),
        (call::Body::Pieces(None), true),
    ] {
        assert_eq!(opened("http://h/", body).unwrap().4, large, "{body:?}");
    }
    // A head of any length is one write.
    let long = format!("http://h/{}", "x".repeat(2000));
    for body in [call::Body::None, call::Body::Bytes(b"")] {
        assert!(!opened(&long, body).unwrap().4, "{body:?}");
    }
    assert!(opened(&long, call::Body::Bytes(b"a")).unwrap().4);
}

#[test]
fn redirects_change_the_origin() {
    let there = "HTTP/1.1 302 \r\nLocation: https://127.0.0.1:8443/\r\n\r\n";
    let (client, _) = perform(&GET, &[there, OK]);
    let origins: Vec<_> = client.taken.iter().map(|(origin, _)| origin.as_str()).collect();
    assert_eq!(origins, ["http h 80", "https 127.0.0.1 8443"]);
}

#[test]
fn steps_that_nobody_performed_come_again() {
    let request = engine_request("http://h/", call::Body::None);
    let nothing = Answer::default();
    let mut call = Call::<Buf>::new();
    let mut incoming = Incoming::new();
    assert!(matches!(call.step(&request, None, &nothing), Ok(Step::Open { .. })));
    let head = match call.step(&request, None, &nothing) {
        Ok(Step::Send(head)) => head.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(call.step(&request, None, &nothing), Ok(Step::Send(&head)));
    let sent = Answer { done: usize::MAX, ..nothing };
    assert_eq!(call.step(&request, None, &sent), Ok(Step::Head));
    // Without a response for the head.
    assert_eq!(call.step(&request, None, &nothing), Ok(Step::Head));
    incoming.begin_head(false);
    match call.step(&request, Some(&mut incoming), &nothing) {
        Ok(Step::Receive(room)) => room[..OK.len()].copy_from_slice(OK.as_bytes()),
        other => panic!("{other:?}"),
    }
    let received = Answer { done: OK.len(), ..nothing };
    let status = Step::Status { code: 200, reason: b"OK" };
    assert_eq!(call.step(&request, Some(&mut incoming), &received), Ok(status));
    assert_eq!(call.step(&request, Some(&mut incoming), &nothing), Ok(Step::Done));
    assert_eq!(call.step(&request, Some(&mut incoming), &nothing), Ok(Step::Done));
}

#[test]
fn no_room_for_what_is_sent() {
    let request = engine_request("http://h/", call::Body::Bytes(b"hello"));
    let first = Call::<heapless::Vec<u8, 64>>::new()
        .step(&request, None, &Answer::default())
        .map(|step| format!("{step:?}"));
    assert_eq!(first, Err(Error::NoRoom));
}

/// It lies on the stack of a board.
#[test]
fn state_is_small() {
    let without_buffers = size_of::<Call<()>>();
    assert!(without_buffers <= 48, "{without_buffers}");
}
