//! The response side of the engine: heads, framing, bodies. Every input of the tables is
//! parsed in several windows and cuts, which must not make a difference.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

mod any_cut;
mod body;
mod charset;
mod chunked;
mod driver;
mod errors;
mod framing;
mod head;
mod limits;
mod persistence;
