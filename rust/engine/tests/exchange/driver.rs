//! A client in memory: drives an exchange against scripted peers.

use mrequests_engine::Error;
use mrequests_engine::exchange::{Exchange, Next};
use mrequests_engine::limits::MAX_LINE;
use mrequests_engine::request::{BodyLength, push_field, push_omitted};
use mrequests_engine::sink::{Sink, put_hex};
use mrequests_engine::url::Url;

use crate::latin1;
use crate::response::{Connection, Cuts, Response};

/// A buffer that holds the longest line.
pub(crate) type Buf = heapless::Vec<u8, MAX_LINE>;

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
                    response.incoming.begin_body(exchange.is_head())?;
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
