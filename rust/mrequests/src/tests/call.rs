use micropython_sys as sys;
use micropython_sys::{MRQ_OK, MRQ_UNKNOWN, mrq_request_t};

use super::client::{Client, get};
use super::heap::Heap;
use super::{explained, text};

const AGAIN: &[&str] = &[
    "HTTP/1.1 307 Again\r\nLocation: https://[::1]/b\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=latin1\r\nContent-Encoding: gzip\r\n\r\n",
];
const FIELDS: &str = "Host: h\r\nX-Test: 1\r\n";

/// A GET request with fields.
fn request(url: &str) -> mrq_request_t {
    let mut request = get(url);
    assert_eq!(c!(mrq_rs_put_field(&mut request.fields, text("X-Test"), text("1"))), MRQ_OK);
    assert_eq!(c!(mrq_rs_omit_field(&mut request.fields, text("User-Agent"))), MRQ_OK);
    request
}

fn in_pieces(length: u64) -> mrq_request_t {
    mrq_request_t {
        method: text("put"),
        body_kind: sys::MRQ_BODY_PIECES,
        body_length: length,
        ..request("http://h/a")
    }
}

#[test]
fn sends_bytes() {
    let _heap = Heap::new();
    let post = mrq_request_t {
        method: text("POST"),
        body_kind: sys::MRQ_BODY_BYTES,
        body: text("a=b"),
        content_type: text("text/plain"),
        ..request("http://h/")
    };
    let mut client = Client::new(&["HTTP/1.1 200 OK\r\n\r\n"]);
    client.cut = 1;
    assert_eq!(client.call(&post), MRQ_OK);
    assert_eq!(
        client.sent,
        format!(
            "POST / HTTP/1.1\r\n{FIELDS}Content-Type: text/plain\r\nContent-Length: 3\r\n\
             Connection: close\r\n\r\na=b"
        )
    );
    assert_eq!(client.steps, "open h 80 false false false\n200 OK\n");
}

#[test]
fn sends_pieces_again() {
    let _heap = Heap::new();
    let put = in_pieces(MRQ_UNKNOWN);
    let mut client = Client::new(AGAIN);
    client.pieces = &["one", "three", ""];
    assert_eq!(client.call(&put), MRQ_OK);
    let chunks = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n";
    assert_eq!(
        client.sent,
        format!(
            "PUT /a HTTP/1.1\r\n{FIELDS}{chunks}\
             PUT /b HTTP/1.1\r\nHost: [::1]\r\nX-Test: 1\r\n{chunks}"
        )
    );
    assert_eq!(
        client.steps,
        "open h 80 false false true\n307 Again\n0 \n307 from http://h/a\n\
         open ::1 443 true true true\n200 OK\n2 latin1\n1 gzip\n"
    );
}

#[test]
fn receives_an_early_answer() {
    let _heap = Heap::new();
    let put = in_pieces(8);
    let mut client = Client::new(&["HTTP/1.1 413 Too Large\r\n\r\n"]);
    client.pieces = &["one", "three", ""];
    client.sends = 2;
    assert_eq!(client.call(&put), MRQ_OK);
    assert!(client.sent.ends_with("Content-Length: 8\r\nConnection: close\r\n\r\none"));
    assert_eq!(client.steps, "open h 80 false false true\n413 Too Large\n");
}

#[test]
fn fails_without_memory() {
    let mut allowed = 0;
    loop {
        let heap = Heap::limited(allowed, usize::MAX);
        let code = Client::new(AGAIN).call(&get("http://h/a"));
        if !heap.has_failed() {
            assert_eq!(code, MRQ_OK);
            assert_eq!(heap.blocks(), 0, "a call that is done has no memory");
            break;
        }
        let error = (sys::MRQ_ERROR_MEMORY, "memory allocation failed");
        assert_eq!(explained(code, None), error);
        allowed += 1;
    }
    assert!(allowed > 2);
}

#[test]
fn explains_errors() {
    let _heap = Heap::new();
    let failing = |answer, url| {
        let mut client = Client::new(answer);
        let code = client.call(&get(url));
        explained(code, client.response.as_deref())
    };
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_eq!(failing(&[], "ftp://h/"), (sys::MRQ_ERROR_VALUE, "unsupported URL scheme"));
    assert_eq!(failing(&["x\r\n"], "http://h/"), (sys::MRQ_ERROR_VALUE, "invalid status line"));
    assert_eq!(
        failing(&[ok], "http://h/"),
        (sys::MRQ_ERROR_RESET, "connection closed before the response was complete")
    );
}
