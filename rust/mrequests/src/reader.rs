//! Reads the content of a response.

use micropython_sys::MRQ_UNKNOWN;
use mrequests_engine::incoming::Read;

use crate::failure::{Failure, Result};
use crate::memory::Destination;
use crate::response::Response;

/// Reads content to `dst`: what can be had in one go, or with `fill` until it is full or the
/// body ends. 0 is the end of the body. Closes the connection at the end and on every failure.
///
/// A failure behind bytes that did arrive is met by the next read.
pub(crate) fn read(response: Response, dst: Destination, fill: bool) -> Result<usize> {
    response.occupy(|| {
        let mut got = 0;
        while got < dst.len() {
            match read_some(response, dst.skip(got)) {
                Ok(0) => break,
                Ok(len) => got += len,
                Err(failure) => {
                    latch(response, failure);
                    if got > 0 && failure != Failure::RAISED {
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
    })
}

/// Closes the connection and makes every later read fail like this one, details included. An
/// exception is not kept: its object might live too long.
pub(crate) fn latch(response: Response, failure: Failure) {
    response.close();
    response.with_details(|err| {
        response.with(|state| {
            if state.failure.is_none() {
                let raised = failure == Failure::RAISED;
                state.failure = Some(if raised { Failure::CLOSED } else { failure });
                state.number = err.number;
            }
            err.number = state.number;
            err.done = state.incoming.content_received();
            err.total = state.incoming.content_expected().map_or(MRQ_UNKNOWN, |(total, _)| total);
        });
    });
}

fn read_some(response: Response, dst: Destination) -> Result<usize> {
    loop {
        let read = response.with(|state| {
            if let Some(failure) = state.failure {
                return Err(failure);
            }
            state.incoming.start_body(false, 200)?;
            Ok(dst.with(|dst| state.incoming.read(dst))?)
        })?;
        let (len, more) = match read {
            Read::Content(len) => (len, true),
            Read::End => (0, true),
            Read::Fill => (0, response.fill()?),
            Read::Direct(limit) => {
                let received = response.receive(dst.first(limit))?;
                let content = dst
                    .first(received)
                    .with(|raw| response.with(|state| state.incoming.decode(raw)))?;
                (content, received > 0)
            }
        };
        if !more && !response.with(|state| state.incoming.end_of_input()) {
            return Err(Failure::INCOMPLETE_BODY);
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
