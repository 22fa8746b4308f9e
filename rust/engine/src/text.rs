//! The character encodings UTF-8, US-ASCII and ISO-8859-1.

use crate::Error;
use crate::sink::Sink;

/// A character encoding. Its value is the last character that it writes in one byte, or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Encoding {
    /// UTF-8
    Utf8 = 0,
    /// US-ASCII
    Ascii = 0x7f,
    /// ISO-8859-1
    Latin1 = 0xff,
}

/// The names of the encodings: in lower case, without `-` and `_`, padded by `-`.
const NAMES: [([u8; 8], Encoding); 5] = [
    (*b"utf8----", Encoding::Utf8),
    (*b"ascii---", Encoding::Ascii),
    (*b"usascii-", Encoding::Ascii),
    (*b"latin1--", Encoding::Latin1),
    (*b"iso88591", Encoding::Latin1),
];

impl Encoding {
    /// The encoding of a name: in any case, with or without `-` and `_`.
    pub fn named(name: &[u8]) -> Option<Self> {
        let mut letters = [b'-'; 8];
        let mut places = letters.iter_mut();
        for b in name.iter().filter(|b| !matches!(b, b'-' | b'_')) {
            *places.next()? = b.to_ascii_lowercase();
        }
        NAMES.iter().find(|(known, _)| *known == letters).map(|&(_, encoding)| encoding)
    }
}

/// Writes ISO-8859-1 `bytes` as UTF-8. Errors: those of `out`.
pub fn put_latin1(bytes: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    let mut rest = bytes;
    loop {
        let ascii = rest.iter().take_while(|b| b.is_ascii()).count();
        let (run, others) = rest.split_at_checked(ascii).unwrap_or_default();
        out.put(run)?;
        let Some((&b, after)) = others.split_first() else { return Ok(()) };
        out.put(&[0xc0 | b >> 6, 0x80 | b & 0x3f])?;
        rest = after;
    }
}

/// Writes `bytes` as UTF-8, with one U+FFFD for each truncated sequence and for each other invalid
/// byte. Errors: those of `out`.
pub fn put_lossy(bytes: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (len, is_character) = sequence(rest);
        let (character, after) = rest.split_at_checked(len).unwrap_or_default();
        out.put(if is_character { character } else { "\u{fffd}".as_bytes() })?;
        rest = after;
    }
    Ok(())
}

/// The valid sequences (Unicode, table 3-7), by the last value of the first byte: the number of bytes
/// that follow, and the least and the last value of the second one.
const SEQUENCES: [[u8; 4]; 10] = [
    [0x7f, 0, 0, 0],
    [0xc1, 1, 1, 0], // none
    [0xdf, 1, 0x80, 0xbf],
    [0xe0, 2, 0xa0, 0xbf],
    [0xec, 2, 0x80, 0xbf],
    [0xed, 2, 0x80, 0x9f],
    [0xef, 2, 0x80, 0xbf],
    [0xf0, 3, 0x90, 0xbf],
    [0xf3, 3, 0x80, 0xbf],
    [0xf4, 3, 0x80, 0x8f],
];

/// Returns the length of the sequence at the front of `bytes`, at least 1, and whether it is valid.
fn sequence(bytes: &[u8]) -> (usize, bool) {
    let [first, rest @ ..] = bytes else { return (1, false) };
    let row = SEQUENCES.iter().find(|[last, ..]| first <= last);
    let Some(&[_, more, mut low, mut high]) = row else { return (1, false) };
    let is_next = |&&b: &&u8| {
        let fits = low <= b && b <= high;
        (low, high) = (0x80, 0xbf);
        fits
    };
    let found = rest.iter().take(more.into()).take_while(is_next).count();
    (found.saturating_add(1), found == usize::from(more))
}

/// Writes UTF-8 `bytes` with one byte for each character. `limit` is the last character of the
/// encoding: 0xff for ISO-8859-1, 0x7f for US-ASCII.
///
/// Errors: [`Error::Unencodable`] if a character is above `limit` or `bytes` is not UTF-8, and those
/// of `out`.
pub fn put_single_byte(bytes: &[u8], limit: u8, out: &mut impl Sink) -> Result<(), Error> {
    let mut rest = bytes;
    loop {
        let (character, after) = match rest {
            [] => return Ok(()),
            [b @ ..0x80, after @ ..] => (*b, after),
            // U+0080 to U+00FF.
            [high @ 0xc2..=0xc3, low @ 0x80..=0xbf, after @ ..] => (high << 6 | low & 0x3f, after),
            _ => return Err(Error::Unencodable),
        };
        if character > limit {
            return Err(Error::Unencodable);
        }
        out.put(&[character])?;
        rest = after;
    }
}
