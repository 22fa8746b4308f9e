//! The framing of the chunked transfer coding (RFC 9112 section 7.1).

use core::mem;

use super::{Body, Place};
use crate::Error;
use crate::limits::MAX_TRAILERS;

impl Body {
    /// [`Self::skip_framing`] of common framing: the end of a chunk, then a size without extension.
    /// A fast path: byte by byte the result is the same.
    pub(super) fn skip_plain(&mut self, src: &[u8]) -> Option<usize> {
        let line = match (self.place, src) {
            (Place::DataEnd, [b'\r', b'\n', line @ ..]) => line,
            (Place::SizeStart, line) => line,
            _ => return None,
        };
        let mut size: u32 = 0;
        for (len, &b) in line.iter().enumerate() {
            match (char::from(b).to_digit(16), line.get(len..)) {
                // Leading zeros count towards the limit of the line.
                (Some(digit), _) if size >> 28 == 0 && size | digit != 0 => {
                    size = size << 4 | digit;
                }
                (None, Some([b'\r', b'\n', content @ ..])) if size > 0 => {
                    self.left = size.into();
                    self.place = self.size_read();
                    return Some(src.len().wrapping_sub(content.len()));
                }
                _ => break,
            }
        }
        None
    }

    /// Skips the framing at the front of `src`, up to content or the end of the body. Returns its
    /// length. Errors: those of [`Body::next`].
    pub(super) fn skip_framing(&mut self, src: &[u8]) -> Result<usize, Error> {
        // The place after an invalid byte.
        let mut place = mem::replace(&mut self.place, Place::Failed);
        let mut len: usize = 0;
        for &b in src {
            if matches!(place, Place::Chunk | Place::Done) {
                break;
            }
            place = self.after(place, b)?;
            len = len.wrapping_add(1);
        }
        self.place = place;
        Ok(len)
    }

    /// Returns the place after one byte of framing.
    fn after(&mut self, place: Place, b: u8) -> Result<Place, Error> {
        use Place::*;
        self.seen = self.seen.wrapping_add(1);
        if self.seen > MAX_TRAILERS {
            return Err(match place {
                TrailerStart | Trailer | TrailerLf => Error::TrailersTooLarge,
                _ => Error::InvalidChunk,
            });
        }
        let (cr, lf) = (b == b'\r', b == b'\n');
        Ok(match place {
            SizeStart | Size => match char::from(b).to_digit(16) {
                Some(digit) => self.push_digit(digit)?,
                None if place == Size => self.after_size(b)?,
                None => return Err(Error::InvalidChunk),
            },
            SizeEnd => self.after_size(b)?,
            Extension if cr => SizeLf,
            Extension | SizeLf if lf => self.size_read(),
            Extension => Extension,
            DataEnd if cr => DataLf,
            // Refuses a bare LF: a chunk size that is one too large would end between CR and LF.
            DataLf if lf => self.line_start(SizeStart),
            TrailerStart if cr => TrailerLf,
            TrailerStart | TrailerLf if lf => Done,
            Trailer if lf => TrailerStart,
            TrailerStart | Trailer => Trailer,
            _ => return Err(Error::InvalidChunk),
        })
    }

    fn push_digit(&mut self, digit: u32) -> Result<Place, Error> {
        if self.left >> 60 != 0 {
            return Err(Error::InvalidChunk);
        }
        self.left = self.left << 4 | u64::from(digit);
        Ok(Place::Size)
    }

    /// Returns the place after a byte that follows the digits of a size.
    fn after_size(&mut self, b: u8) -> Result<Place, Error> {
        match b {
            b'\r' => Ok(Place::SizeLf),
            b'\n' => Ok(self.size_read()),
            b';' => Ok(Place::Extension),
            b' ' | b'\t' => Ok(Place::SizeEnd),
            _ => Err(Error::InvalidChunk),
        }
    }

    /// Returns the place after a size line: content follows, or the trailer section after the last
    /// chunk.
    fn size_read(&mut self) -> Place {
        match self.left {
            0 => self.line_start(Place::TrailerStart),
            _ => self.line_start(Place::Chunk),
        }
    }

    /// Restarts the count towards [`MAX_TRAILERS`].
    fn line_start(&mut self, place: Place) -> Place {
        self.seen = 0;
        place
    }
}
