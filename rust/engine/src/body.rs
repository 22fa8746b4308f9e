//! The body of one response (RFC 9112 section 6): raw bytes in, content out.

mod chunked;

use crate::Error;
use crate::framing::Framing;
use crate::limits::READ_AHEAD;

/// A body being received. It classifies bytes, which its caller moves.
#[derive(Debug, Clone)]
pub struct Body {
    place: Place,
    /// Bytes were received behind the body.
    excess: bool,
    /// The content up to the next framing or the end of the body; the chunk size while its digits
    /// are read.
    left: u64,
    /// The content seen so far, in bytes.
    received: u64,
    /// The bytes seen of the current size line or trailer section.
    seen: usize,
}

/// The bytes at the front of the source: framing, then content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The length of the framing, which is skipped. It ends with the body.
    pub framing: usize,
    /// The length of the content after the framing.
    pub content: usize,
}

/// The place of the next byte.
// In an order that makes the comparisons of ranges cheap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After the body.
    Done,
    /// After a body that ended with the connection.
    Closed,
    /// In content that ends the body.
    Length,
    /// In content that ends with the connection.
    Close,
    /// In the content of a chunk.
    Chunk,
    /// Before the first digit of a chunk size.
    SizeStart,
    Size,
    /// In whitespace after a size.
    SizeEnd,
    Extension,
    /// After the CR of a size line.
    SizeLf,
    /// After the content of a chunk.
    DataEnd,
    DataLf,
    /// At the start of a trailer line.
    TrailerStart,
    Trailer,
    /// After the CR of the empty line.
    TrailerLf,
    /// After an invalid byte.
    Failed,
}

/// The value of [`Body::left`] in content of unknown length.
const UNKNOWN: u64 = u64::MAX;

impl Body {
    /// Creates the state of a body before its first byte.
    pub const fn new(framing: Framing) -> Self {
        let (place, left) = match framing {
            Framing::None | Framing::Length(0) => (Place::Done, 0),
            Framing::Length(total) => (Place::Length, total),
            Framing::Chunked => (Place::SizeStart, 0),
            Framing::Close => (Place::Close, UNKNOWN),
        };
        Self { place, excess: false, left, received: 0, seen: 0 }
    }

    /// Whether the whole body was seen.
    pub fn is_done(&self) -> bool {
        matches!(self.place, Place::Done | Place::Closed)
    }

    /// Whether the whole body was seen, the connection goes on, and no byte followed.
    pub fn is_clean(&self) -> bool {
        self.place == Place::Done && !self.excess
    }

    /// The content seen so far, in bytes.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The content not yet seen, in bytes, if its end is known.
    pub fn remaining(&self) -> Option<u64> {
        match self.place {
            Place::Length => Some(self.left),
            Place::Done | Place::Closed => Some(0),
            _ => None,
        }
    }

    /// The most raw bytes to receive into a place for `room` bytes: `room`, or less if the body is
    /// known to end earlier.
    pub fn limit(&self, room: usize) -> usize {
        match self.place {
            Place::Length | Place::Done | Place::Closed => self.run(room),
            _ => room,
        }
    }

    /// The number of bytes to receive into a destination for content of `room` bytes, which is
    /// decoded in place. `None`: receive into the read-ahead.
    pub fn direct(&self, room: usize) -> Option<usize> {
        let len = self.limit(room);
        // The rest of the body may be small.
        let is_rest = self.place == Place::Length && len as u64 == self.left;
        (len >= READ_AHEAD || is_rest).then_some(len)
    }

    /// The number of bytes to look at in a source of `len`: less if content would be followed by
    /// the last byte of the body, as far as its length is known.
    pub fn before_last(&self, len: usize) -> usize {
        match self.place {
            Place::Length if self.left > 1 => at_most(self.left.wrapping_sub(1), len),
            _ => len,
        }
    }

    /// Classifies the bytes at the front of `src` and counts them as seen: framing, content, or
    /// framing followed by content.
    ///
    /// Errors: [`Error::InvalidChunk`], [`Error::TrailersTooLarge`]. After an error every call with
    /// input fails.
    pub fn next(&mut self, src: &[u8]) -> Result<Piece, Error> {
        let framing = match self.place {
            Place::Done | Place::Closed | Place::Length | Place::Close | Place::Chunk => 0,
            _ => match self.skip_plain(src) {
                Some(len) => len,
                None => self.skip_framing(src)?,
            },
        };
        let content = self.see(src.len().wrapping_sub(framing));
        Ok(Piece { framing, content })
    }

    /// Counts the content at the front of `len` bytes as seen, and returns its length.
    fn see(&mut self, len: usize) -> usize {
        if !matches!(self.place, Place::Length | Place::Close | Place::Chunk) {
            return 0;
        }
        let content = self.run(len);
        self.received = self.received.wrapping_add(content as u64);
        self.left = self.left.wrapping_sub(content as u64);
        if self.left == 0 {
            self.place = match self.place {
                Place::Chunk => Place::DataEnd,
                _ => Place::Done,
            };
        }
        content
    }

    /// Removes the framing from `raw`, the bytes just received, and moves the content to its front.
    /// Returns the length of the content in bytes, which may be 0, and the error after it. Bytes
    /// behind the body are dropped, which [`Self::is_clean`] tells.
    ///
    /// Errors: those of [`Self::next`].
    pub fn decode(&mut self, raw: &mut [u8]) -> (usize, Result<(), Error>) {
        // Without framing before it, the content is in place.
        let content = self.see(raw.len());
        match raw.len() == content {
            true => (content, Ok(())),
            false => self.squeeze(raw, content),
        }
    }

    /// [`Self::decode`] after the first `made` bytes.
    #[inline(never)] // Keeps the registers of the fast path few.
    fn squeeze(&mut self, raw: &mut [u8], mut made: usize) -> (usize, Result<(), Error>) {
        let mut read = made;
        while let Some(src @ [_, ..]) = raw.get(read..) {
            let Piece { framing, content } = match self.next(src) {
                Ok(piece) => piece,
                Err(error) => return (made, Err(error)),
            };
            if framing == 0 && content == 0 {
                self.excess = true;
                break;
            }
            let start = read.wrapping_add(framing);
            read = start.wrapping_add(content);
            raw.copy_within(start..read, made);
            made = made.wrapping_add(content);
        }
        (made, Ok(()))
    }

    /// Whether `src`, received and not yet seen, begins with content, the end of the body or an
    /// error.
    pub fn is_ready(&self, src: &[u8]) -> bool {
        let mut body = self.clone();
        match body.next(src) {
            Ok(piece) => piece.content > 0 || body.is_done(),
            Err(_) => true,
        }
    }

    /// Notes that the peer closed the connection.
    ///
    /// Errors: [`Error::IncompleteBody`].
    pub fn end_of_input(&mut self) -> Result<(), Error> {
        match self.place {
            Place::Close => {
                (self.place, self.left) = (Place::Closed, 0);
                Ok(())
            }
            Place::Done | Place::Closed => Ok(()),
            _ => Err(Error::IncompleteBody),
        }
    }

    /// The number of content bytes at the front of `room` bytes.
    fn run(&self, room: usize) -> usize {
        at_most(self.left, room)
    }
}

fn at_most(left: u64, room: usize) -> usize {
    usize::try_from(left).map_or(room, |left| left.min(room))
}
