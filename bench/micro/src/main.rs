//! Small benchmarks of the engine, counted in instructions.
//!
//! Runs each once to check what it gives, and once in [`counted`], where callgrind counts. Prints
//! a line for each: what the work is, who does it, and how many bytes it is about. What callgrind
//! dumped after each is put beside that by callgrind.py.

mod engine;
#[cfg(feature = "others")]
mod others;
mod samples;

use std::fmt::Debug;
use std::hint::black_box;

use engine::Buf;

/// The bytes of one receive, and of the destination of one read.
const BLOCK: usize = 4096;

/// What callgrind counts; its `--toggle-collect` and `--dump-after` name this function.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn counted(run: &mut Run<'_>) {
    (run.0)();
}

struct Run<'a>(&'a mut dyn FnMut());

fn bench<T: Debug + PartialEq>(
    work: &str,
    by: &str,
    bytes: usize,
    gives: T,
    mut run: impl FnMut() -> T,
) {
    assert_eq!(run(), gives, "{work}, {by}");
    counted(&mut Run(&mut || {
        black_box(run());
    }));
    println!("{work}\t{by}\t{bytes}");
}

fn heads() {
    for samples::Head { name, bytes, fields } in samples::heads() {
        let len = bytes.len();
        bench(&name, "engine, Incoming", len, Ok(fields), || engine::read_head(black_box(&bytes)));
        // No line of these is folded, so that stepping through the head leaves it as it is.
        let mut window = bytes.clone();
        bench(&name, "engine, Head::step", len, Ok(fields), || {
            engine::step_head(black_box(&mut window))
        });
        #[cfg(feature = "others")]
        {
            bench(&name, "httparse", len, fields, || others::httparse_head(black_box(&bytes)));
            bench(&name, "llhttp", len, fields, || others::llhttp_head(black_box(&bytes)));
        }
    }
}

fn bodies() {
    let content = samples::content();
    for size in [4096, 100] {
        let name = format!("64 kB in chunks of {size} B");
        let body = samples::chunked(&content, size);
        let len = content.len();
        let mut made = vec![0; len + BLOCK];
        bench(&name, "engine, Incoming", len, Ok(len), || {
            engine::read_body(&mut engine::start_chunked(), black_box(&body), BLOCK, &mut made)
        });
        assert!(made.starts_with(&content));
        #[cfg(feature = "others")]
        {
            bench(&name, "httparse", len, len, || {
                others::httparse_body(black_box(&body), &mut made)
            });
            bench(&name, "llhttp", len, true, || {
                others::llhttp_start_body(&mut made);
                others::llhttp_body(black_box(&body), BLOCK)
            });
            assert!(made.starts_with(&content));
        }
    }
}

fn requests() {
    let mut out = Buf::new();
    let mut engine = |work, about: usize, gives: &[u8], run: fn(&mut Buf) -> _| {
        bench(work, "engine", about, Ok(()), || run(black_box(&mut out)));
        assert_eq!(out.as_slice(), gives, "{work}");
    };
    engine("URL taken apart", samples::URL.len(), samples::TARGET, engine::parse_url);
    engine(
        "URL reference resolved",
        samples::REFERENCE.len(),
        samples::RESOLVED,
        engine::resolve_reference,
    );
    engine("text quoted", samples::TEXT.len(), samples::QUOTED, engine::quote_text);
    engine("form encoded", samples::ENCODED.len(), samples::ENCODED, engine::encode_form);
    engine("request head written", samples::REQUEST.len(), samples::REQUEST, engine::write_request);
}

fn main() {
    heads();
    bodies();
    requests();
}
