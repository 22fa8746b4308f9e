//! Reads the content of a response, step by step: C receives between the steps, so that no frame of
//! Rust is under what can raise there.

use core::mem;

use micropython_sys::{mrq_error_t, mrq_read_t};
use mrequests_engine::incoming::Read;

use crate::failure::{Failure, Result};
use crate::memory::Destination;
use crate::response::State;

/// One step of a read: takes in what was received, hands out content, and asks for more in
/// `read.room`. Without room the read is over, and the response not busy any more. 0 bytes are the
/// end of the body.
///
/// A failure behind bytes that did arrive is met by the next read.
pub(crate) fn step(state: &mut State, read: &mut mrq_read_t, err: &mut mrq_error_t) -> Result<()> {
    let room = mem::take(&mut read.room);
    let result = take_in(state, read, room).and_then(|()| hand_out(state, read));
    if read.room > 0 {
        return Ok(());
    }
    state.busy = false;
    let Err(failure) = result else { return Ok(()) };
    read.ended = true;
    state.latch(failure, err);
    if read.done > 0 { Ok(()) } else { Err(failure) }
}

/// Takes in what was received into the `room` that the step before this asked for.
fn take_in(state: &mut State, read: &mut mrq_read_t, room: usize) -> Result<()> {
    if room == 0 {
        return Ok(());
    }
    Failure::check(read.code)?;
    let received = read.received.min(room);
    if is_direct(read) {
        let raw = left(read).first(received);
        advance(read, raw.with(|raw| state.incoming.decode(raw))?);
    } else {
        state.incoming.received(received);
    }
    if received == 0 && !state.incoming.end_of_input() {
        return Err(Failure::INCOMPLETE_BODY);
    }
    Ok(())
}

fn hand_out(state: &mut State, read: &mut mrq_read_t) -> Result<()> {
    while read.size > 0 {
        if let Some(failure) = state.failure {
            return Err(failure);
        }
        state.incoming.start_body(false, 200)?;
        if state.incoming.is_done() {
            break;
        }
        if read.done > 0 && !read.fill {
            return Ok(());
        }
        match left(read).with(|dst| state.incoming.read(dst))? {
            Read::Content(len) => advance(read, len),
            Read::End => break,
            Read::Direct(limit) => {
                read.into = read.data;
                read.room = limit;
                return Ok(());
            }
            Read::Fill => {
                let room = state.incoming.room();
                read.into = room.as_mut_ptr();
                read.room = room.len();
                return Ok(());
            }
        }
    }
    read.ended |= state.incoming.is_done();
    Ok(())
}

/// What is to be filled yet.
fn left(read: &mrq_read_t) -> Destination {
    // SAFETY: C keeps the buffer valid during the read.
    unsafe { Destination::new(read.data, read.size) }
}

/// Counts `len` bytes of content at the front of what was to be filled.
fn advance(read: &mut mrq_read_t, len: usize) {
    read.data = read.data.wrapping_add(len);
    read.size -= len;
    read.done += len;
}

/// Whether was received to where content goes, not to the read-ahead.
fn is_direct(read: &mrq_read_t) -> bool {
    read.into == read.data
}
