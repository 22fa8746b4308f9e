//! A scanner for the chunked transfer coding (RFC 9112 section 7.1). It classifies bytes; its
//! caller moves them.

use crate::Error;
use crate::limits::MAX_TRAILERS;

/// The bytes at the front of the source: framing, then content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The length of the framing, which is skipped. It ends with the body: see
    /// [`Chunked::is_done`].
    pub framing: usize,
    /// The length of the content after the framing.
    pub content: usize,
}

/// The scanner's state between two fragments of input.
#[derive(Debug, Clone)]
pub struct Chunked {
    state: State,
    /// The chunk size while its digits are read, then the content bytes left of the chunk.
    left: u64,
    /// Bytes seen of the current size line or trailer section.
    seen: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
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
    Data,
    Done,
    Failed,
}

impl Chunked {
    /// Creates the state at the start of a body.
    pub const fn new() -> Self {
        Self { state: State::SizeStart, left: 0, seen: 0 }
    }

    /// Whether the last chunk and the trailer section are complete.
    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Classifies the bytes at the front of `src` and counts them as seen: framing, content, or
    /// framing followed by content.
    ///
    /// Errors: [`Error::InvalidChunk`], [`Error::TrailersTooLarge`]. After an error every call with
    /// input fails.
    pub fn next(&mut self, src: &[u8]) -> Result<Piece, Error> {
        // The state after an invalid byte.
        let mut state = core::mem::replace(&mut self.state, State::Failed);
        let mut framing: usize = 0;
        for &b in src {
            if matches!(state, State::Data | State::Done) {
                break;
            }
            state = self.after(state, b)?;
            framing = framing.wrapping_add(1);
        }
        self.state = state;
        let content = match state {
            State::Data => self.take_data(src.len().wrapping_sub(framing)),
            _ => 0,
        };
        Ok(Piece { framing, content })
    }

    /// Counts up to `room` bytes of content as seen. Returns their number.
    fn take_data(&mut self, room: usize) -> usize {
        let n = usize::try_from(self.left).map_or(room, |left| left.min(room));
        self.left = self.left.wrapping_sub(n as u64);
        if self.left == 0 {
            self.state = State::DataEnd;
        }
        n
    }

    /// Returns the state after one byte of framing.
    fn after(&mut self, state: State, b: u8) -> Result<State, Error> {
        use State::*;
        self.seen = self.seen.wrapping_add(1);
        if self.seen > MAX_TRAILERS {
            return Err(match state {
                TrailerStart | Trailer | TrailerLf => Error::TrailersTooLarge,
                _ => Error::InvalidChunk,
            });
        }
        let (cr, lf) = (b == b'\r', b == b'\n');
        Ok(match state {
            SizeStart | Size => match char::from(b).to_digit(16) {
                Some(digit) => self.push_digit(digit)?,
                None if state == Size => self.after_size(b)?,
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
            SizeLf | DataEnd | DataLf | TrailerLf | Data | Done | Failed => {
                return Err(Error::InvalidChunk);
            }
        })
    }

    fn push_digit(&mut self, digit: u32) -> Result<State, Error> {
        if self.left >> 60 != 0 {
            return Err(Error::InvalidChunk);
        }
        self.left = self.left << 4 | u64::from(digit);
        Ok(State::Size)
    }

    /// Returns the state after a byte that follows the digits of a size.
    fn after_size(&mut self, b: u8) -> Result<State, Error> {
        match b {
            b'\r' => Ok(State::SizeLf),
            b'\n' => Ok(self.size_read()),
            b';' => Ok(State::Extension),
            b' ' | b'\t' => Ok(State::SizeEnd),
            _ => Err(Error::InvalidChunk),
        }
    }

    /// Returns the state after a size line: content follows, or the trailer section after the last
    /// chunk.
    fn size_read(&mut self) -> State {
        match self.left {
            0 => self.line_start(State::TrailerStart),
            _ => self.line_start(State::Data),
        }
    }

    /// Restarts the count towards [`MAX_TRAILERS`].
    fn line_start(&mut self, state: State) -> State {
        self.seen = 0;
        state
    }
}

impl Default for Chunked {
    fn default() -> Self {
        Self::new()
    }
}
