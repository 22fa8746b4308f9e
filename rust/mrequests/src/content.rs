//! The entry points of a response: its state, and steps that read content.

use core::mem::{align_of, offset_of, size_of};
use core::ptr::NonNull;

use micropython_sys as sys;
use micropython_sys::{MRQ_OK, MRQ_UNKNOWN, mrq_bytes_t, mrq_incoming_t, mrq_read_t};
use mrequests_engine::call::kept_field;
use mrequests_engine::content::{Extent, Next, Read};
use mrequests_engine::field;
use mrequests_engine::incoming::{Incoming, State};

use crate::call::number_of;
use crate::memory::{Lent, lend, room};

const _: () = assert!(size_of::<Incoming>() <= size_of::<mrq_incoming_t>());
const _: () = assert!(align_of::<Incoming>() <= align_of::<mrq_incoming_t>());

/// Prepares a response's state. Its read-ahead stays as it is.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_incoming_init(incoming: NonNull<Incoming>) {
    let state = incoming.as_ptr().wrapping_byte_add(offset_of!(Incoming, state)).cast::<State>();
    // SAFETY: C owns the memory; its size and alignment are asserted above.
    unsafe { state.write(const { State::new() }) }
}

/// Prepares the state for a head that is received.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_begin_head(incoming: &mut Incoming, keep_all: bool) {
    incoming.begin_head(keep_all);
}

/// Takes in a field line, which may frame the body. Writes the value that a response keeps, and
/// returns its number.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_note_field(
    incoming: &mut Incoming,
    line: Lent<'_>,
    value: &mut mrq_bytes_t,
) -> u8 {
    let (number, kept) = number_of(kept_field(incoming.note_field(line.as_slice())));
    *value = kept;
    number
}

/// One step of a read.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_read(incoming: &mut Incoming, read: &mut mrq_read_t) -> u8 {
    // SAFETY: C keeps the destination during the read, and nothing else uses it during a step.
    let destination = unsafe { room(read.data, read.size) };
    let mut state = Read {
        done: read.done,
        extent: match read.extent {
            sys::MRQ_READ_SOME => Extent::Some,
            sys::MRQ_READ_FILL => Extent::Fill,
            _ => Extent::Line,
        },
        received: (read.kind == sys::MRQ_STEP_RECEIVE).then_some(read.received),
        direct: read.direct,
    };
    let next = incoming.read(destination, &mut state);
    read.done = state.done;
    read.direct = state.direct;
    read.kind = match next {
        Ok(Next::Receive(room)) => {
            read.room = room.len();
            read.into = room.as_mut_ptr();
            sys::MRQ_STEP_RECEIVE
        }
        Ok(Next::Done) => {
            read.ended = incoming.is_done();
            sys::MRQ_STEP_DONE
        }
        Err(error) => return error as u8,
    };
    MRQ_OK
}

/// Copies content that needs no step. Returns its length.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_take(incoming: &mut Incoming, data: *mut u8, size: usize) -> usize {
    // SAFETY: C passes memory that is valid during the call, and nothing else uses it.
    incoming.take(unsafe { room(data, size) })
}

/// The next line of content, if it needs no step.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_take_line(incoming: &mut Incoming) -> mrq_bytes_t {
    lend(incoming.take_line())
}

/// A line without its line end.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_without_line_end(line: Lent<'_>) -> mrq_bytes_t {
    lend(field::without_line_end(line.as_slice()))
}

/// The content bytes still to come, or `MRQ_UNKNOWN`.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_remaining(incoming: &mut Incoming) -> u64 {
    incoming.remaining().unwrap_or(MRQ_UNKNOWN)
}

/// The value of Content-Length, or `MRQ_UNKNOWN`.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_content_length(incoming: &Incoming) -> u64 {
    incoming.content_length().unwrap_or(MRQ_UNKNOWN)
}

/// Whether the transfer coding is chunked.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_chunked(incoming: &Incoming) -> bool {
    incoming.is_chunked()
}

/// Whether a read needs nothing from the connection.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_is_ready(incoming: &Incoming) -> bool {
    incoming.is_ready()
}
