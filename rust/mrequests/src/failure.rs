//! Why an operation failed, on its way to the C that raises it.

use core::ptr;

use cty::c_void;
use micropython_sys as sys;
use mrequests_engine::Error;

/// The reason, as Rust code passes it on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failure {
    Engine(Error),
    /// What C reported: a code and its number, and the exception where there is one.
    Reported {
        code: u8,
        number: i32,
        raised: *mut c_void,
    },
    Incomplete {
        done: u64,
        total: u64,
    },
    Busy,
    Closed,
    NoResponse,
}

pub(crate) type Result<T> = core::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl Failure {
    /// Turns what a C function returned into a result.
    pub(crate) fn check(code: u8, err: &sys::mrq_error_t) -> Result<()> {
        match code {
            sys::MRQ_OK => Ok(()),
            _ => Err(Self::Reported { code, number: err.number, raised: err.raised }),
        }
    }

    /// Whether a Python exception is on its way, which nothing may hold up.
    pub(crate) fn is_raised(&self) -> bool {
        matches!(self, Self::Reported { code: sys::MRQ_ERROR_RAISED, .. })
    }

    /// Whether the peer had closed when it was written to, as servers do that answer early.
    pub(crate) fn is_peer_closed(&self) -> bool {
        matches!(self, Self::Reported { code: sys::MRQ_ERROR_PEER_CLOSED, .. })
    }

    /// The code for C, with the details in `err`.
    pub(crate) fn report(self, err: &mut sys::mrq_error_t) -> u8 {
        match self {
            Self::Engine(error) => code_of(error),
            Self::Reported { code, number, raised } => {
                err.number = number;
                err.raised = raised;
                code
            }
            Self::Incomplete { done, total } => {
                err.done = done;
                err.total = total;
                sys::MRQ_ERROR_INCOMPLETE_BODY
            }
            Self::Busy => sys::MRQ_ERROR_BUSY,
            Self::Closed => sys::MRQ_ERROR_CLOSED,
            Self::NoResponse => sys::MRQ_ERROR_NO_RESPONSE,
        }
    }
}

/// An error without details.
pub(crate) const fn no_error() -> sys::mrq_error_t {
    sys::mrq_error_t {
        done: 0,
        total: 0,
        raised: ptr::null_mut(),
        text: sys::mrq_bytes_t { data: ptr::null(), len: 0 },
        number: 0,
    }
}

pub(crate) const fn code_of(error: Error) -> u8 {
    match error {
        Error::InvalidMethod => sys::MRQ_ERROR_INVALID_METHOD,
        Error::InvalidUrl => sys::MRQ_ERROR_INVALID_URL,
        Error::UnsupportedScheme => sys::MRQ_ERROR_UNSUPPORTED_SCHEME,
        Error::InvalidHost => sys::MRQ_ERROR_INVALID_HOST,
        Error::InvalidPort => sys::MRQ_ERROR_INVALID_PORT,
        Error::InvalidFieldName => sys::MRQ_ERROR_INVALID_FIELD_NAME,
        Error::InvalidFieldValue => sys::MRQ_ERROR_INVALID_FIELD_VALUE,
        Error::BodyMismatch => sys::MRQ_ERROR_BODY_MISMATCH,
        Error::InvalidStatusLine => sys::MRQ_ERROR_INVALID_STATUS_LINE,
        Error::InvalidField => sys::MRQ_ERROR_INVALID_FIELD,
        Error::LineTooLong => sys::MRQ_ERROR_LINE_TOO_LONG,
        Error::HeadTooLarge => sys::MRQ_ERROR_HEAD_TOO_LARGE,
        Error::TooManyFields => sys::MRQ_ERROR_TOO_MANY_FIELDS,
        Error::InvalidContentLength => sys::MRQ_ERROR_INVALID_CONTENT_LENGTH,
        Error::UnsupportedTransferEncoding => sys::MRQ_ERROR_UNSUPPORTED_TRANSFER_ENCODING,
        Error::InvalidChunk => sys::MRQ_ERROR_INVALID_CHUNK,
        Error::TrailersTooLarge => sys::MRQ_ERROR_TRAILERS_TOO_LARGE,
        Error::TooManyRedirects => sys::MRQ_ERROR_TOO_MANY_REDIRECTS,
        Error::NoRoom => sys::MRQ_ERROR_NO_MEMORY,
    }
}
