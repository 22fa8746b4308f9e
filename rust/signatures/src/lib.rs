//! Verification of the signatures in certificates and TLS 1.3 handshakes.
//!
//! In scope: ECDSA on P-256 and P-384, RSA PKCS#1 v1.5 and PSS, Ed25519, each except P-256 by a
//! feature. Out of scope: signing and other operations with secrets. The time of a verification and
//! its memory accesses depend on its input.
//!
//! It never allocates or panics, and trusts no input. Encodings are strict DER.
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
