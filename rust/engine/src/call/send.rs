//! The first half of a call: opens a connection and sends the request.

use super::{Answer, Body, Call, Origin, Phase, Request, Step, current_url};
use crate::Error;
use crate::request::{BodyLength, Fields, Head, body_length};
use crate::sink::{Buffer, put_hex};
use crate::url::Url;

/// The most bytes that a head and its body, or a chunk, have in one write: about one TCP segment.
const ONE_WRITE: usize = 1400;

/// Room in bytes for the default fields and the request line without its URL; and with the fields
/// of a body.
const DEFAULT_FIELDS: usize = 80;
const BODY_FIELDS: usize = 120;

/// Room in bytes for the frame of a chunk: its size, and two line ends.
const CHUNK_FRAME: usize = 8;

/// The part of the request that is being sent. All but a piece are in `out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The head, before the body.
    Head,
    /// The size of a chunk, before its content.
    Size,
    /// A piece of the body, which is the content of a chunk in a chunked body.
    Piece,
    /// A chunk, or the end of one.
    Chunk,
    /// The last part.
    Last,
}

impl Body<'_> {
    fn length(&self) -> BodyLength {
        match self {
            Self::None => BodyLength::None,
            Self::Bytes(bytes) => BodyLength::Known(bytes.len() as u64),
            Self::Pieces(length) => length.map_or(BodyLength::Chunked, BodyLength::Known),
        }
    }
}

impl<B: Buffer + Default> Call<B> {
    /// Checks the request, writes its head, and opens the connection.
    pub(super) fn open<'a>(&'a mut self, request: &'a Request<'_>) -> Result<Step<'a>, Error> {
        let method = self.method(request);
        method.check()?;
        let fields = Fields::new(request.fields);
        self.left = match self.kept.content {
            true => body_length(fields, request.body.length())?,
            false => BodyLength::None,
        };
        let text = current_url(self.redirects, request, &self.url);
        let mut url = Url::parse(text)?;
        if self.redirects > 0 {
            // Credentials never come from a redirect; those of the caller stay with their origin.
            url.userinfo = Url::parse(request.url)?.userinfo;
        }
        let has_type = self.left != BodyLength::None && !request.content_type.is_empty();
        let head = Head {
            method,
            url: &url,
            fields,
            kept: self.kept,
            length: self.left,
            content_type: has_type.then_some(request.content_type),
        };
        let given_len =
            text.len().wrapping_add(request.fields.len()).wrapping_add(request.content_type.len());
        let joined = write_head(&head, given_len, request.body, &mut self.out)?;
        self.phase = Phase::Open(if joined { Part::Last } else { Part::Head });
        Ok(Step::Open { origin: Origin::new(&url, !joined), url: text })
    }

    /// Begins to send a part.
    pub(super) fn send<'a>(&'a mut self, part: Part, piece: &'a [u8]) -> Step<'a> {
        self.sent = 0;
        self.phase = Phase::Send(part);
        Step::Send(self.unsent(part, piece))
    }

    /// The bytes of a part that are not sent.
    #[inline(always)] // Saves flash.
    fn unsent<'a>(&'a self, part: Part, piece: &'a [u8]) -> &'a [u8] {
        let bytes = if part == Part::Piece { piece } else { self.out.as_slice() };
        bytes.get(self.sent..).unwrap_or_default()
    }

    /// Sends the rest of a part, and then the next part.
    pub(super) fn send_on<'a>(
        &'a mut self,
        part: Part,
        request: &'a Request<'_>,
        answer: &Answer<'a>,
    ) -> Result<Step<'a>, Error> {
        self.sent = self.sent.saturating_add(answer.done);
        let piece = if let Body::Bytes(bytes) = request.body { bytes } else { answer.piece };
        if !self.unsent(part, piece).is_empty() {
            return Ok(Step::Send(self.unsent(part, piece)));
        }
        match part {
            Part::Head if matches!(request.body, Body::Bytes(_)) => self.send_piece(piece),
            Part::Piece if self.left == BodyLength::Chunked => {
                self.send_frame(b"\r\n", Part::Chunk)
            }
            Part::Head | Part::Piece | Part::Chunk => self.next_piece(request),
            Part::Size => Ok(self.send(Part::Piece, piece)),
            Part::Last => Ok(self.end_request()),
        }
    }

    /// Sends the next bytes of the body; none are its end.
    pub(super) fn send_piece<'a>(&'a mut self, piece: &'a [u8]) -> Result<Step<'a>, Error> {
        if piece.is_empty() {
            return self.end_body();
        }
        match &mut self.left {
            BodyLength::Chunked => self.send_chunk(piece),
            BodyLength::Known(left) if piece.len() as u64 <= *left => {
                *left = left.wrapping_sub(piece.len() as u64);
                self.out.free();
                Ok(self.send(Part::Piece, piece))
            }
            // The server would take excess bytes for another request.
            _ => Err(Error::BodyMismatch),
        }
    }

    /// Sends a chunk (RFC 9112 section 7.1). `content` is not empty.
    fn send_chunk<'a>(&'a mut self, content: &[u8]) -> Result<Step<'a>, Error> {
        let is_small = content.len() <= ONE_WRITE;
        self.out.truncate(0);
        if is_small {
            self.out.reserve(content.len().saturating_add(CHUNK_FRAME))?;
        }
        put_hex(&mut self.out, content.len() as u64)?;
        self.out.put(b"\r\n")?;
        if !is_small {
            return Ok(self.send(Part::Size, &[]));
        }
        self.out.put(content)?;
        self.out.put(b"\r\n")?;
        Ok(self.send(Part::Chunk, &[]))
    }

    fn send_frame<'a>(&'a mut self, bytes: &[u8], part: Part) -> Result<Step<'a>, Error> {
        self.out.truncate(0);
        self.out.put(bytes)?;
        Ok(self.send(part, &[]))
    }

    fn next_piece<'a>(&'a mut self, request: &Request<'_>) -> Result<Step<'a>, Error> {
        if !matches!(request.body, Body::Pieces(_)) {
            return self.end_body();
        }
        self.phase = Phase::Piece;
        Ok(Step::Piece)
    }

    fn end_body<'a>(&'a mut self) -> Result<Step<'a>, Error> {
        match self.left {
            BodyLength::Chunked => self.send_frame(b"0\r\n\r\n", Part::Last),
            BodyLength::Known(1..) => Err(Error::BodyMismatch),
            _ => Ok(self.end_request()),
        }
    }

    /// Ends the request: a response follows.
    pub(super) fn end_request<'a>(&mut self) -> Step<'a> {
        self.out.free();
        self.phase = Phase::Head;
        Step::Head
    }
}

/// Writes a head, and the whole body behind it if one write takes both. Returns whether it does.
/// `given_len`: the length of the caller's parts of the head.
#[inline(always)] // Saves flash.
fn write_head(
    head: &Head<'_>,
    given_len: usize,
    body: Body<'_>,
    out: &mut impl Buffer,
) -> Result<bool, Error> {
    let body = match (head.length, body) {
        (BodyLength::Known(_), Body::Bytes(bytes)) => Some(bytes),
        (BodyLength::None, _) | (_, Body::None) => Some(&[][..]),
        _ => None,
    };
    let body_len = body.unwrap_or_default().len();
    let fields = if head.length == BodyLength::None { DEFAULT_FIELDS } else { BODY_FIELDS };
    let joined_len = if body_len <= ONE_WRITE { body_len } else { 0 };
    // Percent-encoding may exceed it.
    out.reserve(given_len.wrapping_add(fields).wrapping_add(joined_len))?;
    head.write(out)?;
    match body {
        Some(body)
            if body_len == 0 || out.as_slice().len().saturating_add(body_len) <= ONE_WRITE =>
        {
            out.put(body).map(|()| true)
        }
        _ => Ok(false),
    }
}
