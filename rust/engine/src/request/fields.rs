//! The block of fields that the caller of a request adds.
//!
//! It consists of checked lines in the format of the wire: `name: value`, or a name alone, which
//! omits a default field.

use crate::Error;
use crate::ascii::{equal_in_any_case, is_token, trim_ows};
use crate::scan::plain_len;
use crate::sink::Sink;

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

pub(super) fn check_value(value: &[u8]) -> Result<(), Error> {
    let is_bad = |b: &u8| matches!(b, b'\r' | b'\n' | 0);
    if value.iter().any(is_bad) { Err(Error::InvalidFieldValue) } else { Ok(()) }
}

/// Writes the line of a checked field.
pub(super) fn put_field(out: &mut impl Sink, name: &[u8], value: &[u8]) -> Result<(), Error> {
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
            [b':', value @ ..] if equal_in_any_case(start, name) => {
                Some(Entry::Value(trim_ows(value)))
            }
            [] if equal_in_any_case(start, name) => Some(Entry::Omitted),
            _ => None,
        }
    };
    lines(fields).filter_map(entry).last()
}

/// Returns the value of `name`, unless its last entry omits the field.
pub(super) fn find_value<'a>(fields: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match find(fields, name) {
        Some(Entry::Value(value)) => Some(value),
        _ => None,
    }
}

/// Iterates over the lines of a block of fields.
pub(super) fn lines(mut fields: &[u8]) -> impl Iterator<Item = &[u8]> {
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
