//! The chunked coding (RFC 9112 section 7.1): its limits and states. `tests/cases` has its forms.

use mrequests_engine::Error;
use mrequests_engine::body::{Body, Piece};
use mrequests_engine::framing::Framing;
use mrequests_engine::limits::MAX_TRAILERS;

use crate::driver::{AT_ONCE, pieces, receive_everyhow};

fn decoded(raw: &[u8]) -> (String, Result<(), Error>) {
    let received = receive_everyhow(Framing::Chunked, raw);
    (String::from_utf8(received.content).unwrap(), received.complete)
}

#[test]
fn ends_with_its_last_byte() {
    let raw = "5;a=b\r\nhello\r\n6\n world\r\n00\r\nX: y\n\r\n";
    for len in 0..raw.len() {
        assert_eq!(
            decoded(&raw.as_bytes()[..len]).1,
            Err(Error::IncompleteBody),
            "{:?}",
            &raw[..len]
        );
    }
    for rest in ["", "GARBAGE", "\r\n", "5\r\nhello\r\n0\r\n\r\n"] {
        let raw = format!("{raw}{rest}");
        assert_eq!(decoded(raw.as_bytes()), ("hello world".to_owned(), Ok(())));
        let (_, left) = pieces(Framing::Chunked, raw.as_bytes(), AT_ONCE);
        assert_eq!(left, rest.as_bytes());
    }
}

#[test]
fn sizes() {
    for (digits, size) in [
        ("1", 1),
        ("aF", 0xaf),
        ("000000000001000", 0x1000),
        ("fffffff", 0xfff_ffff),
        ("10000000", 0x1000_0000),
        ("ffffffff", 0xffff_ffff),
        ("100000000", 0x1_0000_0000),
        ("0fffffffffffffff0", 0xffff_ffff_ffff_fff0),
    ] {
        for (before, after) in [("", "\r\n"), ("1\r\nx\r\n", "\r\n"), ("", "\n"), ("", " ;x\r\n")] {
            let raw = format!("{before}{digits}{after}");
            let mut at_once = Body::new(Framing::Chunked);
            at_once.decode(&mut raw.clone().into_bytes()).1.unwrap();
            let mut by_bytes = Body::new(Framing::Chunked);
            for byte in raw.bytes() {
                by_bytes.decode(&mut [byte]).1.unwrap();
            }
            assert_eq!(format!("{at_once:?}"), format!("{by_bytes:?}"), "{raw:?}");
            let content = at_once.next(&[b'x'; 16]).unwrap().content;
            assert_eq!(content, size.min(16), "{raw:?}");
        }
    }
    for digits in ["10000000000000000", "fffffffffffffffff", "g", "-1", "+1", "0x1", " 1", ""] {
        let raw = format!("{digits}\r\n");
        assert_eq!(decoded(raw.as_bytes()), (String::new(), Err(Error::InvalidChunk)), "{digits}");
    }
}

#[test]
fn size_line_limit() {
    let chunk = |len: usize| format!("1;{}\r\nx\r\n", "e".repeat(len - 4));
    let raw = chunk(MAX_TRAILERS).repeat(2) + "0\r\n\r\n";
    assert_eq!(decoded(raw.as_bytes()), ("xx".to_owned(), Ok(())));
    let zeros = format!("{}5\r\n", "0".repeat(MAX_TRAILERS));
    for raw in [chunk(MAX_TRAILERS + 1), zeros] {
        assert_eq!(decoded(raw.as_bytes()), (String::new(), Err(Error::InvalidChunk)));
    }
    for endless in ["0", "5;e", "5 "] {
        let (start, last) = endless.split_at(endless.len() - 1);
        let raw = start.to_owned() + &last.repeat(MAX_TRAILERS + 1);
        assert_eq!(decoded(raw.as_bytes()).1, Err(Error::InvalidChunk), "{endless:?}");
    }
}

#[test]
fn trailer_limit() {
    let line = "X: y\r\n";
    let rest = MAX_TRAILERS % line.len() + line.len() - 2;
    let trailers = line.repeat(MAX_TRAILERS / line.len() - 1) + &"z".repeat(rest - 1) + "\n";
    let raw = format!("0\r\n{trailers}\r\n");
    assert_eq!(raw.len(), MAX_TRAILERS + 3);
    assert_eq!(decoded(raw.as_bytes()).1, Ok(()));
    let raw = format!("0\r\nz{trailers}\r\n");
    assert_eq!(decoded(raw.as_bytes()).1, Err(Error::TrailersTooLarge));
    let endless = format!("0\r\n{}", "z".repeat(MAX_TRAILERS + 1));
    assert_eq!(decoded(endless.as_bytes()).1, Err(Error::TrailersTooLarge));
}

#[test]
fn framing_then_content() {
    let mut body = Body::new(Framing::Chunked);
    let mut next = |src: &[u8]| {
        let Piece { framing, content } = body.next(src).unwrap();
        (framing, content, body.is_done())
    };
    assert_eq!(next(b"5;x\r\nhel"), (5, 3, false));
    assert_eq!(next(b"lo\r\n0\r\n\r\nrest"), (0, 2, false));
    assert_eq!(next(b"\r\n0"), (3, 0, false));
    assert_eq!(next(b"\r\n\r\nrest"), (4, 0, true));
    assert_eq!(next(b"rest"), (0, 0, true));
}

#[test]
fn broken_stays_broken() {
    let mut body = Body::new(Framing::Chunked);
    assert_eq!(body.next(b"x"), Err(Error::InvalidChunk));
    assert_eq!(body.next(b"5\r\nhello\r\n0\r\n\r\n"), Err(Error::InvalidChunk));
    assert!(!body.is_done());
    assert_eq!(body.end_of_input(), Err(Error::IncompleteBody));
}

#[test]
fn content_before_an_error_is_kept() {
    let mut body = Body::new(Framing::Chunked);
    let mut raw = *b"3\r\nabc\r\n2\r\nde\rX";
    assert_eq!(body.decode(&mut raw), (5, Err(Error::InvalidChunk)));
    assert_eq!(raw[..5], *b"abcde");
}
