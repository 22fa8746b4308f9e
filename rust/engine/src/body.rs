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
    /// The peer closed, and that was the end of the body.
    closed: bool,
}

/// What [`Body::copy`] did, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Used up of the source.
    pub consumed: usize,
    /// Written to the front of the destination.
    pub produced: usize,
}

impl Body {
    /// A body of which nothing was received yet.
    pub const fn new(framing: Framing) -> Self {
        Self { framing, chunked: Chunked::new(), received: 0, closed: false }
    }

    /// How its end is found.
    pub fn framing(&self) -> Framing {
        self.framing
    }

    /// Whether all of it was received.
    pub fn is_done(&self) -> bool {
        match self.framing {
            Framing::None => true,
            Framing::Length(total) => self.received == total,
            Framing::Chunked => self.chunked.is_done(),
            Framing::Close => self.closed,
        }
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
        match self.framing {
            Framing::Length(total) => Some(total.saturating_sub(self.received)),
            _ => self.is_done().then_some(0),
        }
    }

    /// How many raw bytes may be received into a destination of `room` bytes: no more than
    /// are left where their number is known.
    pub fn limit(&self, room: usize) -> usize {
        match self.remaining_hint().map(usize::try_from) {
            Some(Ok(left)) => left.min(room),
            _ => room,
        }
    }

    /// Squeezes the framing out of `raw`, the bytes just received, towards its front, and
    /// returns how many bytes of content stand there then (there may be none). All of `raw`
    /// is consumed; what lies past the end of the body is dropped.
    ///
    /// Errors: those of [`Chunked::next`]; content of the same call is lost then.
    pub fn decode(&mut self, raw: &mut [u8]) -> Result<usize, Error> {
        let made = if self.framing == Framing::Chunked {
            self.squeeze(raw)?
        } else {
            self.limit(raw.len())
        };
        self.count(made);
        Ok(made)
    }

    /// Moves content from a read-ahead into a destination, until either is used up or the
    /// body is complete.
    ///
    /// Errors: those of [`Chunked::next`]; content of the same call is lost then.
    pub fn copy(&mut self, src: &[u8], dst: &mut [u8]) -> Result<Copied, Error> {
        let copied = if self.framing == Framing::Chunked {
            self.unchunk(src, dst)?
        } else {
            let n = move_front(src, dst, self.limit(usize::MAX));
            Copied { consumed: n, produced: n }
        };
        self.count(copied.produced);
        Ok(copied)
    }

    /// The peer closed the connection. Returns whether the body is complete by that.
    pub fn end_of_input(&mut self) -> bool {
        self.closed = true;
        self.is_done()
    }

    fn count(&mut self, content: usize) {
        self.received = self.received.saturating_add(content as u64);
    }

    /// [`Self::decode`] for chunks.
    fn squeeze(&mut self, raw: &mut [u8]) -> Result<usize, Error> {
        let mut made: usize = 0;
        let mut read: usize = 0;
        while let Some(src @ [_, ..]) = raw.get(read..) {
            match self.chunked.next(src)? {
                Piece::Framing(n) => read = read.saturating_add(n),
                Piece::Data(n) => {
                    let end = read.saturating_add(n);
                    if made != read {
                        raw.copy_within(read..end, made);
                    }
                    made = made.saturating_add(n);
                    read = end;
                }
                Piece::End(_) => break,
            }
        }
        Ok(made)
    }

    /// [`Self::copy`] for chunks.
    fn unchunk(&mut self, mut src: &[u8], mut dst: &mut [u8]) -> Result<Copied, Error> {
        let (all, room) = (src.len(), dst.len());
        while !self.chunked.is_done() && !dst.is_empty() && !src.is_empty() {
            // No more than fits is shown to the decoder, so content never exceeds the room.
            let shown = src.get(..dst.len()).unwrap_or(src);
            let used = match self.chunked.next(shown)? {
                Piece::Framing(n) | Piece::End(n) => n,
                Piece::Data(n) => {
                    move_front(src, dst, n);
                    dst = dst.get_mut(n..).unwrap_or_default();
                    n
                }
            };
            src = src.get(used..).unwrap_or_default();
        }
        Ok(Copied {
            consumed: all.saturating_sub(src.len()),
            produced: room.saturating_sub(dst.len()),
        })
    }
}

/// Copies at most `limit` bytes, as far as both slices reach.
fn move_front(src: &[u8], dst: &mut [u8], limit: usize) -> usize {
    let n = src.len().min(dst.len()).min(limit);
    if let (Some(from), Some(to)) = (src.get(..n), dst.get_mut(..n)) {
        to.copy_from_slice(from);
    }
    n
}
