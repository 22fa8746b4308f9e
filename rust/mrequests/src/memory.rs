//! Memory that Rust and C share: bytes on loan, and buffers on MicroPython's heap.

use core::marker::PhantomData;
use core::ptr::{self, NonNull};
use core::slice;

use micropython_sys as sys;
use mrequests_engine::Error;
use mrequests_engine::sink::{Buffer, Sink};

/// Bytes on loan, as `mrq_bytes_t` passes them.
///
/// Invariant: for the lifetime `'a` they stay where they are and nobody writes to them; without
/// data the length is 0. C keeps to it for the time of the call that it passes them to.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Lent<'a> {
    raw: sys::mrq_bytes_t,
    life: PhantomData<&'a [u8]>,
}

impl<'a> Lent<'a> {
    /// # Safety
    /// The bytes keep to the invariant.
    pub(crate) unsafe fn from_raw(raw: sys::mrq_bytes_t) -> Self {
        Self { raw, life: PhantomData }
    }

    pub(crate) fn as_slice(self) -> &'a [u8] {
        let data = NonNull::new(self.raw.data.cast_mut()).unwrap_or(NonNull::dangling());
        // SAFETY: the invariant; `len` is 0 where there is no data.
        unsafe { slice::from_raw_parts(data.as_ptr(), self.raw.len) }
    }
}

/// Lends bytes to C for the time of a call.
pub(crate) fn lend(bytes: &[u8]) -> sys::mrq_bytes_t {
    sys::mrq_bytes_t { data: bytes.as_ptr(), len: bytes.len() }
}

/// The smallest allocation of a [`GcBuf`]: one that holds most request heads.
const LEAST: usize = 128;

/// A growable buffer on the garbage-collected heap, as `mrq_buf_t` passes it.
///
/// It has to lie where the collector looks, which is the stack for all that Rust makes. Dropping
/// it leaves the block to the collector; [`GcBuf::free`] gives it back at once.
///
/// Invariant, kept to by C too: `data` is null, or a block of `alloc` bytes of which the first
/// `len` are initialised, and which nobody else refers to.
#[repr(transparent)]
pub(crate) struct GcBuf(sys::mrq_buf_t);

impl GcBuf {
    /// Empty, with nothing allocated.
    pub(crate) const fn new() -> Self {
        Self(sys::mrq_buf_t { data: ptr::null_mut(), len: 0, alloc: 0 })
    }

    /// Makes the content `len` bytes long and gives it to be written; what it was is lost.
    #[cfg(feature = "tls")]
    pub(crate) fn resize(&mut self, len: usize) -> Result<&mut [u8], Error> {
        self.0.len = 0;
        self.reserve(len)?;
        if len > 0 {
            // SAFETY: reserve() made room for as many bytes.
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

    /// Empties the buffer and gives its memory back.
    pub(crate) fn free(&mut self) {
        if !self.0.data.is_null() {
            // SAFETY: the block is ours and of that size. Freeing does not raise.
            unsafe { sys::mrq_realloc(self.0.data, self.0.alloc, 0) };
        }
        *self = Self::new();
    }

    /// Makes room for so many bytes more.
    pub(crate) fn reserve(&mut self, more: usize) -> Result<(), Error> {
        let needed = self.0.len.checked_add(more).ok_or(Error::NoRoom)?;
        if needed <= self.0.alloc {
            return Ok(());
        }
        let likely = needed.max(self.0.alloc.saturating_mul(2)).max(LEAST);
        if self.grow(likely) || self.grow(needed) { Ok(()) } else { Err(Error::NoRoom) }
    }

    /// Whether there was memory for `alloc` bytes in all.
    fn grow(&mut self, alloc: usize) -> bool {
        // SAFETY: the block is ours and of that size, or null. Does not raise; null where memory is short.
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
        // SAFETY: reserve() made room for as many bytes behind the first `len`, in one block.
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
/// # Safety
/// For the lifetime `'a` it stays where it is, and nobody else uses it.
#[cfg(feature = "tls")]
pub(crate) unsafe fn own<'a>(raw: sys::mrq_buf_t) -> &'a mut [u8] {
    // SAFETY: the caller's promise, and the invariant of `GcBuf`: C has allocated it.
    unsafe { slice::from_raw_parts_mut(raw.data, raw.len) }
}

/// Bytes that C wants written, such as a Python buffer. Kept as a pointer because Python code
/// that runs while bytes are received may look at them.
#[derive(Clone, Copy)]
pub(crate) struct Destination {
    data: *mut u8,
    size: usize,
}

impl Destination {
    /// # Safety
    /// `data` is valid for reads and writes of `size` bytes for as long as this is used.
    pub(crate) unsafe fn new(data: *mut u8, size: usize) -> Self {
        Self { data, size }
    }

    /// The first `len` bytes.
    pub(crate) fn first(self, len: usize) -> Self {
        Self { data: self.data, size: self.size.min(len) }
    }

    /// Runs `f` on the bytes; `f` does not run Python code.
    pub(crate) fn with<T>(self, f: impl FnOnce(&mut [u8]) -> T) -> T {
        if self.size == 0 {
            return f(&mut []);
        }
        // SAFETY: valid for that many bytes (see `new`), and nothing else runs meanwhile.
        f(unsafe { slice::from_raw_parts_mut(self.data, self.size) })
    }
}
