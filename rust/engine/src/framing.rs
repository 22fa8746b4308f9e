//! Where a response body ends (RFC 9112 section 6.3).

use crate::Error;
use crate::ascii::{decimal, trim_ows};
use crate::field::{self, Known};

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// So many bytes.
    Length(u64),
    /// Chunks (RFC 9112 section 7.1).
    Chunked,
    /// All that comes until the peer closes the connection.
    Close,
}

/// What the Content-Length and Transfer-Encoding fields of a head say.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    length: Length,
    coding: Coding,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Length {
    #[default]
    Absent,
    Valid(u64),
    Invalid,
}

/// The transfer codings seen so far, by what may still follow them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Coding {
    #[default]
    Absent,
    /// Others than `chunked`.
    Other,
    /// `chunked` came last.
    Chunked,
    /// Something followed `chunked`, or a line had no coding.
    Invalid,
}

impl Fields {
    /// Takes in what [`field::known`] makes of a field line; all but the two fields that matter are
    /// ignored.
    pub fn note(&mut self, known: Option<(Known, &[u8])>) {
        match known {
            Some((Known::ContentLength, value)) => {
                for member in value.split(|&b| b == b',') {
                    self.length = self.length.and(decimal(trim_ows(member)));
                }
            }
            Some((Known::TransferEncoding, value)) => self.coding = self.coding.and_line(value),
            _ => {}
        }
    }

    /// The value of Content-Length, in bytes. `None` where the field is absent or invalid.
    pub fn content_length(&self) -> Option<u64> {
        match self.length {
            Length::Valid(n) => Some(n),
            Length::Absent | Length::Invalid => None,
        }
    }

    /// Whether `chunked` is the last transfer coding, and there only.
    pub fn is_chunked(&self) -> bool {
        self.coding == Coding::Chunked
    }

    /// How the body of this response ends. `to_head`: it answers a HEAD request.
    ///
    /// Errors: [`Error::InvalidContentLength`] (even where `chunked` would win),
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

impl Length {
    /// Takes in one more value; repeated ones must be equal.
    fn and(self, value: Option<u64>) -> Self {
        match (self, value) {
            (Self::Absent, Some(n)) => Self::Valid(n),
            (Self::Valid(before), Some(n)) if before == n => self,
            _ => Self::Invalid,
        }
    }
}

impl Coding {
    /// Takes in the list of one more field line.
    fn and_line(self, value: &[u8]) -> Self {
        let after = field::list(value).fold(None, |before, member| {
            Some(match before.unwrap_or(self) {
                Self::Chunked | Self::Invalid => Self::Invalid,
                _ if member.eq_ignore_ascii_case(b"chunked") => Self::Chunked,
                _ => Self::Other,
            })
        });
        after.unwrap_or(Self::Invalid)
    }
}
