use std::ptr::null_mut;

use micropython_sys as sys;
use micropython_sys::{MRQ_OK, MRQ_UNKNOWN, mrq_incoming_t, mrq_read_t};

use super::client::{Client, get};
use super::heap::Heap;
use super::{explained, response, seen, text};

const SOME: u8 = sys::MRQ_READ_SOME;
const FILL: u8 = sys::MRQ_READ_FILL;
const LINE: u8 = sys::MRQ_READ_LINE;

const LINES: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                     5\r\nab\ncd\r\n6\r\ne\r\nfgh\r\n0\r\n\r\n";
const SHORT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

/// A client that has received the head of a response.
fn received(answer: &'static [&'static str], cut: usize) -> Client<'static> {
    let mut client = Client::new(answer);
    client.cut = cut;
    assert_eq!(client.call(&get("http://h/")), MRQ_OK);
    client
}

impl Client<'_> {
    /// Reads into memory of `size` bytes. Returns the content, the code, and whether it was the
    /// end.
    fn read(&mut self, size: usize, extent: u8) -> (String, u8, bool) {
        let mut data = vec![0; size];
        let mut read = mrq_read_t {
            data: data.as_mut_ptr(),
            size,
            done: 0,
            into: null_mut(),
            room: 0,
            received: 0,
            extent,
            kind: sys::MRQ_STEP_BEGIN,
            direct: false,
            ended: false,
        };
        loop {
            let code = c!(mrq_rs_read(self.response(), &mut read));
            if code != MRQ_OK || read.kind == sys::MRQ_STEP_DONE {
                data.truncate(read.done);
                return (String::from_utf8(data).unwrap(), code, read.ended);
            }
            read.received = self.receive(read.into, read.room);
        }
    }

    fn response(&mut self) -> &mut mrq_incoming_t {
        self.response.as_mut().expect("the head was received")
    }
}

#[test]
fn reads_through_the_read_ahead() {
    let _heap = Heap::new();
    let mut client = received(&[LINES], 1);
    assert_eq!(client.read(16, SOME), ("a".into(), MRQ_OK, false));
    assert_eq!(client.read(16, LINE), ("b\n".into(), MRQ_OK, false));
    assert_eq!(client.read(3, FILL), ("cde".into(), MRQ_OK, false));
    assert_eq!(client.read(16, FILL), ("\r\nfgh".into(), MRQ_OK, true));
    assert_eq!(client.read(16, FILL), (String::new(), MRQ_OK, true));
}

#[test]
fn reads_into_the_destination() {
    let _heap = Heap::new();
    let mut client = received(&[LINES], 60);
    assert_eq!(client.read(4096, FILL), ("ab\ncde\r\nfgh".into(), MRQ_OK, true));
}

#[test]
fn takes_content_without_a_step() {
    let _heap = Heap::new();
    let mut client = received(&[LINES], usize::MAX);
    assert_eq!(client.read(1, SOME), ("a".into(), MRQ_OK, false));
    let incoming = client.response();
    assert_eq!(seen(c!(mrq_rs_take_line(incoming))), "b\n");
    let mut data = [0; 16];
    assert_eq!(c!(mrq_rs_take(incoming, data.as_mut_ptr(), 1)), 1);
    assert_eq!(data[0], b'c');
    assert_eq!(c!(mrq_rs_take(incoming, null_mut(), 0)), 0);
    assert!(c!(mrq_rs_is_ready(incoming)));
}

#[test]
fn follows_noted_fields() {
    let mut response = response();
    let incoming = &mut *response;
    let mut value = text("");
    let mut note = |line| (c!(mrq_rs_note_field(incoming, text(line), &mut value)), seen(value));
    assert_eq!(note("Content-Length: 5\r\n"), (sys::MRQ_FIELD_OTHER, ""));
    assert_eq!(note("content-encoding: br"), (sys::MRQ_FIELD_CONTENT_ENCODING, "br"));
    assert_eq!(note("Content-Type: a/b;charset=x"), (sys::MRQ_FIELD_CHARSET, "x"));
    assert_eq!(c!(mrq_rs_content_length(incoming)), 5);
    assert_eq!(c!(mrq_rs_remaining(incoming)), 5);
    assert!(!c!(mrq_rs_is_chunked(incoming)));
    assert!(!c!(mrq_rs_is_ready(incoming)));

    let mut client = Client::new(&[]);
    client.unread = b"hello";
    client.response = Some(response);
    assert_eq!(client.read(16, FILL), ("hello".into(), MRQ_OK, true));
    assert_eq!(c!(mrq_rs_remaining(client.response())), 0);
}

#[test]
fn tells_an_unknown_length() {
    let mut response = response();
    let mut value = text("");
    c!(mrq_rs_note_field(&mut *response, text("Transfer-Encoding: chunked"), &mut value));
    assert_eq!(c!(mrq_rs_content_length(&mut *response)), MRQ_UNKNOWN);
    assert_eq!(c!(mrq_rs_remaining(&mut *response)), MRQ_UNKNOWN);
    assert!(c!(mrq_rs_is_chunked(&mut *response)));
}

#[test]
fn explains_an_incomplete_body() {
    let heap = Heap::new();
    let mut client = received(&[SHORT], usize::MAX);
    let (content, code, _) = client.read(16, FILL);
    assert_eq!(content, "hello");
    let aborted = sys::MRQ_ERROR_ABORTED;
    let text = "incomplete body: 5 of 10 bytes";
    assert_eq!(explained(code, Some(client.response())), (aborted, text));
    drop(heap);
    let _heap = Heap::limited(0, 0);
    assert_eq!(explained(code, Some(client.response())), (aborted, "incomplete body"));
    assert_eq!(explained(code, None), (aborted, "incomplete body"));
}

#[test]
fn cuts_line_ends() {
    assert_eq!(seen(c!(mrq_rs_without_line_end(text("a: b\r\n")))), "a: b");
    assert_eq!(seen(c!(mrq_rs_without_line_end(text("a: b\n")))), "a: b");
    assert_eq!(seen(c!(mrq_rs_without_line_end(text("")))), "");
}
