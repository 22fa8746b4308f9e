//! Drivers that break the rules of the engine's interface.

use mrequests_engine::content::{Extent, Next, Read};
use mrequests_engine::incoming::{Event, Incoming};
use mrequests_engine::limits::READ_AHEAD;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::driver::Buf;
use crate::response::EXTENTS;

fn begun(head: &[u8]) -> Incoming {
    let mut incoming = Incoming::new();
    incoming.begin_head(true);
    incoming.room()[..head.len()].copy_from_slice(head);
    incoming.received(head.len());
    while incoming.poll_head(&mut Buf::new()) != Ok(Event::End) {}
    incoming.begin_body(false).unwrap();
    incoming
}

/// A read that takes in `received` bytes.
fn read(incoming: &mut Incoming, dst: &mut [u8], received: usize, direct: bool) -> (usize, bool) {
    let mut read = Read { received: Some(received), direct, ..Read::new(Extent::Some) };
    let next = incoming.read(dst, &mut read).unwrap();
    (read.done, next == Next::Done)
}

#[test]
fn more_is_received_than_there_was_room() {
    for len in [READ_AHEAD, READ_AHEAD + 1, usize::MAX] {
        let mut incoming = Incoming::new();
        incoming.begin_head(true);
        incoming.room().fill(b' ');
        incoming.room()[..4].copy_from_slice(b"HTTP");
        incoming.received(len);
        incoming.received(len);
        assert_eq!(incoming.room().len(), 0);
        assert!(incoming.poll_head(&mut Buf::new()).is_err());
    }
    // The body keeps its length.
    for len in [3, 4, 5, 1000, usize::MAX] {
        let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        assert_eq!(incoming.room().len(), 3);
        incoming.room().copy_from_slice(b"abc");
        let mut dst = [0; 100];
        assert_eq!(read(&mut incoming, &mut dst, len, false), (3, true));
        assert_eq!(&dst[..4], b"abc\0");
        assert!(incoming.is_done());
        assert_eq!(incoming.is_reusable(), len == 3);
        assert_eq!(incoming.room().len(), 0);
    }
    for len in [3, 4, usize::MAX] {
        let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        assert_eq!(read(&mut incoming, &mut [b'x'; 5], len, true), (3, true));
        assert!(incoming.is_done());
        assert_eq!(incoming.is_reusable(), len == 3);
    }
}

#[test]
fn content_before_its_time() {
    let mut incoming = Incoming::new();
    incoming.begin_head(false);
    incoming.room()[..4].copy_from_slice(b"HTTP");
    incoming.received(4);
    let mut dst = [0; 3];
    assert_eq!(incoming.read(&mut dst, &mut Read::new(Extent::Fill)), Ok(Next::Done));
    assert_eq!((incoming.take(&mut dst), incoming.take_line()), (0, &[][..]));
    assert!(!incoming.is_done() && !incoming.is_ready() && !incoming.is_reusable());
    assert_eq!((incoming.content_received(), incoming.content_expected()), (0, None));
    assert_eq!(incoming.remaining(), None);
}

#[test]
fn empty_destination() {
    let mut incoming = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    for extent in EXTENTS {
        assert_eq!(incoming.read(&mut [], &mut Read::new(extent)), Ok(Next::Done));
    }
    assert_eq!(incoming.take(&mut []), 0);
    let mut read = Read::new(Extent::Some);
    assert_eq!((incoming.read(&mut [0; 9], &mut read), read.done), (Ok(Next::Done), 3));
}

/// The calls of a driver, with arbitrary arguments.
#[derive(Debug, Clone)]
enum Call {
    /// Writes these bytes to the room, and reports another number of them.
    Receive(Vec<u8>, usize),
    Begin(bool),
    Poll,
    Note(Vec<u8>),
    Body(bool),
    Read(usize, Read),
    Take(usize),
    TakeLine,
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

fn any_read() -> impl Strategy<Value = Read> {
    let received = proptest::option::of(prop_oneof![0..600usize, Just(usize::MAX)]);
    let done = prop_oneof![4 => Just(0), 1 => 0..600usize, 1 => Just(usize::MAX)];
    (done, proptest::sample::select(&EXTENTS[..]), received, any::<bool>())
        .prop_map(|(done, extent, received, direct)| Read { done, extent, received, direct })
}

fn call() -> impl Strategy<Value = Call> {
    let reported = prop_oneof![8 => Just(0), 1 => 0..600usize, 1 => Just(usize::MAX)];
    prop_oneof![
        4 => (bytes(), reported).prop_map(|(bytes, more)| Call::Receive(bytes, more)),
        1 => any::<bool>().prop_map(Call::Begin),
        4 => Just(Call::Poll),
        1 => bytes().prop_map(Call::Note),
        1 => any::<bool>().prop_map(Call::Body),
        4 => (0..600usize, any_read()).prop_map(|(size, read)| Call::Read(size, read)),
        2 => (0..600usize).prop_map(Call::Take),
        2 => Just(Call::TakeLine),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

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
                Call::Begin(keep_all) => incoming.begin_head(keep_all),
                Call::Poll => {
                    let _ = incoming.poll_head(&mut long);
                }
                Call::Note(line) => {
                    incoming.note_field(&line);
                }
                Call::Body(to_head) => {
                    let _ = incoming.begin_body(to_head);
                }
                Call::Read(size, mut read) => {
                    let mut dst = vec![b'5'; size];
                    if let Ok(Next::Receive(room)) = incoming.read(&mut dst, &mut read) {
                        prop_assert!(!room.is_empty());
                    }
                }
                Call::Take(size) => prop_assert!(incoming.take(&mut vec![0; size]) <= size),
                Call::TakeLine => {
                    let line = incoming.take_line();
                    prop_assert!(line.is_empty() || line.ends_with(b"\n"));
                }
            }
            let _ = (incoming.is_ready(), incoming.is_done(), incoming.is_reusable());
            let _ = (incoming.remaining(), incoming.content_received(), incoming.content_expected());
        }
    }
}
