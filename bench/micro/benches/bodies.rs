//! Moves the content of a chunked body to where it is wanted.

use gungraun::prelude::*;
use mrequests_micro::engine::read_body;
use mrequests_micro::others::{httparse_body, llhttp_body};
use mrequests_micro::samples::{self, Body};

#[library_benchmark(setup = samples::body, teardown = check)]
#[bench::content_in_chunks_of_4096_65536(4096)]
#[bench::content_in_chunks_of_100_65536(100)]
fn engine(mut body: Body) -> (bool, Body) {
    (read_body(&body.sent, &mut body.made) == Ok(body.content.len()), body)
}

#[library_benchmark(setup = samples::body, teardown = check)]
#[bench::content_in_chunks_of_4096_65536(4096)]
#[bench::content_in_chunks_of_100_65536(100)]
fn httparse(mut body: Body) -> (bool, Body) {
    (httparse_body(&body.sent, &mut body.made) == body.content.len(), body)
}

#[library_benchmark(setup = samples::body, teardown = check)]
#[bench::content_in_chunks_of_4096_65536(4096)]
#[bench::content_in_chunks_of_100_65536(100)]
fn llhttp(mut body: Body) -> (bool, Body) {
    (llhttp_body(&body.sent, &mut body.made), body)
}

fn check((whole, body): (bool, Body)) {
    assert!(whole);
    assert!(body.made.starts_with(&body.content));
}

library_benchmark_group!(name = bodies, benchmarks = [engine, httparse, llhttp]);

main!(library_benchmark_groups = bodies);
