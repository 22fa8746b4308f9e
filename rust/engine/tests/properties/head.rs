//! Heads of responses: any cut gives the same events and the same end.

use mrequests_engine::Error;
use mrequests_engine::ascii::is_token;
use mrequests_engine::field::{Known, known, split, without_line_end};
use mrequests_engine::incoming::{Event, Incoming};
use mrequests_engine::limits::{MAX_FIELDS, MAX_LINE, READ_AHEAD};
use mrequests_engine::sink::Buffer;

use super::input::{AT_ONCE, BYTE_BY_BYTE, Peer, expanded, part};
use super::written::Written;

/// Parses the second part of `input` in the cuts of the first one.
pub fn head(mut input: &[u8]) {
    let cuts = part(&mut input);
    let raw = expanded(input);
    let whole = parse(Peer::new(&raw, AT_ONCE), true);
    whole.check(&raw);
    assert_eq!(parse(Peer::new(&raw, cuts), true), whole);
    let known_ones = Parsed { lines: whole.known(), ..whole };
    assert_eq!(parse(Peer::new(&raw, BYTE_BY_BYTE), false), known_ones);
}

/// The events of a head.
#[derive(Debug, PartialEq, Eq)]
struct Parsed {
    status: Option<u16>,
    /// The reason, and the fields.
    lines: Vec<u8>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Complete, after this many bytes.
    Complete(usize),
    /// The connection ended first.
    Unfinished,
    Refused(Error),
}

fn parse(mut peer: Peer<'_>, keep_all: bool) -> Parsed {
    let mut incoming = Incoming::new();
    incoming.begin_head(keep_all);
    let mut long = Written::default();
    let mut parsed = Parsed { status: None, lines: Vec::with_capacity(64), end: End::Unfinished };
    // Each event takes a line, and each receive a byte.
    for _ in 0..2 * peer.len() + 2 {
        match incoming.poll_head(&mut long) {
            Ok(Event::NeedMore) => match peer.receive(incoming.room()) {
                0 => return parsed,
                len => incoming.received(len),
            },
            Ok(Event::Status(code, reason)) => {
                assert_eq!(parsed.status, None);
                parsed.status = Some(code);
                parsed.push(&incoming.read_ahead[reason]);
            }
            Ok(Event::Field(line)) => parsed.push(&incoming.read_ahead[line]),
            Ok(Event::LongField) => parsed.push(long.as_slice()),
            Ok(Event::End) => {
                let ahead = READ_AHEAD - incoming.room().len();
                parsed.end = End::Complete(peer.received - ahead);
                return parsed;
            }
            Err(error) => {
                parsed.end = End::Refused(error);
                return parsed;
            }
        }
    }
    panic!("no progress");
}

impl Parsed {
    fn push(&mut self, line: &[u8]) {
        assert!(!line.iter().any(|b| matches!(b, b'\r' | b'\n' | 0)) && !line.ends_with(b" "));
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
    }

    /// Reason and fields, with their line ends.
    fn lines(&self) -> (Option<&[u8]>, impl Iterator<Item = &[u8]>) {
        let mut lines = self.lines.split_inclusive(|&b| b == b'\n');
        (lines.next(), lines)
    }

    /// The lines without the fields that are kept only with all.
    fn known(&self) -> Vec<u8> {
        let (reason, fields) = self.lines();
        let is_kept = |line: &&[u8]| {
            use Known::{ContentEncoding, ContentType, Location};
            let known = known(without_line_end(line));
            matches!(known, Some((Location | ContentType | ContentEncoding, _)))
        };
        reason.into_iter().chain(fields.filter(is_kept)).collect::<Vec<_>>().concat()
    }

    fn check(&self, raw: &[u8]) {
        let (reason, fields) = self.lines();
        assert_eq!(reason.is_some(), self.status.is_some());
        assert!(self.status.is_none_or(|code| matches!(code, 101 | 200..1000)));
        assert!(reason.is_none_or(|reason| reason.len() < READ_AHEAD));
        assert!(self.lines.len() <= raw.len());
        let mut count = 0;
        for line in fields {
            count += 1;
            assert!(line.len() <= MAX_LINE);
            assert!(split(line).is_some_and(|(name, _)| is_token(name)), "{line:?}");
        }
        assert!(count <= MAX_FIELDS);
        if let End::Complete(len) = self.end {
            assert!(self.status.is_some() && raw[..len].ends_with(b"\n"));
        }
    }
}
