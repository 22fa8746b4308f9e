//! A client in memory: performs the steps of a call against scripted peers, as `c_glue/call` does on sockets.

use std::iter::Cycle;
use std::slice::Iter;

use mrequests_engine::Error;
use mrequests_engine::call::{self, Answer as Outcome, Call, KeptField, Step};
use mrequests_engine::limits::MAX_LINE;
use mrequests_engine::request::{push_field, push_omitted};

use crate::latin1;
use crate::response::{AT_ONCE, Connection, Cuts, Response};

/// A buffer that holds the longest line.
pub(crate) type Buf = heapless::Vec<u8, MAX_LINE>;

/// The request of the client's caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    /// No value: the default is omitted.
    pub(crate) fields: &'a [(&'a str, Option<&'a str>)],
    pub(crate) content_type: &'a str,
    pub(crate) body: Body<'a>,
    pub(crate) max_redirects: Option<u32>,
    pub(crate) keep_all: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Body<'a> {
    None,
    Bytes(&'a [u8]),
    /// The pieces, and their length if the caller knows it.
    Pieces(&'a [&'a [u8]], Option<u64>),
}

pub(crate) const GET: Request<'static> = Request {
    method: "GET",
    url: "http://h/",
    fields: &[],
    content_type: "",
    body: Body::None,
    max_redirects: Some(1),
    keep_all: true,
};

pub(crate) const POST: Request<'static> =
    Request { method: "POST", content_type: "text/plain", body: Body::Bytes(b"hello"), ..GET };

/// The request that a peer received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// `scheme host port`.
    pub(crate) origin: String,
    /// The lines of the head.
    pub(crate) head: Vec<String>,
    pub(crate) body: String,
}

impl Sent {
    fn new(origin: &str, request: &[u8]) -> Self {
        let request = latin1::text(request);
        // A peer that closed within the head has no end of it.
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
        let head = head.split("\r\n").map(String::from).collect();
        Self { origin: origin.to_owned(), head, body: body.to_owned() }
    }

    /// The values of each field called `name`.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let fields = self.head[1..].iter().map(|line| line.split_once(": ").unwrap());
        fields.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Engine(Error),
    /// The peer closed within a body.
    Incomplete {
        done: u64,
        total: Option<u64>,
    },
    /// The socket's error, by the name of its errno.
    Socket(&'static str),
}

impl Failure {
    /// The exception that a caller of the module sees: ValueError, or an OSError's errno.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Engine(Error::NoResponse) => "ECONNRESET",
            Self::Engine(_) => "ValueError",
            Self::Incomplete { .. } => "ECONNABORTED",
            Self::Socket(errno) => errno,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

/// The bytes a peer sends, and the failure of the receive after them; without one, the peer closes.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) raw: Vec<u8>,
    pub(crate) end: Option<Failure>,
}

/// The client, and what it did. It connects to each of its peers once, in their order.
#[derive(Debug)]
pub(crate) struct Client<'a> {
    peers: std::vec::IntoIter<Connection<'a>>,
    /// How many bytes each send takes.
    sends: Cycle<Iter<'a, usize>>,
    /// How many bytes of its request each peer takes before it closes.
    pub(crate) takes: usize,
    /// The bytes that each peer took, by its origin.
    pub(crate) taken: Vec<(String, Vec<u8>)>,
    /// The steps, by their names.
    pub(crate) steps: Vec<&'static str>,
    /// The bytes of each `Send`.
    pub(crate) writes: Vec<Vec<u8>>,
    /// The URL of each `Open`.
    pub(crate) urls: Vec<String>,
    /// The values of each `Field` that a response keeps.
    pub(crate) kept: Vec<(KeptField, String)>,
    /// Status and URL of each `Redirected`.
    pub(crate) history: Vec<(u16, String)>,
}

impl<'a> Client<'a> {
    /// A client whose peers send these answers, each in the same cuts.
    pub(crate) fn new(answers: impl IntoIterator<Item = &'a [u8]>, cuts: Cuts<'a>) -> Self {
        Self::of(answers.into_iter().map(|answer| Connection::new(answer, None, cuts)).collect())
    }

    /// A client whose peers send these answers, each with its end.
    pub(crate) fn answered_by(answers: &'a [Answer], cuts: Cuts<'a>) -> Self {
        Self::of(
            answers.iter().map(|answer| Connection::new(&answer.raw, answer.end, cuts)).collect(),
        )
    }

    fn of(peers: Vec<Connection<'a>>) -> Self {
        Self {
            peers: peers.into_iter(),
            sends: AT_ONCE.iter().cycle(),
            takes: usize::MAX,
            taken: Vec::new(),
            steps: Vec::new(),
            writes: Vec::new(),
            urls: Vec::new(),
            kept: Vec::new(),
            history: Vec::new(),
        }
    }

    /// The same client, whose sends are cut.
    pub(crate) fn sending(self, cuts: Cuts<'a>) -> Self {
        Self { sends: cuts.iter().cycle(), ..self }
    }

    /// The requests that the peers received.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.taken.iter().map(|(origin, request)| Sent::new(origin, request)).collect()
    }

    /// The number of peers without a request.
    pub(crate) fn peers_left(&self) -> usize {
        self.peers.len()
    }

    /// Performs a request up to the end of the final head.
    pub(crate) fn perform(&mut self, request: &Request<'_>) -> Result<Response<'a>, Failure> {
        let mut fields = Buf::new();
        for (name, value) in request.fields {
            match value {
                Some(value) => push_field(&mut fields, name.as_bytes(), &latin1::bytes(value))?,
                None => push_omitted(&mut fields, name.as_bytes())?,
            }
        }
        let (body, pieces) = match request.body {
            Body::None => (call::Body::None, &[][..]),
            Body::Bytes(bytes) => (call::Body::Bytes(bytes), &[][..]),
            Body::Pieces(pieces, length) => (call::Body::Pieces(length), pieces),
        };
        let engine = call::Request {
            method: request.method.as_bytes(),
            url: request.url.as_bytes(),
            fields: &fields,
            content_type: request.content_type.as_bytes(),
            body,
            max_redirects: request.max_redirects,
        };
        self.feed(&engine, pieces, request.keep_all)
    }

    /// Performs the steps of a call.
    fn feed(
        &mut self,
        request: &call::Request<'_>,
        pieces: &[&[u8]],
        keep_all: bool,
    ) -> Result<Response<'a>, Failure> {
        self.steps.clear();
        let mut call = Call::<Buf>::new();
        let mut unsent = pieces.iter();
        loop {
            let connection = self.send(&mut call, request, pieces, &mut unsent)?;
            let mut response = Response::new(connection);
            response.incoming.begin_head(keep_all);
            if self.receive(&mut call, request, &mut response)? {
                return Ok(response);
            }
        }
    }

    /// Performs the steps up to the head of a response.
    fn send<'p>(
        &mut self,
        call: &mut Call<Buf>,
        request: &call::Request<'_>,
        pieces: &'p [&'p [u8]],
        unsent: &mut Iter<'p, &'p [u8]>,
    ) -> Result<Connection<'a>, Failure> {
        let mut connection = None;
        let mut outcome = Outcome::default();
        loop {
            let step = call.step(request, None, &outcome)?;
            self.steps.push(name(&step));
            outcome = Outcome { piece: outcome.piece, ..Outcome::default() };
            match step {
                Step::Rewind => *unsent = pieces.iter(),
                Step::Open { origin, url } => {
                    self.urls.push(latin1::text(url));
                    let host = String::from_utf8_lossy(origin.host);
                    let scheme = if origin.tls { "https" } else { "http" };
                    self.taken.push((format!("{scheme} {host} {}", origin.port), Vec::new()));
                    connection = Some(self.peers.next().expect("a peer to connect to"));
                }
                Step::Send(bytes) => match self.write(bytes) {
                    0 => outcome.peer_closed = true,
                    len => outcome.done = len,
                },
                Step::Piece => outcome.piece = unsent.next().copied().unwrap_or_default(),
                Step::Head => return Ok(connection.expect("an open connection")),
                other => panic!("{other:?} before the request is sent"),
            }
        }
    }

    /// Returns the number of bytes that the peer takes; 0 if it has closed.
    fn write(&mut self, bytes: &[u8]) -> usize {
        self.writes.push(bytes.to_vec());
        let (_, taken) = self.taken.last_mut().expect("an open connection");
        let cut = *self.sends.next().unwrap();
        let len = bytes.len().min(cut).min(self.takes - taken.len());
        taken.extend_from_slice(&bytes[..len]);
        len
    }

    /// Performs the steps up to the end of a head. Returns whether the response is the final one.
    fn receive(
        &mut self,
        call: &mut Call<Buf>,
        request: &call::Request<'_>,
        response: &mut Response<'_>,
    ) -> Result<bool, Failure> {
        let Response { incoming, connection, status, reason, fields, .. } = response;
        let mut outcome = Outcome::default();
        loop {
            let step = call.step(request, Some(incoming), &outcome)?;
            self.steps.push(name(&step));
            outcome = Outcome::default();
            match step {
                Step::Receive(room) => outcome.done = connection.receive(room)?,
                Step::Status { code, reason: phrase } => {
                    assert_eq!(*status, 0, "one status line");
                    (*status, *reason) = (code, phrase.to_vec());
                }
                Step::Field { line, kept: value } => {
                    fields.push(line.to_vec());
                    self.kept.extend(value.map(|(field, value)| (field, latin1::text(value))));
                }
                Step::Redirected { status, url } => {
                    self.history.push((status, latin1::text(url)));
                    return Ok(false);
                }
                Step::Done => return Ok(true),
                other => panic!("{other:?} after the request is sent"),
            }
        }
    }
}

fn name(step: &Step<'_>) -> &'static str {
    match step {
        Step::Open { .. } => "Open",
        Step::Send(_) => "Send",
        Step::Piece => "Piece",
        Step::Rewind => "Rewind",
        Step::Head => "Head",
        Step::Receive(_) => "Receive",
        Step::Status { .. } => "Status",
        Step::Field { .. } => "Field",
        Step::Redirected { .. } => "Redirected",
        Step::Done => "Done",
    }
}
