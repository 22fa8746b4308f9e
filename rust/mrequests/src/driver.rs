//! Performs a request: connects, sends, receives the head, follows redirects.

use core::mem;

use micropython_sys as sys;
use mrequests_engine::Error;
use mrequests_engine::exchange::{Exchange, Next};
use mrequests_engine::field::{self, Known};
use mrequests_engine::incoming::Event;
use mrequests_engine::request::BodyLength;
use mrequests_engine::sink::{Buffer, Sink, put_hex};
use mrequests_engine::url::Url;

use crate::call::Call;
use crate::failure::{Failure, Result};
use crate::memory::{GcBuf, Lent};
use crate::response::Response;

/// The most bytes that a head and its body, or a chunk, have in one write: about one TCP segment.
const ONE_WRITE: usize = 1400;

/// Room in bytes for the default fields and the request line without its URL, and for the fields of
/// a body.
const DEFAULT_FIELDS: usize = 80;
const BODY_FIELDS: usize = 32;

/// A request of C in progress.
struct Driver<'a> {
    call: Call,
    exchange: Exchange<'a>,
    fields: &'a [u8],
    content_type: Option<&'a [u8]>,
    /// The body; `None` if C provides it in pieces.
    body: Option<&'a [u8]>,
    head: GcBuf,
}

/// Performs `request` up to the end of the final response's head.
///
/// # Safety The memory that `request` points to does not change during the call.
pub(crate) unsafe fn perform(call: Call, request: &sys::mrq_request_t) -> Result<()> {
    // SAFETY: the caller's promise.
    let lent = |bytes| unsafe { Lent::from_raw(bytes) }.as_slice();
    let fields = lent(sys::mrq_bytes_t { data: request.fields.data, len: request.fields.len });
    let content_type = lent(request.content_type);
    let (body, length) = match request.body_kind {
        sys::MRQ_BODY_NONE => (Some(&[][..]), BodyLength::None),
        sys::MRQ_BODY_BYTES => (Some(lent(request.body)), BodyLength::Known(request.body_length)),
        _ if request.body_length == sys::MRQ_UNKNOWN => (None, BodyLength::Chunked),
        _ => (None, BodyLength::Known(request.body_length)),
    };
    let max_redirects = request.allow_redirects.then_some(request.max_redirects);
    let driver = Driver {
        call,
        exchange: Exchange::new(lent(request.method), fields, length, max_redirects)?,
        fields,
        content_type: Some(content_type).filter(|value| !value.is_empty()),
        body,
        head: GcBuf::new(),
    };
    driver.run(lent(request.url))
}

impl Driver<'_> {
    fn run(mut self, first: &[u8]) -> Result<()> {
        let mut current = GcBuf::new();
        let mut next = GcBuf::new();
        let origin = Url::parse(first)?;
        let (mut url, mut text) = (origin, first);
        loop {
            let response = self.send_to(&url, text)?;
            match self.receive_from(response, text, &mut next) {
                Ok(Next::Deliver) => {
                    next.free();
                    current.free();
                    return Ok(());
                }
                Ok(Next::Follow) => {
                    response.close();
                    mem::swap(&mut current, &mut next);
                    text = current.as_slice();
                    // Credentials never come from a redirect; those of the caller stay with their
                    // origin.
                    url = Url { userinfo: origin.userinfo, ..Url::parse(text)? };
                    if self.exchange.body_length() != BodyLength::None && self.body.is_none() {
                        self.call.rewind()?;
                    }
                }
                Err(failure) => {
                    response.fail(failure);
                    return Err(failure);
                }
            }
        }
    }

    /// Opens a connection to the origin of `url`, whose text is `text`, and sends the request.
    /// Closes the connection on an error.
    fn send_to(&mut self, url: &Url<'_>, text: &[u8]) -> Result<Response> {
        self.head.truncate(0);
        self.head.reserve(self.likely_len(text))?;
        self.exchange.write_head(url, self.fields, self.content_type, &mut self.head)?;
        let joined = self.join_small_body()?;
        let response = self.call.open(url, text, !joined)?;
        let sent = response.send(self.head.as_slice()).and_then(|()| match joined {
            true => Ok(()),
            false => self.send_body(response),
        });
        self.head.free();
        match sent {
            // The server may have responded before it closed: try to receive the head.
            Err(Failure::PEER_CLOSED) => Ok(response),
            Err(failure) => {
                response.fail(failure);
                Err(failure)
            }
            Ok(()) => Ok(response),
        }
    }

    /// Estimates the length of the head, with a small body behind it. Percent-encoding may exceed
    /// it.
    fn likely_len(&self, url: &[u8]) -> usize {
        let head = DEFAULT_FIELDS + url.len() + self.fields.len();
        match (self.exchange.body_length(), self.body) {
            (BodyLength::Known(_), Some(body)) if head + body.len() <= ONE_WRITE => {
                head + BODY_FIELDS + body.len()
            }
            _ => head,
        }
    }

    /// Appends a small body to the head, so that one write sends both. Returns whether the head is
    /// all there is to send.
    fn join_small_body(&mut self) -> Result<bool> {
        match (self.exchange.body_length(), self.body) {
            (BodyLength::None, _) => Ok(true),
            (BodyLength::Known(_), Some(bytes))
                if self.head.as_slice().len() + bytes.len() <= ONE_WRITE =>
            {
                self.head.put(bytes)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn send_body(&mut self, response: Response) -> Result<()> {
        let length = self.exchange.body_length();
        let mut left = match length {
            BodyLength::Known(length) => length,
            _ => u64::MAX,
        };
        let mut bytes = self.body.unwrap_or_default();
        loop {
            let piece = match self.body {
                Some(_) => mem::take(&mut bytes),
                None => self.call.next_piece()?,
            };
            if piece.is_empty() {
                break;
            }
            // The server would take excess bytes for another request.
            left = left.checked_sub(piece.len() as u64).ok_or(Error::BodyMismatch)?;
            match length {
                BodyLength::Chunked => self.send_chunk(response, piece)?,
                _ => response.send(piece)?,
            }
        }
        match length {
            BodyLength::Chunked => response.send(b"0\r\n\r\n"),
            _ if left > 0 => Err(Error::BodyMismatch.into()),
            _ => Ok(()),
        }
    }

    /// Sends a chunk (RFC 9112 section 7.1). `bytes` is not empty.
    fn send_chunk(&mut self, response: Response, bytes: &[u8]) -> Result<()> {
        self.head.truncate(0);
        put_hex(&mut self.head, bytes.len() as u64)?;
        self.head.put(b"\r\n")?;
        if bytes.len() <= ONE_WRITE {
            self.head.put(bytes)?;
        } else {
            response.send(self.head.as_slice())?;
            response.send(bytes)?;
            self.head.truncate(0);
        }
        self.head.put(b"\r\n")?;
        response.send(self.head.as_slice())
    }

    /// Receives the head and decides on the next action.
    fn receive_from(&mut self, response: Response, url: &[u8], target: &mut GcBuf) -> Result<Next> {
        let mut location = GcBuf::new();
        let status = receive_head(response, &mut location)?;
        response.with(|state| state.busy = false);
        target.truncate(0);
        let next = self.exchange.after_head(status, location.as_slice(), url, target)?;
        location.free();
        match next {
            Next::Follow => {
                self.call.note_redirect(status, url)?;
            }
            Next::Deliver => {
                let to_head = self.exchange.is_head();
                response.with(|state| state.incoming.start_body(to_head, status))?;
                if response.with(|state| state.incoming.is_done()) {
                    response.close();
                }
            }
        }
        Ok(next)
    }
}

/// Receives the head of a response. Returns its status.
fn receive_head(response: Response, location: &mut GcBuf) -> Result<u16> {
    let mut long = GcBuf::new();
    let wants_fields = response.wants_fields();
    let mut status = 0;
    loop {
        // SAFETY: the state is initialised. It is busy, so Python code that runs while the event is
        // borrowed does not change the memory that the event points to.
        let incoming = unsafe { &mut (*response.state()).incoming };
        match incoming.poll_head(&mut long, wants_fields)? {
            Event::NeedMore => {
                if !response.fill()? {
                    return Err(Failure::NO_RESPONSE);
                }
            }
            Event::Status { code, reason } => {
                status = code;
                response.set_status(code);
                response.keep(sys::MRQ_KEEP_REASON, reason)?;
            }
            Event::Field(line, known) => {
                if let Some(field) = known {
                    take_field(response, status, field, location)?;
                }
                if wants_fields {
                    response.keep(sys::MRQ_KEEP_FIELD, line)?;
                }
            }
            Event::End => break,
        }
    }
    long.free();
    Ok(status)
}

/// Keeps the fields that later steps need.
fn take_field(
    response: Response,
    status: u16,
    (name, value): (Known, &[u8]),
    location: &mut GcBuf,
) -> Result<()> {
    match name {
        Known::Location if (300..400).contains(&status) => {
            location.truncate(0);
            location.put(value)?;
        }
        Known::ContentType => {
            if let Some(charset) = field::charset(value) {
                response.keep(sys::MRQ_KEEP_CHARSET, charset)?;
            }
        }
        Known::ContentEncoding => response.keep(sys::MRQ_KEEP_CONTENT_ENCODING, value)?,
        _ => {}
    }
    Ok(())
}
