//! Whether a connection persists after a response (RFC 9112 section 9.3).

use crate::ascii::equal_in_any_case;
use crate::field;
use crate::framing::{Fields, Framing};
use crate::incoming::Incoming;

/// The members of Connection fields (RFC 9110 section 7.6.1) that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    close: bool,
    keep_alive: bool,
}

impl Options {
    /// Creates the state before the first field.
    pub(crate) const fn new() -> Self {
        Self { close: false, keep_alive: false }
    }

    /// Takes in the value of a field.
    pub(crate) fn note(&mut self, value: &[u8]) {
        for member in field::list(value) {
            self.close |= equal_in_any_case(member, b"close");
            self.keep_alive |= equal_in_any_case(member, b"keep-alive");
        }
    }
}

impl Incoming {
    /// Whether the connection can carry another request: the response was received to its end,
    /// nothing follows it, and the server keeps the connection.
    pub fn is_reusable(&self) -> bool {
        self.is_clean() && persists(&self.state.fields, self.state.status, self.state.minor)
    }
}

/// Whether the server keeps the connection after a response of HTTP/1.`minor`. `status` is 0 if
/// the head is unknown.
fn persists(fields: &Fields, status: u16, minor: u8) -> bool {
    let Options { close, keep_alive } = fields.options();
    // After 101 the connection has another protocol.
    if close || matches!(status, 0 | 101) {
        return false;
    }
    // Also of a response without a body: fields that contradict each other are a sign of a server
    // that loses its place (RFC 9112 section 11.2).
    match fields.framing(false, 0) {
        Ok(Framing::Length(_)) => minor > 0 || keep_alive,
        // HTTP/1.0 does not know the coding (RFC 9112 section 6.1).
        Ok(Framing::Chunked) => minor > 0 && fields.content_length().is_none(),
        Ok(Framing::Close | Framing::None) => minor > 0,
        Err(_) => false,
    }
}
