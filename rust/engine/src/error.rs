//! Why the engine refuses something.

/// Everything that can be wrong with a request, a response, or the room for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// A word: bytes would have to be cut out of registers.
#[repr(u32)]
pub enum Error {
    // The caller's mistakes.
    /// The method is no token, or longer than [`crate::request::MAX_METHOD`] (RFC 9110 section 9.1).
    InvalidMethod = 1,
    /// The URL is not absolute, or holds CR, LF or NUL.
    InvalidUrl,
    /// Neither `http` nor `https`.
    UnsupportedScheme,
    /// The host is empty, or holds characters that no host has.
    InvalidHost,
    /// The port is no number in 1..=65535.
    InvalidPort,
    /// A field name is no token (RFC 9110 section 5.1).
    InvalidFieldName,
    /// A field value holds CR, LF or NUL (RFC 9110 section 5.5).
    InvalidFieldValue,
    /// The caller's Content-Length or Transfer-Encoding contradicts the body.
    BodyMismatch,

    // What a peer does against the protocol.
    /// The first line is no HTTP/1.x status line (RFC 9112 section 4).
    InvalidStatusLine,
    /// A field line has white space before its colon, a bare CR or a NUL (RFC 9112 section 5.1).
    InvalidField,
    /// A line of the head is longer than [`crate::limits::MAX_LINE`].
    LineTooLong,
    /// The head is longer than [`crate::limits::MAX_HEAD`].
    HeadTooLarge,
    /// The head has more than [`crate::limits::MAX_FIELDS`] field lines.
    TooManyFields,
    /// Content-Length is no single decimal number (RFC 9112 section 6.3).
    InvalidContentLength,
    /// The last transfer coding is not `chunked` (RFC 9112 section 6.3).
    UnsupportedTransferEncoding,
    /// A chunk is not what RFC 9112 section 7.1 says.
    InvalidChunk,
    /// The trailer section is longer than [`crate::limits::MAX_TRAILERS`].
    TrailersTooLarge,
    /// More redirects than the caller allows.
    TooManyRedirects,

    // The room the driver gave.
    /// A [`crate::sink::Sink`] cannot take any more.
    NoRoom,
}
