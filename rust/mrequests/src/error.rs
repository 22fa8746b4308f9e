//! Errors on their way to C: a code, which is the number of an engine [`Error`], then a kind and a
//! text.

use micropython_sys as sys;
use micropython_sys::mrq_error_t;
use mrequests_engine::Error;
use mrequests_engine::error::text;
use mrequests_engine::incoming::Incoming;
use mrequests_engine::sink::{Buffer, Sink, put_decimal};

use crate::memory::{GcBuf, lend};

/// The code of a result for C.
pub(crate) fn status(result: Result<(), Error>) -> u8 {
    result.map_or_else(|error| error as u8, |()| sys::MRQ_OK)
}

/// Writes kind and text of a failure. Returns the kind.
pub(crate) fn report(kind: u8, text: &'static [u8], err: &mut mrq_error_t) -> u8 {
    *err = mrq_error_t { text: lend(text), kind };
    kind
}

/// Writes kind and text of an engine error. Returns the kind.
#[cfg(feature = "tls")]
pub(crate) fn report_error(error: Error, err: &mut mrq_error_t) -> u8 {
    report(kind(error as u8), error.text(), err)
}

fn kind(code: u8) -> u8 {
    const NO_ROOM: u8 = Error::NoRoom as u8;
    const NO_RESPONSE: u8 = Error::NoResponse as u8;
    const INCOMPLETE_BODY: u8 = Error::IncompleteBody as u8;
    const UNENCODABLE: u8 = Error::Unencodable as u8;
    match code {
        NO_ROOM => sys::MRQ_ERROR_MEMORY,
        NO_RESPONSE => sys::MRQ_ERROR_RESET,
        INCOMPLETE_BODY => sys::MRQ_ERROR_ABORTED,
        UNENCODABLE => sys::MRQ_ERROR_UNICODE,
        _ => sys::MRQ_ERROR_VALUE,
    }
}

/// Writes kind and text of a code, not `MRQ_OK`, that a function without `err` returned. `incoming`: the response
/// whose read failed.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_explain(code: u8, incoming: Option<&Incoming>, err: &mut mrq_error_t) {
    let kind = report(kind(code), text(code), err);
    let (sys::MRQ_ERROR_ABORTED, Some(incoming)) = (kind, incoming) else { return };
    let mut text = GcBuf::new();
    match put_incomplete(incoming, &mut text) {
        Ok(()) => err.text = lend(text.as_slice()),
        Err(_) => text.free(),
    }
}

/// Writes the content received, of the whole content if its length is known.
fn put_incomplete(incoming: &Incoming, text: &mut GcBuf) -> Result<(), Error> {
    text.put(Error::IncompleteBody.text())?;
    text.put(b": ")?;
    put_decimal(text, incoming.content_received())?;
    if let Some(total) = incoming.content_expected() {
        text.put(b" of ")?;
        put_decimal(text, total)?;
    }
    text.put(b" bytes")
}
