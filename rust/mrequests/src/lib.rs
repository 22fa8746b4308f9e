//! The native half of the MicroPython module `mrequests`: drives the engine over MicroPython's streams.
//!
//! [`entry`] and [`helpers`] hold what C calls; [`call`] and [`response`] wrap what is called in C. Everything
//! between is safe Rust. The rules of the boundary are in `c_glue/mrequests_glue.h`.
#![no_std]

mod call;
mod driver;
mod entry;
mod failure;
mod helpers;
mod memory;
mod reader;
mod response;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_trust;

use core::panic::PanicInfo;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: takes nothing; it leaves these frames for good, which hold nothing to be dropped.
    unsafe { micropython_sys::mrq_panic() }
}
