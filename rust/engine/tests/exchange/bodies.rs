//! Bodies through the read-ahead and past it, in reads of any size.

use mrequests_engine::content::{Extent, Next, Read};

use crate::driver::{Client, Failure, GET, Request};
use crate::response::{AT_ONCE, BYTE_BY_BYTE, Cuts, EXTENTS, Response};

/// This many bytes, each different from its neighbours.
pub(crate) fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 251) as u8).collect()
}

fn chunked(content: &[u8], sizes: &[usize]) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut rest = content;
    for &size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, later) = rest.split_at(size.min(rest.len()));
        raw.extend_from_slice(format!("{:x};ext\r\n", chunk.len()).as_bytes());
        raw.extend_from_slice(chunk);
        raw.extend_from_slice(b"\r\n");
        rest = later;
    }
    raw.extend_from_slice(b"0\r\nTrailer: x\r\n\r\n");
    raw
}

/// A head with one field, and a body.
pub(crate) fn response(field: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{field}\r\n\r\n").as_bytes(), body].concat()
}

/// Responses with this content, one in each framing.
pub(crate) fn in_each_framing(content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let coding = "Transfer-Encoding: chunked";
    vec![
        ("length", response(&format!("Content-Length: {}", content.len()), content)),
        ("close", response("A: b", content)),
        ("a chunk", response(coding, &chunked(content, &[usize::MAX]))),
        ("chunks", response(coding, &chunked(content, &[1, 100, 2, 30]))),
    ]
}

pub(crate) fn open<'a>(answer: &'a [u8], cuts: Cuts<'a>) -> Response<'a> {
    Client::new([answer], cuts).perform(&GET).unwrap()
}

/// The content and its end, equal for all ways to receive and read it.
fn read_everyhow(answer: &[u8]) -> (Vec<u8>, Result<(), Failure>) {
    let expected = open(answer, BYTE_BY_BYTE).read_all(&[1], Extent::Some);
    for cuts in [AT_ONCE, BYTE_BY_BYTE, &[60, 1]] {
        for size in [1, 3, 511, 512, 513, 10_000] {
            for extent in EXTENTS {
                let how = format!("{cuts:?} by {size}, {extent:?}");
                assert_eq!(open(answer, cuts).read_all(&[size], extent), expected, "{how}");
            }
        }
    }
    expected
}

#[test]
fn reads_of_any_size() {
    for len in [0, 1, 511, 512, 513, 1500] {
        let content = content(len);
        for (framing, answer) in in_each_framing(&content) {
            for cuts in [AT_ONCE, BYTE_BY_BYTE, &[600], &[70, 1, 7]] {
                for size in [1, 2, 511, 512, 513, len.max(2) - 1, len.max(1), len + 1, 4096] {
                    for extent in EXTENTS {
                        let (got, end) = open(&answer, cuts).read_all(&[size], extent);
                        let how = format!("{len} by {framing}, {cuts:?} by {size}, {extent:?}");
                        assert_eq!(end, Ok(()), "{how}");
                        assert!(got == content, "{how}");
                    }
                }
            }
        }
    }
}

#[test]
fn reads_of_changing_sizes() {
    let content = content(5000);
    for (framing, answer) in in_each_framing(&content) {
        for sizes in [&[1, 512][..], &[600, 1, 1], &[3, 511, 513, 40], &[4999], &[5000]] {
            for cuts in [AT_ONCE, &[1], &[513, 2]] {
                let got = open(&answer, cuts).read_all(sizes, Extent::Fill);
                assert!(got == (content.clone(), Ok(())), "{framing}, {cuts:?} by {sizes:?}");
            }
        }
    }
}

#[test]
fn full_reads_are_full_until_the_end() {
    for (framing, answer) in in_each_framing(&content(1300)) {
        for cuts in [AT_ONCE, BYTE_BY_BYTE, &[700]] {
            let mut response = open(&answer, cuts);
            let mut dst = [0; 600];
            let lens = [0; 4].map(|_| response.read(&mut dst, Extent::Fill));
            assert_eq!(lens, [Ok(600), Ok(600), Ok(100), Ok(0)], "{framing}");
        }
    }
}

#[test]
fn nothing_is_read_into_nothing() {
    for (framing, answer) in in_each_framing(b"hello") {
        let mut response = open(&answer, AT_ONCE);
        assert_eq!(response.read(&mut [], Extent::Fill), Ok(0));
        assert_eq!(response.read_all(&[9], Extent::Fill), (b"hello".to_vec(), Ok(())), "{framing}");
    }
}

#[test]
fn no_body_is_done_at_once() {
    for (_, answer) in in_each_framing(b"hello") {
        let mut client = Client::new([&answer[..]], AT_ONCE);
        let response = client.perform(&Request { method: "HEAD", ..GET }).unwrap();
        assert!(response.incoming.is_done() && response.incoming.is_ready());
    }
}

#[test]
fn bytes_past_the_body_are_not_delivered() {
    for len in [0, 5, 600] {
        let content = content(len);
        for (framing, mut answer) in in_each_framing(&content) {
            if framing != "close" {
                answer.extend_from_slice(&vec![b'G'; 700]);
                assert!(read_everyhow(&answer) == (content.clone(), Ok(())), "{len} by {framing}");
            }
        }
    }
}

/// A reused connection loses no bytes after the body.
#[test]
fn bytes_past_a_known_length_are_not_received() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let answer = [&head[..], &content(1000), b"NEXT"].concat();
    let cuts = [head.len(), usize::MAX, usize::MAX, usize::MAX, usize::MAX, usize::MAX];
    for size in [200, 511, 512, 999, 1000, 1001, 5000] {
        let mut response = open(&answer, &cuts);
        let (got, end) = response.read_all(&[size], Extent::Fill);
        assert_eq!((got.len(), end), (1000, Ok(())));
        assert_eq!(response.connection.unread, b"NEXT", "{size}");
    }
}

/// `Body::direct` has the sizes: see its test.
#[test]
fn large_reads_pass_by_the_read_ahead() {
    let head = response("Content-Length: 1000", b"");
    for (size, extent, expected) in [
        (511, Extent::Fill, None),
        (512, Extent::Some, Some(512)),
        (5000, Extent::Fill, Some(1000)),
        (5000, Extent::Line, None),
    ] {
        let mut response = open(&head, AT_ONCE);
        let (mut dst, mut read) = (vec![0; size], Read::new(extent));
        let Ok(Next::Receive(room)) = response.incoming.read(&mut dst, &mut read) else {
            panic!("nothing is there");
        };
        assert_eq!((room.len(), read.direct), (expected.unwrap_or(512), expected.is_some()));
        let room = room.as_ptr();
        assert_eq!(room == dst.as_ptr(), read.direct, "{size}, {extent:?}");
    }
}

#[test]
fn small_reads_share_a_receive() {
    let answer = response("Content-Length: 2000", &content(2000));
    let cuts = [&[answer.len() - 2000][..], &[usize::MAX; 9]].concat();
    for (sizes, rooms) in [
        (&[1, 510, 1, 1][..], &[512, 512][..]),
        (&[511, 511, 511, 511], &[512, 512, 512, 464]),
        // A receive asks for no more than the rest of the body.
        (&[1900, 99, 2], &[1900, 100]),
    ] {
        let mut response = open(&answer, &cuts);
        for &size in sizes {
            response.read(&mut vec![0; size], Extent::Fill).unwrap();
        }
        assert_eq!(response.connection.asked[1..], *rooms, "{sizes:?}");
    }
}

#[test]
fn truncation() {
    let content = content(600);
    for (framing, answer) in in_each_framing(&content) {
        let head_len = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        for len in [head_len, head_len + 1, head_len + 20, answer.len() - 10, answer.len() - 1] {
            let (got, end) = read_everyhow(&answer[..len]);
            assert!(content.starts_with(&got));
            let done = got.len() as u64;
            match framing {
                "close" => assert_eq!((end, got.len()), (Ok(()), len - head_len)),
                "length" => {
                    assert_eq!(end, Err(Failure::Incomplete { done, total: Some(600) }));
                    assert_eq!(got.len(), len - head_len);
                }
                _ => assert_eq!(end, Err(Failure::Incomplete { done, total: None }), "{len}"),
            }
        }
    }
}

#[test]
fn content_comes_before_the_failure() {
    let answer = response("Content-Length: 1000", &content(700));
    let mut response = open(&answer, AT_ONCE);
    let mut dst = [0; 1000];
    assert_eq!(response.read(&mut dst, Extent::Fill), Ok(700));
    assert!(dst[..700] == content(700));
    let failure = Failure::Incomplete { done: 700, total: Some(1000) };
    assert_eq!(response.read(&mut dst, Extent::Fill), Err(failure));
    assert_eq!(response.read(&mut dst, Extent::Some), Err(failure));
}

#[test]
fn known_on_the_way() {
    let answer = response("Content-Length: 1000", &content(1000));
    let mut response = open(&answer, &[100]);
    for received in (0..1000).step_by(10) {
        let incoming = &mut response.incoming;
        assert_eq!(incoming.content_received(), received);
        assert_eq!(incoming.content_expected(), Some(1000));
        assert_eq!(incoming.remaining(), Some(1000 - received));
        assert_eq!((incoming.content_length(), incoming.is_chunked()), (Some(1000), false));
        assert!(!incoming.is_done());
        assert_eq!(response.read(&mut [0; 10], Extent::Fill), Ok(10));
    }
    assert!(response.incoming.is_done());
    assert_eq!(response.incoming.remaining(), Some(0));

    for (framing, answer) in &in_each_framing(&content(1000))[1..] {
        let mut response = open(answer, AT_ONCE);
        assert_eq!(response.read(&mut [0; 1000], Extent::Fill), Ok(1000));
        let incoming = &mut response.incoming;
        assert_eq!(incoming.content_received(), 1000);
        assert_eq!((incoming.content_expected(), incoming.remaining()), (None, None));
        assert_eq!((incoming.content_length(), incoming.is_chunked()), (None, *framing != "close"));
        assert!(!incoming.is_done());
        assert_eq!(response.read(&mut [0; 1], Extent::Fill), Ok(0));
        let incoming = &mut response.incoming;
        assert!(incoming.is_done());
        assert_eq!((incoming.content_expected(), incoming.remaining()), (Some(1000), Some(0)));
    }
}

/// The driver checks the same at each of its reads.
#[test]
fn framing_alone_is_not_ready() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n";
    let pieces = [head, "3\r\n", "a", "bc\r\n0\r\n", "A: b\r\n", "\r\n"];
    let answer = pieces.concat();
    let cuts = pieces.map(str::len);
    let mut response = open(answer.as_bytes(), &cuts);
    let steps = [0; 5].map(|_| {
        let ready = response.incoming.is_ready();
        (ready, response.read(&mut [0; 3], Extent::Some))
    });
    let expected = [(true, Ok(3)), (true, Ok(2)), (false, Ok(1)), (false, Ok(2)), (false, Ok(0))];
    assert_eq!(steps, expected);
    assert!(response.incoming.is_ready(), "the end is no reason to wait");
}

/// 4 kB chunks: a receive into the destination, and one that reads ahead for the bytes that its
/// framing took.
#[test]
fn large_chunks_take_two_receives() {
    let content = content(5 * 4096);
    let answer = response("Transfer-Encoding: chunked", &chunked(&content, &[4096]));
    let mut response = open(&answer, AT_ONCE);
    let mut dst = vec![0; 4096];
    for part in content.chunks(4096) {
        let before = response.connection.asked.len();
        assert_eq!(response.read(&mut dst, Extent::Fill), Ok(4096));
        assert!(dst == part);
        let receives = response.connection.asked.len() - before;
        assert!(receives <= 2, "{receives}");
    }
}

/// 128-byte chunks: a receive fills the destination, which is squeezed; the rest is read ahead.
#[test]
fn small_chunks_share_a_receive() {
    let content = content(64 * 128);
    let answer = response("Transfer-Encoding: chunked", &chunked(&content, &[128]));
    let mut response = open(&answer, AT_ONCE);
    for part in content.chunks(4096) {
        let before = response.connection.asked.len();
        let mut dst = vec![0; 4096];
        assert_eq!(response.read(&mut dst, Extent::Fill), Ok(4096));
        assert!(dst == part);
        let receives = response.connection.asked.len() - before;
        assert!(receives <= 3, "{receives}");
    }
}
