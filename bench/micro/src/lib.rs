//! What the benchmarks run, and what they run it on.
//!
//! The id of a benchmark is its work and, at the end, the number of bytes that this is about: the
//! table of __main__.py is made of that.

pub mod engine;
pub mod others;
pub mod samples;

/// The bytes of one receive, and of the destination of one read.
const BLOCK: usize = 4096;
