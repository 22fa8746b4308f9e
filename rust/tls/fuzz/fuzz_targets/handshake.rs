//! Handshakes without encryption: `cargo +nightly fuzz run handshake` in rust/tls.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mrequests_tls::support::handshake(input));
