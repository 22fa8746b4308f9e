//! `application/x-www-form-urlencoded` pairs, as in queries and forms.

use crate::Error;
use crate::ascii::cut;
use crate::percent::{SafeSet, quote};
use crate::sink::Sink;

/// Writes `name=value`, both quoted as [`quote`] does, with `+` for a space, and `&` in front of
/// all but the first pair. Errors: those of `out`.
pub fn push_pair(
    out: &mut impl Sink,
    first: bool,
    name: &[u8],
    value: &[u8],
    safe: &SafeSet,
) -> Result<(), Error> {
    if !first {
        out.put(b"&")?;
    }
    quote(name, safe, true, out)?;
    out.put(b"=")?;
    quote(value, safe, true, out)
}

/// The pairs of a query, made by [`pairs`].
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

/// The pairs of `query` in their order, not decoded. The value is `None` where there is no `=`;
/// nothing between two separators is no pair.
pub fn pairs(query: &[u8], separator: u8) -> Pairs<'_> {
    Pairs { rest: Some(query), separator }
}

impl<'a> Pairs<'a> {
    /// What has not been looked at yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest.unwrap_or_default()
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], Option<&'a [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (piece, rest) = cut(self.rest?, self.separator);
            self.rest = rest;
            if !piece.is_empty() {
                return Some(cut(piece, b'='));
            }
        }
    }
}
