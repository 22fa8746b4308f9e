//! An arriving response: one read-ahead buffer, the head parser, then the body decoder.
//!
//! The head is parsed in the read-ahead. [`content`](crate::content) delivers the body.

use core::ops::Range;

use crate::Error;
use crate::ascii::slice;
use crate::body::Body;
use crate::field::{self, Known};
use crate::framing::{Fields, Framing};
use crate::head::{self, Head};
use crate::limits::READ_AHEAD;
use crate::sink::Buffer;

/// The result of [`Incoming::poll_head`]. Ranges are offsets in the read-ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Receive into [`Incoming::room`], then poll again.
    NeedMore,
    /// The status code of the final response, 100 to 999, and its reason phrase. A reason longer
    /// than the read-ahead is truncated.
    Status(u16, Range<usize>),
    /// A field line without its line end, folds joined.
    Field(Range<usize>),
    /// A field line in the buffer for long lines.
    LongField,
    /// The head is complete: call [`Incoming::begin_body`].
    End,
}

/// One response.
#[derive(Debug)]
pub struct Incoming {
    /// All but the read-ahead.
    pub state: State,
    /// The bytes that were received and not yet consumed, where the state says. The others may
    /// have any value.
    pub read_ahead: [u8; READ_AHEAD],
}

/// The state of one response.
#[derive(Debug)]
pub struct State {
    pub(crate) fields: Fields,
    head: Head,
    pub(crate) body: Body,
    /// The unconsumed part of the read-ahead.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Content at the front of that part, which `body` has seen.
    pub(crate) ready: usize,
    /// The status code; 0 if the caller has parsed the head.
    pub(crate) status: u16,
    /// The minor version of HTTP.
    pub(crate) minor: u8,
    pub(crate) phase: Phase,
    keep_all: bool,
    long_line: LongLine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The caller parses the head. The first read begins the body.
    Noted,
    Head,
    Body,
}

/// A field line that does not fit the read-ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LongLine {
    None,
    Kept,
    Dropped,
}

impl State {
    /// Creates the state of a response whose head the caller parses: content follows the fields
    /// that [`Incoming::note_field`] takes in.
    pub const fn new() -> Self {
        Self {
            fields: Fields::new(),
            head: Head::new(),
            body: Body::new(Framing::Close),
            start: 0,
            end: 0,
            ready: 0,
            status: 0,
            minor: 0,
            phase: Phase::Noted,
            keep_all: false,
            long_line: LongLine::None,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

impl Default for Incoming {
    fn default() -> Self {
        Self::new()
    }
}

impl Incoming {
    /// Creates a response before its first byte: see [`State::new`].
    pub const fn new() -> Self {
        Self { state: State::new(), read_ahead: [0; READ_AHEAD] }
    }

    /// Discards everything received. The next byte begins a head. `keep_all`: [`Event::Field`]
    /// comes for every field, not only for Location, Content-Type and Content-Encoding.
    pub fn begin_head(&mut self, keep_all: bool) {
        self.state = const { State::new() };
        self.state.phase = Phase::Head;
        self.state.keep_all = keep_all;
    }

    /// The room to receive into. It is never empty after [`Event::NeedMore`], and when
    /// [`Self::read`] asks for it.
    pub fn room(&mut self) -> &mut [u8] {
        let Self { state, read_ahead } = self;
        if state.start > 0 {
            read_ahead.copy_within(state.start..state.end, 0);
            state.end = state.end.wrapping_sub(state.start);
            state.start = 0;
        }
        let room = read_ahead.get_mut(state.end..).unwrap_or_default();
        let limit = state.body.limit(room.len());
        room.get_mut(..limit).unwrap_or_default()
    }

    /// Notes that `len` bytes were received into [`Self::room`]. A `len` above its size counts as
    /// its size.
    pub fn received(&mut self, len: usize) {
        self.state.end = self.state.end.saturating_add(len).min(READ_AHEAD);
    }

    /// Parses the next part of the head. A field line longer than the read-ahead is assembled in
    /// `long` if it is delivered, and is skipped otherwise.
    ///
    /// Errors: those of [`Head::step`], and [`Error::NoRoom`] of `long`.
    pub fn poll_head(&mut self, long: &mut impl Buffer) -> Result<Event, Error> {
        let Self { state, read_ahead } = self;
        if state.phase != Phase::Head {
            return Ok(Event::End);
        }
        loop {
            let start = state.start;
            let full = state.end.wrapping_sub(start) == READ_AHEAD;
            let window = read_ahead.get_mut(start..state.end).unwrap_or_default();
            let step = state.head.step(window, full)?;
            state.start = start.wrapping_add(step.consumed);
            let in_buffer = |range: Range<usize>| {
                start.wrapping_add(range.start)..start.wrapping_add(range.end)
            };
            let (event, known) = match step.event {
                head::Event::NeedMore => return Ok(Event::NeedMore),
                head::Event::End => return Ok(Event::End),
                head::Event::Status(line) => {
                    (state.status, state.minor) = (line.code, line.minor);
                    return Ok(Event::Status(line.code, in_buffer(line.reason)));
                }
                head::Event::Field { line, name } => {
                    let known = field::known_by(slice(window, line.clone()), name);
                    (Event::Field(in_buffer(line)), known)
                }
                head::Event::FieldPart { range, last } => {
                    let part = slice(window, range);
                    if !state.long_line.add(part, last, state.keep_all, long)? {
                        continue;
                    }
                    (Event::LongField, field::known(long.as_slice()))
                }
            };
            if state.fields.note(known) || state.keep_all {
                return Ok(event);
            }
        }
    }

    /// Takes in a field line of a head that the caller parses, with or without its line end.
    /// Returns the field and its value if it is a [`Known`] one.
    pub fn note_field<'l>(&mut self, line: &'l [u8]) -> Option<(Known, &'l [u8])> {
        let known = field::known(field::without_line_end(line));
        self.state.fields.note(known);
        known
    }

    /// Begins the body, after [`Event::End`]. `to_head`: the response answers a HEAD request. Does
    /// nothing once the body has begun.
    ///
    /// Errors: those of [`Fields::framing`].
    pub fn begin_body(&mut self, to_head: bool) -> Result<(), Error> {
        let state = &mut self.state;
        if state.phase != Phase::Body {
            state.body = Body::new(state.fields.framing(to_head, state.status)?);
            state.phase = Phase::Body;
        }
        Ok(())
    }

    /// The value of Content-Length in bytes, if valid.
    pub fn content_length(&self) -> Option<u64> {
        self.state.fields.content_length()
    }

    /// Whether the transfer coding is chunked.
    pub fn is_chunked(&self) -> bool {
        self.state.fields.is_chunked()
    }
}

impl LongLine {
    /// Takes in a part of a line. Returns whether `long` now holds the complete line.
    fn add(
        &mut self,
        part: &[u8],
        last: bool,
        keep_all: bool,
        long: &mut impl Buffer,
    ) -> Result<bool, Error> {
        if *self == Self::None {
            long.truncate(0);
            let keep = keep_all || field::known(part).is_some();
            *self = if keep { Self::Kept } else { Self::Dropped };
        }
        let keep = *self == Self::Kept;
        if last {
            *self = Self::None;
        }
        if keep {
            long.put(part)?;
        }
        Ok(keep && last)
    }
}
