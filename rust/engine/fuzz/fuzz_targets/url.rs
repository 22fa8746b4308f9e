//! URLs and redirects: `cargo +nightly fuzz run url` in rust/engine.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| properties::url(input));
