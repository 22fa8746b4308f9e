//! Memory shared by Rust and C: borrowed bytes, and buffers on MicroPython's heap.

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

/// The smallest allocation of a [`GcBuf`] in bytes. It holds most request heads.
const LEAST: usize = 128;

/// A growable buffer on the garbage-collected heap, passed as `mrq_buf_t`.
///
/// It must lie where the collector scans: Rust keeps its own on the stack. Dropping it leaves the
/// block to the collector; [`GcBuf::free`] frees the block at once.
///
/// Invariant, also guaranteed by C: `data` is null, or the only pointer to a block of `alloc`
/// bytes, of which the first `len` are initialised.
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
        if len > 0 {
            // SAFETY: reserve() made room for `len` bytes.
            unsafe { self.0.data.write_bytes(0, len) };
        }
        self.0.len = len;
        Ok(self.as_mut_slice())
    }

    #[cfg(feature = "tls")]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        if self.0.data.is_null() {
            return &mut [];
        }
        // SAFETY: the invariant.
        unsafe { slice::from_raw_parts_mut(self.0.data, self.0.len) }
    }

    /// Empties the buffer and frees its memory.
    pub(crate) fn free(&mut self) {
        if !self.0.data.is_null() {
            // SAFETY: the buffer owns the block of this size. Freeing does not raise.
            unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, 0) };
        }
        *self = Self::new();
    }

    /// Makes room for `more` bytes behind the content.
    pub(crate) fn reserve(&mut self, more: usize) -> Result<(), Error> {
        let needed = self.0.len.checked_add(more).ok_or(Error::NoRoom)?;
        if needed <= self.0.alloc {
            return Ok(());
        }
        let likely = needed.max(self.0.alloc.saturating_mul(2)).max(LEAST);
        if self.grow(likely) || self.grow(needed) { Ok(()) } else { Err(Error::NoRoom) }
    }

    /// Resizes the block to `alloc` bytes. Returns whether there was memory for it.
    fn grow(&mut self, alloc: usize) -> bool {
        // SAFETY: `data` is null, or the buffer owns the block of this size. Does not raise;
        // returns null without memory.
        let data = unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, alloc) };
        if data.is_null() {
            return false;
        }
        self.0.data = data;
        self.0.alloc = alloc;
        true
    }
}

impl Sink for GcBuf {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.reserve(bytes.len())?;
        // SAFETY: reserve() made room for `bytes` behind the first `len` bytes, in one block.
        let end = unsafe { self.0.data.add(self.0.len) };
        // SAFETY: `bytes` is borrowed while `self` is borrowed mutably, so the two do not overlap.
        unsafe { end.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        self.0.len += bytes.len();
        Ok(())
    }
}

impl Buffer for GcBuf {
    fn as_slice(&self) -> &[u8] {
        // SAFETY: the invariant.
        unsafe { Lent::from_raw(sys::mrq_bytes_t { data: self.0.data, len: self.0.len }) }
            .as_slice()
    }

    fn truncate(&mut self, len: usize) {
        self.0.len = self.0.len.min(len);
    }
}

/// The content of a buffer that C hands over.
///
/// # Safety For the lifetime `'a` the buffer is not moved, and nothing else uses it.
#[cfg(feature = "tls")]
pub(crate) unsafe fn own<'a>(raw: sys::mrq_buf_t) -> &'a mut [u8] {
    // SAFETY: the caller's promise, and the invariant of `GcBuf`: C has allocated it.
    unsafe { slice::from_raw_parts_mut(raw.data, raw.len) }
}

/// Memory of C to write to, such as a Python buffer. A pointer, because Python code that runs while
/// bytes are received may read the buffer.
#[derive(Clone, Copy)]
pub(crate) struct Destination {
    data: *mut u8,
    size: usize,
}

impl Destination {
    /// # Safety `data` is valid for reads and writes of `size` bytes while this value is used.
    pub(crate) unsafe fn new(data: *mut u8, size: usize) -> Self {
        Self { data, size }
    }

    /// The first `len` bytes.
    pub(crate) fn first(self, len: usize) -> Self {
        Self { data: self.data, size: self.size.min(len) }
    }

    /// Runs `f` on the bytes. `f` must not run Python code.
    pub(crate) fn with<T>(self, f: impl FnOnce(&mut [u8]) -> T) -> T {
        if self.size == 0 {
            return f(&mut []);
        }
        // SAFETY: `data` is valid for `size` bytes (see `new`), and nothing else runs meanwhile.
        f(unsafe { slice::from_raw_parts_mut(self.data, self.size) })
    }
}
