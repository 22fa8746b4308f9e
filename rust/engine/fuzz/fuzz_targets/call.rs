//! Whole calls: `cargo +nightly fuzz run call` in rust/engine.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| properties::call(input));
