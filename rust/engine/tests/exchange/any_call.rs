//! Generated requests and redirects give the same result in any cuts of what is sent and received.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::driver::{Body, Client, Failure, GET, Request};
use crate::response::{AT_ONCE, Cuts};

/// The body of a request, as its owner.
#[derive(Debug, Clone)]
enum Content {
    None,
    Bytes(Vec<u8>),
    /// Pieces, and whether their length is announced.
    Pieces(Vec<Vec<u8>>, bool),
}

fn content() -> impl Strategy<Value = Content> {
    let bytes = |least| (least..2000usize).prop_map(|len| (0..len).map(|i| i as u8).collect());
    prop_oneof![
        1 => Just(Content::None),
        2 => bytes(0).prop_map(Content::Bytes),
        4 => (vec(bytes(1), 0..4), any::<bool>())
            .prop_map(|(pieces, announced)| Content::Pieces(pieces, announced)),
    ]
}

impl Content {
    fn all(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Bytes(bytes) => bytes.clone(),
            Self::Pieces(pieces, _) => pieces.concat(),
        }
    }

    /// Calls `f` with the body as the engine gets it.
    fn with<T>(&self, f: impl FnOnce(Body<'_>) -> T) -> T {
        match self {
            Self::None => f(Body::None),
            Self::Bytes(bytes) => f(Body::Bytes(bytes)),
            Self::Pieces(pieces, announced) => {
                let pieces: Vec<_> = pieces.iter().map(Vec::as_slice).collect();
                let len = pieces.iter().map(|piece| piece.len() as u64).sum();
                f(Body::Pieces(&pieces, announced.then_some(len)))
            }
        }
    }
}

/// Redirects, and a last answer.
fn answers() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let interim =
        select(vec!["", "HTTP/1.1 100 \r\n\r\n", "HTTP/1.1 103 \r\nLocation: /x\r\n\r\n"]);
    let location = select(vec!["/b", "c/d?e", "//other/", "https://h:8443/", "http:///", ""]);
    let status = select(vec![301, 302, 303, 307, 308]);
    let redirect = (interim, status, location).prop_map(|(interim, status, location)| {
        format!("{interim}HTTP/1.1 {status} \r\nLocation: {location}\r\n\r\n").into_bytes()
    });
    let last = select(vec!["HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n", ""]);
    (vec(redirect, 0..4), last)
        .prop_map(|(redirects, last)| [redirects, vec![last.as_bytes().to_vec()]].concat())
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1..4usize, 1..100usize, 1..2000usize], 1..6)
}

/// The content of a chunked body that is complete.
fn unchunked(mut raw: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let size_len = raw.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = std::str::from_utf8(&raw[..size_len]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        let chunk = &raw[size_len + 2..];
        content.extend_from_slice(&chunk[..size]);
        assert_eq!(&chunk[size..size + 2], b"\r\n");
        raw = &chunk[size + 2..];
        if size == 0 {
            assert_eq!(raw, b"");
            return content;
        }
    }
}

/// All that peers and caller see of a call.
#[derive(Debug, PartialEq)]
struct Seen {
    /// The request that each peer received, by its origin.
    taken: Vec<(String, Vec<u8>)>,
    urls: Vec<String>,
    history: Vec<(u16, String)>,
    result: Result<(u16, Vec<Vec<u8>>), Failure>,
}

fn see(request: &Request<'_>, answers: &[Vec<u8>], takes: usize, sends: Cuts, cuts: Cuts) -> Seen {
    let mut client = Client::new(answers.iter().map(Vec::as_slice), cuts).sending(sends);
    client.takes = takes;
    let result = client.perform(request).map(|response| (response.status, response.fields));
    Seen { taken: client.taken, urls: client.urls, history: client.history, result }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn call_in_any_cut(
        method in select(vec!["GET", "POST", "HEAD"]),
        content in content(),
        answers in answers(),
        max_redirects in option::of(0..4u32),
        takes in option::weighted(0.3, 0..3000usize),
        sends in cuts(),
        receives in cuts(),
    ) {
        let takes = takes.unwrap_or(usize::MAX);
        content.with(|body| {
            let request = Request { method, body, max_redirects, ..GET };
            let expected = see(&request, &answers, takes, AT_ONCE, AT_ONCE);
            prop_assert_eq!(&see(&request, &answers, takes, &sends, &receives), &expected);
            prop_assert!(expected.history.len() <= max_redirects.unwrap_or(0) as usize);
            Ok(())
        })?;
    }

    #[test]
    fn each_peer_receives_the_whole_request(content in content(), answers in answers(), sends in cuts()) {
        let all = content.all();
        let seen = content.with(|body| {
            let request = Request { method: "PUT", body, max_redirects: Some(9), ..GET };
            see(&request, &answers, usize::MAX, &sends, AT_ONCE)
        });
        let mut is_sent = true;
        for (index, (_, request)) in seen.taken.iter().enumerate() {
            if index > 0 {
                is_sent &= seen.history[index - 1].0 >= 307;
            }
            let end = request.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
            let (head, body) = request.split_at(end + 4);
            let is_chunked = head.windows(7).any(|word| word == b"chunked");
            let body = if is_chunked { unchunked(body) } else { body.to_vec() };
            let expected = if is_sent { &all[..] } else { b"" };
            prop_assert!(body == expected);
            prop_assert_eq!(head.starts_with(b"PUT "), is_sent);
        }
    }
}
