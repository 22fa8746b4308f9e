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
    /// The peer closed the connection before the end of a head.
    NoResponse,
    /// The peer closed the connection before the end of a body.
    IncompleteBody,

    // Memory and text of the driver.
    /// The encoding has no form for a character.
    Unencodable,
    /// A [`crate::sink::Sink`] is full.
    NoRoom,
}

/// All errors, in the order of their numbers.
const ALL: [Error; 22] = {
    use Error::*;
    [
        InvalidMethod,
        InvalidUrl,
        UnsupportedScheme,
        InvalidHost,
        InvalidPort,
        InvalidFieldName,
        InvalidFieldValue,
        BodyMismatch,
        InvalidStatusLine,
        InvalidField,
        LineTooLong,
        HeadTooLarge,
        TooManyFields,
        InvalidContentLength,
        UnsupportedTransferEncoding,
        InvalidChunk,
        TrailersTooLarge,
        TooManyRedirects,
        NoResponse,
        IncompleteBody,
        Unencodable,
        NoRoom,
    ]
};

impl Error {
    /// The error whose `error as u8` is `number`.
    pub fn from_number(number: u8) -> Option<Self> {
        ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The error in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::InvalidMethod => "invalid method",
            Self::InvalidUrl => "invalid URL: must be absolute, without line breaks and NUL",
            Self::UnsupportedScheme => "unsupported URL scheme",
            Self::InvalidHost => "invalid host in URL",
            Self::InvalidPort => "invalid port in URL",
            Self::InvalidFieldName => "invalid header name",
            Self::InvalidFieldValue => "invalid header value",
            Self::BodyMismatch => "body does not match Content-Length or Transfer-Encoding",
            Self::InvalidStatusLine => "invalid status line",
            Self::InvalidField => "invalid header line",
            Self::LineTooLong => "header line too long",
            Self::HeadTooLarge => "headers too large",
            Self::TooManyFields => "too many headers",
            Self::InvalidContentLength => "invalid Content-Length",
            Self::UnsupportedTransferEncoding => "unsupported Transfer-Encoding",
            Self::InvalidChunk => "invalid chunk",
            Self::TrailersTooLarge => "trailers too large",
            Self::TooManyRedirects => "Maximum redirection count exceeded.",
            Self::NoResponse => "connection closed before the response was complete",
            Self::IncompleteBody => "incomplete body",
            Self::Unencodable => "character not representable in the encoding",
            Self::NoRoom => "memory allocation failed",
        }
    }
}
