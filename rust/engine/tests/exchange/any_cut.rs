//! Generated responses give the same result in any cuts and reads.

use mrequests_engine::content::{Extent, Read};
use mrequests_engine::url::Url;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::any_bytes::any_url;
use crate::driver::{Client, Failure, GET, POST, Request};
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

/// A way to get at content.
#[derive(Debug, Clone)]
enum Access {
    Take(usize),
    TakeLine,
    /// A read of this size that is given up at the next receive after this many.
    Read(usize, Extent, usize),
}

fn accesses() -> impl Strategy<Value = Vec<Access>> {
    let size = prop_oneof![1..4usize, 1..100usize, 500..520usize, 1..2000usize].boxed();
    let read = (size.clone(), select(&EXTENTS[..]), 0..4usize);
    let access = prop_oneof![
        size.clone().prop_map(Access::Take),
        Just(Access::TakeLine),
        read.prop_map(|(size, extent, most)| Access::Read(size, extent, most)),
    ];
    (vec(access, 0..8), size).prop_map(|(mut accesses, size)| {
        accesses.push(Access::Read(size, Extent::Fill, 1)); // makes progress
        accesses
    })
}

/// [`outcome`] of any accesses, repeated.
fn accessed(raw: &[u8], cuts: Cuts, accesses: &[Access]) -> Outcome {
    let request = Request { max_redirects: None, ..GET };
    let mut response = match Client::new([raw], cuts).perform(&request) {
        Ok(response) => response,
        Err(failure) => return (None, vec![], Err(failure)),
    };
    let mut content = Vec::new();
    let end = accesses.iter().cycle().find_map(|access| match *access {
        Access::Take(size) => {
            let mut dst = vec![0; size];
            let len = response.incoming.take(&mut dst);
            content.extend_from_slice(&dst[..len]);
            None
        }
        Access::TakeLine => {
            content.extend_from_slice(response.incoming.take_line());
            None
        }
        Access::Read(size, extent, most) => {
            let mut dst = vec![0; size];
            let mut read = Read::new(extent);
            let result = response.perform(&mut dst, &mut read, most);
            content.extend_from_slice(&dst[..read.done]);
            match result {
                Ok(over) => (over && read.done == 0).then_some(Ok(())),
                Err(failure) => Some(Err(failure)),
            }
        }
    });
    (Some((response.status, response.fields)), content, end.unwrap())
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

    /// Also with reads that are given up, as the connection blocks: they lose nothing.
    #[test]
    fn valid_response_by_any_accesses(
        answer in answer(), cuts in sizes(), accesses in accesses(),
    ) {
        let expected = (Some((answer.status, answer.fields)), answer.content, Ok(()));
        prop_assert_eq!(&accessed(&answer.raw, &cuts, &accesses), &expected);
        prop_assert_eq!(&accessed(&answer.raw, AT_ONCE, &accesses), &expected);
        prop_assert_eq!(&accessed(&answer.raw, BYTE_BY_BYTE, &accesses), &expected);
    }

    #[test]
    fn truncated_response_in_any_cut(
        answer in answer(), cut in any::<prop::sample::Index>(),
        cuts in sizes(), reads in sizes(), extent in select(&EXTENTS[..]),
    ) {
        let raw = &answer.raw[..cut.index(answer.raw.len())];
        let expected = outcome(raw, BYTE_BY_BYTE, &[1], Extent::Some);
        prop_assert!(answer.content.starts_with(&expected.1));
        prop_assert_eq!(&outcome(raw, &cuts, &reads, extent), &expected);
    }

    /// The driver limits its calls of the engine: an endless loop fails.
    #[test]
    fn any_bytes_in_any_cut(
        start in select(vec![
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
        ]),
        garbage in vec(
            prop_oneof![8 => select(b"\r\n\r\n\n \t:;,\0aX05fF="), 1 => any::<u8>()], 0..600,
        ),
        cuts in sizes(),
        reads in sizes(),
        extent in select(&EXTENTS[..]),
        accesses in accesses(),
    ) {
        let raw = [start.as_bytes(), &garbage].concat();
        let expected = outcome(&raw, BYTE_BY_BYTE, &[1], Extent::Some);
        for cuts in [&cuts, AT_ONCE] {
            prop_assert_eq!(&outcome(&raw, cuts, &reads, extent), &expected);
            prop_assert_eq!(&accessed(&raw, cuts, &accesses), &expected);
        }
    }

    #[test]
    fn no_location_gets_at_secrets(location in any_url(), status in select(vec![301, 302, 307])) {
        let mut moved = format!("HTTP/1.1 {status} \r\nLocation: ").into_bytes();
        moved.extend(location.into_iter().filter(|b| !matches!(b, b'\r' | b'\n' | 0)));
        moved.extend(b"\r\n\r\n");
        let fields = &[("Cookie", Some("secret")), ("Host", Some("secret"))];
        for (request, url) in [(GET, "http://u:secret@h/a/b"), (POST, "https://u:secret@h:8443/")] {
            let mut client = Client::new([&moved[..], b"HTTP/1.1 200 \r\n\r\n"], AT_ONCE);
            let _ = client.perform(&Request { url, fields, ..request });
            let url = Url::parse(url.as_bytes()).unwrap();
            let sent = client.sent();
            let [first, others @ ..] = &sent[..] else { panic!("nothing sent") };
            for sent in others {
                let mut lines = sent.head.iter();
                let target = lines.next().unwrap().split(' ').nth(1).unwrap();
                prop_assert!(target.starts_with('/') && target.is_ascii());
                let tells = lines.any(|line| line.contains("secret") || line.contains("Basic"));
                prop_assert_eq!(tells, sent.origin == first.origin, "{:?} from {:?}", sent, url);
                prop_assert_eq!(&sent.body, if request.method == "POST" && status == 307 { "hello" } else { "" });
            }
        }
    }
}
