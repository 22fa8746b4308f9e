//! A client over arrays of bytes.

use std::fmt::Write;
use std::ptr::null_mut;

use micropython_sys as sys;
use micropython_sys::{
    MRQ_OK, mrq_exchange_t, mrq_incoming_t, mrq_origin_t, mrq_request_t, mrq_step_t,
};

use super::{EMPTY, response, seen, text, unwritten};

/// A GET request without fields.
pub(super) fn get(url: &str) -> mrq_request_t {
    mrq_request_t {
        method: text("GET"),
        url: text(url),
        fields: EMPTY,
        content_type: text(""),
        body: text(""),
        body_length: 0,
        max_redirects: 1,
        body_kind: sys::MRQ_BODY_NONE,
        allow_redirects: true,
    }
}

const FIRST: mrq_step_t = {
    let none = sys::mrq_bytes_t { data: core::ptr::null(), len: 0 };
    mrq_step_t {
        bytes: none,
        value: none,
        origin: mrq_origin_t { host: none, port: 0, tls: false, is_address: false, large: false },
        into: null_mut(),
        room: 0,
        status: 0,
        kind: sys::MRQ_STEP_BEGIN,
        field: 0,
        peer_closed: false,
        done: 0,
        piece: none,
    }
};

/// A client, and its peers.
pub(super) struct Client<'a> {
    /// What the peer of each connection sends, and what is left of the current one.
    pub(super) answers: &'a [&'a str],
    pub(super) unread: &'a [u8],
    /// The most bytes of an operation.
    pub(super) cut: usize,
    /// The number of operations before the peer closes.
    pub(super) sends: usize,
    pub(super) pieces: &'a [&'a str],
    pub(super) piece: usize,
    pub(super) response: Option<Box<mrq_incoming_t>>,
    /// The bytes sent, and the other steps.
    pub(super) sent: String,
    pub(super) steps: String,
}

impl<'a> Client<'a> {
    pub(super) fn new(answers: &'a [&'a str]) -> Self {
        Self {
            answers,
            unread: &[],
            cut: usize::MAX,
            sends: usize::MAX,
            pieces: &[],
            piece: 0,
            response: None,
            sent: String::new(),
            steps: String::new(),
        }
    }

    /// Performs a call. Returns its code.
    pub(super) fn call(&mut self, request: &mrq_request_t) -> u8 {
        let mut exchange: mrq_exchange_t = unwritten();
        c!(mrq_rs_call_init(&mut exchange));
        let mut step = FIRST;
        loop {
            let incoming = self.response.as_mut().map_or(null_mut(), |response| &mut **response);
            let code = c!(mrq_rs_call_step(&mut exchange, request, incoming, &mut step));
            if code != MRQ_OK || step.kind == sys::MRQ_STEP_DONE {
                return code;
            }
            self.perform(&mut step);
        }
    }

    fn perform(&mut self, step: &mut mrq_step_t) {
        match step.kind {
            sys::MRQ_STEP_OPEN => self.open(step),
            sys::MRQ_STEP_SEND => self.send(step),
            sys::MRQ_STEP_PIECE => {
                step.piece = text(self.pieces[self.piece]);
                self.piece += 1;
            }
            sys::MRQ_STEP_REWIND => self.piece = 0,
            sys::MRQ_STEP_HEAD => {
                let response = self.response.insert(response());
                c!(mrq_rs_begin_head(&mut **response, false));
            }
            sys::MRQ_STEP_RECEIVE => step.done = self.receive(step.into, step.room),
            sys::MRQ_STEP_STATUS => self.note(&format!("{} {}", step.status, seen(step.bytes))),
            sys::MRQ_STEP_FIELD => self.note(&format!("{} {}", step.field, seen(step.value))),
            sys::MRQ_STEP_REDIRECTED => {
                self.note(&format!("{} from {}", step.status, seen(step.bytes)));
                self.response = None;
            }
            kind => panic!("step {kind}"),
        }
    }

    fn note(&mut self, line: &str) {
        writeln!(self.steps, "{line}").unwrap();
    }

    fn open(&mut self, step: &mrq_step_t) {
        let origin = &step.origin;
        self.note(&format!(
            "open {} {} {} {} {}",
            seen(origin.host),
            origin.port,
            origin.tls,
            origin.is_address,
            origin.large
        ));
        let (now, later) = self.answers.split_first().expect("a peer to connect to");
        (self.unread, self.answers) = (now.as_bytes(), later);
    }

    fn send(&mut self, step: &mut mrq_step_t) {
        let bytes = seen(step.bytes);
        step.peer_closed = self.sends == 0;
        if !step.peer_closed {
            self.sends -= 1;
            step.done = bytes.len().min(self.cut);
            self.sent += &bytes[..step.done];
        }
    }

    /// Receives into memory of Rust. Returns the number of bytes.
    pub(super) fn receive(&mut self, into: *mut u8, room: usize) -> usize {
        assert!(room > 0, "nothing can be received into no room");
        let len = self.unread.len().min(room).min(self.cut);
        // SAFETY: Rust gave this room.
        unsafe { into.copy_from_nonoverlapping(self.unread.as_ptr(), len) };
        self.unread = &self.unread[len..];
        len
    }
}
