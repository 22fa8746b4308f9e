//! The native half of the MicroPython module `mrequests`: it drives the engine over MicroPython's
//! streams.
//!
//! [`entry`] and [`helpers`] hold the functions that C calls; [`call`] and [`response`] wrap the
//! functions of C. The code between them is safe Rust. `c_glue/mrequests_glue.h` states the rules
//! of the boundary.
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
    // SAFETY: it takes no argument. It jumps over these frames; only those of TLS have destructors,
    // which wipe secrets.
    unsafe { micropython_sys::mrq_panic() }
}
