//! Why an operation failed, on its way to the C that raises it.

use core::num::NonZeroU32;

use micropython_sys as sys;
use mrequests_engine::Error;

/// The reason, an `MRQ_ERROR_*`. What else there is to say stands in the `mrq_error_t` that C
/// gave for the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure(NonZeroU32);

pub(crate) type Result<T> = core::result::Result<T, Failure>;

impl Failure {
    /// A Python exception is on its way, which nothing may hold up.
    pub(crate) const RAISED: Self = Self::new(sys::MRQ_ERROR_RAISED);
    /// The peer had closed when it was written to, as servers do that answer early.
    pub(crate) const PEER_CLOSED: Self = Self::new(sys::MRQ_ERROR_PEER_CLOSED);
    pub(crate) const BUSY: Self = Self::new(sys::MRQ_ERROR_BUSY);
    pub(crate) const CLOSED: Self = Self::new(sys::MRQ_ERROR_CLOSED);
    pub(crate) const NO_RESPONSE: Self = Self::new(sys::MRQ_ERROR_NO_RESPONSE);
    pub(crate) const INCOMPLETE_BODY: Self = Self::new(sys::MRQ_ERROR_INCOMPLETE_BODY);

    const fn new(code: u8) -> Self {
        match NonZeroU32::new(code as u32) {
            Some(code) => Self(code),
            None => panic!("MRQ_OK is no failure"),
        }
    }

    /// Turns what a C function returned into a result.
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
