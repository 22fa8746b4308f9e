//! What the fuzz targets check: for every input a property holds. `tests/fuzzed` checks them, too.
#![allow(unreachable_pub, reason = "the fuzz targets are other crates")]

mod body;
mod call;
mod head;
mod input;
mod url;
#[path = "../written/mod.rs"]
mod written;

pub use body::body;
pub use call::call;
pub use head::head;
pub use url::url;
