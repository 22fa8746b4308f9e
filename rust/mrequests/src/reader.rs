//! Reads the content of a response.

use core::slice;

use mrequests_engine::incoming::Read;

use crate::failure::{Failure, Result};
use crate::response::Response;
use micropython_sys::MRQ_UNKNOWN;

/// A destination in Python's memory. Kept as a pointer because Python code that runs while
/// bytes are received may look at it.
#[derive(Clone, Copy)]
pub(crate) struct Destination {
    data: *mut u8,
    size: usize,
}

impl Destination {
    /// # Safety
    /// `data` is valid for reads and writes of `size` bytes for as long as this is used.
    pub(crate) unsafe fn new(data: *mut u8, size: usize) -> Self {
        Self { data, size }
    }

    fn skip(self, len: usize) -> Self {
        let len = len.min(self.size);
        // SAFETY: stays within the destination.
        Self { data: unsafe { self.data.add(len) }, size: self.size - len }
    }

    /// Runs `f` on the first `len` bytes; `f` does not run Python code.
    fn with<T>(self, len: usize, f: impl FnOnce(&mut [u8]) -> T) -> T {
        if self.size == 0 {
            return f(&mut []);
        }
        // SAFETY: valid for that many bytes (see `new`), and nothing else runs meanwhile.
        f(unsafe { slice::from_raw_parts_mut(self.data, len.min(self.size)) })
    }
}

/// Reads content to `dst`: what can be had in one go, or with `fill` until it is full or the
/// body ends. 0 is the end of the body. Closes the connection at the end and on every failure.
///
/// A failure behind bytes that did arrive is met by the next read.
pub(crate) fn read(response: Response, dst: Destination, fill: bool) -> Result<usize> {
    let _occupied = response.occupy()?;
    let mut got = 0;
    while got < dst.size {
        match read_some(response, dst.skip(got)) {
            Ok(0) => break,
            Ok(len) => got += len,
            Err(failure) => {
                latch(response, failure);
                if got > 0 && !failure.is_raised() {
                    break;
                }
                return Err(failure);
            }
        }
        if !fill {
            break;
        }
    }
    Ok(got)
}

/// Closes the connection and makes every later read fail like this one.
pub(crate) fn latch(response: Response, failure: Failure) {
    response.close();
    let later = if failure.is_raised() { Failure::Closed } else { failure };
    response.with(|state| {
        state.failure.get_or_insert(later);
    });
}

fn read_some(response: Response, dst: Destination) -> Result<usize> {
    loop {
        let read = response.with(|state| {
            if let Some(failure) = state.failure {
                return Err(failure);
            }
            state.incoming.start_body(false, 200)?;
            Ok(dst.with(dst.size, |dst| state.incoming.read(dst))?)
        })?;
        let (len, more) = match read {
            Read::Content(len) => (len, true),
            Read::End => (0, true),
            Read::Fill => (0, response.fill()?),
            Read::Direct(limit) => {
                // SAFETY: the destination is valid, and no slice of it is alive here.
                let received = unsafe { response.receive(dst.data, limit.min(dst.size)) }?;
                let decode = |raw: &mut [u8]| response.with(|state| state.incoming.decode(raw));
                (dst.with(received, decode)?, received > 0)
            }
        };
        if !more {
            end_of_input(response)?;
        }
        if response.with(|state| state.incoming.is_done()) {
            response.close();
            return Ok(len);
        }
        if len > 0 {
            return Ok(len);
        }
    }
}

fn end_of_input(response: Response) -> Result<()> {
    response.with(|state| {
        if state.incoming.end_of_input() {
            return Ok(());
        }
        let total = state.incoming.content_expected().map_or(MRQ_UNKNOWN, |(total, _)| total);
        Err(Failure::Incomplete { done: state.incoming.content_received(), total })
    })
}
