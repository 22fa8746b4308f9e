//! An incremental parser for the head of a response: status line and field lines (RFC 9112 sections
//! 2.2, 4 and 5), in a window that the caller owns and refills.
//!
//! Interim responses (1xx) are skipped, except 101, which is final for this client.

mod line;

use core::ops::Range;

use self::line::{REASON, may_be_status, name_len, trim_end, unfold};
use crate::Error;
use crate::ascii::is_ows;
use crate::limits::{MAX_FIELDS, MAX_HEAD, MAX_LINE};
use crate::scan::{letters_len, plain_len};

/// The result of one step. The caller drops the first `consumed` bytes of the window after using
/// the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The number of consumed bytes at the front of the window.
    pub consumed: usize,
    /// The event.
    pub event: Event,
}

/// An event in a head. Ranges are offsets in the window as [`Head::step`] left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The window lacks input: drop the consumed bytes, then receive more.
    NeedMore,
    /// The status line of the final response.
    Status(StatusLine),
    /// A field line without its line end and the whitespace before the line end; each fold is one
    /// space.
    Field {
        /// The line.
        line: Range<usize>,
        /// The length of the name, a token that a colon follows.
        name: usize,
    },
    /// A part of a field line that is longer than the window. The joined parts equal the text of
    /// [`Event::Field`], except that whitespace filling a whole window becomes one space. The first
    /// part holds the name and the colon; the last may be empty.
    FieldPart {
        /// The part.
        range: Range<usize>,
        /// Whether it is the last part of the field line.
        last: bool,
    },
    /// The head is complete; the body follows.
    End,
}

/// A status line (RFC 9112 section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLine {
    /// The minor version of HTTP, 0 to 9.
    pub minor: u8,
    /// The status code, 100 to 999.
    pub code: u16,
    /// The reason phrase without trailing whitespace. It may be empty, and is truncated if the line
    /// is longer than the window.
    pub reason: Range<usize>,
}

/// The parser's state between two steps.
#[derive(Debug, Clone)]
pub struct Head {
    place: Place,
    /// The head belongs to an interim response, which is skipped.
    interim: bool,
    /// The current line contains a fold.
    folded: bool,
    /// Bytes of the current line at the front of the window that were scanned.
    scanned: usize,
    /// Bytes of the current line consumed in earlier parts.
    line: usize,
    /// Bytes consumed of this head and the interim heads before it.
    head: usize,
    /// Field lines begun in the final head.
    fields: usize,
}

/// The part of the head at the front of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    StatusLine,
    /// The rest of a status line whose reason was truncated.
    StatusRest,
    /// The start of a field line, or the empty line.
    Field,
    /// The rest of a field line whose first parts were delivered.
    FieldRest,
    /// A field line that is not delivered.
    Skipped,
    End,
}

/// A complete line, by offsets from its start.
struct Line {
    /// The offset of the line end.
    len: usize,
    /// The offset of the next line.
    next: usize,
}

impl Head {
    /// Creates the state before the first byte.
    pub const fn new() -> Self {
        Self {
            place: Place::StatusLine,
            interim: false,
            folded: false,
            scanned: 0,
            line: 0,
            head: 0,
            fields: 0,
        }
    }

    /// Parses up to the next event. `window` holds all bytes received and not yet consumed; folds
    /// are joined in place. `full`: the window cannot grow before bytes are consumed. A window of
    /// 64 bytes suffices; a field whose name is longer than the window is skipped.
    ///
    /// Errors: [`Error::InvalidStatusLine`], as soon as the bytes cannot begin a status line;
    /// [`Error::InvalidField`], [`Error::LineTooLong`], [`Error::HeadTooLarge`],
    /// [`Error::TooManyFields`].
    pub fn step(&mut self, window: &mut [u8], full: bool) -> Result<Step, Error> {
        match self.plain_field(window) {
            Some(step) => Ok(step),
            None => self.step_closely(window, full),
        }
    }

    /// Parses the field line at the front of `window` if it is a common one: complete, without a
    /// fold, its name of letters and hyphens. A fast path: [`Self::step_closely`] gives the same
    /// result.
    #[inline(never)] // Keeps the registers of the fast path few.
    fn plain_field(&mut self, window: &[u8]) -> Option<Step> {
        let is_new = self.place == Place::Field && self.scanned == 0 && !self.interim;
        if !is_new || self.fields >= MAX_FIELDS {
            return None;
        }
        let name = letters_len(window);
        let value @ [b':', ..] = window.get(name..)? else { return None };
        let (value, [b'\r', b'\n', after, ..]) = value.split_at_checked(plain_len(value))? else {
            return None;
        };
        let len = name.wrapping_add(trim_end(value).len());
        let next = name.wrapping_add(value.len()).wrapping_add(2);
        let fits = next <= MAX_LINE && next <= MAX_HEAD.saturating_sub(self.head);
        if !fits || name == 0 || is_ows(*after) {
            return None;
        }
        self.fields = self.fields.wrapping_add(1);
        self.head = self.head.wrapping_add(next);
        Some(Step { consumed: next, event: Event::Field { line: 0..len, name } })
    }

    /// [`Self::step`] for every line, including folded, split, interim and malformed ones.
    #[inline(never)] // Keeps the registers of the fast path few.
    fn step_closely(&mut self, window: &mut [u8], full: bool) -> Result<Step, Error> {
        let mut consumed: usize = 0;
        loop {
            if self.place == Place::End {
                return Ok(Step { consumed, event: Event::End });
            }
            let rest = window.get_mut(consumed..).unwrap_or_default();
            let Some(line) = self.find_line(rest)? else {
                if full && consumed == 0 {
                    return self.cut(window);
                }
                return Ok(Step { consumed, event: Event::NeedMore });
            };
            let text = rest.get_mut(..line.len).unwrap_or_default();
            let event = self.finish(text, consumed)?;
            self.consume(line.next);
            self.line = 0;
            consumed = consumed.wrapping_add(line.next);
            if let Some(event) = event {
                return Ok(Step { consumed, event });
            }
        }
    }

    /// Finds the end of the line at the front of `rest`. A field line is complete once the byte
    /// after it has arrived and does not begin a fold.
    fn find_line(&mut self, rest: &[u8]) -> Result<Option<Line>, Error> {
        let line_room = MAX_LINE.saturating_sub(self.line);
        let head_room = MAX_HEAD.saturating_sub(self.head);
        let limit = line_room.min(head_room);
        let seen = rest.get(..limit).unwrap_or(rest);
        self.check_start(seen)?;
        loop {
            let tail = seen.get(self.scanned..).unwrap_or_default();
            let plain = plain_len(tail);
            self.scanned = self.scanned.wrapping_add(plain);
            let line_end: usize = match tail.get(plain..).unwrap_or_default() {
                [b'\n', ..] => 1,
                [b'\r', b'\n', ..] => 2,
                [] | [b'\r'] => break,
                [b'\r' | 0, ..] => return Err(self.invalid_line()),
                _ => {
                    self.scanned = self.scanned.wrapping_add(1);
                    continue;
                }
            };
            let line = Line { len: self.scanned, next: self.scanned.wrapping_add(line_end) };
            if !self.may_fold(&line) {
                return Ok(Some(line));
            }
            match rest.get(line.next) {
                None => return Ok(None),
                Some(&b) if is_ows(b) => {
                    self.folded = true;
                    self.scanned = line.next;
                }
                Some(_) => return Ok(Some(line)),
            }
        }
        if seen.len() < limit {
            return Ok(None);
        }
        Err(if head_room < line_room { Error::HeadTooLarge } else { Error::LineTooLong })
    }

    /// Checks the first bytes of a line.
    fn check_start(&mut self, line: &[u8]) -> Result<(), Error> {
        match (self.place, line) {
            (Place::StatusLine, _) if !may_be_status(line) => Err(Error::InvalidStatusLine),
            (Place::Field, [b' ' | b'\t', ..]) => Err(Error::InvalidField),
            (Place::Field, [] | [b'\r' | b'\n', ..]) => Ok(()),
            (Place::Field, _) if self.interim => {
                self.place = Place::Skipped;
                Ok(())
            }
            (Place::Field, _) if self.fields >= MAX_FIELDS => Err(Error::TooManyFields),
            _ => Ok(()),
        }
    }

    fn invalid_line(&self) -> Error {
        match self.place {
            Place::StatusLine | Place::StatusRest => Error::InvalidStatusLine,
            _ => Error::InvalidField,
        }
    }

    fn may_fold(&self, line: &Line) -> bool {
        match self.place {
            Place::Field => line.len > 0,
            Place::FieldRest | Place::Skipped => true,
            Place::StatusLine | Place::StatusRest | Place::End => false,
        }
    }

    /// Turns a complete line into an event. `offset`: the start of the line in the window.
    fn finish(&mut self, text: &mut [u8], offset: usize) -> Result<Option<Event>, Error> {
        let place = core::mem::replace(&mut self.place, Place::Field);
        match place {
            Place::StatusLine => self.status(text, offset),
            Place::Field if text.is_empty() => Ok(self.end_head()),
            Place::Field => {
                self.fields = self.fields.wrapping_add(1);
                let field = self.join(text);
                let line = span(offset, field);
                Ok(name_len(field)?.map(|name| Event::Field { line, name }))
            }
            Place::FieldRest => {
                let range = span(offset, self.join(text));
                Ok(Some(Event::FieldPart { range, last: true }))
            }
            Place::StatusRest | Place::Skipped | Place::End => Ok(None),
        }
    }

    /// Consumes the start of a line that does not fit the window.
    fn cut(&mut self, window: &mut [u8]) -> Result<Step, Error> {
        let text = window.get_mut(..self.scanned).unwrap_or_default();
        let (consumed, event) = match self.place {
            Place::StatusLine => {
                self.place = Place::StatusRest;
                (text.len(), self.status(text, 0)?)
            }
            Place::Field | Place::FieldRest => self.cut_field(text)?,
            Place::StatusRest | Place::Skipped | Place::End => (text.len(), None),
        };
        if consumed == 0 {
            return Err(Error::LineTooLong);
        }
        self.consume(consumed);
        self.line = self.line.wrapping_add(consumed);
        Ok(Step { consumed, event: event.unwrap_or(Event::NeedMore) })
    }

    /// Consumes a part of a field line, except trailing whitespace, which may belong to a fold or
    /// the line end. Returns the length of the part before its folds were joined.
    fn cut_field(&mut self, text: &mut [u8]) -> Result<(usize, Option<Event>), Error> {
        let is_text = |b: &u8| !matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        let Some(last) = text.iter().rposition(is_text) else {
            // Replaces the whitespace by a fold, which becomes one space later.
            let consumed = text.len().saturating_sub(2);
            if let Some([lf, space]) = text.get_mut(consumed..) {
                (*lf, *space) = (b'\n', b' ');
            }
            return Ok((consumed, None));
        };
        let piece = self.join(text.get_mut(..=last).unwrap_or_default());
        let mut event = Some(Event::FieldPart { range: span(0, piece), last: false });
        if self.place == Place::Field {
            self.fields = self.fields.wrapping_add(1);
            self.place = Place::FieldRest;
            if name_len(piece)?.is_none() {
                self.place = Place::Skipped;
                event = None;
            }
        }
        Ok((last.wrapping_add(1), event))
    }

    /// Parses a status line whose first bytes [`may_be_status`] accepted.
    fn status(&mut self, line: &[u8], offset: usize) -> Result<Option<Event>, Error> {
        let [_, _, _, _, _, _, _, minor, _, a, b, c, after @ ..] = line else {
            return Err(Error::InvalidStatusLine);
        };
        let code = [a, b, c]
            .into_iter()
            .fold(0u16, |code, digit| code.wrapping_mul(10).wrapping_add(u16::from(digit & 0x0f)));
        self.interim = matches!(code, 100..=199) && code != 101;
        if self.interim {
            return Ok(None);
        }
        let reason = trim_end(after.get(1..).unwrap_or_default());
        let offset = offset.wrapping_add(REASON.min(line.len()));
        let (minor, reason) = (minor & 0x0f, span(offset, reason));
        Ok(Some(Event::Status(StatusLine { minor, code, reason })))
    }

    /// Ends the head at the empty line: the body follows, or another head after an interim one.
    fn end_head(&mut self) -> Option<Event> {
        if self.interim {
            self.place = Place::StatusLine;
            return None;
        }
        self.place = Place::End;
        Some(Event::End)
    }

    /// Joins the folds of a line, or of a part of one, and removes trailing whitespace.
    fn join<'a>(&self, text: &'a mut [u8]) -> &'a [u8] {
        let len = if self.folded { unfold(text) } else { text.len() };
        trim_end(text.get(..len).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        self.head = self.head.wrapping_add(n);
        self.scanned = 0;
        self.folded = false;
    }
}

impl Default for Head {
    fn default() -> Self {
        Self::new()
    }
}

/// The range of `bytes`, which begin at `start`.
fn span(start: usize, bytes: &[u8]) -> Range<usize> {
    start..start.wrapping_add(bytes.len())
}
