//! Verification of the signatures in certificates and TLS 1.3 handshakes.
//!
//! In scope: ECDSA on P-256 and P-384, RSA PKCS#1 v1.5 and PSS, Ed25519, each where its feature is on.
//! Out of scope: signing, and whatever else has to do with secrets: how long a verification takes, and
//! what memory it touches, depends on its input.
//!
//! Nothing here allocates, panics or trusts its input. Encodings are strict DER.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod algorithm;
mod curve;
mod der;
mod digits;
mod ecdsa;
#[cfg(feature = "ed25519")]
mod ed25519;
mod hash;
mod montgomery;
mod number;
mod point;
#[cfg(feature = "rsa")]
mod rsa;

pub use algorithm::*;
