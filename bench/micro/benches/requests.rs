//! Writes what a request is made of.

use gungraun::prelude::*;
use mrequests_engine::Error;
use mrequests_micro::engine::{
    Buf, encode_form, parse_url, quote_text, resolve_reference, write_request,
};
use mrequests_micro::samples::{ENCODED, QUOTED, REFERENCE, REQUEST, RESOLVED, TARGET, TEXT, URL};

/// What is written, and what has to be.
struct Written {
    out: Box<Buf>,
    gives: &'static [u8],
}

type Write = fn(&mut Buf) -> Result<(), Error>;

#[library_benchmark(setup = prepare, teardown = check)]
#[bench::url_taken_apart_99(99, URL, parse_url, TARGET)]
#[bench::url_reference_resolved_61(61, REFERENCE, resolve_reference, RESOLVED)]
#[bench::text_quoted_78(78, TEXT, quote_text, QUOTED)]
#[bench::form_encoded_161(161, ENCODED, encode_form, ENCODED)]
#[bench::request_head_written_329(329, REQUEST, write_request, REQUEST)]
fn engine((write, mut written): (Write, Written)) -> (bool, Written) {
    (write(&mut written.out).is_ok(), written)
}

/// `about` is what the bytes in the name of a benchmark are those of.
fn prepare(bytes: usize, about: &[u8], write: Write, gives: &'static [u8]) -> (Write, Written) {
    assert_eq!(about.len(), bytes);
    (write, Written { out: Box::default(), gives })
}

fn check((done, written): (bool, Written)) {
    assert!(done);
    assert_eq!(written.out.as_slice(), written.gives);
}

library_benchmark_group!(name = requests, benchmarks = engine);

main!(library_benchmark_groups = requests);
