//! The Rust view of `c_glue/mrequests_glue.h` and nothing else.
//!
//! The header documents each item and says who may call it. bindgen generates `bindings.rs` from it, by
//! `make bindings`; a test compares the two. Every pointer width and firmware without TLS have the same view: a
//! function that nobody calls is only a declaration.

#![no_std]

#[rustfmt::skip]
#[allow(
    missing_docs,
    non_camel_case_types,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    reason = "generated from C"
)]
mod bindings;

pub use bindings::*;
