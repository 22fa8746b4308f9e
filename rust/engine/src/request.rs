//! The head of a request (RFC 9112 sections 3 and 5).

mod fields;

pub use self::fields::{Entry, find, push_field, push_omitted};
use self::fields::{check_value, find_value, lines, put_field};
use crate::Error;
use crate::ascii::{decimal, equal_in_any_case, is_token};
use crate::auth;
use crate::field;
use crate::sink::{Sink, put_decimal};
use crate::url::Url;

/// The default value of User-Agent (RFC 9110 section 10.1.5).
const PRODUCT: &[u8] = concat!("mrequests/", env!("CARGO_PKG_VERSION")).as_bytes();

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
        if !is_token(name) || name.len() > MAX_METHOD {
            return Err(Error::InvalidMethod);
        }
        Ok(Self(name))
    }

    /// Writes the method as it is sent, in upper case. Errors: those of `out`.
    pub fn put(self, out: &mut impl Sink) -> Result<(), Error> {
        self.0.iter().try_for_each(|b| out.put(&[b.to_ascii_uppercase()]))
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

fn is_one_of(name: &[u8], names: &[&[u8]]) -> bool {
    names.iter().any(|other| equal_in_any_case(other, name))
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
pub fn body_length(fields: &[u8], length: BodyLength) -> Result<BodyLength, Error> {
    let coding = find_value(fields, TRANSFER_ENCODING);
    let announced = find_value(fields, CONTENT_LENGTH);
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
    /// The caller's fields, a block written by [`push_field`] and [`push_omitted`].
    pub fields: &'a [u8],
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
        out.put(b" HTTP/1.1\r\n")?;
        self.put_host(out)?;
        self.put_or_default(USER_AGENT, Some(PRODUCT), out)?;
        for line in lines(self.fields) {
            if field::split(line).is_some_and(|(name, _)| self.is_passed_on(name)) {
                out.put(line)?;
                out.put(b"\r\n")?;
            }
        }
        if self.kept.credentials {
            self.put_authorization(out)?;
        }
        if self.kept.content {
            check_value(self.content_type.unwrap_or_default())?;
            self.put_or_default(CONTENT_TYPE, self.content_type, out)?;
        }
        self.put_framing(out)?;
        self.put_or_default(CONNECTION, Some(b"close"), out)?;
        out.put(b"\r\n")
    }

    /// Whether the caller's fields of this name are written unchanged.
    fn is_passed_on(&self, name: &[u8]) -> bool {
        !is_one_of(name, &SINGLETONS)
            && (self.kept.credentials || !is_one_of(name, &CREDENTIALS))
            && (self.kept.content || !is_one_of(name, &CONTENT))
    }

    fn put_host(&self, out: &mut impl Sink) -> Result<(), Error> {
        if self.kept.credentials
            && let Some(host) = find_value(self.fields, HOST)
        {
            return put_field(out, HOST, host);
        }
        out.put(b"Host: ")?;
        self.url.put_host(out)?;
        out.put(b"\r\n")
    }

    fn put_authorization(&self, out: &mut impl Sink) -> Result<(), Error> {
        match self.url.credentials() {
            Some((user, password)) if find(self.fields, AUTHORIZATION).is_none() => {
                out.put(b"Authorization: ")?;
                auth::basic(user, password, true, out)?;
                out.put(b"\r\n")
            }
            _ => self.put_or_default(AUTHORIZATION, None, out),
        }
    }

    /// Writes the field that frames the body (RFC 9112 section 6).
    fn put_framing(&self, out: &mut impl Sink) -> Result<(), Error> {
        let length = match self.length {
            BodyLength::Chunked => {
                let coding = find_value(self.fields, TRANSFER_ENCODING).unwrap_or(b"chunked");
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

    /// Writes the caller's field `name`, or else the default. Writes neither if the caller omits
    /// it.
    fn put_or_default(
        &self,
        name: &[u8],
        default: Option<&[u8]>,
        out: &mut impl Sink,
    ) -> Result<(), Error> {
        let value = match find(self.fields, name) {
            Some(Entry::Value(value)) => Some(value),
            Some(Entry::Omitted) => None,
            None => default,
        };
        value.map_or(Ok(()), |value| put_field(out, name, value))
    }
}
