//! The steps of a call: from the checked request to the head of the final response, redirects
//! included.
//!
//! The engine decides and the driver acts: it performs each [`Step`] and asks for the next one.
//! A call without redirects is [`Step::Open`], [`Step::Send`] and [`Step::Piece`] until all is
//! sent, [`Step::Head`], [`Step::Receive`] with [`Step::Status`] and [`Step::Field`],
//! [`Step::Done`].

mod receive;
mod send;

pub use self::receive::{KeptField, kept_field};
use self::send::Part;
use crate::Error;
use crate::incoming::Incoming;
use crate::request::{BodyLength, Kept, Method};
use crate::sink::Buffer;
use crate::url::{Scheme, Url};

/// A request as its caller gives it. It stays the same during a call.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a [u8],
    /// The absolute URL.
    pub url: &'a [u8],
    /// The caller's fields, a block that [`push_field`](crate::request::push_field) wrote.
    pub fields: &'a [u8],
    /// The default Content-Type of the body, or empty.
    pub content_type: &'a [u8],
    /// The body.
    pub body: Body<'a>,
    /// The number of redirects to follow before [`Error::TooManyRedirects`]. `None` delivers
    /// redirects to the caller.
    pub max_redirects: Option<u32>,
}

/// The source of a request's body.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// There is no body.
    None,
    /// The body.
    Bytes(&'a [u8]),
    /// The driver provides the body, of this length if known, at [`Step::Piece`].
    Pieces(Option<u64>),
}

/// The outcome of the last step.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// The number of bytes sent or received.
    pub done: usize,
    /// The peer closed the connection before [`Step::Send`]. It may have responded before.
    pub peer_closed: bool,
    /// The bytes of the last [`Step::Piece`], also after the steps that send them.
    pub piece: &'a [u8],
}

/// The next action of the driver. Borrowed bytes are valid until the next step.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Connect.
    Open {
        /// The other end.
        origin: Origin<'a>,
        /// The URL of the request.
        url: &'a [u8],
    },
    /// Send these bytes, or a part of them.
    Send(&'a [u8]),
    /// Provide the next bytes of the body; none at its end.
    Piece,
    /// Go back to the start of the body.
    Rewind,
    /// The head of a response begins: pass an [`Incoming`] from now on.
    Head,
    /// Receive into this room; 0 bytes at the end of the connection.
    Receive(&'a mut [u8]),
    /// Keep the status line.
    Status {
        /// The status code, 100 to 999.
        code: u16,
        /// The reason phrase; may be empty.
        reason: &'a [u8],
    },
    /// Keep a field. Comes for Location, Content-Type and Content-Encoding, or for every field.
    Field {
        /// Its line, without line end.
        line: &'a [u8],
        /// The result of [`kept_field`] for it.
        kept: Option<(KeptField, &'a [u8])>,
    },
    /// Close the connection: the response redirects the request.
    Redirected {
        /// The status code.
        status: u16,
        /// The URL of the request that was redirected.
        url: &'a [u8],
    },
    /// The head of the final response is complete; its body follows.
    Done,
}

/// The origin of a URL (RFC 9110 section 4.3.1), to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The host. An IPv6 address has no brackets.
    pub host: &'a [u8],
    /// The port.
    pub port: u16,
    /// Whether the scheme is https.
    pub tls: bool,
    /// Whether the host is an IPv4 or IPv6 address.
    pub is_address: bool,
    /// Whether the request takes several writes.
    pub large: bool,
}

impl<'a> Origin<'a> {
    fn new(url: &Url<'a>, large: bool) -> Self {
        Self {
            host: url.host,
            port: url.effective_port(),
            tls: url.scheme == Scheme::Https,
            is_address: url.is_address(),
            large,
        }
    }
}

/// The state of a call between its steps.
#[derive(Debug)]
pub struct Call<B> {
    /// The head or the chunk that is being sent; later the Location of a redirect.
    out: B,
    /// The URL of the current request, once the first one was redirected.
    url: B,
    /// A long field line; later the URL that the redirect leads to.
    line: B,
    /// The number of bytes of [`Step::Send`] that were sent.
    sent: usize,
    /// The part of the body that is not sent.
    left: BodyLength,
    redirects: u32,
    status: u16,
    kept: Kept,
    phase: Phase,
}

/// The last step, by which its answer is understood.
#[derive(Debug, Clone, Copy)]
enum Phase {
    Begin,
    /// The part is to be sent.
    Open(Part),
    Send(Part),
    Piece,
    Head,
    Receive,
    /// [`Step::Status`] or [`Step::Field`].
    Keep,
    Redirected,
    Rewind,
    Done,
}

impl<B: Buffer + Default> Default for Call<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Buffer + Default> Call<B> {
    /// Creates the state before the first step.
    pub fn new() -> Self {
        Self {
            out: B::default(),
            url: B::default(),
            line: B::default(),
            sent: 0,
            left: BodyLength::None,
            redirects: 0,
            status: 0,
            kept: Kept { credentials: true, content: true },
            phase: Phase::Begin,
        }
    }

    /// Takes in the outcome of the last step and returns the next one. `incoming` is `None` before
    /// [`Step::Head`], and then the response of the current connection.
    ///
    /// Errors of the request, before anything is sent: [`Error::InvalidMethod`],
    /// [`Error::BodyMismatch`], [`Error::InvalidFieldValue`] of the default Content-Type, and those
    /// of [`Url::parse`].
    ///
    /// Later ones, after which the driver closes the connection: [`Error::BodyMismatch`] if the
    /// pieces are longer or shorter than announced, [`Error::NoResponse`] if the peer closed before
    /// the end of the head, [`Error::TooManyRedirects`], and those of the head and of its Location.
    ///
    /// At any time: [`Error::NoRoom`].
    pub fn step<'a>(
        &'a mut self,
        request: &'a Request<'_>,
        incoming: Option<&'a mut Incoming>,
        answer: &Answer<'a>,
    ) -> Result<Step<'a>, Error> {
        match self.phase {
            Phase::Begin | Phase::Rewind => self.open(request),
            Phase::Open(part) => Ok(self.send(part, &[])),
            Phase::Send(_) if answer.peer_closed => Ok(self.end_request()),
            Phase::Send(part) => self.send_on(part, request, answer),
            Phase::Piece => self.send_piece(answer.piece),
            Phase::Head | Phase::Receive | Phase::Keep => match incoming {
                Some(incoming) => self.receive(request, incoming, answer.done),
                None => Ok(Step::Head),
            },
            Phase::Redirected => self.follow(request),
            Phase::Done => Ok(Step::Done),
        }
    }

    /// The method of the current request.
    fn method<'a>(&self, request: &Request<'a>) -> Method<'a> {
        if self.kept.content { Method::unchecked(request.method) } else { Method::GET }
    }
}

/// The URL of the current request, in `redirected` after a redirect.
fn current_url<'a>(
    redirects: u32,
    request: &'a Request<'_>,
    redirected: &'a impl Buffer,
) -> &'a [u8] {
    if redirects == 0 { request.url } else { redirected.as_slice() }
}
