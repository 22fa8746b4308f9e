//! A client in memory: drives an exchange the way `driver.rs` and `reader.rs` of
//! rust/mrequests do, against scripted peers.

use mrequests_engine::Error;
use mrequests_engine::exchange::{Exchange, Next};
use mrequests_engine::field::Known;
use mrequests_engine::incoming::{Event, Incoming, Read};
use mrequests_engine::limits::MAX_LINE;
use mrequests_engine::request::{BodyLength, push_field, push_omitted};
use mrequests_engine::sink::{Sink, put_hex};
use mrequests_engine::url::Url;

use crate::latin1;

/// A buffer that holds the longest line.
pub(crate) type Buf = heapless::Vec<u8, MAX_LINE>;

/// How many bytes each receive brings at most; repeated from the start when used up.
pub(crate) type Cuts<'a> = &'a [usize];

pub(crate) const AT_ONCE: Cuts<'static> = &[usize::MAX];
pub(crate) const BYTE_BY_BYTE: Cuts<'static> = &[1];

/// The request of the client's caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    /// No value: the default is omitted.
    pub(crate) fields: &'a [(&'a str, Option<&'a str>)],
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: &'a str,
    pub(crate) length: BodyLength,
    pub(crate) max_redirects: Option<u32>,
    pub(crate) keep_all: bool,
}

pub(crate) const GET: Request<'static> = Request {
    method: "GET",
    url: "http://h/",
    fields: &[],
    content_type: None,
    body: "",
    length: BodyLength::None,
    max_redirects: Some(1),
    keep_all: true,
};

pub(crate) const POST: Request<'static> = Request {
    method: "POST",
    content_type: Some("text/plain"),
    body: "hello",
    length: BodyLength::Known(5),
    ..GET
};

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
    /// The values of each field called `name`.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let fields = self.head[1..].iter().map(|line| line.split_once(": ").unwrap());
        fields.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Engine(Error),
    /// The peer closed before the end of a head.
    NoResponse,
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
            Self::Engine(_) => "ValueError",
            Self::NoResponse => "ECONNRESET",
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

/// A connection whose peer has sent everything. The bytes arrive in pieces.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    pub(crate) unread: &'a [u8],
    cuts: std::iter::Cycle<std::slice::Iter<'a, usize>>,
    /// The room of each receive.
    pub(crate) asked: Vec<usize>,
    end: Option<Failure>,
}

impl<'a> Connection<'a> {
    /// A connection that closes after `input`, or fails with `end`.
    pub(crate) fn new(input: &'a [u8], end: Option<Failure>, cuts: Cuts<'a>) -> Self {
        Self { unread: input, cuts: cuts.iter().cycle(), asked: Vec::new(), end }
    }

    /// Receives into `room`, which is not empty; 0 is the end.
    fn receive(&mut self, room: &mut [u8]) -> Result<usize, Failure> {
        assert!(!room.is_empty(), "nothing can be received into no room");
        self.asked.push(room.len());
        if let ([], Some(failure)) = (self.unread, self.end) {
            return Err(failure);
        }
        let cut = *self.cuts.next().unwrap();
        let (now, later) = self.unread.split_at(cut.min(room.len()).min(self.unread.len()));
        room[..now.len()].copy_from_slice(now);
        self.unread = later;
        Ok(now.len())
    }
}

/// The client, and the requests it sent. It connects to each of its peers once, in their order.
#[derive(Debug)]
pub(crate) struct Client<'a> {
    peers: std::vec::IntoIter<Connection<'a>>,
    pub(crate) sent: Vec<Sent>,
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
        Self { peers: peers.into_iter(), sent: Vec::new() }
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
        let method = request.method.as_bytes();
        let mut exchange = Exchange::new(method, &fields, request.length, request.max_redirects)?;
        let userinfo = Url::parse(request.url.as_bytes())?.userinfo;
        let mut current = Buf::from_slice(request.url.as_bytes()).unwrap();
        let (mut next, mut location) = (Buf::new(), Buf::new());
        loop {
            let url = Url { userinfo, ..Url::parse(&current)? };
            self.send(&exchange, &url, &fields, request)?;
            let connection = self.peers.next().expect("a peer to connect to");
            let mut response = Response::new(connection);
            location.clear();
            response.receive_head(&mut location, request.keep_all)?;
            let status = response.status;
            match exchange.after_head(status, &location, &current, &mut next)? {
                Next::Deliver => {
                    response.incoming.start_body(exchange.is_head(), status)?;
                    return Ok(response);
                }
                Next::Follow => current = next.clone(),
            }
        }
    }

    fn send(
        &mut self,
        exchange: &Exchange<'_>,
        url: &Url<'_>,
        fields: &[u8],
        request: &Request<'_>,
    ) -> Result<(), Failure> {
        let mut head = Buf::new();
        let content_type = request.content_type.map(str::as_bytes);
        exchange.write_head(url, fields, content_type, &mut head)?;
        let (mut body, content) = (Buf::new(), latin1::bytes(request.body));
        match exchange.body_length() {
            BodyLength::None => {}
            BodyLength::Known(length) => {
                assert_eq!(length, content.len() as u64);
                body.put(&content)?;
            }
            BodyLength::Chunked => {
                put_hex(&mut body, content.len() as u64)?;
                body.put(b"\r\n")?;
                body.put(&content)?;
                body.put(b"\r\n0\r\n\r\n")?;
            }
        }
        let head = latin1::text(&head);
        let lines = head.strip_suffix("\r\n\r\n").unwrap();
        let scheme = String::from_utf8_lossy(url.scheme.name());
        let host = String::from_utf8_lossy(url.host);
        self.sent.push(Sent {
            origin: format!("{scheme} {host} {}", url.effective_port()),
            head: lines.split("\r\n").map(String::from).collect(),
            body: latin1::text(&body),
        });
        Ok(())
    }
}

/// A response on its connection.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) reason: Vec<u8>,
    pub(crate) fields: Vec<Vec<u8>>,
    pub(crate) incoming: Incoming,
    pub(crate) connection: Connection<'a>,
    failure: Option<Failure>,
    /// How often the engine may still be called: in proportion to the input.
    calls_left: usize,
}

impl<'a> Response<'a> {
    pub(crate) fn new(connection: Connection<'a>) -> Self {
        Self {
            status: 0,
            reason: Vec::new(),
            fields: Vec::new(),
            incoming: Incoming::new(),
            failure: None,
            calls_left: 100 + 3 * connection.unread.len(),
            connection,
        }
    }

    fn count_call(&mut self) {
        self.calls_left = self.calls_left.checked_sub(1).expect("progress");
    }

    /// Receives into the read-ahead; `false` is the end.
    fn fill(&mut self) -> Result<bool, Failure> {
        let received = self.connection.receive(self.incoming.room())?;
        self.incoming.received(received);
        Ok(received > 0)
    }

    fn receive_head(&mut self, location: &mut Buf, keep_all: bool) -> Result<(), Failure> {
        let mut long = Buf::new();
        loop {
            self.count_call();
            match self.incoming.poll_head(&mut long, keep_all)? {
                Event::NeedMore => {
                    if !self.fill()? {
                        return Err(Failure::NoResponse);
                    }
                }
                Event::Status { code, reason } => {
                    assert_eq!(self.status, 0, "one status line");
                    self.status = code;
                    self.reason = reason.to_vec();
                }
                Event::Field(line, known) => {
                    let is_redirect = (300..400).contains(&self.status);
                    if let (true, Some((Known::Location, value))) = (is_redirect, known) {
                        location.clear();
                        location.put(value)?;
                    }
                    self.fields.push(line.to_vec());
                }
                Event::End => return Ok(()),
            }
        }
    }

    /// Reads content: as much as one receive gives, or with `fill` until `dst` is full or the body
    /// ends. 0 is the end. A failure after content is returned by the next read and all later ones.
    pub(crate) fn read(&mut self, dst: &mut [u8], fill: bool) -> Result<usize, Failure> {
        let mut got = 0;
        while got < dst.len() {
            match self.read_some(&mut dst[got..]) {
                Ok(0) => break,
                Ok(len) => got += len,
                Err(failure) => {
                    self.failure.get_or_insert(failure);
                    if got > 0 {
                        break;
                    }
                    return Err(failure);
                }
            }
            if !fill {
                break;
            }
        }
        Ok(got)
    }

    fn read_some(&mut self, dst: &mut [u8]) -> Result<usize, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        loop {
            self.count_call();
            let ready = self.incoming.is_ready();
            let read = self.incoming.read(dst);
            assert_eq!(ready, !matches!(read, Ok(Read::Fill | Read::Direct(_))), "{read:?}");
            let (len, more) = match read? {
                Read::Content(len) => (len, true),
                Read::End => (0, true),
                Read::Fill => (0, self.fill()?),
                Read::Direct(limit) => {
                    let received = self.connection.receive(&mut dst[..limit])?;
                    (self.incoming.decode(&mut dst[..received])?, received > 0)
                }
            };
            if !more && !self.incoming.end_of_input() {
                let total = self.incoming.content_expected().map(|(total, _)| total);
                return Err(Failure::Incomplete { done: self.incoming.content_received(), total });
            }
            if len > 0 || self.incoming.is_done() {
                return Ok(len);
            }
        }
    }

    /// The content by reads of these sizes, repeated, and its end or failure.
    pub(crate) fn read_all(
        &mut self,
        sizes: &[usize],
        fill: bool,
    ) -> (Vec<u8>, Result<(), Failure>) {
        let mut content = Vec::new();
        for &size in sizes.iter().cycle() {
            let mut dst = vec![0; size];
            match self.read(&mut dst, fill) {
                Ok(0) => {
                    assert_eq!(self.read(&mut dst, fill), Ok(0), "the end stays the end");
                    return (content, Ok(()));
                }
                Ok(len) => content.extend_from_slice(&dst[..len]),
                Err(failure) => {
                    assert_eq!(self.read(&mut dst, fill), Err(failure), "failures stay");
                    return (content, Err(failure));
                }
            }
            assert_eq!(self.incoming.content_received(), content.len() as u64);
        }
        unreachable!("there are sizes");
    }
}
