//! A response object of C, and the part of it that is Rust's.

use core::mem::{align_of, size_of};
use core::ptr::NonNull;

use micropython_sys as sys;
use mrequests_engine::incoming::Incoming;

use crate::failure::{Failure, Result, no_error};
use crate::memory::{Destination, lend};

/// What Rust keeps in a response object.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) incoming: Incoming,
    /// Met again by every read after it. The exception of a `Reported` failure is not kept.
    pub(crate) failure: Option<Failure>,
    /// A read is under way. Stays set after a panic.
    pub(crate) busy: bool,
}

const _: () = assert!(size_of::<State>() <= size_of::<sys::mrq_incoming_t>());
const _: () = assert!(align_of::<State>() <= align_of::<sys::mrq_incoming_t>());

impl State {
    pub(crate) fn new() -> Self {
        Self { incoming: Incoming::new(), failure: None, busy: false }
    }
}

/// A live response object. C or the object's method frame keeps it reachable.
#[derive(Clone, Copy)]
pub(crate) struct Response(NonNull<sys::mrq_response_t>);

impl Response {
    /// # Safety
    /// `raw` is a response object that stays alive as long as this handle is used, and whose
    /// state was made by `mrq_rs_incoming_init`.
    pub(crate) unsafe fn new(raw: NonNull<sys::mrq_response_t>) -> Self {
        Self(raw)
    }

    pub(crate) fn as_ptr(self) -> *mut sys::mrq_response_t {
        self.0.as_ptr()
    }

    pub(crate) fn state(self) -> *mut State {
        // SAFETY: the object is alive (see `new`). Does not raise.
        unsafe { sys::mrq_incoming(self.as_ptr()) }.cast()
    }

    /// Runs `f` on the state. `f` must not run Python code, so that no two references meet.
    pub(crate) fn with<T>(self, f: impl FnOnce(&mut State) -> T) -> T {
        // SAFETY: the state is initialised (see `new`), and as `f` does not leave Rust, nothing
        // else touches it meanwhile.
        f(unsafe { &mut *self.state() })
    }

    /// Runs `f` as the only one that reads: Python code that it runs may not begin another read.
    pub(crate) fn occupy<T>(self, f: impl FnOnce() -> Result<T>) -> Result<T> {
        let busy = self.busy();
        // SAFETY: the state is initialised and alive. Not through a reference to the whole: an outer
        // call may be holding one to what it reads.
        if unsafe { busy.replace(true) } {
            return Err(Failure::Busy);
        }
        let result = f();
        // No guard with a destructor: nothing in these frames may need one, see `entry`.
        // SAFETY: the same.
        unsafe { busy.write(false) };
        result
    }

    fn busy(self) -> *mut bool {
        // SAFETY: the state is initialised and alive.
        unsafe { &raw mut (*self.state()).busy }
    }

    /// Receives into a destination; 0 is the end.
    pub(crate) fn receive(self, to: Destination) -> Result<usize> {
        let mut err = no_error();
        let mut len = 0;
        // SAFETY: the object is alive, and a destination is valid. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_read(self.as_ptr(), to.as_ptr(), to.len(), &raw mut len, &raw mut err)
        };
        Failure::check(code, &err)?;
        Ok(len.min(to.len()))
    }

    /// Receives into the read-ahead; `false` is the end.
    pub(crate) fn fill(self) -> Result<bool> {
        let (data, size) = self.with(|state| {
            let room = state.incoming.room();
            (room.as_mut_ptr(), room.len())
        });
        // SAFETY: the room lies in the response object, which stays where it is; the guard of
        // occupy() keeps others from it.
        let len = self.receive(unsafe { Destination::new(data, size) })?;
        self.with(|state| state.incoming.received(len));
        Ok(len > 0)
    }

    pub(crate) fn send(self, bytes: &[u8]) -> Result<()> {
        let mut err = no_error();
        // SAFETY: the object is alive, `bytes` are valid during the call. Can raise; caught in C.
        let code = unsafe { sys::mrq_try_write(self.as_ptr(), lend(bytes), &raw mut err) };
        Failure::check(code, &err)
    }

    pub(crate) fn close(self) {
        // SAFETY: the object is alive. Never raises.
        unsafe { sys::mrq_close(self.as_ptr()) }
    }

    pub(crate) fn wants_fields(self) -> bool {
        // SAFETY: the object is alive. Does not raise.
        unsafe { sys::mrq_wants_fields(self.as_ptr()) }
    }

    pub(crate) fn set_status(self, status: u16) {
        // SAFETY: the object is alive. Does not raise.
        unsafe { sys::mrq_set_status(self.as_ptr(), status) }
    }

    pub(crate) fn add_field(self, line: &[u8]) -> Result<()> {
        let mut err = no_error();
        // SAFETY: the object is alive, C copies the line before it runs anything. Can raise; caught in C.
        let code = unsafe { sys::mrq_try_add_field(self.as_ptr(), lend(line), &raw mut err) };
        Failure::check(code, &err)
    }

    pub(crate) fn keep(self, what: u8, value: &[u8]) -> Result<()> {
        let mut err = no_error();
        // SAFETY: the object is alive, C copies the value. Can raise; caught in C.
        let code = unsafe { sys::mrq_try_keep(self.as_ptr(), what, lend(value), &raw mut err) };
        Failure::check(code, &err)
    }
}
