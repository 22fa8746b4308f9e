//! The second half of a call: receives the head of the response, and follows redirects.

use core::mem;

use super::{Body, Call, Phase, Request, Step, current_url};
use crate::Error;
use crate::ascii::slice;
use crate::field::{self, Known, charset};
use crate::incoming::{Event, Incoming};
use crate::redirect;
use crate::request::Method;
use crate::sink::Buffer;

/// A field whose value a response keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptField {
    /// The value of Content-Encoding.
    ContentEncoding,
    /// The charset of Content-Type.
    Charset,
}

/// Returns the value to keep of a field, given the result of [`field::known`].
pub fn kept_field(known: Option<(Known, &[u8])>) -> Option<(KeptField, &[u8])> {
    match known? {
        (Known::ContentEncoding, value) => Some((KeptField::ContentEncoding, value)),
        (Known::ContentType, value) => Some((KeptField::Charset, charset(value)?)),
        _ => None,
    }
}

impl<B: Buffer + Default> Call<B> {
    /// Takes in `received` bytes and looks for the next step in the head.
    #[inline(never)] // Keeps its locals off the stack while the head is written.
    pub(super) fn receive<'a>(
        &'a mut self,
        request: &'a Request<'_>,
        incoming: &'a mut Incoming,
        received: usize,
    ) -> Result<Step<'a>, Error> {
        if let Phase::Receive = self.phase {
            if received == 0 {
                return Err(Error::NoResponse);
            }
            incoming.received(received);
        }
        self.phase = Phase::Keep;
        let line = match incoming.poll_head(&mut self.line)? {
            Event::NeedMore => {
                self.phase = Phase::Receive;
                return Ok(Step::Receive(incoming.room()));
            }
            Event::End => return self.end_head(request, incoming),
            Event::Status(code, reason) => {
                self.status = code;
                let reason = slice(&incoming.read_ahead, reason);
                return Ok(Step::Status { code, reason });
            }
            Event::Field(range) => slice(&incoming.read_ahead, range),
            Event::LongField => self.line.as_slice(),
        };
        let known = field::known(line);
        if let (300..=399, Some((Known::Location, value))) = (self.status, known) {
            self.out.truncate(0);
            self.out.put(value)?;
        }
        Ok(Step::Field { line, kept: kept_field(known) })
    }

    /// Delivers the response, or redirects the request.
    #[inline(never)] // Keeps its locals off the stack while the head is parsed.
    fn end_head<'a>(
        &'a mut self,
        request: &'a Request<'_>,
        incoming: &mut Incoming,
    ) -> Result<Step<'a>, Error> {
        let method = self.method(request);
        let redirected = self.redirect(method, request)?;
        self.out.free();
        if redirected {
            self.phase = Phase::Redirected;
            let url = current_url(self.redirects, request, &self.url);
            return Ok(Step::Redirected { status: self.status, url });
        }
        incoming.begin_body(method.is(b"HEAD"))?;
        self.line.free();
        self.url.free();
        self.phase = Phase::Done;
        Ok(Step::Done)
    }

    /// Returns whether the response redirects the request. Its next URL is then in `line`.
    fn redirect(&mut self, method: Method<'_>, request: &Request<'_>) -> Result<bool, Error> {
        let Some(max) = request.max_redirects else { return Ok(false) };
        let (url, location) =
            (current_url(self.redirects, request, &self.url), self.out.as_slice());
        let Some(follow) = redirect::follow(self.status, method, url, location, &mut self.line)?
        else {
            return Ok(false);
        };
        self.kept.credentials &= !follow.cross_origin;
        self.kept.content &= !follow.becomes_get;
        if self.redirects < max { Ok(true) } else { Err(Error::TooManyRedirects) }
    }

    /// Begins the request to the URL of a redirect.
    pub(super) fn follow<'a>(&'a mut self, request: &'a Request<'_>) -> Result<Step<'a>, Error> {
        mem::swap(&mut self.url, &mut self.line);
        self.line.free();
        self.redirects = self.redirects.saturating_add(1);
        if self.kept.content && matches!(request.body, Body::Pieces(_)) {
            self.phase = Phase::Rewind;
            return Ok(Step::Rewind);
        }
        self.open(request)
    }
}
