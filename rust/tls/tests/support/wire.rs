//! A transport in memory, and memory from the heap.

use crate::transport::{Direction, Scratch, Transport};
use std::cell::RefCell;
use std::rc::Rc;
use std::vec::Vec;

/// The failures of a transport in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A temporary failure.
    WouldBlock,
    /// A permanent failure.
    Broken,
}

/// The result of a read after the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// The peer closed the connection.
    #[default]
    Closed,
    /// The connection broke.
    Broken,
    /// No data yet.
    Idle,
}

/// The state of the wire. Tests change it between calls.
#[derive(Default)]
pub(crate) struct State {
    /// The bytes that the server sends.
    pub(crate) input: Vec<u8>,
    /// The number of bytes read.
    pub(crate) read: usize,
    /// The end of the input.
    pub(crate) end: End,
    /// The bytes that arrive during a wait. Without them a wait fails.
    pub(crate) late: Option<Vec<u8>>,
    /// The bytes that the client sent.
    pub(crate) output: Vec<u8>,
    /// The number of bytes that it can still send, if limited.
    pub(crate) room: Option<usize>,
    /// The maximum of bytes of a read or write; 0: no maximum.
    pub(crate) step: usize,
    /// Whether every second operation would block.
    pub(crate) blocks: bool,
    /// The number of waits.
    pub(crate) waits: usize,
    was_blocked: bool,
}

impl State {
    fn step(&mut self, len: usize) -> Result<usize, Failure> {
        self.was_blocked = self.blocks && !self.was_blocked;
        if self.was_blocked {
            return Err(Failure::WouldBlock);
        }
        Ok(if self.step == 0 { len } else { len.min(self.step) })
    }
}

/// A handle of the wire.
#[derive(Clone, Default)]
pub(crate) struct Wire(pub(crate) Rc<RefCell<State>>);

impl Wire {
    /// A wire with this input.
    pub(crate) fn new(input: Vec<u8>) -> Self {
        Self(Rc::new(RefCell::new(State { input, ..State::default() })))
    }
}

impl Transport for Wire {
    type Error = Failure;

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Failure> {
        let mut state = self.0.borrow_mut();
        let left = state.input.len().saturating_sub(state.read);
        match state.end {
            _ if left > 0 => {}
            End::Closed => return Ok(0),
            End::Broken => return Err(Failure::Broken),
            End::Idle => return Err(Failure::WouldBlock),
        }
        let len = state.step(buf.len().min(left))?;
        let from = state.input.iter().skip(state.read);
        buf.iter_mut().zip(from).take(len).for_each(|(to, from)| *to = *from);
        state.read = state.read.saturating_add(len);
        Ok(len)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, Failure> {
        let mut state = self.0.borrow_mut();
        if state.room == Some(0) {
            return Err(Failure::Broken);
        }
        let room = state.room.unwrap_or(usize::MAX);
        let len = state.step(buf.len().min(room))?;
        state.room = state.room.map(|room| room.saturating_sub(len));
        state.output.extend(buf.iter().take(len));
        Ok(len)
    }

    fn is_retry(error: &Failure) -> bool {
        *error == Failure::WouldBlock
    }

    fn wait(&mut self, _: Direction, error: Failure) -> Result<(), Failure> {
        let mut state = self.0.borrow_mut();
        state.waits = state.waits.saturating_add(1);
        match state.late.take() {
            Some(late) => state.input.extend(late),
            None if state.blocks => {}
            None => return Err(error),
        }
        Ok(())
    }
}

/// Memory from the heap.
#[derive(Default)]
pub(crate) struct Heap(Vec<u8>);

impl Scratch for Heap {
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]> {
        self.0.resize(len, 0);
        Some(&mut self.0)
    }

    fn get(&self) -> &[u8] {
        &self.0
    }

    fn get_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}
