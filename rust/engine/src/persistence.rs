//! Whether a connection persists after a response (RFC 9112 section 9.3).

use crate::field::ConnectionOptions;
use crate::framing::{Fields, Framing};
use crate::incoming::Incoming;

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
    let ConnectionOptions { close, keep_alive } = fields.options();
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
