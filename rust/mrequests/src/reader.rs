//! Reads the content of a response in steps. C receives between the steps, so that code that can
//! raise runs above no Rust frame.

use core::mem;

use micropython_sys::{mrq_error_t, mrq_read_t};
use mrequests_engine::incoming::Read;

use crate::failure::{Failure, Result};
use crate::memory::Destination;
use crate::response::State;

/// Performs one step of a read: takes in the received bytes, delivers content, and asks for more in
/// `read.room`. If `room` is 0, the read is over and the response is no longer busy. A read of 0
/// bytes is the end of the body.
///
/// The next read reports a failure that follows delivered bytes.
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

/// Takes in the bytes received into the `room` that the previous step asked for.
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

/// The part of the destination still to be filled.
fn left(read: &mrq_read_t) -> Destination {
    // SAFETY: C keeps the buffer valid during the read.
    unsafe { Destination::new(read.data, read.size) }
}

/// Counts `len` bytes at the front of the destination as filled.
fn advance(read: &mut mrq_read_t, len: usize) {
    read.data = read.data.wrapping_add(len);
    read.size -= len;
    read.done += len;
}

/// Whether C received into the destination, not into the read-ahead.
fn is_direct(read: &mrq_read_t) -> bool {
    read.into == read.data
}
