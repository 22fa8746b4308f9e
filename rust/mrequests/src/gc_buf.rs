//! Bytes on MicroPython's heap.

use core::slice;

use micropython_sys as sys;
use mrequests_engine::Error;
use mrequests_engine::sink::{Buffer, Sink};

/// The smallest allocation: one that holds most request heads.
const LEAST: usize = 128;

/// A growable buffer on the garbage-collected heap, borrowed from the struct that owns it.
///
/// The struct lies where the collector looks: on the stack, or in a live object.
pub(crate) struct GcBuf<'a>(&'a mut sys::mrq_buf_t);

impl<'a> GcBuf<'a> {
    /// # Safety
    /// `buf` is all zero, or was last changed by a `GcBuf`, or by C to the same effect:
    /// `data` is a block of `alloc` bytes of which `len` are initialised.
    pub(crate) unsafe fn new(buf: &'a mut sys::mrq_buf_t) -> Self {
        Self(buf)
    }

    /// Gives the memory back.
    pub(crate) fn free(&mut self) {
        if !self.0.data.is_null() {
            // SAFETY: the block is ours and of that size. Freeing does not raise.
            unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, 0) };
        }
        *self.0 = EMPTY;
    }

    /// What was put so far, for C.
    pub(crate) fn bytes(&self) -> sys::mrq_bytes_t {
        sys::mrq_bytes_t { data: self.0.data, len: self.0.len }
    }

    fn reserve(&mut self, more: usize) -> Result<(), Error> {
        let needed = self.0.len.checked_add(more).ok_or(Error::NoRoom)?;
        if needed <= self.0.alloc {
            return Ok(());
        }
        let alloc = needed.max(self.0.alloc.saturating_mul(2)).max(LEAST);
        // SAFETY: the block is ours and of that size, or null and 0. Does not raise; null where memory is short.
        let data = unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, alloc) };
        if data.is_null() {
            return Err(Error::NoRoom);
        }
        self.0.data = data;
        self.0.alloc = alloc;
        Ok(())
    }
}

/// A buffer with nothing in it.
pub(crate) const EMPTY: sys::mrq_buf_t =
    sys::mrq_buf_t { data: core::ptr::null_mut(), len: 0, alloc: 0 };

impl Sink for GcBuf<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.reserve(bytes.len())?;
        // SAFETY: reserve() made room for as many bytes behind the first `len`, in one block.
        let end = unsafe { self.0.data.add(self.0.len) };
        // SAFETY: `bytes` is borrowed while `self` is borrowed mutably, so the two do not overlap.
        unsafe { end.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        self.0.len += bytes.len();
        Ok(())
    }
}

impl Buffer for GcBuf<'_> {
    fn as_slice(&self) -> &[u8] {
        if self.0.data.is_null() {
            return &[];
        }
        // SAFETY: the first `len` bytes of the block are initialised.
        unsafe { slice::from_raw_parts(self.0.data, self.0.len) }
    }

    fn truncate(&mut self, len: usize) {
        self.0.len = self.0.len.min(len);
    }
}

/// Bytes that C lends.
///
/// # Safety
/// For the lifetime `'a` the bytes stay where they are and nobody writes to them.
pub(crate) unsafe fn borrow<'a>(bytes: sys::mrq_bytes_t) -> &'a [u8] {
    if bytes.data.is_null() || bytes.len == 0 {
        return &[];
    }
    // SAFETY: C hands over valid pointers; the caller promises the rest.
    unsafe { slice::from_raw_parts(bytes.data, bytes.len) }
}

/// Bytes lent to C for the time of a call.
pub(crate) fn lend(bytes: &[u8]) -> sys::mrq_bytes_t {
    sys::mrq_bytes_t { data: bytes.as_ptr(), len: bytes.len() }
}
