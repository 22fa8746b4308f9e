//! The errors of the engine.

use crate::ascii::cut;

/// Declares the errors, each with its text.
macro_rules! errors {
    ($($(#[$doc:meta])+ $name:ident $(= $number:literal)?: $text:literal,)+) => {
        /// An error in a request or a response, or a lack of room.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        // A machine word saves the instructions that extract a byte from a register.
        #[repr(u32)]
        pub enum Error {
            $($(#[$doc])+ $name $(= $number)?,)+
        }

        /// The texts, a line each. A table of pointers would take more flash.
        const TEXTS: &[u8] = concat!($($text, "\n"),+).as_bytes();
    };
}

errors! {
    // Mistakes of the caller.
    /// The method is not a token (RFC 9110 section 9.1), or longer than
    /// [`crate::request::MAX_METHOD`].
    InvalidMethod = 1: "invalid method",
    /// The URL is not absolute, or contains CR, LF or NUL.
    InvalidUrl: "invalid URL: must be absolute, without line breaks and NUL",
    /// The scheme is neither `http` nor `https`.
    UnsupportedScheme: "unsupported URL scheme",
    /// The host is empty or malformed (RFC 3986 section 3.2.2).
    InvalidHost: "invalid host in URL",
    /// The port is not a number in 1..=65535.
    InvalidPort: "invalid port in URL",
    /// A field name is not a token (RFC 9110 section 5.1).
    InvalidFieldName: "invalid header name",
    /// A field value contains CR, LF or NUL (RFC 9110 section 5.5).
    InvalidFieldValue: "invalid header value",
    /// The caller's Content-Length or Transfer-Encoding contradicts the body.
    BodyMismatch: "body does not match Content-Length or Transfer-Encoding",

    // Protocol violations of the peer.
    /// The first line is not an HTTP/1.x status line (RFC 9112 section 4).
    InvalidStatusLine: "invalid status line",
    /// A field line has whitespace before its colon (RFC 9112 section 5.1), a bare CR or a NUL.
    InvalidField: "invalid header line",
    /// A line of the head is longer than [`crate::limits::MAX_LINE`].
    LineTooLong: "header line too long",
    /// The head is longer than [`crate::limits::MAX_HEAD`].
    HeadTooLarge: "headers too large",
    /// The head has more than [`crate::limits::MAX_FIELDS`] field lines.
    TooManyFields: "too many headers",
    /// Content-Length is not a single decimal number (RFC 9112 section 6.3).
    InvalidContentLength: "invalid Content-Length",
    /// The last transfer coding is not `chunked` (RFC 9112 section 6.3).
    UnsupportedTransferEncoding: "unsupported Transfer-Encoding",
    /// A chunk is malformed (RFC 9112 section 7.1).
    InvalidChunk: "invalid chunk",
    /// The trailer section is longer than [`crate::limits::MAX_TRAILERS`].
    TrailersTooLarge: "trailers too large",
    /// The server redirects more often than the caller allows.
    TooManyRedirects: "Maximum redirection count exceeded.",
    /// The peer closed the connection before the end of a head.
    NoResponse: "connection closed before the response was complete",
    /// The peer closed the connection before the end of a body.
    IncompleteBody: "incomplete body",

    // Memory and text of the driver.
    /// The encoding has no form for a character.
    Unencodable: "character not representable in the encoding",
    /// A [`crate::sink::Sink`] is full.
    NoRoom: "memory allocation failed",
}

impl Error {
    /// The error in words.
    pub fn text(self) -> &'static [u8] {
        text(self as u8)
    }
}

/// The text of the error whose `error as u8` is `number`; empty if there is none.
pub fn text(number: u8) -> &'static [u8] {
    let mut rest = TEXTS;
    for _ in 1..number {
        rest = cut(rest, b'\n').1.unwrap_or_default();
    }
    cut(rest, b'\n').0
}
