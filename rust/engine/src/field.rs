//! One field line (RFC 9110 section 5): its name, its value, the parts of the value.

use core::iter;

use crate::ascii::{cut, cut_where, equal_in_any_case, trim_ows};

/// The response fields that the engine or its driver evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// `Connection` (RFC 9110 section 7.6.1).
    Connection,
    /// `Content-Length` (RFC 9110 section 8.6).
    ContentLength,
    /// `Transfer-Encoding` (RFC 9112 section 6.1).
    TransferEncoding,
    /// `Content-Encoding` (RFC 9110 section 8.4).
    ContentEncoding,
    /// `Content-Type` (RFC 9110 section 8.3).
    ContentType,
    /// `Location` (RFC 9110 section 10.2.2).
    Location,
}

const NAMES: [(&[u8], Known); 6] = [
    (b"location", Known::Location),
    (b"connection", Known::Connection),
    (b"content-type", Known::ContentType),
    (b"content-length", Known::ContentLength),
    (b"content-encoding", Known::ContentEncoding),
    (b"transfer-encoding", Known::TransferEncoding),
];

/// The lengths of the names, as bits.
const LENGTHS: u32 = {
    let mut bits = 0;
    let mut names: &[(&[u8], Known)] = &NAMES;
    while let [(name, _), others @ ..] = names {
        bits |= 1 << name.len();
        names = others;
    }
    bits
};

impl Known {
    /// The field with this name, in any case.
    pub fn named(name: &[u8]) -> Option<Self> {
        // Tells most other fields at once.
        if LENGTHS.checked_shr(name.len() as u32).unwrap_or(0) & 1 == 0 {
            return None;
        }
        let is = |known: &[u8]| known.len() == name.len() && equal_in_any_case(known, name);
        NAMES.iter().find(|(known, _)| is(known)).map(|&(_, known)| known)
    }
}

/// Returns the field and the value of a field line, if the field is a [`Known`] one.
pub fn known(line: &[u8]) -> Option<(Known, &[u8])> {
    let (name, value) = split(line)?;
    Some((Known::named(name)?, value))
}

/// [`known`] for a line whose name has this length.
pub(crate) fn known_by(line: &[u8], name: usize) -> Option<(Known, &[u8])> {
    let (name, value) = line.split_at_checked(name)?;
    Some((Known::named(name)?, trim_ows(value.get(1..)?)))
}

/// Returns a line without its line end, CR LF or LF.
pub fn without_line_end(line: &[u8]) -> &[u8] {
    match line {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] => text,
        text => text,
    }
}

/// Splits a field line at its first colon into name and value. Removes the whitespace around the
/// value and leaves the name unchanged. `None` without a colon.
pub fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = cut(line, b':');
    Some((name, trim_ows(value?)))
}

/// The text that joins the values of a field's lines into one list (RFC 9110 section 5.2). Empty for
/// `Set-Cookie`, whose values are no list (section 5.3).
pub fn separator(name: &[u8]) -> &'static [u8] {
    if equal_in_any_case(name, b"set-cookie") { b"" } else { b", " }
}

/// Iterates over the members of a comma-separated list (RFC 9110 section 5.6.1), without whitespace
/// around them and without empty ones. A comma in a quoted string separates, too.
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    members(value).filter(|member| !member.is_empty())
}

/// The members of Connection fields (RFC 9110 section 7.6.1) that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionOptions {
    pub(crate) close: bool,
    pub(crate) keep_alive: bool,
}

impl ConnectionOptions {
    /// Creates the state before the first field.
    pub(crate) const fn new() -> Self {
        Self { close: false, keep_alive: false }
    }

    /// Takes in the value of a field.
    pub(crate) fn note(&mut self, value: &[u8]) {
        for member in list(value) {
            self.close |= equal_in_any_case(member, b"close");
            self.keep_alive |= equal_in_any_case(member, b"keep-alive");
        }
    }
}

/// [`list`] with empty members.
pub(crate) fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    iter::from_fn(move || {
        let (member, after) = cut(rest?, b',');
        rest = after;
        Some(trim_ows(member))
    })
}

/// Returns the `charset` parameter of a Content-Type (RFC 9110 section 8.3.2) without its quotes;
/// escapes are not decoded. `None` if the parameter is absent or empty.
pub fn charset(content_type: &[u8]) -> Option<&[u8]> {
    let (_media_type, mut parameters) = cut(content_type, b';');
    while let Some(text) = parameters {
        let (parameter, after) = cut_parameter(text);
        parameters = after;
        let (name, value) = cut(parameter, b'=');
        let value = match trim_ows(value.unwrap_or_default()) {
            [b'"', inner @ .., b'"'] => inner,
            value => value,
        };
        if equal_in_any_case(trim_ows(name), b"charset") && !value.is_empty() {
            return Some(value);
        }
    }
    None
}

/// Splits parameters at the first `;` outside of quotes.
fn cut_parameter(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    let (mut quoted, mut escaped) = (false, false);
    cut_where(text, |b| {
        quoted ^= b == b'"' && !escaped;
        escaped = quoted && b == b'\\' && !escaped;
        b == b';' && !quoted
    })
}
