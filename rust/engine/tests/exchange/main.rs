//! The parts of the engine together: requests, redirects, responses as a driver sees them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod any_cut;
mod bodies;
mod cases;
mod driver;
mod heads;
mod latin1;
mod lines;
mod misuse;
mod redirects;
mod response;
mod sends;
mod steps;
