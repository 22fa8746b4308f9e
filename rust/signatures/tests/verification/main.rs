//! Tests of all algorithms through the interface that webpki and the handshake use.
mod any_bytes;
mod malformed;
mod offered;
mod samples;
mod wycheproof;
