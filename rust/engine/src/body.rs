//! The body of one response (RFC 9112 section 6): raw bytes in, content out.

use crate::Error;
use crate::chunked::{Chunked, Piece};
use crate::framing::Framing;

/// A body being received.
#[derive(Debug, Clone)]
pub struct Body {
    framing: Framing,
    chunked: Chunked,
    received: u64,
    /// Content bytes still to come; [`UNKNOWN`] without a Content-Length, until the end.
    left: u64,
}

/// The value of [`Body::left`] for an unknown length. No Content-Length is as large.
const UNKNOWN: u64 = u64::MAX;

/// The result of [`Body::copy`], in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Bytes consumed of the source.
    pub consumed: usize,
    /// Bytes of content at the front of the destination.
    pub produced: usize,
}

impl Body {
    /// Creates the state of a body before its first byte.
    pub const fn new(framing: Framing) -> Self {
        let left = match framing {
            Framing::None => 0,
            Framing::Length(total) => total,
            Framing::Chunked | Framing::Close => UNKNOWN,
        };
        Self { framing, chunked: Chunked::new(), received: 0, left }
    }

    /// Whether the whole body was received.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Content received so far, in bytes.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The length of the whole content in bytes, if a Content-Length frames it.
    pub fn expected(&self) -> Option<u64> {
        match self.framing {
            Framing::Length(total) => Some(total),
            _ => None,
        }
    }

    /// The content still to come in bytes, if known.
    pub fn remaining_hint(&self) -> Option<u64> {
        (self.left != UNKNOWN).then_some(self.left)
    }

    /// The most raw bytes to receive into a destination of `room` bytes: `room`, or less if the
    /// body is known to end earlier.
    pub fn limit(&self, room: usize) -> usize {
        usize::try_from(self.left).map_or(room, |left| left.min(room))
    }

    /// Removes the framing from `raw`, the bytes just received, and moves the content to its front.
    /// Returns the length of the content in bytes, which may be 0. Consumes all of `raw`: bytes
    /// past the end of the body are dropped.
    ///
    /// Errors: those of [`Chunked::next`]; the content of this call is lost then.
    pub fn decode(&mut self, raw: &mut [u8]) -> Result<usize, Error> {
        let made = match self.framing {
            Framing::Chunked => self.squeeze(raw)?,
            _ => self.limit(raw.len()),
        };
        self.received = self.received.wrapping_add(made as u64);
        if let Framing::Length(total) = self.framing {
            self.left = total.wrapping_sub(self.received);
        }
        Ok(made)
    }

    /// Copies as much of a read-ahead as fits into `dst` and decodes it there. Copies nothing after
    /// the end of the body.
    ///
    /// Errors: those of [`Chunked::next`]; the content of this call is lost then.
    pub fn copy(&mut self, src: &[u8], dst: &mut [u8]) -> Result<Copied, Error> {
        let consumed = self.limit(src.len().min(dst.len()));
        let (Some(from), Some(to)) = (src.get(..consumed), dst.get_mut(..consumed)) else {
            return Ok(Copied::default());
        };
        to.copy_from_slice(from);
        Ok(Copied { consumed, produced: self.decode(to)? })
    }

    /// Whether `src`, received and not yet decoded, holds content, the end of the body or an error.
    pub fn is_ready(&self, src: &[u8]) -> bool {
        if src.is_empty() || self.framing != Framing::Chunked {
            return !src.is_empty() || self.is_done();
        }
        let mut chunked = self.chunked.clone();
        match chunked.next(src) {
            Ok(piece) => piece.content > 0 || chunked.is_done(),
            Err(_) => true,
        }
    }

    /// Notes that the peer closed the connection. Returns whether the body is complete.
    pub fn end_of_input(&mut self) -> bool {
        if self.framing == Framing::Close {
            self.left = 0;
        }
        self.is_done()
    }

    /// [`Self::decode`] for a chunked body.
    fn squeeze(&mut self, raw: &mut [u8]) -> Result<usize, Error> {
        let mut made: usize = 0;
        let mut read: usize = 0;
        while let Some(src @ [_, ..]) = raw.get(read..) {
            let Piece { framing, content } = self.chunked.next(src)?;
            let start = read.wrapping_add(framing);
            read = start.wrapping_add(content);
            // Without framing before it, the content is in place.
            if start != made {
                raw.copy_within(start..read, made);
            }
            made = made.wrapping_add(content);
            if self.chunked.is_done() {
                self.left = 0;
                break;
            }
        }
        Ok(made)
    }
}
