//! Finds the fields in the head of a response.

use gungraun::prelude::*;
use mrequests_micro::engine::{read_head, step_head};
use mrequests_micro::others::{httparse_head, llhttp_head};
use mrequests_micro::samples::{self, Head};

// Receives the head into the read-ahead, and looks at each field, as a call does.
#[library_benchmark(setup = samples::head, teardown = check)]
#[bench::response_head_400(400)]
#[bench::response_head_569(569)]
#[bench::response_head_8162(8162)]
fn engine(head: Head) -> (usize, Head) {
    (read_head(&head.bytes).unwrap_or(0), head)
}

// The parser alone. No line of these heads is folded, so that it leaves them as they are.
#[library_benchmark(setup = samples::head, teardown = check)]
#[bench::response_head_400(400)]
#[bench::response_head_569(569)]
#[bench::response_head_8162(8162)]
fn engine_parser(mut head: Head) -> (usize, Head) {
    (step_head(&mut head.bytes).unwrap_or(0), head)
}

#[library_benchmark(setup = samples::head, teardown = check)]
#[bench::response_head_400(400)]
#[bench::response_head_569(569)]
#[bench::response_head_8162(8162)]
fn httparse(head: Head) -> (usize, Head) {
    (httparse_head(&head.bytes), head)
}

#[library_benchmark(setup = samples::head, teardown = check)]
#[bench::response_head_400(400)]
#[bench::response_head_569(569)]
#[bench::response_head_8162(8162)]
fn llhttp(head: Head) -> (usize, Head) {
    (llhttp_head(&head.bytes), head)
}

fn check((found, head): (usize, Head)) {
    assert_eq!(found, head.fields);
}

library_benchmark_group!(name = heads, benchmarks = [engine, engine_parser, httparse, llhttp]);

main!(library_benchmark_groups = heads);
