//! The entry points of requests and responses: `mrq_rs_*` of `c_glue/mrequests_glue.h`.
//!
//! C passes the addresses of its own locals, of live objects, and of bytes that they hold; what
//! is written through is used by nobody else during the call. "As declared" refers to that.

use core::ptr::NonNull;

use micropython_sys::{
    MRQ_OK, MRQ_UNKNOWN, mrq_bytes_t, mrq_call_t, mrq_error_t, mrq_incoming_t, mrq_request_t,
    mrq_response_t,
};

use crate::call::Call;
use crate::failure::{Failure, Result};
use crate::gc_buf::borrow;
use crate::outgoing::perform;
use crate::reader::{self, Destination};
use crate::response::{Response, State};

/// Performs a request, redirects included, up to the end of the response's head.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_exchange(
    call: *mut mrq_call_t,
    request: *mut mrq_request_t,
    response: *mut *mut mrq_response_t,
    err: *mut mrq_error_t,
) -> u8 {
    // SAFETY: as declared.
    let (request, response, err) = unsafe { (&mut *request, &mut *response, &mut *err) };
    let Some(call) = NonNull::new(call) else {
        return Failure::Closed.report(err);
    };
    // SAFETY: as declared; C keeps the call, and what the request points to, during the exchange.
    match unsafe { perform(Call::new(call), request) } {
        Ok(done) => {
            *response = done.as_ptr();
            MRQ_OK
        }
        Err(failure) => failure.report(err),
    }
}

/// Makes a response's state ready for a head.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_incoming_init(incoming: *mut mrq_incoming_t) {
    // SAFETY: as declared; the sizes are compared in `response`.
    unsafe { incoming.cast::<State>().write(State::new()) }
}

/// Reads content.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_read(
    response: *mut mrq_response_t,
    data: *mut u8,
    size: usize,
    fill: bool,
    len: *mut usize,
    err: *mut mrq_error_t,
) -> u8 {
    // SAFETY: as declared.
    let (len, err) = unsafe { (&mut *len, &mut *err) };
    // SAFETY: as declared.
    match unsafe { read(response, data, size, fill) } {
        Ok(got) => {
            *len = got;
            MRQ_OK
        }
        Err(failure) => failure.report(err),
    }
}

unsafe fn read(
    response: *mut mrq_response_t,
    data: *mut u8,
    size: usize,
    fill: bool,
) -> Result<usize> {
    let response = NonNull::new(response).ok_or(Failure::Closed)?;
    // SAFETY: as declared.
    let (response, destination) =
        unsafe { (Response::new(response), Destination::new(data, size)) };
    reader::read(response, destination, fill)
}

/// Notes what a field line says of the body.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_note_field(incoming: *mut mrq_incoming_t, line: mrq_bytes_t) {
    // SAFETY: as declared.
    unsafe { state(incoming).incoming.note_field(borrow(line)) }
}

/// Content bytes still to come, where known.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_remaining(incoming: *mut mrq_incoming_t) -> u64 {
    // SAFETY: as declared.
    let incoming = unsafe { &mut state(incoming).incoming };
    // A head that says nothing good of its body is met by the read that follows.
    let _ = incoming.start_body(false, 200);
    incoming.content_expected().map_or(MRQ_UNKNOWN, |(_, remaining)| remaining)
}

/// What Content-Length says.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_content_length(incoming: *const mrq_incoming_t) -> u64 {
    // SAFETY: as declared.
    unsafe { state_ref(incoming) }.incoming.content_length().unwrap_or(MRQ_UNKNOWN)
}

/// Whether the transfer coding is chunked.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_is_chunked(incoming: *const mrq_incoming_t) -> bool {
    // SAFETY: as declared.
    unsafe { state_ref(incoming) }.incoming.is_chunked()
}

/// Whether a read would not have to wait for the connection.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_is_ready(incoming: *const mrq_incoming_t) -> bool {
    // SAFETY: as declared.
    let state = unsafe { state_ref(incoming) };
    state.failure.is_some()
        || state.incoming.is_done()
        || (state.incoming.in_body() && state.incoming.has_read_ahead())
}

/// The response was closed by its user: every later read fails.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_discard(incoming: *mut mrq_incoming_t) {
    // SAFETY: as declared. Not through a reference to the whole: add_header() may close the
    // response while its field line is on loan.
    unsafe { (&raw mut (*incoming.cast::<State>()).failure).write(Some(Failure::Closed)) }
}

unsafe fn state<'a>(incoming: *mut mrq_incoming_t) -> &'a mut State {
    // SAFETY: as declared; `mrq_rs_incoming_init` has run.
    unsafe { &mut *incoming.cast() }
}

unsafe fn state_ref<'a>(incoming: *const mrq_incoming_t) -> &'a State {
    // SAFETY: as declared; `mrq_rs_incoming_init` has run.
    unsafe { &*incoming.cast() }
}
