//! Connections with the null suite to scripted servers.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod blocking;
mod client;
mod closing;
mod errors;
mod fuzzed;
mod handshake;
mod hello;
mod open;
mod records;
mod server;
