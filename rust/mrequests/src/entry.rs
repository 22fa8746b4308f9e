//! The entry points of requests and responses: `mrq_rs_*` of `c_glue/mrequests_glue.h`.
//!
//! A reference among the parameters stands for a C pointer that is valid and, where it is
//! mutable, used by nobody else during the call: C passes the addresses of its own locals.
//!
//! C expects to be thrown out of these functions at any moment: the unix port raises Ctrl-C in a
//! signal handler. It catches that where it calls [`mrq_rs_exchange`] and [`mrq_rs_read`], which
//! Rust allows as long as no frame in between has anything to drop. So nothing here has.

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

/// Makes a response's state ready for a head.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_incoming_init(incoming: NonNull<mrq_incoming_t>) {
    // SAFETY: the memory is C's to give; `response` compares size and alignment.
    unsafe { incoming.cast::<State>().write(State::new()) }
}

/// Makes it ready for the head that [`mrq_rs_exchange`] reads, whatever was done to it before. It is
/// busy until then.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_begin_head(state: &mut State) {
    state.incoming.restart();
    state.failure = None;
    state.busy = true;
}

/// Reads content: one step of that.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_read(
    state: NonNull<State>,
    read: &mut mrq_read_t,
    err: &mut mrq_error_t,
) -> u8 {
    // SAFETY: the state is initialised.
    if read.room == 0 && unsafe { busy(state).replace(true) } {
        // SAFETY: the same. Not by a reference to the whole: see `busy`.
        return unsafe { (*state.as_ptr()).failure }.unwrap_or(Failure::BUSY).code();
    }
    // SAFETY: the same; it was not busy, or is so by this very read, so nobody else refers to it.
    let state = unsafe { &mut *state.as_ptr() };
    step(state, read, err).map_or_else(Failure::code, |()| MRQ_OK)
}

/// Notes what a field line says of the body.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_note_field(state: &mut State, line: Lent<'_>) {
    state.incoming.note_field(line.as_slice());
}

/// Whether a response is in use. Not by a reference to the whole: whoever uses it may be holding one.
fn busy(state: NonNull<State>) -> *mut bool {
    // SAFETY: C passes states that are initialised and alive.
    unsafe { &raw mut (*state.as_ptr()).busy }
}

/// Content bytes still to come, where known: not while the head is being read, which this would end.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_remaining(state: NonNull<State>) -> u64 {
    // SAFETY: the state is initialised.
    if unsafe { busy(state).read() } {
        return MRQ_UNKNOWN;
    }
    // SAFETY: the same; it is not busy, so nobody else refers to it.
    let state = unsafe { &mut *state.as_ptr() };
    // A head that says nothing good of its body is met by the read that follows.
    let _ = state.incoming.start_body(false, 200);
    state.incoming.content_expected().map_or(MRQ_UNKNOWN, |(_, remaining)| remaining)
}

/// What Content-Length says.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_content_length(state: &State) -> u64 {
    state.incoming.content_length().unwrap_or(MRQ_UNKNOWN)
}

/// Whether the transfer coding is chunked.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_chunked(state: &State) -> bool {
    state.incoming.is_chunked()
}

/// Whether a read would not have to wait for the connection.
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

/// The response is not to be read any more: its user has closed it, or a read was interrupted.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_discard(state: NonNull<State>) {
    // Not through a reference to the whole, and what is busy stays so: add_header() may close the
    // response while its field line is on loan.
    // SAFETY: the state is initialised.
    unsafe { (*state.as_ptr()).failure = Some(Failure::CLOSED) };
}
