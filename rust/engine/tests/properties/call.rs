//! Calls: what is sent is one request, the steps are in order, and no cut makes a difference.

mod request;

use std::slice::Iter;

use mrequests_engine::Error;
use mrequests_engine::call::{Answer, Body, Call, Origin, Request, Step, kept_field};
use mrequests_engine::field::known;
use mrequests_engine::incoming::Incoming;
use mrequests_engine::request::{push_field, push_omitted};
use mrequests_engine::sink::Buffer;

use self::request::check_requests;
use super::input::{AT_ONCE, Peer, Sizes, expanded, nth, number, part};
use super::written::{Written, written};

/// Performs a call. The parts of `input`: numbers and then sizes, the method, the URL, the fields,
/// the default Content-Type, the body, and the answer to each request.
pub fn call(mut input: &[u8]) {
    let limit = 16 * (2000 + input.len());
    let mut control = part(&mut input);
    let (kind, redirects) = (number(&mut control), number(&mut control));
    let takes = usize::from(number(&mut control)) * 8;
    let sizes = control;
    let (method, url) = (part(&mut input), part(&mut input));
    let given = Given::read(part(&mut input));
    let (content_type, content) = (part(&mut input), part(&mut input));
    let content = &expanded(if kind % 8 == 0 { b"" } else { content })[..];
    let len = content.len() as u64;
    let body = match kind % 8 {
        0 => Body::None,
        1 | 2 => Body::Bytes(content),
        3 | 4 => Body::Pieces(None),
        5 => Body::Pieces(Some(len)),
        6 => Body::Pieces(Some(len + 1)),
        _ => Body::Pieces(Some(len.saturating_sub(1))),
    };
    let script = Script {
        request: Request {
            method,
            url,
            fields: &given.block,
            content_type,
            body,
            max_redirects: redirects.checked_sub(1).map(u32::from),
        },
        pieces: pieces(content, sizes),
        keep_all: kind & 8 != 0,
        takes: if takes == 0 { usize::MAX } else { takes },
        answers: input,
        limit,
    };
    let done = script.perform::<Written>(AT_ONCE);
    assert!(done.hops.len() <= usize::from(redirects).max(1));
    check_requests(&script.request, &given.fields, content, &done);
    if !given.frame_the_body() && kind % 8 < 6 {
        assert_ne!(done.result, Err(Error::BodyMismatch));
    }
    assert_eq!(script.perform::<Written>(sizes), done);
    if kind & 16 != 0 {
        check_scarce(&script.perform::<heapless::Vec<u8, 300>>(AT_ONCE), &done);
    }
}

/// The fields of the caller: those that are accepted.
struct Given<'i> {
    block: Vec<u8>,
    /// Without a value: the default is omitted.
    fields: Vec<(&'i [u8], Option<&'i [u8]>)>,
}

impl<'i> Given<'i> {
    /// Reads fields that unit separators of ASCII separate.
    fn read(text: &'i [u8]) -> Self {
        let mut given = Self { block: Vec::new(), fields: Vec::new() };
        for field in text.split(|&b| b == 0x1f) {
            let mut parts = field.splitn(2, |&b| b == b':');
            let (name, value) = (parts.next().unwrap_or_default(), parts.next());
            let line = written(|out| match value {
                Some(value) => push_field(out, name, value),
                None => push_omitted(out, name),
            });
            if let Ok(line) = line {
                given.block.extend(line);
                given.fields.push((name, value));
            }
        }
        given
    }

    fn frame_the_body(&self) -> bool {
        let names = ["content-length", "transfer-encoding"];
        let mut given = self.fields.iter().map(|(name, _)| name.to_ascii_lowercase());
        given.any(|name| names.iter().any(|other| name == other.as_bytes()))
    }
}

/// `content` in pieces of these sizes.
fn pieces<'i>(mut content: &'i [u8], sizes: Sizes<'_>) -> Vec<&'i [u8]> {
    let mut pieces = Vec::new();
    while !content.is_empty() {
        let (piece, rest) = content.split_at(nth(sizes, pieces.len()).min(content.len()));
        pieces.push(piece);
        content = rest;
    }
    pieces
}

/// What the caller and the peers of a call do.
struct Script<'i> {
    request: Request<'i>,
    pieces: Vec<&'i [u8]>,
    keep_all: bool,
    /// How many bytes of its request each peer takes before it closes.
    takes: usize,
    /// The answer of each peer, in parts.
    answers: &'i [u8],
    /// More bytes than any request has.
    limit: usize,
}

/// What the peers and the caller see of a call.
#[derive(Debug, PartialEq, Eq)]
struct Done {
    hops: Vec<Hop>,
    result: Result<(), Error>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Hop {
    host: Vec<u8>,
    port: u16,
    tls: bool,
    url: Vec<u8>,
    sent: Vec<u8>,
    /// The peer has taken the whole request.
    is_sent: bool,
    status: Option<(u16, Vec<u8>)>,
    fields: Vec<Vec<u8>>,
}

impl Script<'_> {
    /// Performs the steps of the call.
    fn perform<B: Buffer + Default>(&self, cuts: Sizes<'_>) -> Done {
        let mut call = Call::<B>::new();
        let mut incoming = None;
        let mut driver = Driver::new(self, cuts);
        let mut answer = Answer::default();
        loop {
            let step = match call.step(&self.request, incoming.as_mut(), &answer) {
                Ok(step) => step,
                Err(error) => return Done { hops: driver.hops, result: Err(error) },
            };
            driver.check_order(&step);
            answer = Answer { piece: answer.piece, ..Answer::default() };
            match step {
                Step::Open { origin, url } => driver.open(origin, url),
                Step::Send(bytes) => driver.send(bytes, &mut answer),
                Step::Piece => answer.piece = driver.unsent.next().copied().unwrap_or_default(),
                Step::Rewind => driver.unsent = self.pieces.iter(),
                Step::Head => {
                    driver.hop().is_sent = !driver.is_closed;
                    incoming.insert(Incoming::new()).begin_head(self.keep_all);
                }
                Step::Receive(room) => answer.done = driver.peer.receive(room),
                Step::Status { code, reason } => {
                    let before = driver.hop().status.replace((code, reason.to_vec()));
                    assert_eq!(before, None);
                }
                Step::Field { line, kept } => {
                    assert_eq!(kept, kept_field(known(line)));
                    driver.hop().fields.push(line.to_vec());
                }
                Step::Redirected { status, url } => {
                    let hop = driver.hop();
                    assert!(
                        hop.url == url && hop.status.as_ref().is_some_and(|(s, _)| *s == status)
                    );
                    incoming = None;
                }
                Step::Done => return Done { hops: driver.hops, result: Ok(()) },
            }
        }
    }
}

/// The connections of a call.
struct Driver<'s> {
    script: &'s Script<'s>,
    cuts: Sizes<'s>,
    unsent: Iter<'s, &'s [u8]>,
    /// The answers of the peers after this one.
    answers: &'s [u8],
    peer: Peer<'s>,
    /// The peer has closed before it took the whole request.
    is_closed: bool,
    sends: usize,
    hops: Vec<Hop>,
    last: &'static str,
    steps_left: usize,
}

impl<'s> Driver<'s> {
    fn new(script: &'s Script<'s>, cuts: Sizes<'s>) -> Self {
        Self {
            script,
            cuts,
            unsent: script.pieces.iter(),
            answers: script.answers,
            peer: Peer::new(b"", cuts),
            is_closed: false,
            sends: 0,
            hops: Vec::new(),
            last: "",
            steps_left: 1,
        }
    }

    fn hop(&mut self) -> &mut Hop {
        self.hops.last_mut().unwrap()
    }

    /// Checks that `step` may follow the last one.
    fn check_order(&mut self, step: &Step<'_>) {
        let (name, before): (_, &[&str]) = match step {
            Step::Open { .. } => ("Open", &["", "Redirected", "Rewind"]),
            Step::Send(_) => ("Send", &["Open", "Send", "Piece"]),
            Step::Piece => ("Piece", &["Send"]),
            Step::Head => ("Head", &["Send", "Piece"]),
            Step::Receive(_) => ("Receive", &["Head", "Receive", "Status", "Field"]),
            Step::Status { .. } => ("Status", &["Receive"]),
            Step::Field { .. } => ("Field", &["Receive", "Status", "Field"]),
            Step::Redirected { .. } => ("Redirected", &["Receive", "Status", "Field"]),
            Step::Rewind => ("Rewind", &["Redirected"]),
            Step::Done => ("Done", &["Receive", "Status", "Field"]),
        };
        assert!(before.contains(&self.last), "{name} after {}", self.last);
        self.last = name;
        self.steps_left = self.steps_left.checked_sub(1).expect("progress");
    }

    fn open(&mut self, origin: Origin<'_>, url: &[u8]) {
        let Origin { host, port, tls, .. } = origin;
        let (host, url) = (host.to_vec(), url.to_vec());
        self.hops.push(Hop { host, port, tls, url, ..Hop::default() });
        self.peer = Peer::new(part(&mut self.answers), self.cuts);
        self.is_closed = false;
        self.steps_left += self.script.limit;
    }

    fn send(&mut self, bytes: &[u8], answer: &mut Answer<'_>) {
        assert!(!bytes.is_empty() && !self.is_closed);
        let size = nth(self.cuts, self.sends);
        let (takes, limit) = (self.script.takes, self.script.limit);
        self.sends += 1;
        let sent = &mut self.hop().sent;
        let len = bytes.len().min(size).min(takes - sent.len());
        sent.extend_from_slice(&bytes[..len]);
        assert!(sent.len() <= limit);
        (answer.done, answer.peer_closed) = (len, len == 0);
        self.is_closed = len == 0;
    }
}

/// Without memory a call stops, and has sent nothing else before.
fn check_scarce(scarce: &Done, done: &Done) {
    if scarce.result != Err(Error::NoRoom) {
        return assert_eq!(scarce, done);
    }
    assert!(scarce.hops.len() <= done.hops.len());
    for (hop, whole) in scarce.hops.iter().zip(&done.hops) {
        assert!(hop.url == whole.url && whole.sent.starts_with(&hop.sent));
    }
}
