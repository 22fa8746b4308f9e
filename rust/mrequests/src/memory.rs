//! Memory shared by Rust and C: borrowed bytes, and buffers on MicroPython's heap.
//!
//! Memory of C has a value in each byte: C may write to it at any time between two calls.

use core::marker::PhantomData;
use core::ptr::{self, NonNull};
use core::slice;

use micropython_sys as sys;
use mrequests_engine::Error;
use mrequests_engine::sink::{Buffer, Sink};

/// Borrowed bytes, passed as `mrq_bytes_t`.
///
/// Invariant: for the lifetime `'a` the bytes are neither moved nor written; without data the
/// length is 0. C guarantees this for the call that it passes them to.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Lent<'a> {
    raw: sys::mrq_bytes_t,
    life: PhantomData<&'a [u8]>,
}

impl<'a> Lent<'a> {
    /// # Safety The bytes satisfy the invariant.
    pub(crate) unsafe fn from_raw(raw: sys::mrq_bytes_t) -> Self {
        Self { raw, life: PhantomData }
    }

    pub(crate) fn as_slice(self) -> &'a [u8] {
        let data = NonNull::new(self.raw.data.cast_mut()).unwrap_or(NonNull::dangling());
        // SAFETY: the invariant; `len` is 0 without data.
        unsafe { slice::from_raw_parts(data.as_ptr(), self.raw.len) }
    }
}

/// Lends bytes to C for one call.
pub(crate) fn lend(bytes: &[u8]) -> sys::mrq_bytes_t {
    sys::mrq_bytes_t { data: bytes.as_ptr(), len: bytes.len() }
}

/// Memory of C to write to, such as a Python buffer.
///
/// # Safety For the lifetime `'a` the memory is valid, and nothing else uses it; without data the
/// size is 0.
pub(crate) unsafe fn room<'a>(data: *mut u8, size: usize) -> &'a mut [u8] {
    let data = NonNull::new(data).unwrap_or(NonNull::dangling());
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts_mut(data.as_ptr(), size) }
}

/// The smallest allocation of a [`GcBuf`] in bytes. It holds most request heads.
const LEAST: usize = 128;

/// A growable buffer on the garbage-collected heap, passed as `mrq_buf_t`.
///
/// It must lie where the collector scans: Rust keeps its own on the stack, or in the memory of an
/// `mrq_exchange_t`. Dropping it leaves the block to the collector; [`Buffer::free`] frees the
/// block at once.
///
/// Invariant, also guaranteed by C: `data` is the only pointer to a block of `alloc` bytes, or null
/// if that is 0; `len` is at most `alloc`.
#[repr(transparent)]
pub(crate) struct GcBuf(sys::mrq_buf_t);

impl GcBuf {
    /// Creates an empty buffer without allocating.
    pub(crate) const fn new() -> Self {
        Self(sys::mrq_buf_t { data: ptr::null_mut(), len: 0, alloc: 0 })
    }

    /// Replaces the content by `len` zeros and returns it.
    #[cfg(feature = "tls")]
    pub(crate) fn resize(&mut self, len: usize) -> Result<&mut [u8], Error> {
        self.0.len = 0;
        self.reserve(len)?;
        self.0.len = len;
        let content = self.as_mut_slice();
        content.fill(0);
        Ok(content)
    }

    #[cfg(feature = "tls")]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: the invariant.
        unsafe { room(self.0.data, self.0.len) }
    }

    /// Gives the content up to the holder of the reference, and its memory to the collector.
    #[cfg(feature = "tls")]
    pub(crate) fn leak<'a>(self) -> &'a mut [u8] {
        // SAFETY: the invariant. `self` was the only user of the block.
        unsafe { room(self.0.data, self.0.len) }
    }

    /// Resizes the block to `alloc` bytes. Returns whether there was memory for it.
    fn grow(&mut self, alloc: usize) -> bool {
        let data = self.realloc(alloc);
        if data.is_null() {
            return false;
        }
        self.0.data = data;
        self.0.alloc = alloc;
        true
    }

    fn realloc(&mut self, alloc: usize) -> *mut u8 {
        // SAFETY: the buffer owns the block of this size, if any. Does not raise.
        unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, alloc) }
    }
}

impl Default for GcBuf {
    fn default() -> Self {
        Self::new()
    }
}

impl Sink for GcBuf {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() > self.0.alloc - self.0.len {
            self.reserve(bytes.len())?;
        }
        let end = self.0.data.wrapping_add(self.0.len);
        // SAFETY: there is room for `bytes` behind the content, which they are not part of.
        unsafe { end.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        self.0.len += bytes.len();
        Ok(())
    }
}

impl Buffer for GcBuf {
    fn as_slice(&self) -> &[u8] {
        let raw = sys::mrq_bytes_t { data: self.0.data, len: self.0.len };
        // The invariant of this buffer implies that of lent bytes.
        Lent { raw, life: PhantomData }.as_slice()
    }

    fn truncate(&mut self, len: usize) {
        self.0.len = self.0.len.min(len);
    }

    fn reserve(&mut self, more: usize) -> Result<(), Error> {
        let needed = self.0.len.checked_add(more).ok_or(Error::NoRoom)?;
        if needed <= self.0.alloc {
            return Ok(());
        }
        let likely = needed.max(self.0.alloc.saturating_mul(2)).max(LEAST);
        if self.grow(likely) || self.grow(needed) { Ok(()) } else { Err(Error::NoRoom) }
    }

    fn free(&mut self) {
        if !self.0.data.is_null() {
            self.realloc(0);
        }
        *self = Self::new();
    }
}
