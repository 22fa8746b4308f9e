//! Drives the parsers as a client would: a window of a fixed size, filled by receives of
//! given sizes.

use mrequests_engine::Error;
use mrequests_engine::body::{Body, Piece};
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
            Event::Field { line, name } => {
                assert_eq!(piece, None);
                assert_eq!(window[line.clone()].iter().position(|&b| b == b':'), Some(name));
                parsed.fields.push(window[line].to_vec());
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

/// The result of a body: its content, and whether it is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) content: Vec<u8>,
    pub(crate) complete: Result<(), Error>,
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
            let complete = body.end_of_input();
            return Received { content, complete };
        }
        let (made, result) = body.decode(&mut raw);
        content.extend_from_slice(&raw[..made]);
        assert_eq!(body.received(), content.len() as u64);
        if let Err(error) = result {
            return Received { content, complete: Err(error) };
        }
    }
    Received { content, complete: Ok(()) }
}

/// Receives a body piece by piece, until the peer closes. Also gives the bytes of the input that
/// are not the body's.
pub(crate) fn pieces(framing: Framing, input: &[u8], cuts: Cuts) -> (Received, Vec<u8>) {
    let mut peer = Peer::new(input, cuts);
    let mut body = Body::new(framing);
    let mut ahead: Vec<u8> = Vec::new();
    let mut content = Vec::new();
    let complete = loop {
        if body.is_done() {
            break Ok(());
        }
        if ahead.is_empty() {
            ahead.extend_from_slice(peer.receive(usize::MAX));
            if ahead.is_empty() {
                break body.end_of_input();
            }
        }
        let ready = body.is_ready(&ahead);
        match body.next(&ahead) {
            Ok(Piece { framing, content: len }) => {
                assert!(framing + len > 0, "no progress");
                assert_eq!(ready, len > 0 || body.is_done());
                content.extend_from_slice(&ahead[framing..framing + len]);
                ahead.drain(..framing + len);
            }
            Err(error) => {
                assert!(ready);
                assert!(body.next(&ahead).is_err(), "errors stay");
                break Err(error);
            }
        }
        assert_eq!(body.received(), content.len() as u64);
    };
    ahead.extend_from_slice(peer.input);
    (Received { content, complete }, ahead)
}

/// Receives a body in every way, in several cuts and rooms, with equal results.
pub(crate) fn receive_everyhow(framing: Framing, input: &[u8]) -> Received {
    let expected = decode(framing, input, 1, BYTE_BY_BYTE);
    for cuts in [AT_ONCE, BYTE_BY_BYTE, &[2], &[3, 1, 50]] {
        for room in [1, 2, 5, 64, 10_000] {
            assert_eq!(decode(framing, input, room, cuts), expected, "{cuts:?} into {room}");
        }
        assert_eq!(pieces(framing, input, cuts).0, expected, "{cuts:?}");
    }
    expected
}
