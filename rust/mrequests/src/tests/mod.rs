//! Tests of the entry points, called as C does. `make test-miri` runs them under Miri, which checks
//! the unsafe code and the types of the declarations; `tests/boundary` of this crate has more
//! tests, in C.

/// Calls an entry point by its declaration in the header.
macro_rules! c {
    ($function:ident($($argument:expr),* $(,)?)) => {
        // SAFETY: the tests keep the promises of C.
        unsafe { micropython_sys::$function($($argument),*) }
    };
}

mod call;
mod client;
mod content;
mod heap;
mod helpers;
mod memory;
#[cfg(feature = "tls")]
mod tls;

use std::mem::MaybeUninit;
use std::ptr::null;

use micropython_sys::{mrq_buf_t, mrq_bytes_t, mrq_error_t, mrq_incoming_t};

use crate::memory::{Lent, lend};

/// Memory of C that nobody has written to: some value in each byte.
fn unwritten<T>() -> T {
    let mut memory = MaybeUninit::<T>::uninit();
    // SAFETY: the memory has room for one value.
    unsafe { memory.as_mut_ptr().write_bytes(0xa5, 1) };
    // SAFETY: the tests use it for structs of numbers.
    unsafe { memory.assume_init() }
}

const EMPTY: mrq_buf_t = mrq_buf_t { data: std::ptr::null_mut(), len: 0, alloc: 0 };

/// The bytes of C as text.
fn seen<'a>(bytes: mrq_bytes_t) -> &'a str {
    // SAFETY: the tests look at bytes while they are valid.
    str::from_utf8(unsafe { Lent::from_raw(bytes) }.as_slice()).expect("the tests use UTF-8")
}

/// The text in a buffer.
fn written(buf: &mrq_buf_t) -> &str {
    seen(mrq_bytes_t { data: buf.data, len: buf.len })
}

fn text(text: &str) -> mrq_bytes_t {
    lend(text.as_bytes())
}

/// A response of C, initialised.
fn response() -> Box<mrq_incoming_t> {
    let mut response = Box::new(unwritten());
    c!(mrq_rs_incoming_init(&mut *response));
    response
}

/// Kind and text of a code.
fn explained(code: u8, response: Option<&mrq_incoming_t>) -> (u8, &'static str) {
    let mut err = mrq_error_t { text: lend(&[]), kind: 0 };
    c!(mrq_rs_explain(code, response.map_or(null(), |response| response), &mut err));
    (err.kind, seen(err.text))
}
