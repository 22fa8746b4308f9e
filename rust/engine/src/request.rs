//! The head of a request (RFC 9112 sections 3 and 5).

mod fields;

pub use self::fields::{Entry, Fields, find, push_field, push_omitted};
use self::fields::{check_value, put_field};
use crate::Error;
use crate::ascii::{decimal, equal_in_any_case, is_token};
use crate::auth;
use crate::field;
use crate::sink::{Sink, put_decimal};
use crate::url::Url;

/// The default User-Agent (RFC 9110 section 10.1.5).
const DEFAULT_USER_AGENT: &[u8] =
    concat!("User-Agent: mrequests/", env!("CARGO_PKG_VERSION"), "\r\n").as_bytes();

/// The longest method, in bytes.
pub const MAX_METHOD: usize = 24;

/// A request method (RFC 9110 section 9) in any case.
#[derive(Debug, Clone, Copy)]
pub struct Method<'a>(&'a [u8]);

impl<'a> Method<'a> {
    /// The method GET.
    pub const GET: Method<'static> = Method(b"GET");

    /// Checks the method `name`. Errors: [`Error::InvalidMethod`].
    pub fn parse(name: &'a [u8]) -> Result<Self, Error> {
        let method = Self(name);
        method.check().map(|()| method)
    }

    /// The method `name`, which is still to be checked.
    pub(crate) const fn unchecked(name: &'a [u8]) -> Self {
        Self(name)
    }

    /// Errors: [`Error::InvalidMethod`].
    pub(crate) fn check(self) -> Result<(), Error> {
        let is_valid = is_token(self.0) && self.0.len() <= MAX_METHOD;
        if is_valid { Ok(()) } else { Err(Error::InvalidMethod) }
    }

    /// Writes the method as it is sent, in upper case. Errors: those of `out`.
    pub fn put(self, out: &mut impl Sink) -> Result<(), Error> {
        let mut upper = [0; MAX_METHOD];
        upper.iter_mut().zip(self.0).for_each(|(to, from)| *to = from.to_ascii_uppercase());
        out.put(upper.get(..self.0.len()).unwrap_or_default())
    }

    /// Whether this is the method `name`.
    pub fn is(self, name: &[u8]) -> bool {
        equal_in_any_case(self.0, name)
    }
}

/// The length of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    /// There is no body.
    None,
    /// The body has this length in bytes.
    Known(u64),
    /// The length is unknown: the body is sent in chunks (RFC 9112 section 7.1).
    Chunked,
}

/// Which of the caller's fields are still sent after a redirect. Both are true before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The origin is still the first one. Otherwise Authorization, Cookie, Proxy-Authorization, the
    /// caller's Host and the credentials of the URL are not sent.
    pub credentials: bool,
    /// The content is still sent. Otherwise the fields that describe it are not sent.
    pub content: bool,
}

const AUTHORIZATION: &[u8] = b"Authorization";
const CONNECTION: &[u8] = b"Connection";
const CONTENT_LENGTH: &[u8] = b"Content-Length";
const CONTENT_TYPE: &[u8] = b"Content-Type";
const HOST: &[u8] = b"Host";
const TRANSFER_ENCODING: &[u8] = b"Transfer-Encoding";
const USER_AGENT: &[u8] = b"User-Agent";

/// Fields that are sent at most once, each at its place in [`Head::write`].
const SINGLETONS: [&[u8]; 7] =
    [AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, USER_AGENT];

/// Fields that are not sent to another origin, besides singletons.
const CREDENTIALS: [&[u8]; 2] = [b"Cookie", b"Proxy-Authorization"];

/// Fields that are not sent without content, besides singletons.
const CONTENT: [&[u8]; 3] = [b"Content-Encoding", b"Content-Language", b"Content-Location"];

fn is_singleton(name: &[u8]) -> bool {
    is_one_of(name, &SINGLETONS)
}

#[inline(never)] // Saves flash.
fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|other| other.len() == name.len() && equal_in_any_case(other, name))
}

/// Methods that anticipate content: a request without content has `Content-Length: 0` (RFC 9110
/// section 8.6).
const WITH_CONTENT: [&[u8]; 3] = [b"POST", b"PUT", b"PATCH"];

/// Returns the framing of the body (RFC 9112 section 6), given the caller's own Content-Length or
/// Transfer-Encoding.
///
/// A Transfer-Encoding makes any body chunked. A Content-Length sets the length of a body of
/// unknown length; the sender has to keep to it.
///
/// Errors: [`Error::BodyMismatch`] if both are given, if `chunked` is not the last coding or is not
/// the only `chunked`, if the Content-Length is not a decimal number or not that of the body, or if
/// a body is announced and there is none.
pub fn body_length(fields: Fields<'_>, length: BodyLength) -> Result<BodyLength, Error> {
    let coding = fields.singleton_value(TRANSFER_ENCODING);
    let announced = fields.singleton_value(CONTENT_LENGTH);
    match (coding, announced) {
        (None, None) => Ok(length),
        (Some(coding), None) if length != BodyLength::None && ends_in_chunked(coding) => {
            Ok(BodyLength::Chunked)
        }
        (None, Some(announced)) => {
            let announced = decimal(announced).ok_or(Error::BodyMismatch)?;
            let agrees = match length {
                BodyLength::None => announced == 0,
                BodyLength::Known(length) => announced == length,
                BodyLength::Chunked => true,
            };
            if agrees { Ok(BodyLength::Known(announced)) } else { Err(Error::BodyMismatch) }
        }
        _ => Err(Error::BodyMismatch),
    }
}

/// Whether `chunked` is the last coding and occurs once (RFC 9112 section 6.1).
fn ends_in_chunked(codings: &[u8]) -> bool {
    let mut codings = field::list(codings);
    codings.any(|coding| equal_in_any_case(coding, b"chunked")) && codings.next().is_none()
}

/// The parts of a request head.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The method.
    pub method: Method<'a>,
    /// The URL of the request.
    pub url: &'a Url<'a>,
    /// The caller's fields.
    pub fields: Fields<'a>,
    /// Which of them may be sent.
    pub kept: Kept,
    /// The length of the body as [`body_length`] returned it.
    pub length: BodyLength,
    /// The default Content-Type.
    pub content_type: Option<&'a [u8]>,
}

impl Head<'_> {
    /// Writes the request line, the fields and the empty line.
    ///
    /// Host, User-Agent, Authorization, Content-Type, Content-Length, Transfer-Encoding and
    /// Connection are written once, with the caller's last value or else the default; other fields
    /// are written as often as given. Omitted fields are not written, except Host and the fields
    /// that frame the body.
    ///
    /// Errors: [`Error::InvalidFieldValue`] if the default Content-Type contains CR, LF or NUL, and
    /// those of `out`.
    #[inline(never)] // Its caller is short of registers.
    pub fn write(&self, out: &mut impl Sink) -> Result<(), Error> {
        self.method.put(out)?;
        out.put(b" ")?;
        self.url.put_target(out)?;
        self.put_host(out)?;
        self.put_or_default(USER_AGENT, DEFAULT_USER_AGENT, out)?;
        self.put_others(out)?;
        if self.kept.credentials {
            self.put_authorization(out)?;
        }
        if self.kept.content {
            self.put_content_type(out)?;
        }
        self.put_framing(out)?;
        self.put_or_default(CONNECTION, b"Connection: close\r\n", out)?;
        out.put(b"\r\n")
    }

    /// Writes the caller's fields, except singletons.
    fn put_others(&self, out: &mut impl Sink) -> Result<(), Error> {
        if let Some(block) = self.fields.plain()
            && self.kept.credentials
            && self.kept.content
        {
            return out.put(block);
        }
        for line in self.fields.lines() {
            if field::split(line).is_some_and(|(name, _)| self.is_passed_on(name)) {
                out.put(line)?;
                out.put(b"\r\n")?;
            }
        }
        Ok(())
    }

    /// Whether the caller's fields of this name are written unchanged.
    fn is_passed_on(&self, name: &[u8]) -> bool {
        !is_singleton(name)
            && (self.kept.credentials || !is_one_of(name, &CREDENTIALS))
            && (self.kept.content || !is_one_of(name, &CONTENT))
    }

    fn put_host(&self, out: &mut impl Sink) -> Result<(), Error> {
        out.put(b" HTTP/1.1\r\nHost: ")?;
        match self.fields.singleton_value(HOST) {
            Some(host) if self.kept.credentials => out.put(host)?,
            _ => self.url.put_host(out)?,
        }
        out.put(b"\r\n")
    }

    fn put_authorization(&self, out: &mut impl Sink) -> Result<(), Error> {
        match self.url.credentials() {
            Some((user, password)) if self.fields.singleton(AUTHORIZATION).is_none() => {
                auth::put_basic(user, password, true, out)
            }
            _ => self.put_or_default(AUTHORIZATION, b"", out),
        }
    }

    fn put_content_type(&self, out: &mut impl Sink) -> Result<(), Error> {
        match self.content_type {
            Some(value) if self.fields.singleton(CONTENT_TYPE).is_none() => {
                check_value(value)?;
                put_field(out, CONTENT_TYPE, value)
            }
            _ => self.put_or_default(CONTENT_TYPE, b"", out),
        }
    }

    /// Writes the field that frames the body (RFC 9112 section 6).
    fn put_framing(&self, out: &mut impl Sink) -> Result<(), Error> {
        let length = match self.length {
            BodyLength::Chunked => {
                let coding = self.fields.singleton_value(TRANSFER_ENCODING).unwrap_or(b"chunked");
                return put_field(out, TRANSFER_ENCODING, coding);
            }
            BodyLength::Known(length) => length,
            BodyLength::None if is_one_of(self.method.0, &WITH_CONTENT) => 0,
            BodyLength::None => return Ok(()),
        };
        out.put(b"Content-Length: ")?;
        put_decimal(out, length)?;
        out.put(b"\r\n")
    }

    /// Writes the caller's field `name`, or else the line `default`. Writes neither if the caller
    /// omits it.
    fn put_or_default(
        &self,
        name: &[u8],
        default: &[u8],
        out: &mut impl Sink,
    ) -> Result<(), Error> {
        match self.fields.singleton(name) {
            Some(Entry::Value(value)) => put_field(out, name, value),
            Some(Entry::Omitted) => Ok(()),
            None => out.put(default),
        }
    }
}
