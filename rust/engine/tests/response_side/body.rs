//! The state of a body while it is received.

use mrequests_engine::Error;
use mrequests_engine::body::{Body, Piece};
use mrequests_engine::framing::Framing;

use crate::driver::{AT_ONCE, pieces};

#[test]
fn bytes_behind_a_body_are_left() {
    for framing in [Framing::Length(5), Framing::None] {
        assert!(pieces(framing, b"helloGARBAGE", AT_ONCE).1.ends_with(b"GARBAGE"));
    }
}

#[test]
fn known_of_a_length() {
    let mut body = Body::new(Framing::Length(10));
    assert_eq!((body.received(), body.remaining()), (0, Some(10)));
    assert_eq!((body.limit(4), body.limit(10), body.limit(100)), (4, 10, 10));
    assert_eq!(body.decode(&mut [b'x'; 4]), (4, Ok(())));
    assert_eq!((body.received(), body.remaining()), (4, Some(6)));
    assert_eq!((body.limit(100), body.is_done()), (6, false));
    assert_eq!(body.end_of_input(), Err(Error::IncompleteBody));
    assert!(!body.is_done());
    assert_eq!(body.decode(&mut [b'x'; 6]), (6, Ok(())));
    assert!(body.is_done() && body.is_clean());
    assert_eq!(body.end_of_input(), Ok(()));
    assert_eq!((body.remaining(), body.limit(100)), (Some(0), 0));
    assert_eq!(body.next(b"x"), Ok(Piece { framing: 0, content: 0 }));
    assert_eq!(body.received(), 10);
}

#[test]
fn known_of_the_others() {
    for framing in [Framing::Chunked, Framing::Close] {
        let body = Body::new(framing);
        assert!(!body.is_done() && !body.is_clean());
        assert_eq!((body.remaining(), body.limit(7)), (None, 7));
    }
    for framing in [Framing::None, Framing::Length(0)] {
        let body = Body::new(framing);
        assert!(body.is_done() && body.is_clean());
        assert_eq!((body.remaining(), body.limit(7)), (Some(0), 0));
    }
    let huge = Body::new(Framing::Length(u64::MAX - 1));
    assert_eq!(huge.limit(7), 7);
}

#[test]
fn the_close_ends_a_body() {
    let mut body = Body::new(Framing::Close);
    assert_eq!(body.decode(&mut [b'x'; 4]), (4, Ok(())));
    assert!(!body.is_done());
    assert_eq!(body.end_of_input(), Ok(()));
    assert!(body.is_done() && !body.is_clean());
    assert_eq!(body.decode(&mut [b'x'; 4]), (0, Ok(())));
    assert_eq!((body.received(), body.remaining()), (4, Some(0)));

    let mut body = Body::new(Framing::Chunked);
    assert_eq!(body.end_of_input(), Err(Error::IncompleteBody));
    assert_eq!(body.decode(&mut b"0\r\n\r\n".to_vec()), (0, Ok(())));
    assert!(body.is_done() && body.is_clean());
    assert_eq!(body.end_of_input(), Ok(()));
}

#[test]
fn chunks_are_squeezed_in_place() {
    let mut body = Body::new(Framing::Chunked);
    let mut raw = *b"3\r\nabc\r\n1\r\nd\r\n5\r\nef";
    assert_eq!(body.decode(&mut raw), (6, Ok(())));
    assert_eq!(raw[..6], *b"abcdef");
    let mut raw = *b"ghi\r\n0\r\nX: y\r\n\r\nGARBAGE";
    assert_eq!(body.decode(&mut raw), (3, Ok(())));
    assert_eq!(raw[..3], *b"ghi");
    assert_eq!((body.received(), body.is_done(), body.remaining()), (9, true, Some(0)));
}

#[test]
fn bytes_behind_the_body_are_noticed() {
    for (framing, raw) in [
        (Framing::None, ""),
        (Framing::Length(5), "hello"),
        (Framing::Chunked, "5\r\nhello\r\n0\r\n\r\n"),
    ] {
        let mut body = Body::new(framing);
        body.decode(&mut raw.as_bytes().to_vec()).1.unwrap();
        assert!(body.is_done() && body.is_clean(), "{framing:?}");
        let mut body = Body::new(framing);
        body.decode(&mut format!("{raw}X").into_bytes()).1.unwrap();
        assert!(body.is_done() && !body.is_clean(), "{framing:?}");
    }
}

/// The place to receive into, for destinations of several sizes.
#[test]
fn direct() {
    let in_chunk = |size: usize, seen: usize| {
        let mut body = Body::new(Framing::Chunked);
        body.next(format!("{size:x}\r\n").as_bytes()).unwrap();
        body.next(&vec![b'x'; seen]).unwrap();
        body
    };
    for (body, room, expected) in [
        (Body::new(Framing::Length(1000)), 511, None),
        (Body::new(Framing::Length(1000)), 512, Some(512)),
        (Body::new(Framing::Length(1000)), 5000, Some(1000)),
        (Body::new(Framing::Length(9)), 8, None),
        (Body::new(Framing::Length(9)), 9, Some(9)),
        (Body::new(Framing::Length(9)), 500, Some(9)),
        (Body::new(Framing::Length(u64::MAX - 1)), 512, Some(512)),
        (Body::new(Framing::Close), 511, None),
        (Body::new(Framing::Close), 5000, Some(5000)),
        (Body::new(Framing::Chunked), 511, None),
        (Body::new(Framing::Chunked), 5000, Some(5000)),
        // Chunks are decoded in place, with the framing between them.
        (in_chunk(100, 0), 5000, Some(5000)),
        (in_chunk(4096, 0), 511, None),
        (in_chunk(4096, 3000), 5000, Some(5000)),
        (in_chunk(4096, 4096), 5000, Some(5000)),
    ] {
        assert_eq!(body.direct(room), expected, "{body:?} into {room}");
    }
}

#[test]
fn ready_without_a_receive() {
    let mut chunked = Body::new(Framing::Chunked);
    for (raw, ready) in [
        ("", false),
        ("5", false),
        ("5;a=b\r", false),
        ("5\r\n", false),
        ("5\r\nh", true),
        ("0\r\n", false),
        ("0\r\nX: y\r\n\r", false),
        ("0\r\n\r\n", true),
        ("x", true),
    ] {
        assert_eq!(chunked.is_ready(raw.as_bytes()), ready, "{raw:?}");
    }
    assert_eq!(chunked.decode(&mut b"5\r\nhe".to_vec()), (2, Ok(())));
    assert!(chunked.is_ready(b"l") && !chunked.is_ready(b""));
    assert_eq!(chunked.decode(&mut b"llo\r\n0\r\n\r\n".to_vec()), (3, Ok(())));
    assert!(chunked.is_ready(b""));

    for framing in [Framing::Close, Framing::Length(1)] {
        let body = Body::new(framing);
        assert!(body.is_ready(b"x") && !body.is_ready(b""));
    }
    assert!(Body::new(Framing::None).is_ready(b""));
}
