//! The framing of the chunked transfer coding (RFC 9112 section 7.1).

use core::mem;

use super::{Body, Place};
use crate::Error;
use crate::incoming::READ_AHEAD;
use crate::limits::MAX_TRAILERS;

/// The state between two bytes of framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Before the first digit of a size.
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
}

impl State {
    /// The start of a chunked body.
    pub(super) const START: Self = Self::SizeStart;
    /// The end of a chunk.
    pub(super) const END: Self = Self::DataEnd;
}

impl Body {
    /// [`Self::skip_framing`] of common framing: the end of a chunk, then a size without extension.
    /// A fast path: byte by byte the result is the same.
    pub(super) fn skip_plain(&mut self, src: &[u8]) -> Option<usize> {
        let line = match (self.place, src) {
            (Place::Framing(State::DataEnd), [b'\r', b'\n', line @ ..]) => line,
            (Place::Framing(State::SizeStart), line) => line,
            _ => return None,
        };
        let mut size: u32 = 0;
        let mut rest = line;
        while let [b, after @ ..] = rest
            && let Some(digit) = char::from(*b).to_digit(16)
        {
            size = if size >> 28 == 0 { size << 4 | digit } else { return None };
            rest = after;
        }
        let [b'\r', b'\n', content @ ..] = rest else { return None };
        if size == 0 {
            return None;
        }
        self.left = size.into();
        self.place = self.size_read();
        Some(src.len().wrapping_sub(content.len()))
    }

    /// Skips the framing at the front of `src`, up to content or the end of the body. Returns its
    /// length. Errors: those of [`Body::next`].
    pub(super) fn skip_framing(&mut self, src: &[u8]) -> Result<usize, Error> {
        let mut len: usize = 0;
        for &b in src {
            let Place::Framing(state) = mem::replace(&mut self.place, Place::Failed) else {
                return Err(Error::InvalidChunk);
            };
            len = len.wrapping_add(1);
            self.place = self.after(state, b)?;
            if !matches!(self.place, Place::Framing(_)) {
                break;
            }
        }
        Ok(len)
    }

    /// Returns the place after one byte of framing.
    fn after(&mut self, state: State, b: u8) -> Result<Place, Error> {
        use State::*;
        self.seen = self.seen.wrapping_add(1);
        if self.seen > MAX_TRAILERS {
            return Err(match state {
                TrailerStart | Trailer | TrailerLf => Error::TrailersTooLarge,
                _ => Error::InvalidChunk,
            });
        }
        let (cr, lf) = (b == b'\r', b == b'\n');
        Ok(Place::Framing(match state {
            SizeStart | Size => match char::from(b).to_digit(16) {
                Some(digit) => self.push_digit(digit)?,
                None if state == Size => return self.after_size(b),
                None => return Err(Error::InvalidChunk),
            },
            SizeEnd => return self.after_size(b),
            Extension if cr => SizeLf,
            Extension | SizeLf if lf => return Ok(self.size_read()),
            Extension => Extension,
            DataEnd if cr => DataLf,
            // Refuses a bare LF: a chunk size that is one too large would end between CR and LF.
            DataLf if lf => self.line_start(SizeStart),
            TrailerStart if cr => TrailerLf,
            TrailerStart | TrailerLf if lf => return Ok(Place::Done),
            Trailer if lf => TrailerStart,
            TrailerStart | Trailer => Trailer,
            SizeLf | DataEnd | DataLf | TrailerLf => return Err(Error::InvalidChunk),
        }))
    }

    fn push_digit(&mut self, digit: u32) -> Result<State, Error> {
        if self.left >> 60 != 0 {
            return Err(Error::InvalidChunk);
        }
        self.left = self.left << 4 | u64::from(digit);
        Ok(State::Size)
    }

    /// Returns the place after a byte that follows the digits of a size.
    fn after_size(&mut self, b: u8) -> Result<Place, Error> {
        Ok(Place::Framing(match b {
            b'\r' => State::SizeLf,
            b'\n' => return Ok(self.size_read()),
            b';' => State::Extension,
            b' ' | b'\t' => State::SizeEnd,
            _ => return Err(Error::InvalidChunk),
        }))
    }

    /// Returns the place after a size line: content follows, or the trailer section after the last
    /// chunk.
    fn size_read(&mut self) -> Place {
        self.large = self.left >= READ_AHEAD as u64;
        self.seen = 0;
        match self.left {
            0 => Place::Framing(State::TrailerStart),
            _ => Place::Chunk,
        }
    }

    /// Restarts the count towards [`MAX_TRAILERS`].
    fn line_start(&mut self, state: State) -> State {
        self.seen = 0;
        state
    }
}
