//! Drivers that break the rules of the engine's interface.

use mrequests_engine::incoming::{Event, Incoming, READ_AHEAD, Read};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::driver::Buf;

fn begun(head: &[u8]) -> Incoming {
    let mut incoming = Incoming::new();
    incoming.room()[..head.len()].copy_from_slice(head);
    incoming.received(head.len());
    while incoming.poll_head(&mut Buf::new(), true) != Ok(Event::End) {}
    incoming.start_body(false, 200).unwrap();
    incoming
}

#[test]
fn more_is_received_than_there_was_room() {
    for len in [READ_AHEAD, READ_AHEAD + 1, usize::MAX] {
        let mut incoming = Incoming::new();
        incoming.room().fill(b' ');
        incoming.room()[..4].copy_from_slice(b"HTTP");
        incoming.received(len);
        incoming.received(len);
        assert_eq!(incoming.room().len(), 0);
        assert!(incoming.poll_head(&mut Buf::new(), true).is_err());
    }
    // The body keeps its length.
    for len in [3, 4, 5, 1000, usize::MAX] {
        let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        assert_eq!(incoming.room().len(), 3);
        incoming.room().copy_from_slice(b"abc");
        incoming.received(len);
        let mut dst = [0; 100];
        assert_eq!(incoming.read(&mut dst), Ok(Read::Content(3)));
        assert_eq!(&dst[..4], b"abc\0");
        assert_eq!(incoming.read(&mut dst), Ok(Read::End));
        assert_eq!(incoming.room().len(), 0);
    }
}

#[test]
fn more_is_decoded_than_was_asked_for() {
    let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    assert_eq!(incoming.read(&mut [0; 3]), Ok(Read::Direct(3)));
    assert_eq!(incoming.decode(&mut [b'x'; 5]), Ok(3));
    assert_eq!(incoming.decode(&mut [b'x'; 5]), Ok(0));
    assert!(incoming.is_done() && incoming.end_of_input());
}

#[test]
fn body_before_its_time() {
    let mut incoming = Incoming::new();
    assert_eq!(incoming.read(&mut [0; 3]), Ok(Read::End));
    assert_eq!(incoming.decode(&mut [b'x'; 3]), Ok(0));
    assert!(!incoming.end_of_input() && !incoming.is_done() && !incoming.is_ready());
    assert_eq!((incoming.content_received(), incoming.content_expected()), (0, None));
    // Without fields, all received bytes are content.
    incoming.start_body(false, 200).unwrap();
    assert_eq!(incoming.read(&mut [0; 3]), Ok(Read::Fill));
}

#[test]
fn empty_destination() {
    let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    assert_eq!(incoming.read(&mut []), Ok(Read::Content(0)));
    assert_eq!(incoming.read(&mut [0; 9]), Ok(Read::Content(3)));
    assert_eq!(begun(b"HTTP/1.1 200 OK\r\n\r\n").read(&mut []), Ok(Read::Content(0)));
}

/// The calls of a driver, with arbitrary arguments.
#[derive(Debug, Clone)]
enum Call {
    /// Writes these bytes to the room, and reports another number of them.
    Receive(Vec<u8>, usize),
    Poll(bool),
    Note(Vec<u8>),
    Start(bool, u16),
    Read(usize),
    Decode(Vec<u8>),
    End,
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = proptest::sample::select(vec![
        &b"HTTP/1.1 200 OK\r\n"[..],
        b"Content-Length: 20\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Location: ",
        b"\r\n",
        b"\r\n\r\n",
        b"5\r\n",
        b"0\r\n",
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]);
    let piece = prop_oneof![4 => telling.prop_map(<[u8]>::to_vec), 1 => vec(any::<u8>(), 0..4)];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn call() -> impl Strategy<Value = Call> {
    let reported = prop_oneof![8 => Just(0), 1 => 0..600usize, 1 => Just(usize::MAX)];
    prop_oneof![
        4 => (bytes(), reported).prop_map(|(bytes, more)| Call::Receive(bytes, more)),
        4 => any::<bool>().prop_map(Call::Poll),
        1 => bytes().prop_map(Call::Note),
        1 => (any::<bool>(), proptest::sample::select(vec![200, 204, 302, 0, 65535]))
            .prop_map(|(to_head, status)| Call::Start(to_head, status)),
        4 => (0..600usize).prop_map(Call::Read),
        1 => bytes().prop_map(Call::Decode),
        1 => Just(Call::End),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn survives_any_driver(calls in vec(call(), 1..40)) {
        let mut incoming = Incoming::new();
        let mut long = heapless::Vec::<u8, 300>::new();
        for call in calls {
            match call {
                Call::Receive(bytes, more) => {
                    let room = incoming.room();
                    prop_assert!(room.len() <= READ_AHEAD);
                    let len = bytes.len().min(room.len());
                    room[..len].copy_from_slice(&bytes[..len]);
                    incoming.received(len.saturating_add(more));
                }
                Call::Poll(keep_all) => {
                    let _ = incoming.poll_head(&mut long, keep_all);
                }
                Call::Note(line) => incoming.note_field(&line),
                Call::Start(to_head, status) => {
                    let _ = incoming.start_body(to_head, status);
                }
                Call::Read(size) => match incoming.read(&mut vec![0; size]) {
                    Ok(Read::Content(len)) => prop_assert!(len <= size),
                    Ok(Read::Direct(limit)) => prop_assert!(limit > 0 && limit <= size),
                    Ok(Read::Fill) => prop_assert!(!incoming.room().is_empty()),
                    Ok(Read::End) | Err(_) => {}
                },
                Call::Decode(mut raw) => {
                    let len = raw.len();
                    prop_assert!(incoming.decode(&mut raw).unwrap_or(0) <= len);
                }
                Call::End => {
                    incoming.end_of_input();
                }
            }
            let _ = (incoming.is_ready(), incoming.is_done(), incoming.content_expected());
        }
    }
}
