//! The state of a body while it is received.

use mrequests_engine::body::{Body, Copied};
use mrequests_engine::framing::Framing;

use crate::driver::{AT_ONCE, copy};

#[test]
fn what_follows_a_body_is_left() {
    for framing in [Framing::Length(5), Framing::None] {
        assert!(copy(framing, b"helloGARBAGE", 3, AT_ONCE).1.ends_with(b"GARBAGE"));
    }
}

#[test]
fn what_is_known_of_a_length() {
    let mut body = Body::new(Framing::Length(10));
    assert_eq!((body.expected(), body.remaining_hint()), (Some(10), Some(10)));
    assert_eq!((body.limit(4), body.limit(10), body.limit(100)), (4, 10, 10));
    assert_eq!(body.decode(&mut [b'x'; 4]), Ok(4));
    assert_eq!((body.expected(), body.remaining_hint()), (Some(10), Some(6)));
    assert_eq!((body.received(), body.limit(100), body.is_done()), (4, 6, false));
    assert!(!body.end_of_input());
    assert!(!body.is_done());
    // The receive brings more than the limit.
    assert_eq!(body.decode(&mut [b'x'; 100]), Ok(6));
    assert!(body.is_done() && body.end_of_input());
    assert_eq!((body.remaining_hint(), body.limit(100)), (Some(0), 0));
    assert_eq!(body.decode(&mut [b'x'; 100]), Ok(0));
    assert_eq!(body.copy(b"x", &mut [0]), Ok(Copied::default()));
    assert_eq!(body.received(), 10);
}

#[test]
fn what_is_known_of_the_others() {
    for framing in [Framing::Chunked, Framing::Close] {
        let body = Body::new(framing);
        assert!(!body.is_done());
        assert_eq!((body.expected(), body.remaining_hint(), body.limit(7)), (None, None, 7));
    }
    let body = Body::new(Framing::None);
    assert!(body.is_done());
    assert_eq!((body.expected(), body.remaining_hint(), body.limit(7)), (None, Some(0), 0));

    let huge = Body::new(Framing::Length(u64::MAX - 1));
    assert_eq!(huge.limit(7), 7);
}

#[test]
fn the_close_ends_a_body() {
    let mut body = Body::new(Framing::Close);
    assert_eq!(body.decode(&mut [b'x'; 4]), Ok(4));
    assert!(!body.is_done());
    assert!(body.end_of_input());
    assert!(body.is_done());
    assert_eq!(body.decode(&mut [b'x'; 4]), Ok(0));
    assert_eq!(body.received(), 4);

    let mut body = Body::new(Framing::Chunked);
    assert!(!body.end_of_input());
    assert_eq!(body.decode(&mut b"0\r\n\r\n".to_vec()), Ok(0));
    assert!(body.is_done() && body.end_of_input());
}

#[test]
fn chunks_are_squeezed_in_place() {
    let mut body = Body::new(Framing::Chunked);
    let mut raw = *b"3\r\nabc\r\n1\r\nd\r\n5\r\nef";
    assert_eq!(body.decode(&mut raw), Ok(6));
    assert_eq!(raw[..6], *b"abcdef");
    let mut raw = *b"ghi\r\n0\r\nX: y\r\n\r\nGARBAGE";
    assert_eq!(body.decode(&mut raw), Ok(3));
    assert_eq!(raw[..3], *b"ghi");
    assert_eq!((body.received(), body.is_done(), body.remaining_hint()), (9, true, Some(0)));
}

#[test]
fn copy_takes_what_the_destination_has_room_for() {
    let mut body = Body::new(Framing::Chunked);
    let mut dst = [0; 6];
    let copied = body.copy(b"5\r\nhello\r\n0\r\n\r\n", &mut dst);
    assert_eq!(copied, Ok(Copied { consumed: 6, produced: 3 }));
    assert_eq!(dst[..3], *b"hel");
    assert_eq!(body.copy(b"lo\r\n0\r\n\r\n", &mut []), Ok(Copied::default()));
    let mut dst = [0; 100];
    let copied = body.copy(b"lo\r\n0\r\n\r\n", &mut dst);
    assert_eq!(copied, Ok(Copied { consumed: 9, produced: 2 }));
    assert_eq!(dst[..2], *b"lo");
    assert!(body.is_done());
}

#[test]
fn ready_is_what_need_not_be_waited_for() {
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
    assert_eq!(chunked.decode(&mut b"5\r\nhe".to_vec()), Ok(2));
    assert!(chunked.is_ready(b"l") && !chunked.is_ready(b""));
    assert_eq!(chunked.decode(&mut b"llo\r\n0\r\n\r\n".to_vec()), Ok(3));
    assert!(chunked.is_ready(b""));

    for framing in [Framing::Close, Framing::Length(1)] {
        let body = Body::new(framing);
        assert!(body.is_ready(b"x") && !body.is_ready(b""));
    }
    assert!(Body::new(Framing::None).is_ready(b""));
}
