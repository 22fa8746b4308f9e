//! The reason of a failure, on its way to C, which raises an exception for it.

use core::num::NonZeroU32;

use micropython_sys as sys;
use mrequests_engine::Error;

/// An `MRQ_ERROR_*` code. The `mrq_error_t` of the operation holds the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure(NonZeroU32);

pub(crate) type Result<T> = core::result::Result<T, Failure>;

impl Failure {
    /// C caught a Python exception and raises it again.
    pub(crate) const RAISED: Self = Self::new(sys::MRQ_ERROR_RAISED);
    /// The peer closed the connection before a write, as a server does that responds early.
    pub(crate) const PEER_CLOSED: Self = Self::new(sys::MRQ_ERROR_PEER_CLOSED);
    pub(crate) const BUSY: Self = Self::new(sys::MRQ_ERROR_BUSY);
    pub(crate) const CLOSED: Self = Self::new(sys::MRQ_ERROR_CLOSED);
    pub(crate) const NO_RESPONSE: Self = Self::new(sys::MRQ_ERROR_NO_RESPONSE);
    pub(crate) const INCOMPLETE_BODY: Self = Self::new(sys::MRQ_ERROR_INCOMPLETE_BODY);

    const fn new(code: u8) -> Self {
        match NonZeroU32::new(code as u32) {
            Some(code) => Self(code),
            None => panic!("MRQ_OK is not a failure"),
        }
    }

    /// Converts the code that a C function returned.
    pub(crate) fn check(code: u8) -> Result<()> {
        NonZeroU32::new(code as u32).map_or(Ok(()), |code| Err(Self(code)))
    }

    /// The code for C.
    pub(crate) fn code(self) -> u8 {
        self.0.get() as u8
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(match error {
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
        })
    }
}
