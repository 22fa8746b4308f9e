//! Heads of responses: `cargo +nightly fuzz run head` in rust/engine.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| properties::head(input));
