//! The body of one response, whatever its framing: raw bytes in, content out.

use crate::Error;
use crate::chunked::{Chunked, Piece};
use crate::framing::Framing;

/// A body being received.
#[derive(Debug, Clone)]
pub struct Body {
    framing: Framing,
    chunked: Chunked,
    received: u64,
    /// Content still to come; [`UNKNOWN`] where only the end itself will tell.
    left: u64,
}

/// Of [`Body::left`]: no body is that long.
const UNKNOWN: u64 = u64::MAX;

/// What [`Body::copy`] did, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Used up of the source.
    pub consumed: usize,
    /// Content at the front of the destination.
    pub produced: usize,
}

impl Body {
    /// A body of which nothing was received yet.
    pub const fn new(framing: Framing) -> Self {
        let left = match framing {
            Framing::None => 0,
            Framing::Length(total) => total,
            Framing::Chunked | Framing::Close => UNKNOWN,
        };
        Self { framing, chunked: Chunked::new(), received: 0, left }
    }

    /// Whether all of it was received.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Content received so far, in bytes.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// All of the content, in bytes, where a Content-Length frames it.
    pub fn expected(&self) -> Option<u64> {
        match self.framing {
            Framing::Length(total) => Some(total),
            _ => None,
        }
    }

    /// Content still to come, in bytes, where that is known.
    pub fn remaining_hint(&self) -> Option<u64> {
        (self.left != UNKNOWN).then_some(self.left)
    }

    /// How many raw bytes may be received into a destination of `room` bytes: no more than
    /// are left where their number is known.
    pub fn limit(&self, room: usize) -> usize {
        usize::try_from(self.left).map_or(room, |left| left.min(room))
    }

    /// Squeezes the framing out of `raw`, the bytes just received, towards its front, and
    /// returns how many bytes of content stand there then (there may be none). All of `raw`
    /// is consumed; what lies past the end of the body is dropped.
    ///
    /// Errors: those of [`Chunked::next`]; content of the same call is lost then.
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

    /// Moves what it can of a read-ahead into a destination and decodes it there: nothing once the
    /// body is complete.
    ///
    /// Errors: those of [`Chunked::next`]; content of the same call is lost then.
    pub fn copy(&mut self, src: &[u8], dst: &mut [u8]) -> Result<Copied, Error> {
        let consumed = self.limit(src.len().min(dst.len()));
        let (Some(from), Some(to)) = (src.get(..consumed), dst.get_mut(..consumed)) else {
            return Ok(Copied::default());
        };
        to.copy_from_slice(from);
        Ok(Copied { consumed, produced: self.decode(to)? })
    }

    /// Whether `src`, what was received and not yet decoded, holds content, the end or an error.
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

    /// The peer closed the connection. Returns whether the body is complete by that.
    pub fn end_of_input(&mut self) -> bool {
        if self.framing == Framing::Close {
            self.left = 0;
        }
        self.is_done()
    }

    /// [`Self::decode`] for chunks.
    fn squeeze(&mut self, raw: &mut [u8]) -> Result<usize, Error> {
        let mut made: usize = 0;
        let mut read: usize = 0;
        while let Some(src @ [_, ..]) = raw.get(read..) {
            let Piece { framing, content } = self.chunked.next(src)?;
            let start = read.wrapping_add(framing);
            read = start.wrapping_add(content);
            // All of it may be content.
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
