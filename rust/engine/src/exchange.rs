//! A request and what becomes of it: its head, hop by hop, until a response is the caller's.
//!
//! The driver opens a connection, sends what [`Exchange::write_head`] wrote and the body,
//! lets an [`Incoming`](crate::incoming::Incoming) take the response's head, and asks
//! [`Exchange::after_head`] whether that was it.

use crate::Error;
use crate::redirect;
use crate::request::{BodyLength, Head, Kept, Method, body_length};
use crate::sink::{Buffer, Sink};
use crate::url::Url;

/// What to do with a response whose head has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is the caller's; its body follows.
    Deliver,
    /// Close the connection and send the request again, to the new URL.
    Follow,
}

/// One request and its redirects.
#[derive(Debug)]
pub struct Exchange<'a> {
    method: Method<'a>,
    kept: Kept,
    length: BodyLength,
    redirects_left: Option<u32>,
}

impl<'a> Exchange<'a> {
    /// A request with a body of `length`. `fields` is a block that
    /// [`push_field`](crate::request::push_field) wrote. `max_redirects` is `None` where redirects
    /// are the caller's own business.
    ///
    /// Errors: [`Error::InvalidMethod`]; [`Error::BodyMismatch`] where the framing fields
    /// among `fields` contradict the body.
    pub fn new(
        method: &'a [u8],
        fields: &[u8],
        length: BodyLength,
        max_redirects: Option<u32>,
    ) -> Result<Self, Error> {
        Ok(Self {
            method: Method::parse(method)?,
            kept: Kept { credentials: true, content: true },
            length: body_length(fields, length)?,
            redirects_left: max_redirects,
        })
    }

    /// How the body goes on the wire in this hop.
    pub fn body_length(&self) -> BodyLength {
        self.length
    }

    /// Whether the response has no body because this is a HEAD request (RFC 9112 section 6.3).
    pub fn is_head(&self) -> bool {
        self.method.is(b"HEAD")
    }

    /// Writes the head for this hop: the request line to the empty line.
    pub fn write_head(
        &self,
        url: &Url<'_>,
        fields: &[u8],
        content_type: Option<&[u8]>,
        out: &mut impl Sink,
    ) -> Result<(), Error> {
        Head {
            method: self.method,
            url,
            fields,
            kept: self.kept,
            length: self.length,
            content_type: content_type.filter(|_| self.length != BodyLength::None),
        }
        .write(out)
    }

    /// Decides on a response by its status and Location. After [`Next::Follow`], `target` holds
    /// the URL of the next hop.
    ///
    /// Errors: [`Error::TooManyRedirects`], and those of [`redirect::follow`].
    pub fn after_head(
        &mut self,
        status: u16,
        location: &[u8],
        url: &[u8],
        target: &mut impl Buffer,
    ) -> Result<Next, Error> {
        let Some(left) = self.redirects_left else {
            return Ok(Next::Deliver);
        };
        let Some(follow) = redirect::follow(status, self.method, url, location, target)? else {
            return Ok(Next::Deliver);
        };
        self.redirects_left = Some(left.checked_sub(1).ok_or(Error::TooManyRedirects)?);
        if follow.cross_origin {
            self.kept.credentials = false;
        }
        if follow.becomes_get {
            self.method = Method::GET;
            self.kept.content = false;
            self.length = BodyLength::None;
        }
        Ok(Next::Follow)
    }
}
