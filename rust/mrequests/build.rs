//! Records the date of the build.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// The variable that sets the time of a reproducible build (reproducible-builds.org).
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

const DAY: u64 = 24 * 60 * 60;

/// The day of this build, in seconds since 1970-01-01. A clock behind it has not been set.
fn build_date() -> u64 {
    println!("cargo::rerun-if-env-changed={SOURCE_DATE_EPOCH}");
    let seconds = match env::var(SOURCE_DATE_EPOCH) {
        Ok(seconds) => seconds.parse().expect("SOURCE_DATE_EPOCH is a number of seconds"),
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs(),
    };
    seconds / DAY * DAY
}

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=MREQUESTS_BUILT={}", build_date());
}
