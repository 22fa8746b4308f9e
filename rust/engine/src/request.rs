//! The head of a request (RFC 9112 sections 3 and 5) and the fields that its caller adds.
//!
//! The caller's fields are kept in a block of checked lines in the format of the wire: `name:
//! value`, or a name alone, which omits a default field.

use crate::Error;
use crate::ascii::{decimal, is_token, trim_ows};
use crate::auth;
use crate::field;
use crate::scan::plain_len;
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
        self.0.eq_ignore_ascii_case(name)
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

/// An entry in the block of the caller's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The value of the field.
    Value(&'a [u8]),
    /// The default field of this name is not sent.
    Omitted,
}

/// Writes the line `name: value` without whitespace around the value.
///
/// Errors: [`Error::InvalidFieldName`] if the name is not a token, [`Error::InvalidFieldValue`] if
/// the value contains CR, LF or NUL, and those of `out`.
pub fn push_field(out: &mut impl Sink, name: &[u8], value: &[u8]) -> Result<(), Error> {
    check_name(name)?;
    check_value(value)?;
    put_field(out, name, trim_ows(value))
}

/// Writes the line `name`, which omits the default field of this name.
///
/// Errors: [`Error::InvalidFieldName`] if the name is not a token, and those of `out`.
pub fn push_omitted(out: &mut impl Sink, name: &[u8]) -> Result<(), Error> {
    check_name(name)?;
    out.put(name)?;
    out.put(b"\r\n")
}

fn check_name(name: &[u8]) -> Result<(), Error> {
    if is_token(name) { Ok(()) } else { Err(Error::InvalidFieldName) }
}

fn check_value(value: &[u8]) -> Result<(), Error> {
    let is_bad = |b: &u8| matches!(b, b'\r' | b'\n' | 0);
    if value.iter().any(is_bad) { Err(Error::InvalidFieldValue) } else { Ok(()) }
}

/// Writes the line of a checked field.
fn put_field(out: &mut impl Sink, name: &[u8], value: &[u8]) -> Result<(), Error> {
    out.put(name)?;
    out.put(b": ")?;
    out.put(value)?;
    out.put(b"\r\n")
}

/// Returns the last entry of `name` in a block of fields. Ignores case.
pub fn find<'a>(fields: &'a [u8], name: &[u8]) -> Option<Entry<'a>> {
    let entry = |line: &'a [u8]| {
        let (start, rest) = line.split_at_checked(name.len())?;
        match rest {
            [b':', value @ ..] if start.eq_ignore_ascii_case(name) => {
                Some(Entry::Value(trim_ows(value)))
            }
            [] if start.eq_ignore_ascii_case(name) => Some(Entry::Omitted),
            _ => None,
        }
    };
    lines(fields).filter_map(entry).last()
}

/// Returns the value of `name`, unless its last entry omits the field.
fn find_value<'a>(fields: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match find(fields, name) {
        Some(Entry::Value(value)) => Some(value),
        _ => None,
    }
}

/// Iterates over the lines of a block of fields.
fn lines(mut fields: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || {
        if fields.is_empty() {
            return None;
        }
        let mut len: usize = 0;
        loop {
            len = len.wrapping_add(plain_len(fields.get(len..)?));
            if let [b'\r', b'\n', after @ ..] = fields.get(len..)? {
                let line = fields.get(..len);
                fields = after;
                return line;
            }
            // A tab, or another control character.
            len = len.wrapping_add(1);
        }
    })
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
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
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
    codings.any(|coding| coding.eq_ignore_ascii_case(b"chunked")) && codings.next().is_none()
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
