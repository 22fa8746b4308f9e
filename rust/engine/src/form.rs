//! Pairs of `application/x-www-form-urlencoded`, the format of queries and forms.

use crate::Error;
use crate::ascii::cut;
use crate::percent::{SafeSet, quote};
use crate::sink::Sink;

/// Writes `name=value`, both percent-encoded by [`quote`] with `+` for a space, and `&` before
/// every pair except the first. Errors: those of `out`.
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

/// An iterator over the pairs of a query. [`pairs`] makes it.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

/// Iterates over the pairs of `query` in order, without decoding them. The value of a pair without
/// `=` is `None`. Empty pairs are skipped.
pub fn pairs(query: &[u8], separator: u8) -> Pairs<'_> {
    Pairs { rest: Some(query), separator }
}

impl<'a> Pairs<'a> {
    /// The part of the query after the pairs returned so far.
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
