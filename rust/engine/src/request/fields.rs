//! The block of fields that the caller of a request adds.
//!
//! It consists of checked lines in the format of the wire: `name: value`, or a name alone, which
//! omits a default field.

use super::is_singleton;
use crate::Error;
use crate::ascii::{equal_in_any_case, is_one_line, is_token, trim_ows};
use crate::field;
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
    if is_one_line(value) { Ok(()) } else { Err(Error::InvalidFieldValue) }
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

/// A block of fields that [`push_field`] and [`push_omitted`] wrote.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    block: &'a [u8],
    /// There are neither singletons nor omitted fields.
    is_plain: bool,
}

impl<'a> Fields<'a> {
    /// Looks for singletons and omitted fields in `block`.
    pub fn new(block: &'a [u8]) -> Self {
        let is_plain = |line| field::split(line).is_some_and(|(name, _)| !is_singleton(name));
        Self { block, is_plain: lines(block).all(is_plain) }
    }

    /// Returns the last entry of a singleton.
    pub(super) fn singleton(self, name: &[u8]) -> Option<Entry<'a>> {
        if self.is_plain { None } else { find(self.block, name) }
    }

    /// Returns the value of a singleton, unless its last entry omits the field.
    pub(super) fn singleton_value(self, name: &[u8]) -> Option<&'a [u8]> {
        match self.singleton(name) {
            Some(Entry::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// The block, if it has neither singletons nor omitted fields.
    pub(super) fn plain(self) -> Option<&'a [u8]> {
        self.is_plain.then_some(self.block)
    }

    /// The lines of the block, each without its line end.
    pub(super) fn lines(self) -> impl Iterator<Item = &'a [u8]> {
        lines(self.block)
    }
}

/// Iterates over the lines of a block of fields.
fn lines(mut block: &[u8]) -> impl Iterator<Item = &[u8]> {
    core::iter::from_fn(move || next_line(&mut block))
}

/// Takes the next line from the front of `block`, without its line end.
#[inline(never)] // Saves flash.
fn next_line<'a>(block: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut len: usize = 0;
    loop {
        len = len.wrapping_add(plain_len(block.get(len..)?));
        match block.get(len..)? {
            [b'\r', b'\n', after @ ..] => {
                let line = block.get(..len);
                *block = after;
                return line;
            }
            [] => return None,
            // A tab, or another control character.
            _ => len = len.wrapping_add(1),
        }
    }
}
