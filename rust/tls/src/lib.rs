//! A TLS 1.3 client (RFC 8446) over a blocking transport, with authentication of the server.
//!
//! embedded-tls implements the key schedule, the handshake and the records. This crate adds the
//! checks that it lacks:
//!
//! ```text
//!   Connection     states, alerts, records after the handshake        connection.rs inbox.rs
//!       |
//!   embedded-tls --- Evidence: keeps certificates and signature       evidence.rs
//!       |        \__ Guard: checks each decrypted record              guard.rs
//!   Filter         checks each record header and the ServerHello      filter.rs hello.rs
//!       |
//!   Transport      the caller's socket                                transport.rs
//! ```
//!
//! In scope: one cipher suite per connection, key exchange by P-256, certificates, pins, a client
//! certificate, max_fragment_length. Out of scope: resumption, early data, key updates, ALPN,
//! revocation.
//!
//! It never allocates, trusts no peer, and panics on no input.
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

#[cfg(not(any(feature = "aes128", feature = "aes256", feature = "chacha20")))]
compile_error!("a cipher suite is needed: one of the features aes128, aes256, chacha20");

#[cfg(any(test, fuzzing))]
extern crate std;

mod alert;
pub mod config;
pub mod connection;
pub mod error;
mod evidence;
mod filter;
mod guard;
mod hello;
mod inbox;
mod record;
mod rng;
mod session;
pub mod suite;
#[cfg(any(test, fuzzing))]
#[cfg_attr(not(test), allow(dead_code, reason = "tests use more of it than the fuzz target"))]
#[path = "../tests/support/mod.rs"]
pub mod support;
#[cfg(test)]
mod tests;
pub mod transport;
pub mod trust;
mod wire;

pub use config::{Clock, Config, FragmentLength, Trust};
pub use connection::{Connection, READ_OVERHEAD, WRITE_OVERHEAD, least_write_buffer};
pub use error::{Error, Fault, Kind};
pub use suite::Suite;
pub use transport::{Direction, Scratch, Transport};
