//! The content of a response, read in steps: the driver receives between them.
//!
//! Body bytes that arrived with the head are delivered first. After that a large read goes straight
//! into the destination, and a small one through the read-ahead, so that reading single bytes does
//! not cost a system call each.

use crate::Error;
use crate::ascii::slice;
use crate::incoming::{Incoming, Phase};
use crate::scan::line_len;

/// A read in progress.
#[derive(Debug, Clone)]
pub struct Read {
    /// The bytes of content at the front of the destination.
    pub done: usize,
    /// The end of the read.
    pub extent: Extent,
    /// The answer to [`Next::Receive`]: the number of received bytes, 0 at the end of the
    /// connection.
    pub received: Option<usize>,
    /// Whether they are in the destination.
    pub direct: bool,
}

/// The end of a read, besides the end of its destination and of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The end of the content that needs no receive, after the first byte.
    Some,
    /// None.
    Fill,
    /// The first LF.
    Line,
}

/// The result of [`Incoming::read`].
#[derive(Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// Receive into this room, set [`Read::received`], and read again. If that is not possible
    /// yet, the read may also be given up: the next one continues.
    Receive(&'a mut [u8]),
    /// The read is over. Without content it is the end of the body.
    Done,
}

impl Read {
    /// Creates a read before its first step.
    pub const fn new(extent: Extent) -> Self {
        Self { done: 0, extent, received: None, direct: false }
    }
}

impl Incoming {
    /// Performs a step of a read into `dst`, the same in each step.
    ///
    /// Errors: those of [`Self::begin_body`] and [`Body::next`](crate::body::Body::next);
    /// [`Error::IncompleteBody`]. Content that precedes the error was delivered: see [`Read::done`].
    pub fn read<'a>(&'a mut self, dst: &'a mut [u8], read: &mut Read) -> Result<Next<'a>, Error> {
        match self.state.phase {
            Phase::Body => {}
            Phase::Noted => self.begin_body(false)?,
            Phase::Head => return Ok(Next::Done),
        }
        if let Some(len) = read.received.take() {
            self.take_in(len, dst, read)?;
        }
        while read.done < dst.len() {
            if self.state.ready > 0 {
                if self.hand_out(dst, read) {
                    break;
                }
            } else if self.state.body.is_done() {
                break;
            } else if self.state.start < self.state.end {
                self.look_ahead()?;
            } else if read.extent == Extent::Some && read.done > 0 {
                break;
            } else {
                return Ok(Next::Receive(self.place(dst, read)));
            }
        }
        Ok(Next::Done)
    }

    /// Takes in `len` received bytes.
    fn take_in(&mut self, len: usize, dst: &mut [u8], read: &mut Read) -> Result<(), Error> {
        if len == 0 {
            return self.state.body.end_of_input();
        }
        if !read.direct {
            self.received(len);
            return Ok(());
        }
        let raw = dst.get_mut(read.done..).unwrap_or_default();
        let len = len.min(raw.len());
        let (made, result) = self.state.body.decode(raw.get_mut(..len).unwrap_or_default());
        read.done = read.done.wrapping_add(made);
        result
    }

    /// Looks for content at the front of the read-ahead, behind framing. The last byte of the body
    /// is ready by itself alone, and [`Self::read`] hands it out at once: nothing else gets it.
    #[inline(never)] // Keeps the registers of the fast path few.
    fn look_ahead(&mut self) -> Result<(), Error> {
        let Self { state, read_ahead } = self;
        let len = state.body.before_last(state.end.wrapping_sub(state.start));
        let src = slice(read_ahead, state.start..state.start.wrapping_add(len));
        let piece = state.body.next(src)?;
        state.start = state.start.wrapping_add(piece.framing);
        state.ready = piece.content;
        Ok(())
    }

    /// Delivers content of the read-ahead. Returns whether it ends a line that was asked for.
    #[inline(never)] // Keeps the registers of the fast path few.
    fn hand_out(&mut self, dst: &mut [u8], read: &mut Read) -> bool {
        let dst = dst.get_mut(read.done..).unwrap_or_default();
        let line = match read.extent {
            Extent::Line => line_len(self.peek(self.state.ready.min(dst.len()))),
            Extent::Some | Extent::Fill => None,
        };
        let room = line.unwrap_or(dst.len());
        let len = self.copy_ready(dst.get_mut(..room).unwrap_or_default());
        read.done = read.done.wrapping_add(len);
        line.is_some()
    }

    /// The room to receive into: in the destination, or in the read-ahead.
    fn place<'a>(&'a mut self, dst: &'a mut [u8], read: &mut Read) -> &'a mut [u8] {
        let rest = dst.get_mut(read.done..).unwrap_or_default();
        let wanted = match read.extent {
            // The bytes after the line would have to be moved back.
            Extent::Line => 0,
            Extent::Some | Extent::Fill => rest.len(),
        };
        let direct = self.state.body.direct(wanted);
        read.direct = direct.is_some();
        if let Some(len) = direct {
            return rest.get_mut(..len).unwrap_or_default();
        }
        self.room()
    }

    /// Copies content that needs no step to the front of `dst`, and returns its length. Leaves the
    /// last byte of the body to [`Self::read`], so that its end is noticed.
    pub fn take(&mut self, dst: &mut [u8]) -> usize {
        // json.load() asks for single bytes.
        if let [to] = dst
            && self.state.ready > 0
            && let Some(byte) = self.read_ahead.get(self.state.start)
        {
            *to = *byte;
            self.advance(1);
            return 1;
        }
        self.copy_ready(dst)
    }

    /// The next line of content, its LF included, if it needs no step and is not the last of the
    /// body; else nothing.
    pub fn take_line(&mut self) -> &[u8] {
        let Some(len) = line_len(self.peek(self.state.ready)) else { return &[] };
        let start = self.state.start;
        self.advance(len);
        slice(&self.read_ahead, start..start.wrapping_add(len))
    }

    /// Copies ready content to the front of `dst`, and returns its length.
    #[inline(never)] // Saves flash.
    fn copy_ready(&mut self, dst: &mut [u8]) -> usize {
        let len = self.state.ready.min(dst.len());
        if let Some(to) = dst.get_mut(..len) {
            to.copy_from_slice(self.peek(len));
        }
        self.advance(len);
        len
    }

    /// `len` bytes at the front of the read-ahead.
    fn peek(&self, len: usize) -> &[u8] {
        let start = self.state.start;
        slice(&self.read_ahead, start..start.wrapping_add(len))
    }

    /// Counts content at the front of the read-ahead as delivered.
    fn advance(&mut self, len: usize) {
        self.state.start = self.state.start.wrapping_add(len);
        self.state.ready = self.state.ready.wrapping_sub(len);
    }

    /// Whether the whole content was delivered.
    pub fn is_done(&self) -> bool {
        self.state.ready == 0 && self.state.body.is_done()
    }

    /// Whether the whole content was delivered, the connection goes on, and no byte followed.
    pub(crate) fn is_clean(&self) -> bool {
        self.state.ready == 0 && self.state.start == self.state.end && self.state.body.is_clean()
    }

    /// Whether [`Self::read`] returns content, the end or an error without receiving.
    pub fn is_ready(&self) -> bool {
        let state = &self.state;
        let src = slice(&self.read_ahead, state.start..state.end);
        state.phase == Phase::Body && (state.ready > 0 || state.body.is_ready(src))
    }

    /// Bytes of content delivered so far.
    pub fn content_received(&self) -> u64 {
        self.state.body.received().wrapping_sub(self.state.ready as u64)
    }

    /// The bytes of the whole content, if its end is known.
    pub fn content_expected(&self) -> Option<u64> {
        Some(self.state.body.received().wrapping_add(self.state.body.remaining()?))
    }

    /// The bytes of content not yet delivered, if their end is known. Begins the body of a response
    /// whose head the caller has parsed.
    pub fn remaining(&mut self) -> Option<u64> {
        if self.state.phase == Phase::Noted {
            // The next read reports invalid framing.
            let _ = self.begin_body(false);
        }
        Some(self.state.body.remaining()?.wrapping_add(self.state.ready as u64))
    }
}
