//! The engine at work, driven as rust/mrequests drives it.

use mrequests_engine::Error;
use mrequests_engine::exchange::Exchange;
use mrequests_engine::form::push_pair;
use mrequests_engine::head::{self, Head};
use mrequests_engine::incoming::{self, Incoming, Read};
use mrequests_engine::percent::{SafeSet, quote};
use mrequests_engine::request::{BodyLength, push_field};
use mrequests_engine::resolve::resolve;
use mrequests_engine::url::Url;

use crate::{BLOCK, samples};

/// Holds all that is written here.
pub type Buf = heapless::Vec<u8, 8192>;

/// What a peer sent and was not received yet.
struct Peer<'a>(&'a [u8]);

impl Peer<'_> {
    fn receive(&mut self, to: &mut [u8]) -> usize {
        let (now, later) = self.0.split_at(to.len().min(self.0.len()));
        to[..now.len()].copy_from_slice(now);
        self.0 = later;
        now.len()
    }

    fn fill(&mut self, incoming: &mut Incoming) {
        let len = self.receive(incoming.room());
        incoming.received(len);
    }
}

/// Reads a head through the read-ahead; gives the number of its fields.
pub fn read_head(head: &[u8]) -> Result<usize, Error> {
    let mut peer = Peer(head);
    let mut incoming = Incoming::new();
    let mut long = Buf::new();
    let mut fields = 0;
    loop {
        match incoming.poll_head(&mut long, true)? {
            incoming::Event::NeedMore => peer.fill(&mut incoming),
            incoming::Event::Status { .. } => {}
            incoming::Event::Field(..) => fields += 1,
            incoming::Event::End => return Ok(fields),
        }
    }
}

/// Steps through a head that is in memory as a whole; gives the number of its fields.
pub fn step_head(window: &mut [u8]) -> Result<usize, Error> {
    let mut head = Head::new();
    let mut fields = 0;
    let mut start = 0;
    loop {
        let step = head.step(&mut window[start..], false)?;
        start += step.consumed;
        match step.event {
            head::Event::Field(_) => fields += 1,
            head::Event::End => return Ok(fields),
            _ => {}
        }
    }
}

/// A response whose chunked body is to be read.
fn start_chunked() -> Incoming {
    let mut incoming = Incoming::new();
    incoming.note_field(b"Transfer-Encoding: chunked");
    incoming.start_body(false, 200).expect("a chunked body");
    incoming
}

/// Reads a body block by block; gives the length of its content.
pub fn read_body(body: &[u8], content: &mut [u8]) -> Result<usize, Error> {
    let mut incoming = start_chunked();
    let mut peer = Peer(body);
    let mut got = 0;
    loop {
        let end = content.len().min(got + BLOCK);
        let dst = &mut content[got..end];
        got += match incoming.read(dst)? {
            Read::Content(len) => len,
            Read::End => return Ok(got),
            Read::Fill => {
                peer.fill(&mut incoming);
                0
            }
            Read::Direct(limit) => {
                let len = peer.receive(&mut dst[..limit]);
                incoming.decode(&mut dst[..len])?
            }
        };
    }
}

/// Takes a URL apart and writes its target.
pub fn parse_url(out: &mut Buf) -> Result<(), Error> {
    out.clear();
    Url::parse(samples::URL)?.put_target(out)
}

pub fn resolve_reference(out: &mut Buf) -> Result<(), Error> {
    resolve(samples::BASE, samples::REFERENCE, out)
}

pub fn quote_text(out: &mut Buf) -> Result<(), Error> {
    out.clear();
    quote(samples::TEXT, &SafeSet::UNRESERVED, false, out)
}

pub fn encode_form(out: &mut Buf) -> Result<(), Error> {
    out.clear();
    for (index, (name, value)) in samples::FORM.into_iter().enumerate() {
        push_pair(out, index == 0, name, value, &SafeSet::UNRESERVED)?;
    }
    Ok(())
}

/// Writes the head of a request with fields of the caller's.
pub fn write_request(out: &mut Buf) -> Result<(), Error> {
    let mut fields = Buf::new();
    for (name, value) in samples::FIELDS {
        push_field(&mut fields, name, value)?;
    }
    out.clear();
    let url = Url::parse(samples::URL)?;
    Exchange::new(b"GET", &fields, BodyLength::None, Some(1))?.write_head(&url, &fields, None, out)
}
