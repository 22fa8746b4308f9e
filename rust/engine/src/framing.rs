//! Where a response body ends (RFC 9112 section 6.3).

use crate::Error;
use crate::ascii::{decimal, equal_in_any_case};
use crate::field::{self, ConnectionOptions, Known};

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// The body has this length in bytes.
    Length(u64),
    /// The body is chunked (RFC 9112 section 7.1).
    Chunked,
    /// The body ends when the peer closes the connection.
    Close,
}

/// The fields of a head that frame the body and rule the connection.
#[derive(Debug, Clone)]
pub struct Fields {
    length: Length,
    coding: Coding,
    options: ConnectionOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// The compiler would choose 64 bits for the tag.
#[repr(u32)]
enum Length {
    Absent,
    Valid(u64),
    Invalid,
}

/// The transfer codings seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Absent,
    /// Codings other than `chunked`.
    Other,
    /// `chunked` came last.
    Chunked,
    /// A coding followed `chunked`, or a field line had no coding.
    Invalid,
}

impl Fields {
    /// Creates the state before the first field.
    pub const fn new() -> Self {
        Self { length: Length::Absent, coding: Coding::Absent, options: ConnectionOptions::new() }
    }

    /// Takes in the result of [`field::known`] for a field line. Returns whether the field is a
    /// known one with another meaning than the framing.
    pub fn note(&mut self, known: Option<(Known, &[u8])>) -> bool {
        match known {
            Some((Known::ContentLength, value)) => {
                for member in field::members(value) {
                    self.length = self.length.and(decimal(member));
                }
            }
            Some((Known::TransferEncoding, value)) => self.coding = self.coding.and_line(value),
            Some((Known::Connection, value)) => self.options.note(value),
            Some(_) => return true,
            None => {}
        }
        false
    }

    /// The members of the Connection fields.
    pub fn options(&self) -> ConnectionOptions {
        self.options
    }

    /// The value of Content-Length, in bytes. `None` if the field is absent or invalid.
    pub fn content_length(&self) -> Option<u64> {
        match self.length {
            Length::Valid(n) => Some(n),
            Length::Absent | Length::Invalid => None,
        }
    }

    /// Whether `chunked` is the last transfer coding and occurs once.
    pub fn is_chunked(&self) -> bool {
        self.coding == Coding::Chunked
    }

    /// Returns how the end of this response's body is found. `to_head`: the response answers a HEAD
    /// request.
    ///
    /// Errors: [`Error::InvalidContentLength`] (also in a chunked response),
    /// [`Error::UnsupportedTransferEncoding`].
    pub fn framing(&self, to_head: bool, status: u16) -> Result<Framing, Error> {
        if to_head || matches!(status, 100..=199 | 204 | 304) {
            return Ok(Framing::None);
        }
        match (self.length, self.coding) {
            (Length::Invalid, _) => Err(Error::InvalidContentLength),
            (_, Coding::Chunked) => Ok(Framing::Chunked),
            (_, Coding::Other | Coding::Invalid) => Err(Error::UnsupportedTransferEncoding),
            (Length::Valid(n), Coding::Absent) => Ok(Framing::Length(n)),
            (Length::Absent, Coding::Absent) => Ok(Framing::Close),
        }
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}

impl Length {
    /// Takes in another value. Repeated values must be equal (RFC 9112 section 6.3).
    fn and(self, value: Option<u64>) -> Self {
        match (self, value) {
            (Self::Absent, Some(n)) => Self::Valid(n),
            (Self::Valid(before), Some(n)) if before == n => self,
            _ => Self::Invalid,
        }
    }
}

impl Coding {
    /// Takes in the list of another field line.
    fn and_line(self, value: &[u8]) -> Self {
        let after = field::list(value).fold(None, |before, member| {
            Some(match before.unwrap_or(self) {
                Self::Chunked | Self::Invalid => Self::Invalid,
                _ if equal_in_any_case(member, b"chunked") => Self::Chunked,
                _ => Self::Other,
            })
        });
        after.unwrap_or(Self::Invalid)
    }
}
