//! Drives the parsers as a client would: a window of a fixed size, filled by receives of
//! given sizes.

use mrequests_engine::Error;
use mrequests_engine::body::Body;
use mrequests_engine::framing::Framing;
use mrequests_engine::head::{Event, Head};

/// How many bytes each receive brings; repeated from the start when used up.
pub(crate) type Cuts<'a> = &'a [usize];

pub(crate) const AT_ONCE: Cuts<'static> = &[usize::MAX];
pub(crate) const BYTE_BY_BYTE: Cuts<'static> = &[1];

/// Input that arrives in pieces.
struct Peer<'a> {
    input: &'a [u8],
    cuts: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl<'a> Peer<'a> {
    fn new(input: &'a [u8], cuts: Cuts<'a>) -> Self {
        Self { input, cuts: cuts.iter().cycle() }
    }

    /// The next receive into `room` bytes; empty at the end of the input.
    fn receive(&mut self, room: usize) -> &'a [u8] {
        let cut = *self.cuts.next().unwrap();
        let (now, later) = self.input.split_at(cut.min(room).min(self.input.len()));
        self.input = later;
        now
    }
}

/// How a head ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Complete, after this many bytes of the input.
    Complete(usize),
    /// The input ended first.
    Unfinished,
    Refused(Error),
}

/// A head as its driver sees it, with the pieces of fields joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) status: Option<(u16, Vec<u8>)>,
    pub(crate) fields: Vec<Vec<u8>>,
    pub(crate) outcome: Outcome,
}

/// Parses `input` in a window of `size` bytes.
pub(crate) fn parse(input: &[u8], size: usize, cuts: Cuts) -> Parsed {
    let mut peer = Peer::new(input, cuts);
    let mut window = Vec::new();
    let mut head = Head::new();
    let mut consumed = 0;
    let mut piece: Option<Vec<u8>> = None;
    let mut parsed = Parsed { status: None, fields: Vec::new(), outcome: Outcome::Unfinished };
    loop {
        let full = window.len() == size;
        let step = match head.step(&mut window, full) {
            Ok(step) => step,
            Err(error) => {
                parsed.outcome = Outcome::Refused(error);
                return parsed;
            }
        };
        match step.event {
            Event::NeedMore => {
                assert!(step.consumed > 0 || !full, "no progress");
                window.drain(..step.consumed);
                let received = peer.receive(size - window.len());
                if received.is_empty() && window.len() < size {
                    return parsed;
                }
                window.extend_from_slice(received);
                consumed += step.consumed;
                continue;
            }
            Event::Status(line) => {
                assert_eq!(parsed.status, None);
                parsed.status = Some((line.code, window[line.reason].to_vec()));
            }
            Event::Field(range) => {
                assert_eq!(piece, None);
                parsed.fields.push(window[range].to_vec());
            }
            Event::FieldPart { range, last } => {
                let is_first = piece.is_none();
                let whole = piece.get_or_insert_default();
                whole.extend_from_slice(&window[range]);
                assert!(!is_first || whole.contains(&b':'), "no name in the first piece");
                if last {
                    parsed.fields.extend(piece.take());
                }
            }
            Event::End => {
                parsed.outcome = Outcome::Complete(consumed + step.consumed);
                return parsed;
            }
        }
        assert!(step.consumed > 0, "no progress");
        window.drain(..step.consumed);
        consumed += step.consumed;
    }
}

/// Parses `input` in windows from 64 bytes to its length, in several cuts, with equal results.
pub(crate) fn parse_everyhow(input: &[u8]) -> Parsed {
    let expected = parse(input, input.len() + 1, AT_ONCE);
    for size in [64, 65, 100, 512, input.len().max(64) + 1] {
        for cuts in [AT_ONCE, BYTE_BY_BYTE, &[7], &[1, 90, 13]] {
            let parsed = parse(input, size, cuts);
            assert_eq!(parsed, expected, "window {size}, cuts {cuts:?}");
        }
    }
    expected
}

/// The result of a body: its content so far, and whether it is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) content: Vec<u8>,
    pub(crate) complete: Result<bool, Error>,
}

/// Receives a body straight into a destination of `room` bytes, until the peer closes.
pub(crate) fn decode(framing: Framing, input: &[u8], room: usize, cuts: Cuts) -> Received {
    let mut peer = Peer::new(input, cuts);
    let mut body = Body::new(framing);
    let mut content = Vec::new();
    while !body.is_done() {
        let limit = body.limit(room);
        assert!(limit > 0 && limit <= room);
        let mut raw = peer.receive(limit).to_vec();
        if raw.is_empty() {
            let complete = Ok(body.end_of_input());
            return Received { content, complete };
        }
        match body.decode(&mut raw) {
            Ok(made) => content.extend_from_slice(&raw[..made]),
            Err(error) => {
                return Received { content, complete: Err(error) };
            }
        }
        assert_eq!(body.received(), content.len() as u64);
    }
    Received { content, complete: Ok(true) }
}

/// Receives a body through a read-ahead, in reads of `room` bytes, until the peer closes. Also
/// gives the bytes of the input that are not the body's.
pub(crate) fn copy(framing: Framing, input: &[u8], room: usize, cuts: Cuts) -> (Received, Vec<u8>) {
    let mut peer = Peer::new(input, cuts);
    let mut body = Body::new(framing);
    let mut ahead: Vec<u8> = Vec::new();
    let mut content = Vec::new();
    let mut dst = vec![0; room];
    while !body.is_done() {
        if ahead.is_empty() {
            ahead.extend_from_slice(peer.receive(usize::MAX));
            if ahead.is_empty() {
                let complete = Ok(body.end_of_input());
                return (Received { content, complete }, Vec::new());
            }
        }
        match body.copy(&ahead, &mut dst) {
            Ok(copied) => {
                assert!(copied.consumed > 0, "no progress");
                content.extend_from_slice(&dst[..copied.produced]);
                ahead.drain(..copied.consumed);
            }
            Err(error) => {
                return (Received { content, complete: Err(error) }, Vec::new());
            }
        }
        assert_eq!(body.received(), content.len() as u64);
    }
    ahead.extend_from_slice(peer.input);
    (Received { content, complete: Ok(true) }, ahead)
}

/// Receives a body in every way, in several cuts and rooms, with equal results. Content before an
/// error may be lost with it, the more the larger the cuts.
pub(crate) fn receive_everyhow(framing: Framing, input: &[u8]) -> Received {
    let expected = decode(framing, input, 1, BYTE_BY_BYTE);
    let check = |received: Received, how: &str| {
        assert_eq!(received.complete, expected.complete, "{how}");
        match received.complete {
            Ok(_) => assert_eq!(received.content, expected.content, "{how}"),
            Err(_) => assert!(expected.content.starts_with(&received.content), "{how}"),
        }
    };
    for cuts in [AT_ONCE, BYTE_BY_BYTE, &[2], &[3, 1, 50]] {
        for room in [1, 2, 5, 64, 10_000] {
            check(decode(framing, input, room, cuts), &format!("decode, {cuts:?} into {room}"));
            check(copy(framing, input, room, cuts).0, &format!("copy, {cuts:?} into {room}"));
        }
    }
    expected
}
