//! Errors on their way to C: a code, which is the number of an engine [`Error`], then a kind and a
//! text.

use micropython_sys as sys;
use micropython_sys::mrq_error_t;
use mrequests_engine::Error;
use mrequests_engine::incoming::Incoming;
use mrequests_engine::sink::{Buffer, Sink, put_decimal};

use crate::memory::{GcBuf, lend};

/// The code of a result for C.
pub(crate) fn status(result: Result<(), Error>) -> u8 {
    result.map_or_else(|error| error as u8, |()| sys::MRQ_OK)
}

/// Writes kind and text of a failure. Returns the kind.
pub(crate) fn report(kind: u8, text: &'static str, err: &mut mrq_error_t) -> u8 {
    *err = mrq_error_t { text: lend(text.as_bytes()), kind };
    kind
}

/// Writes kind and text of an engine error. Returns the kind.
pub(crate) fn report_error(error: Error, err: &mut mrq_error_t) -> u8 {
    report(kind(error), error.text(), err)
}

fn kind(error: Error) -> u8 {
    match error {
        Error::NoRoom => sys::MRQ_ERROR_MEMORY,
        Error::NoResponse => sys::MRQ_ERROR_RESET,
        Error::IncompleteBody => sys::MRQ_ERROR_ABORTED,
        Error::Unencodable => sys::MRQ_ERROR_UNICODE,
        _ => sys::MRQ_ERROR_VALUE,
    }
}

/// Writes kind and text of a code that a function without `err` returned. `incoming`: the response
/// whose read failed.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_explain(code: u8, incoming: Option<&Incoming>, err: &mut mrq_error_t) {
    let Some(error) = Error::from_number(code) else { return };
    report_error(error, err);
    let (Error::IncompleteBody, Some(incoming)) = (error, incoming) else { return };
    let mut text = GcBuf::new();
    match put_incomplete(incoming, &mut text) {
        Ok(()) => err.text = lend(text.as_slice()),
        Err(_) => text.free(),
    }
}

/// Writes the content received, of the whole content if its length is known.
fn put_incomplete(incoming: &Incoming, text: &mut GcBuf) -> Result<(), Error> {
    text.put(Error::IncompleteBody.text().as_bytes())?;
    text.put(b": ")?;
    put_decimal(text, incoming.content_received())?;
    if let Some(total) = incoming.content_expected() {
        text.put(b" of ")?;
        put_decimal(text, total)?;
    }
    text.put(b" bytes")
}
