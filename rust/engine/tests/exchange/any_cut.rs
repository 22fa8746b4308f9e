//! Generated responses give the same result in any cuts and reads.

use mrequests_engine::content::Extent;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::driver::{Client, Failure, GET, Request};
use crate::response::{AT_ONCE, BYTE_BY_BYTE, Cuts, EXTENTS};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1..4usize, 1..100usize, 500..520usize, 1..2000usize], 1..6)
}

/// A valid response, and its meaning.
#[derive(Debug, Clone)]
struct Answer {
    raw: Vec<u8>,
    status: u16,
    fields: Vec<Vec<u8>>,
    content: Vec<u8>,
}

/// The field that frames a body, and its raw form.
fn framed(content: &[u8], framing: u8, chunk: usize) -> (String, Vec<u8>) {
    match framing {
        0 => (format!("Content-Length: {}", content.len()), content.to_vec()),
        1 => ("X-None: ".to_owned(), content.to_vec()),
        _ => {
            let mut raw = Vec::new();
            for chunk in content.chunks(chunk) {
                raw.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                raw.extend_from_slice(chunk);
                raw.extend_from_slice(b"\r\n");
            }
            raw.extend_from_slice(b"0\r\n\r\n");
            ("transfer-encoding: Chunked".to_owned(), raw)
        }
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    let interim = "(HTTP/1[.]1 10[02] \r\n(Location: /x\r\n)?\r\n){0,2}";
    let field = ("X-[A-Za-z]{0,20}", prop_oneof![8 => 0..60usize, 1 => 450..1200usize]);
    let body = prop_oneof![3 => 0..700usize, 1 => 0..3000usize];
    (interim, 200..600u16, vec(field, 0..5), body, 0..3u8, 1..600usize, vec(any::<u8>(), 0..50))
        .prop_map(|(interim, status, fields, len, framing, chunk, garbage)| {
            let content: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let (last, body) = framed(&content, framing, chunk);
            let mut fields: Vec<_> = fields
                .into_iter()
                .map(|(name, len)| format!("{name}: {}", "v".repeat(len)).trim_end().to_owned())
                .collect();
            fields.push(last.trim_end().to_owned());
            let head = format!("{interim}HTTP/1.1 {status} OK\r\n{}\r\n\r\n", fields.join("\r\n"));
            let has_body = !matches!(status, 204 | 304);
            let garbage = if has_body && framing == 1 { vec![] } else { garbage };
            Answer {
                raw: [head.as_bytes(), &body, &garbage].concat(),
                status,
                fields: fields.into_iter().map(String::into_bytes).collect(),
                content: if has_body { content } else { vec![] },
            }
        })
}

/// The result of an answer: status and fields, then content, then its end or failure.
type Outcome = (Option<(u16, Vec<Vec<u8>>)>, Vec<u8>, Result<(), Failure>);

fn outcome(raw: &[u8], cuts: Cuts, reads: &[usize], extent: Extent) -> Outcome {
    let request = Request { max_redirects: None, ..GET };
    match Client::new([raw], cuts).perform(&request) {
        Ok(mut response) => {
            let (content, end) = response.read_all(reads, extent);
            (Some((response.status, response.fields)), content, end)
        }
        Err(failure) => (None, vec![], Err(failure)),
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn valid_response_in_any_cut(
        answer in answer(), cuts in sizes(), reads in sizes(), extent in select(&EXTENTS[..]),
    ) {
        let expected = (Some((answer.status, answer.fields)), answer.content, Ok(()));
        prop_assert_eq!(&outcome(&answer.raw, &cuts, &reads, extent), &expected);
        prop_assert_eq!(&outcome(&answer.raw, AT_ONCE, &reads, extent), &expected);
        prop_assert_eq!(&outcome(&answer.raw, BYTE_BY_BYTE, &reads, extent), &expected);
    }
}
