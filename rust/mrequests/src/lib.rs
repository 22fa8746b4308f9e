//! The boundary of the MicroPython module `mrequests`: the functions that C calls,
//! `mrq_rs_*` of `c_glue/mrequests_glue.h`.
//!
//! They convert the structs of C to the types of the engine and back. The engine decides, C acts;
//! Rust calls C for memory, and for the stream below TLS.
//!
//! A reference parameter is a C pointer that is valid and, if mutable, not used elsewhere during
//! the call; the same holds for the pointers in a struct that it refers to.
#![cfg_attr(not(test), no_std)]

mod call;
mod content;
mod error;
mod helpers;
mod memory;
#[cfg(test)]
mod tests;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_trust;

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it takes no argument. It jumps over these frames; only those of TLS have destructors,
    // which wipe secrets.
    unsafe { micropython_sys::mrq_panic() }
}
