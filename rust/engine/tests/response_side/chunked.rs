//! The chunked coding (RFC 9112 section 7.1).

use mrequests_engine::Error;
use mrequests_engine::chunked::{Chunked, Piece};
use mrequests_engine::framing::Framing;
use mrequests_engine::limits::MAX_TRAILERS;

use crate::driver::{AT_ONCE, copy, receive_everyhow};

fn decoded(raw: &[u8]) -> (String, Result<bool, Error>) {
    let received = receive_everyhow(Framing::Chunked, raw);
    (String::from_utf8(received.content).unwrap(), received.complete)
}

#[test]
fn bodies() {
    let table = [
        ("0\r\n\r\n", ""),
        ("000\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        ("A\r\n0123456789\r\na\r\n0123456789\r\n00\r\n\r\n", "01234567890123456789"),
        ("0000000000000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
        ("9\r\na\r\n0\r\n\r\nx\r\n0\r\n\r\n", "a\r\n0\r\n\r\nx"),
        // Extensions, with and without white space around them.
        ("5;a=b;c=\"d;\"\r\nhello\r\n0;z\r\n\r\n", "hello"),
        ("5 ; a = b\r\nhello\r\n0\t\r\n\r\n", "hello"),
        ("5 \t\r\nhello\r\n0 ;\r\n\r\n", "hello"),
        ("1;;;  ;\r\ny\r\n0\r\n\r\n", "y"),
        ("1;a\nb\r\n0\r\n\r\n", "b"),
        // Trailers.
        ("5\r\nhello\r\n0\r\nX-T: v\r\n\r\n", "hello"),
        ("0\r\nX-T: v\r\n folded\r\nContent-Length: 99\r\ngarbage\r\n\r\n", ""),
        // Bare LF as line end, but not behind the content.
        ("5\nhello\r\n0\n\n", "hello"),
        ("5\r\nhello\r\n0\r\nX: y\n\n", "hello"),
        ("5\nhello\r\n0\nX: y\r\n\r\n", "hello"),
    ];
    for (raw, content) in table {
        assert_eq!(decoded(raw.as_bytes()), (content.to_owned(), Ok(true)), "{raw:?}");
        // What follows is not the body's.
        for rest in ["GARBAGE", "\r\n", "5\r\nhello\r\n0\r\n\r\n"] {
            let raw = format!("{raw}{rest}");
            assert_eq!(decoded(raw.as_bytes()), (content.to_owned(), Ok(true)));
            for room in [1, 3, 100] {
                let (received, left) = copy(Framing::Chunked, raw.as_bytes(), room, AT_ONCE);
                assert_eq!(received.content, content.as_bytes());
                assert!(rest.as_bytes().ends_with(&left));
            }
        }
        // An end before the last byte is no end.
        for len in 0..raw.len() {
            assert_eq!(decoded(&raw.as_bytes()[..len]).1, Ok(false), "{:?}", &raw[..len]);
        }
    }
}

#[test]
fn invalid_sizes() {
    let table = [
        "",
        " ",
        " 5",
        "\t5",
        "-5",
        "+5",
        "-",
        "0x5",
        "g",
        "5g",
        "x",
        ";x",
        "1_0",
        "5,5",
        "5 5",
        "1 A",
        "1 x;y",
        "5;\rx",
        "5;x\r",
        "5\r",
        "5\x0b",
        "\x0b5",
        "5\0",
        "5\u{e9}",
        "\u{0665}",
        "10000000000000005",
        "1ffffffffffffffff",
        "ffffffffffffffff1",
        "f0000000000000003",
        "00010000000000000000",
    ];
    for size in table {
        let raw = format!("{size}\r\nhello\r\n0\r\n\r\n");
        let refused = (String::new(), Err(Error::InvalidChunk));
        assert_eq!(decoded(raw.as_bytes()), refused, "{size:?}");
        let raw = format!("3\r\nabc\r\n{size}\r\nhello\r\n0\r\n\r\n");
        let refused = ("abc".to_owned(), Err(Error::InvalidChunk));
        assert_eq!(decoded(raw.as_bytes()), refused, "{size:?}");
    }
}

#[test]
fn large_sizes() {
    for size in ["7fffffff", "ffffffff", "100000005", "7fffffffffffffff", "ffffffffffffffff"] {
        let raw = format!("{size}\r\nhello");
        assert_eq!(decoded(raw.as_bytes()), ("hello".to_owned(), Ok(false)));
    }
}

#[test]
fn content_must_be_followed_by_crlf() {
    let table = [
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "5\r\nhello!\r\n0\r\n\r\n",
        "5\r\nhello\r\r\n0\r\n\r\n",
        "5\r\nhello\rX",
        "5\r\nhello\r\n\r\n0\r\n\r\n",
        "5\r\nhello\n\n0\r\n\r\n",
    ];
    for raw in table {
        assert_eq!(decoded(raw.as_bytes()), ("hello".to_owned(), Err(Error::InvalidChunk)));
    }
    let longer = b"6\r\nhello\r\n0\r\n\r\n";
    assert_eq!(decoded(longer), ("hello\r".to_owned(), Err(Error::InvalidChunk)));
    let shorter = b"3\r\nhello\r\n0\r\n\r\n";
    assert_eq!(decoded(shorter), ("hel".to_owned(), Err(Error::InvalidChunk)));
}

#[test]
fn the_empty_line_is_no_bare_cr() {
    assert_eq!(decoded(b"0\r\n\rX").1, Err(Error::InvalidChunk));
    assert_eq!(decoded(b"0\r\nA: b\r\n\r\r\n").1, Err(Error::InvalidChunk));
}

#[test]
fn size_line_limit() {
    let chunk = |len: usize| format!("1;{}\r\nx\r\n", "e".repeat(len - 4));
    let raw = chunk(MAX_TRAILERS).repeat(2) + "0\r\n\r\n";
    assert_eq!(decoded(raw.as_bytes()), ("xx".to_owned(), Ok(true)));
    let raw = chunk(MAX_TRAILERS + 1);
    assert_eq!(decoded(raw.as_bytes()), (String::new(), Err(Error::InvalidChunk)));
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
    assert_eq!(decoded(raw.as_bytes()).1, Ok(true));
    let raw = format!("0\r\nz{trailers}\r\n");
    assert_eq!(decoded(raw.as_bytes()).1, Err(Error::TrailersTooLarge));
    let endless = format!("0\r\n{}", "z".repeat(MAX_TRAILERS + 1));
    assert_eq!(decoded(endless.as_bytes()).1, Err(Error::TrailersTooLarge));
}

#[test]
fn pieces() {
    let mut chunked = Chunked::new();
    let mut next = |src: &[u8]| {
        let Piece { framing, content } = chunked.next(src).unwrap();
        (framing, content, chunked.is_done())
    };
    assert_eq!(next(b"5;x\r\nhel"), (5, 3, false));
    assert_eq!(next(b"lo\r\n0\r\n\r\nrest"), (0, 2, false));
    assert_eq!(next(b"\r\n0"), (3, 0, false));
    assert_eq!(next(b"\r\n\r\nrest"), (4, 0, true));
    assert_eq!(next(b"rest"), (0, 0, true));
}

#[test]
fn broken_stays_broken() {
    let mut chunked = Chunked::default();
    assert_eq!(chunked.next(b"x"), Err(Error::InvalidChunk));
    assert_eq!(chunked.next(b"5\r\nhello\r\n0\r\n\r\n"), Err(Error::InvalidChunk));
    assert!(!chunked.is_done());
}
