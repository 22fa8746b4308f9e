//! MicroPython's heap: exact blocks, which move, and a collector.

use std::cell::{Cell, RefCell};
use std::ptr::{NonNull, null_mut};

thread_local! {
    static BLOCKS: RefCell<Vec<NonNull<[u8]>>> = const { RefCell::new(Vec::new()) };
    static ALLOWED: Cell<usize> = const { Cell::new(usize::MAX) };
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// The heap of a test, which frees all blocks at its end.
pub(super) struct Heap;

impl Heap {
    /// A heap on which `allowed` allocations of at most `largest` bytes succeed.
    pub(super) fn limited(allowed: usize, largest: usize) -> Self {
        ALLOWED.set(allowed);
        LARGEST.set(largest);
        FAILED.set(false);
        Self
    }

    pub(super) fn new() -> Self {
        Self::limited(usize::MAX, usize::MAX)
    }

    /// Whether an allocation failed.
    pub(super) fn has_failed(&self) -> bool {
        FAILED.get()
    }

    pub(super) fn blocks(&self) -> usize {
        BLOCKS.with_borrow(Vec::len)
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        BLOCKS.take().into_iter().for_each(free);
    }
}

fn free(block: NonNull<[u8]>) {
    // SAFETY: `allocate` has made it of a box, and `BLOCKS` no longer has it.
    drop(unsafe { Box::from_raw(block.as_ptr()) });
}

fn allocate(size: usize) -> Option<NonNull<[u8]>> {
    if ALLOWED.get() == 0 || size > LARGEST.get() {
        FAILED.set(true);
        return None;
    }
    ALLOWED.set(ALLOWED.get() - 1);
    let block = NonNull::from(Box::leak(vec![0xa5; size].into_boxed_slice()));
    BLOCKS.with_borrow_mut(|blocks| blocks.push(block));
    Some(block)
}

/// Removes the block at `data`.
fn take(data: NonNull<u8>) -> NonNull<[u8]> {
    BLOCKS.with_borrow_mut(|blocks| {
        let place = blocks.iter().position(|block| block.cast() == data);
        blocks.swap_remove(place.expect("a block of the heap"))
    })
}

#[unsafe(no_mangle)]
pub(super) extern "C" fn mrq_realloc(data: *mut u8, old_size: usize, new_size: usize) -> *mut u8 {
    let new = if new_size == 0 { None } else { allocate(new_size) };
    if new_size > 0 && new.is_none() {
        return null_mut();
    }
    if let Some(data) = NonNull::new(data) {
        let old = take(data);
        assert_eq!(old.len(), old_size);
        if let Some(new) = new {
            // SAFETY: both blocks have this many bytes.
            unsafe { new.cast::<u8>().copy_from_nonoverlapping(data, old_size.min(new_size)) };
        }
        free(old);
    }
    new.map_or(null_mut(), |block| block.as_ptr().cast())
}
