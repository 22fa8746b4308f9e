//! TLS over a stream in memory, up to the answer of a server that declines.

use std::alloc::{Layout, alloc, dealloc};
use std::ffi::c_void;
use std::slice;

use micropython_sys as sys;
use micropython_sys::{
    MRQ_OK, mrq_anchor_reader_t, mrq_buf_t, mrq_bytes_t, mrq_error_t, mrq_tls_config_t, mrq_tls_t,
};

use super::heap::Heap;
use super::{EMPTY, seen, text, written};
use crate::memory::lend;

/// The alert handshake_failure of a server.
const DECLINED: &[u8] = &[21, 3, 3, 0, 2, 2, 40];

/// A connection object of C.
struct Connection {
    state: *mut u8,
    /// The bytes that the peer sends. The stream would block before each of them.
    answer: slice::Iter<'static, u8>,
    blocks: bool,
    waits: usize,
    sent: usize,
    /// The code of sending.
    send_code: u8,
}

impl Connection {
    fn new(answer: &'static [u8], send_code: u8) -> Self {
        // SAFETY: the size is not 0.
        let state = unsafe { alloc(Self::layout()) };
        Self { state, answer: answer.iter(), blocks: false, waits: 0, sent: 0, send_code }
    }

    fn layout() -> Layout {
        let size = c!(mrq_rs_tls_state_size());
        Layout::from_size_align(size, sys::MRQ_TLS_ALIGN_SIZE).expect("a state has a layout")
    }

    fn tls(&mut self) -> *mut mrq_tls_t {
        (&raw mut *self).cast()
    }

    /// Opens the connection with buffers of a kilobyte.
    fn open(&mut self, config: &mrq_tls_config_t, err: &mut mrq_error_t) -> u8 {
        let tls = self.tls();
        c!(mrq_rs_tls_init(tls, 0, buffer(), buffer()));
        c!(mrq_rs_tls_open(tls, config, err))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: `new` has allocated it.
        unsafe { dealloc(self.state, Self::layout()) };
    }
}

fn buffer() -> mrq_buf_t {
    let size = 1024;
    mrq_buf_t { data: super::heap::mrq_realloc(EMPTY.data, 0, size), len: size, alloc: size }
}

fn connection<'a>(tls: *mut mrq_tls_t) -> &'a mut Connection {
    // SAFETY: `Connection::tls` made the pointer, and the tests use the connection at one place.
    unsafe { &mut *tls.cast() }
}

#[unsafe(no_mangle)]
extern "C" fn mrq_tls_state(tls: *mut mrq_tls_t) -> *mut c_void {
    connection(tls).state.cast()
}

#[unsafe(no_mangle)]
extern "C" fn mrq_try_tls_receive(
    tls: *mut mrq_tls_t,
    data: *mut u8,
    _size: usize,
    len: &mut usize,
) -> u8 {
    let connection = connection(tls);
    connection.blocks = !connection.blocks;
    if connection.blocks {
        return sys::MRQ_ERROR_AGAIN;
    }
    let byte = connection.answer.next();
    if let Some(byte) = byte {
        // SAFETY: Rust gave room for at least one byte.
        unsafe { data.write(*byte) };
    }
    *len = usize::from(byte.is_some());
    MRQ_OK
}

#[unsafe(no_mangle)]
extern "C" fn mrq_try_tls_send(tls: *mut mrq_tls_t, bytes: mrq_bytes_t, len: &mut usize) -> u8 {
    let connection = connection(tls);
    *len = bytes.len;
    connection.sent += bytes.len;
    connection.send_code
}

#[unsafe(no_mangle)]
extern "C" fn mrq_try_tls_wait(tls: *mut mrq_tls_t, writing: bool) -> u8 {
    assert!(!writing);
    connection(tls).waits += 1;
    MRQ_OK
}

fn config(server_name: &[u8]) -> mrq_tls_config_t {
    mrq_tls_config_t {
        server_name: lend(server_name),
        anchors: text(""),
        pins: text(""),
        identity: text(""),
        seed: lend(&[7; sys::MRQ_TLS_SEED_SIZE]),
        now: 0,
        record_size: 512,
        verify: true,
    }
}

fn no_error() -> mrq_error_t {
    mrq_error_t { text: text(""), kind: MRQ_OK }
}

#[test]
fn is_declined() {
    let _heap = Heap::new();
    let mut connection = Connection::new(DECLINED, MRQ_OK);
    let mut err = no_error();
    let kind = connection.open(&config(b"h"), &mut err);
    assert_eq!((kind, err.kind), (sys::MRQ_ERROR_NOT_OFFERED, sys::MRQ_ERROR_NOT_OFFERED));
    assert!(seen(err.text).ends_with("(alert handshake_failure)"), "{}", seen(err.text));
    assert_eq!(connection.waits, DECLINED.len());
    assert!(connection.sent > 100);

    let tls = connection.tls();
    let (mut data, mut len) = ([0; 4], 0);
    assert_eq!(c!(mrq_rs_tls_read(tls, data.as_mut_ptr(), 4, &mut len, &mut err)), kind);
    assert_eq!(c!(mrq_rs_tls_read(tls, data.as_mut_ptr(), 0, &mut len, &mut err)), MRQ_OK);
    assert_eq!(c!(mrq_rs_tls_write(tls, text("hello"), &mut len, &mut err)), kind);
    assert!(!c!(mrq_rs_tls_has_pending(tls)));
    c!(mrq_rs_tls_close(tls));
    assert_eq!(c!(mrq_rs_tls_write(tls, text("hello"), &mut len, &mut err)), sys::MRQ_ERROR_VALUE);
    assert_eq!(seen(err.text), "TLS connection is not open");
}

#[test]
fn passes_errors_of_the_stream_on() {
    let _heap = Heap::new();
    let mut err = no_error();
    let mut connection = Connection::new(&[], sys::MRQ_ERROR_STREAM);
    assert_eq!(connection.open(&config(b"h"), &mut err), sys::MRQ_ERROR_STREAM);
    assert_eq!((err.kind, seen(err.text)), (sys::MRQ_ERROR_STREAM, ""));
}

#[test]
fn refuses_a_host_that_is_not_text() {
    let _heap = Heap::new();
    let mut err = no_error();
    let mut connection = Connection::new(&[], MRQ_OK);
    assert_eq!(c!(mrq_rs_tls_least_write_size(&config(b"\xff"))), 0);
    assert_eq!(connection.open(&config(b"\xff"), &mut err), sys::MRQ_ERROR_VALUE);
    assert_eq!(seen(err.text), "invalid host in URL");
}

#[test]
fn describes_itself() {
    let mut suite = u8::MAX;
    let first = c!(mrq_rs_tls_suite_name(0));
    assert!(c!(mrq_rs_tls_find_suite(first, &mut suite)));
    assert_eq!(suite, 0);
    assert!(!c!(mrq_rs_tls_find_suite(text("x"), &mut suite)));
    assert_eq!(seen(c!(mrq_rs_tls_suite_name(u8::MAX))), "");
    assert!(c!(mrq_rs_tls_read_overhead()) > 0);
    assert!(c!(mrq_rs_tls_least_write_size(&config(b"h"))) > 0);
    assert_eq!(c!(mrq_rs_tls_has_bundle()), cfg!(feature = "ca-file"));
}

#[test]
fn reads_what_is_trusted() {
    let heap = Heap::new();
    let (mut pins, mut err) = (EMPTY, no_error());
    let pin = format!("sha256:{}", "61".repeat(32));
    assert_eq!(c!(mrq_rs_tls_add_pin(text(&pin), &mut pins, &mut err)), MRQ_OK);
    assert_eq!(written(&pins), "a".repeat(32));
    assert_eq!(c!(mrq_rs_tls_add_pin(text("61"), &mut pins, &mut err)), sys::MRQ_ERROR_VALUE);
    assert!(seen(err.text).starts_with("invalid pin"));

    let mut identity = EMPTY;
    let code = c!(mrq_rs_tls_identity(text("x"), text("x"), &mut identity, &mut err));
    assert_eq!(code, sys::MRQ_ERROR_VALUE);

    drop(heap);
    let _heap = Heap::limited(0, 0);
    let mut pins = EMPTY;
    assert_eq!(c!(mrq_rs_tls_add_pin(text(&pin), &mut pins, &mut err)), sys::MRQ_ERROR_MEMORY);
    assert_eq!(seen(err.text), "memory allocation failed");
}

const BUNDLE: &[u8] = include_bytes!("../../../../tests/data/bundle-ca.pem");

/// Reads certificates in pieces that end at `cut`. Returns the code and the bytes of anchors.
fn read_anchors(reader: &mut mrq_anchor_reader_t, input: &[u8], cut: usize) -> (u8, usize) {
    let (mut done, mut err) = (usize::MAX, no_error());
    let first = lend(input.get(..cut).unwrap_or_default());
    let code = c!(mrq_rs_tls_read_anchors(reader, first, false, &mut done, &mut err));
    if code != MRQ_OK {
        return (code, reader.len);
    }
    let rest = lend(input.get(done..).unwrap_or_default());
    let code = c!(mrq_rs_tls_read_anchors(reader, rest, true, &mut done, &mut err));
    (code, reader.len)
}

#[test]
fn reads_anchors_in_pieces() {
    let unused = || mrq_anchor_reader_t {
        anchors: std::ptr::null_mut(),
        alloc: 0,
        len: 0,
        has_begun: false,
        is_der: false,
    };
    let (code, size) = read_anchors(&mut unused(), BUNDLE, BUNDLE.len());
    assert_eq!(code, MRQ_OK);
    for cut in [0, 1, 100, BUNDLE.len() - 1] {
        let mut room = vec![0; size + 1];
        let into = |room: &mut Vec<u8>, alloc| mrq_anchor_reader_t {
            anchors: room.as_mut_ptr(),
            alloc,
            ..unused()
        };
        assert_eq!(read_anchors(&mut into(&mut room, size), BUNDLE, cut), (MRQ_OK, size));
        assert_eq!(room.last(), Some(&0));
        let (code, _) = read_anchors(&mut into(&mut room, size - 1), BUNDLE, cut);
        assert_eq!(code, sys::MRQ_ERROR_MEMORY);
    }
    assert_eq!(read_anchors(&mut unused(), b"x", 1), (sys::MRQ_ERROR_VALUE, 0));
}
