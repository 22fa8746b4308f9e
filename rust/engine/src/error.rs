//! The errors of the engine.

/// An error in a request or a response, or a lack of room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// A machine word saves the instructions that extract a byte from a register.
#[repr(u32)]
pub enum Error {
    // Mistakes of the caller.
    /// The method is not a token (RFC 9110 section 9.1), or longer than
    /// [`crate::request::MAX_METHOD`].
    InvalidMethod = 1,
    /// The URL is not absolute, or contains CR, LF or NUL.
    InvalidUrl,
    /// The scheme is neither `http` nor `https`.
    UnsupportedScheme,
    /// The host is empty or malformed (RFC 3986 section 3.2.2).
    InvalidHost,
    /// The port is not a number in 1..=65535.
    InvalidPort,
    /// A field name is not a token (RFC 9110 section 5.1).
    InvalidFieldName,
    /// A field value contains CR, LF or NUL (RFC 9110 section 5.5).
    InvalidFieldValue,
    /// The caller's Content-Length or Transfer-Encoding contradicts the body.
    BodyMismatch,

    // Protocol violations of the peer.
    /// The first line is not an HTTP/1.x status line (RFC 9112 section 4).
    InvalidStatusLine,
    /// A field line has whitespace before its colon (RFC 9112 section 5.1), a bare CR or a NUL.
    InvalidField,
    /// A line of the head is longer than [`crate::limits::MAX_LINE`].
    LineTooLong,
    /// The head is longer than [`crate::limits::MAX_HEAD`].
    HeadTooLarge,
    /// The head has more than [`crate::limits::MAX_FIELDS`] field lines.
    TooManyFields,
    /// Content-Length is not a single decimal number (RFC 9112 section 6.3).
    InvalidContentLength,
    /// The last transfer coding is not `chunked` (RFC 9112 section 6.3).
    UnsupportedTransferEncoding,
    /// A chunk is malformed (RFC 9112 section 7.1).
    InvalidChunk,
    /// The trailer section is longer than [`crate::limits::MAX_TRAILERS`].
    TrailersTooLarge,
    /// The server redirects more often than the caller allows.
    TooManyRedirects,

    // Memory of the driver.
    /// A [`crate::sink::Sink`] is full.
    NoRoom,
}
