//! The HTTP/1.1 client engine of mrequests.
//!
//! Sans-IO: it parses received bytes and writes bytes to send. Its driver owns sockets, clocks and
//! memory.
//!
//! In scope: URLs and their resolution (RFC 3986), requests and responses
//! (RFC 9110, RFC 9112), redirect policy, basic authentication (RFC 7617), forms.
//! Out of scope: connections, TLS, cookies, caching, content codings.
//!
//! It never allocates or panics, and trusts no peer. Every parser gives the same result however its
//! input is fragmented.
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

pub mod ascii;
pub mod auth;
pub mod body;
pub mod call;
pub mod content;
pub mod error;
pub mod field;
pub mod form;
pub mod framing;
pub mod head;
pub mod incoming;
pub mod limits;
pub mod percent;
pub mod persistence;
pub mod redirect;
pub mod request;
pub mod resolve;
mod scan;
pub mod sink;
pub mod text;
pub mod url;

pub use error::Error;
