//! The Rust part of a response object of C.

use core::mem::{align_of, size_of};
use core::ptr::NonNull;

use micropython_sys as sys;
use mrequests_engine::incoming::Incoming;

use crate::failure::{Failure, Result};
use crate::memory::lend;

/// The state that Rust keeps in a response object.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) incoming: Incoming,
    /// The failure that every later read repeats, with the errno `number`.
    pub(crate) failure: Option<Failure>,
    pub(crate) number: i32,
    /// The head is incomplete, or a read is in progress. Stays set after an exception or a panic.
    pub(crate) busy: bool,
}

const _: () = assert!(size_of::<State>() <= size_of::<sys::mrq_incoming_t>());
const _: () = assert!(align_of::<State>() <= align_of::<sys::mrq_incoming_t>());

impl State {
    pub(crate) fn new() -> Self {
        Self { incoming: Incoming::new(), failure: None, number: 0, busy: false }
    }

    /// Makes every later read fail in the same way, with the same details. An exception is not
    /// kept: its object might live too long.
    pub(crate) fn latch(&mut self, failure: Failure, err: &mut sys::mrq_error_t) {
        if self.failure.is_none() {
            let raised = failure == Failure::RAISED;
            self.failure = Some(if raised { Failure::CLOSED } else { failure });
            self.number = err.number;
        }
        err.number = self.number;
        err.done = self.incoming.content_received();
        err.total = self.incoming.content_expected().map_or(sys::MRQ_UNKNOWN, |(total, _)| total);
    }
}

/// A live response object, which C keeps reachable, and the place for the details of a failure.
#[derive(Clone, Copy)]
pub(crate) struct Response {
    raw: NonNull<sys::mrq_incoming_t>,
    err: NonNull<sys::mrq_error_t>,
}

impl Response {
    /// # Safety `raw` lies in a response object that stays alive while this handle is used, and was
    /// initialised by `mrq_rs_incoming_init`. C keeps `err` as long, and nothing else uses it
    /// meanwhile.
    pub(crate) unsafe fn new(
        raw: NonNull<sys::mrq_incoming_t>,
        err: NonNull<sys::mrq_error_t>,
    ) -> Self {
        Self { raw, err }
    }

    pub(crate) fn state(self) -> *mut State {
        self.raw.as_ptr().cast()
    }

    /// Runs `f` on the state. `f` must not run Python code, which could make a second reference.
    pub(crate) fn with<T>(self, f: impl FnOnce(&mut State) -> T) -> T {
        // SAFETY: the state is initialised (see `new`). `f` does not leave Rust, so nothing else
        // uses the state meanwhile.
        f(unsafe { &mut *self.state() })
    }

    /// Closes the connection and makes every later read fail with `failure`.
    pub(crate) fn fail(self, failure: Failure) {
        self.close();
        // SAFETY: C keeps `err`, and nothing else uses it (see `new`).
        let err = unsafe { &mut *self.err.as_ptr() };
        self.with(|state| {
            state.latch(failure, err);
            state.busy = false;
        });
    }

    /// Receives into the read-ahead. Returns `false` if the peer closed the connection.
    pub(crate) fn fill(self) -> Result<bool> {
        let (data, size) = self.with(|state| {
            let room = state.incoming.room();
            (room.as_mut_ptr(), room.len())
        });
        let mut len = 0;
        // SAFETY: the object is alive, and the room lies in it; nothing else uses it while it is
        // busy. Can raise; caught in C.
        Failure::check(unsafe {
            sys::mrq_try_read(self.raw.as_ptr(), data, size, &raw mut len, self.err.as_ptr())
        })?;
        self.with(|state| state.incoming.received(len));
        Ok(len > 0)
    }

    pub(crate) fn send(self, bytes: &[u8]) -> Result<()> {
        // SAFETY: the object is alive, `bytes` are valid during the call. Can raise; caught in C.
        Failure::check(unsafe {
            sys::mrq_try_write(self.raw.as_ptr(), lend(bytes), self.err.as_ptr())
        })
    }

    pub(crate) fn close(self) {
        // SAFETY: the object is alive. Never raises.
        unsafe { sys::mrq_close(self.raw.as_ptr()) }
    }

    pub(crate) fn wants_fields(self) -> bool {
        // SAFETY: the object is alive. Does not raise.
        unsafe { sys::mrq_wants_fields(self.raw.as_ptr()) }
    }

    pub(crate) fn set_status(self, status: u16) {
        // SAFETY: the object is alive. Does not raise.
        unsafe { sys::mrq_set_status(self.raw.as_ptr(), status) }
    }

    pub(crate) fn keep(self, what: u8, value: &[u8]) -> Result<()> {
        // SAFETY: the object is alive. Python code may run before C copies the value, which does
        // not change while the response is busy. Can raise; caught in C.
        Failure::check(unsafe {
            sys::mrq_try_keep(self.raw.as_ptr(), what, lend(value), self.err.as_ptr())
        })
    }
}
