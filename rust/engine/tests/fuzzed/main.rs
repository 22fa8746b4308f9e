//! The fuzz targets with their seeds, and with some thousand mutants of them.

mod mutants;
#[path = "../properties/mod.rs"]
mod properties;
mod seeds;

use std::panic::catch_unwind;

use mutants::Mutants;

/// Checks a property for its seeds and for `count` mutants.
fn check(property: fn(&[u8]), seeds: &[&[u8]], count: usize) {
    let mutants = Mutants::new(seeds).take(count);
    for input in seeds.iter().map(|seed| seed.to_vec()).chain(mutants) {
        let holds = catch_unwind(|| property(&input)).is_ok();
        assert!(holds, "b\"{}\"", input.escape_ascii());
    }
}

#[test]
fn heads() {
    check(properties::head, seeds::HEADS, 5_000);
}

#[test]
fn bodies() {
    check(properties::body, seeds::BODIES, 5_000);
}

#[test]
fn urls() {
    check(properties::url, seeds::URLS, 5_000);
}

#[test]
fn calls() {
    check(properties::call, seeds::CALLS, 5_000);
}
