//! An arriving response: one read-ahead buffer, the head parser, then the body decoder.
//!
//! The head is parsed in the read-ahead. Body bytes that arrived with it are delivered first. After
//! that a large read goes straight into the caller's buffer, and a small one through the
//! read-ahead, so that reading single bytes does not cost a system call each.

use core::ops::Range;

use crate::Error;
use crate::body::Body;
use crate::field::{self, Known};
use crate::framing::Fields;
use crate::head::{self, Head};
use crate::sink::Buffer;

/// The size of the read-ahead in bytes. A common response head fits.
pub const READ_AHEAD: usize = 512;

/// The result of [`Incoming::poll_head`].
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Receive into [`Incoming::room`], then poll again.
    NeedMore,
    /// The status line of the final response. A reason longer than the read-ahead is truncated.
    Status {
        /// The status code, 100 to 999.
        code: u16,
        /// The reason phrase; may be empty.
        reason: &'a [u8],
    },
    /// A field line without its line end, folds joined; and the result of [`field::known`] for it.
    Field(&'a [u8], Option<(Known, &'a [u8])>),
    /// The head is complete: call [`Incoming::start_body`].
    End,
}

/// The result of [`Incoming::read`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// This many bytes of content were written to the destination.
    Content(usize),
    /// Receive into [`Incoming::room`], then read again.
    Fill,
    /// Receive up to this many bytes into the destination itself, then [`Incoming::decode`] them.
    Direct(usize),
    /// The body is complete.
    End,
}

/// The state of one response.
#[derive(Debug)]
pub struct Incoming {
    fields: Fields,
    phase: Phase,
    /// The unconsumed part of the read-ahead.
    start: usize,
    end: usize,
    long_line: LongLine,
    read_ahead: [u8; READ_AHEAD],
}

#[derive(Debug)]
enum Phase {
    Head(Head),
    Body(Body),
}

/// A field line that does not fit the read-ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LongLine {
    None,
    Kept,
    Dropped,
}

/// The result of a step through the head. Ranges are offsets in the read-ahead.
enum Found {
    NeedMore,
    End,
    Status(u16, Range<usize>),
    Field(Range<usize>),
    LongField,
}

impl Default for Incoming {
    fn default() -> Self {
        Self::new()
    }
}

impl Incoming {
    /// Creates the state before the first byte.
    pub fn new() -> Self {
        Self {
            fields: Fields::default(),
            phase: Phase::Head(Head::new()),
            start: 0,
            end: 0,
            long_line: LongLine::None,
            read_ahead: [0; READ_AHEAD],
        }
    }

    /// Discards everything received. The next byte begins a head.
    pub fn restart(&mut self) {
        self.fields = Fields::default();
        self.phase = Phase::Head(Head::new());
        self.start = 0;
        self.end = 0;
        self.long_line = LongLine::None;
    }

    /// The buffer to receive into. It is never empty after [`Event::NeedMore`] or [`Read::Fill`].
    pub fn room(&mut self) -> &mut [u8] {
        if self.start > 0 {
            self.read_ahead.copy_within(self.start..self.end, 0);
            self.end = self.end.wrapping_sub(self.start);
            self.start = 0;
        }
        let room = self.read_ahead.get_mut(self.end..).unwrap_or_default();
        match &self.phase {
            Phase::Head(_) => room,
            Phase::Body(body) => {
                let limit = body.limit(room.len());
                room.get_mut(..limit).unwrap_or_default()
            }
        }
    }

    /// Notes that `len` bytes were received into [`Self::room`]. A `len` above its size counts as
    /// its size.
    pub fn received(&mut self, len: usize) {
        self.end = self.end.saturating_add(len).min(READ_AHEAD);
    }

    /// Parses the next part of the head. A field line longer than the read-ahead is assembled in
    /// `long` if `keep_all` is set or the field is a [`Known`] one, and is skipped otherwise.
    ///
    /// Errors: those of [`Head::step`], and [`Error::NoRoom`] of `long`.
    pub fn poll_head<'a>(
        &'a mut self,
        long: &'a mut impl Buffer,
        keep_all: bool,
    ) -> Result<Event<'a>, Error> {
        let line = match self.step_head(long, keep_all)? {
            Found::NeedMore => return Ok(Event::NeedMore),
            Found::End => return Ok(Event::End),
            Found::Status(code, reason) => {
                let reason = self.read_ahead.get(reason).unwrap_or_default();
                return Ok(Event::Status { code, reason });
            }
            Found::Field(range) => self.read_ahead.get(range).unwrap_or_default(),
            Found::LongField => long.as_slice(),
        };
        let known = field::known(line);
        self.fields.note(known);
        Ok(Event::Field(line, known))
    }

    /// Parses up to the next event for the driver.
    fn step_head(&mut self, long: &mut impl Buffer, keep_all: bool) -> Result<Found, Error> {
        loop {
            let Phase::Head(head) = &mut self.phase else {
                return Ok(Found::End);
            };
            let start = self.start;
            let full = self.end.wrapping_sub(start) == READ_AHEAD;
            let window = self.read_ahead.get_mut(start..self.end).unwrap_or_default();
            let step = head.step(window, full)?;
            self.start = start.wrapping_add(step.consumed);
            let in_buffer = |range: Range<usize>| {
                start.wrapping_add(range.start)..start.wrapping_add(range.end)
            };
            return Ok(match step.event {
                head::Event::NeedMore => Found::NeedMore,
                head::Event::End => Found::End,
                head::Event::Status(line) => Found::Status(line.code, in_buffer(line.reason)),
                head::Event::Field(range) => Found::Field(in_buffer(range)),
                head::Event::FieldPart { range, last } => {
                    let part = window.get(range).unwrap_or_default();
                    if !self.long_line.add(part, last, keep_all, long)? {
                        continue;
                    }
                    Found::LongField
                }
            });
        }
    }

    /// Takes in a field line of a head that the caller has parsed.
    pub fn note_field(&mut self, line: &[u8]) {
        self.fields.note(field::known(line));
    }

    /// Ends the head and begins the body. `to_head`: the response answers a HEAD request. Does
    /// nothing once the body has begun.
    ///
    /// Errors: those of [`Fields::framing`].
    pub fn start_body(&mut self, to_head: bool, status: u16) -> Result<(), Error> {
        if let Phase::Head(_) = self.phase {
            self.phase = Phase::Body(Body::new(self.fields.framing(to_head, status)?));
        }
        Ok(())
    }

    /// Reads content into `dst`. Returns [`Read::End`] before [`Self::start_body`], and no content
    /// for an empty `dst`.
    ///
    /// Errors: those of [`Body::copy`].
    pub fn read(&mut self, dst: &mut [u8]) -> Result<Read, Error> {
        let Phase::Body(body) = &mut self.phase else {
            return Ok(Read::End);
        };
        if dst.is_empty() {
            return Ok(Read::Content(0));
        }
        let mut got: usize = 0;
        while self.start < self.end {
            let src = self.read_ahead.get(self.start..self.end).unwrap_or_default();
            let copied = body.copy(src, dst.get_mut(got..).unwrap_or_default())?;
            if copied.consumed == 0 {
                break;
            }
            self.start = self.start.wrapping_add(copied.consumed);
            got = got.wrapping_add(copied.produced);
        }
        if got > 0 {
            return Ok(Read::Content(got));
        }
        if body.is_done() {
            return Ok(Read::End);
        }
        let limit = body.limit(dst.len());
        // In the second case `dst` takes the whole rest of the body.
        if dst.len() >= READ_AHEAD || body.remaining_hint() == u64::try_from(limit).ok() {
            return Ok(Read::Direct(limit));
        }
        Ok(Read::Fill)
    }

    /// Decodes the bytes received into the destination after [`Read::Direct`]. Returns the number
    /// of content bytes now at its front, which may be 0.
    ///
    /// Errors: those of [`Body::decode`].
    pub fn decode(&mut self, received: &mut [u8]) -> Result<usize, Error> {
        match &mut self.phase {
            Phase::Head(_) => Ok(0),
            Phase::Body(body) => body.decode(received),
        }
    }

    /// Notes that the peer closed the connection. Returns whether the body is complete.
    pub fn end_of_input(&mut self) -> bool {
        match &mut self.phase {
            Phase::Head(_) => false,
            Phase::Body(body) => body.end_of_input(),
        }
    }

    /// Whether the whole body was received.
    pub fn is_done(&self) -> bool {
        matches!(&self.phase, Phase::Body(body) if body.is_done())
    }

    /// Whether [`Self::read`] returns content, the end or an error without receiving.
    pub fn is_ready(&self) -> bool {
        let Phase::Body(body) = &self.phase else {
            return false;
        };
        let src = self.read_ahead.get(self.start..self.end).unwrap_or_default();
        body.is_ready(src)
    }

    /// Bytes of content received so far.
    pub fn content_received(&self) -> u64 {
        match &self.phase {
            Phase::Head(_) => 0,
            Phase::Body(body) => body.received(),
        }
    }

    /// The content bytes of the whole body and those still to come, if a Content-Length frames it.
    pub fn content_expected(&self) -> Option<(u64, u64)> {
        match &self.phase {
            Phase::Head(_) => None,
            Phase::Body(body) => Some((body.expected()?, body.remaining_hint()?)),
        }
    }

    /// The value of Content-Length in bytes, if valid.
    pub fn content_length(&self) -> Option<u64> {
        self.fields.content_length()
    }

    /// Whether the transfer coding is chunked.
    pub fn is_chunked(&self) -> bool {
        self.fields.is_chunked()
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
