//! The entry points of requests and responses: `mrq_rs_*` of `c_glue/mrequests_glue.h`.
//!
//! A reference parameter is a C pointer that is valid and, if mutable, not used elsewhere during
//! the call: C passes the addresses of its own locals.
//!
//! An exception can leave these functions at any moment: the unix port raises KeyboardInterrupt in
//! its signal handler. C catches it where it calls [`mrq_rs_exchange`] and [`mrq_rs_read`]. Rust
//! allows jumping over frames without destructors, so no frame here has one.

use core::ptr::NonNull;

use micropython_sys::{
    MRQ_OK, MRQ_UNKNOWN, mrq_call_t, mrq_error_t, mrq_incoming_t, mrq_read_t, mrq_request_t,
};

use crate::call::Call;
use crate::driver::perform;
use crate::failure::Failure;
use crate::memory::Lent;
use crate::reader::step;
use crate::response::State;

/// Performs a request, redirects included, up to the end of the response's head.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_exchange(
    call: NonNull<mrq_call_t>,
    request: &mrq_request_t,
    err: NonNull<mrq_error_t>,
) -> u8 {
    // SAFETY: C keeps both during the exchange.
    let call = unsafe { Call::new(call, err) };
    // SAFETY: C keeps what the request points to during the exchange.
    unsafe { perform(call, request) }.map_or_else(Failure::code, |()| MRQ_OK)
}

/// Initialises the state of a response.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_incoming_init(incoming: NonNull<mrq_incoming_t>) {
    // SAFETY: C owns the memory; `response` asserts its size and alignment.
    unsafe { incoming.cast::<State>().write(State::new()) }
}

/// Resets the state of a response for the head that [`mrq_rs_exchange`] reads. The response is busy
/// until then.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_begin_head(state: &mut State) {
    state.incoming.restart();
    state.failure = None;
    state.busy = true;
}

/// Performs one step of reading content.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_read(
    state: NonNull<State>,
    read: &mut mrq_read_t,
    err: &mut mrq_error_t,
) -> u8 {
    // SAFETY: the state is initialised.
    if read.room == 0 && unsafe { busy(state).replace(true) } {
        // SAFETY: the same. Without a reference to the whole state: see `busy`.
        return unsafe { (*state.as_ptr()).failure }.unwrap_or(Failure::BUSY).code();
    }
    // SAFETY: the same. The response was not busy, or is busy by this read, so nothing else refers
    // to the state.
    let state = unsafe { &mut *state.as_ptr() };
    step(state, read, err).map_or_else(Failure::code, |()| MRQ_OK)
}

/// Takes in a field line, which may frame the body.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_note_field(state: &mut State, line: Lent<'_>) {
    state.incoming.note_field(line.as_slice());
}

/// The busy flag of a response. Without a reference to the whole state: its user may hold one.
fn busy(state: NonNull<State>) -> *mut bool {
    // SAFETY: C passes states that are initialised and alive.
    unsafe { &raw mut (*state.as_ptr()).busy }
}

/// The content bytes still to come, or `MRQ_UNKNOWN`. Unknown while the head is being read, which
/// this function would end.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_remaining(state: NonNull<State>) -> u64 {
    // SAFETY: the state is initialised.
    if unsafe { busy(state).read() } {
        return MRQ_UNKNOWN;
    }
    // SAFETY: the same. The response is not busy, so nothing else refers to the state.
    let state = unsafe { &mut *state.as_ptr() };
    // The next read reports invalid framing.
    let _ = state.incoming.start_body(false, 200);
    state.incoming.content_expected().map_or(MRQ_UNKNOWN, |(_, remaining)| remaining)
}

/// The value of Content-Length, or `MRQ_UNKNOWN`.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_content_length(state: &State) -> u64 {
    state.incoming.content_length().unwrap_or(MRQ_UNKNOWN)
}

/// Whether the transfer coding is chunked.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_chunked(state: &State) -> bool {
    state.incoming.is_chunked()
}

/// Whether a read returns without receiving.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_ready(state: &State) -> bool {
    state.failure.is_some() || state.incoming.is_ready()
}

/// Whether the response is in use.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_busy(state: NonNull<State>) -> bool {
    // SAFETY: the state is initialised.
    unsafe { busy(state).read() }
}

/// Makes later reads fail: the user closed the response, or a read was interrupted.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_discard(state: NonNull<State>) {
    // Without a reference to the whole state, and without clearing `busy`: add_header() may close
    // the response while it borrows a field line. SAFETY: the state is initialised.
    unsafe { (*state.as_ptr()).failure = Some(Failure::CLOSED) };
}
