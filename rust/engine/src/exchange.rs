//! A request and its redirects, hop by hop, until a response is delivered to the caller.
//!
//! The driver opens a connection, sends the head that [`Exchange::write_head`] wrote and the body,
//! receives the response's head by an [`Incoming`](crate::incoming::Incoming), and asks
//! [`Exchange::after_head`] for the next action.

use crate::Error;
use crate::redirect;
use crate::request::{BodyLength, Head, Kept, Method, body_length};
use crate::sink::{Buffer, Sink};
use crate::url::Url;

/// The next action after the head of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Deliver the response to the caller; its body follows.
    Deliver,
    /// Close the connection and send the request to the new URL.
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
    /// Creates a request with a body of `length`. `fields` is a block that
    /// [`push_field`](crate::request::push_field) wrote. `max_redirects` is `None` if redirects are
    /// not followed.
    ///
    /// Errors: [`Error::InvalidMethod`]; [`Error::BodyMismatch`] if the framing fields among
    /// `fields` contradict the body.
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

    /// The framing of the body in this hop.
    pub fn body_length(&self) -> BodyLength {
        self.length
    }

    /// Whether this is a HEAD request, whose response has no body (RFC 9112 section 6.3).
    pub fn is_head(&self) -> bool {
        self.method.is(b"HEAD")
    }

    /// Writes the request head of this hop, from the request line to the empty line. `content_type`
    /// is the default for requests with a body.
    ///
    /// Errors: those of [`Head::write`].
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
