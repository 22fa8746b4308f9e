//! Percent-encoding (RFC 3986 section 2.1).

use crate::Error;
use crate::sink::Sink;

/// A set of ASCII characters. [`quote`] leaves its members unencoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SafeSet([u32; 4]);

impl SafeSet {
    /// The empty set.
    pub const NONE: Self = Self([0; 4]);

    /// The unreserved characters of RFC 3986 section 2.3: letters, digits, `-` `.` `_` `~`.
    pub const UNRESERVED: Self = Self::NONE
        .with(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        .with(b"0123456789-._~");

    /// Returns this set with the characters in `bytes` added. Bytes above 0x7f are ignored.
    pub const fn with(self, mut bytes: &[u8]) -> Self {
        let Self([mut controls, mut digits, mut upper, mut lower]) = self;
        while let [b, rest @ ..] = bytes {
            let bit = 1 << (*b & 31);
            match *b >> 5 {
                0 => controls |= bit,
                1 => digits |= bit,
                2 => upper |= bit,
                3 => lower |= bit,
                _ => {}
            }
            bytes = rest;
        }
        Self([controls, digits, upper, lower])
    }

    /// Whether `b` is in the set.
    pub fn contains(&self, b: u8) -> bool {
        let word = self.0.get(usize::from(b >> 5)).copied().unwrap_or(0);
        word >> (b & 31) & 1 != 0
    }

    /// Whether `text` is not empty and has only characters of this set.
    #[inline(never)] // Saves flash.
    pub(crate) fn has_all_of(&self, text: &[u8]) -> bool {
        !text.is_empty() && text.iter().all(|&b| self.contains(b))
    }
}

/// The characters of paths and queries (RFC 3986 sections 3.3 and 3.4), except the `%` of an
/// escape. Square brackets are not among them, but servers expect them unencoded.
const TARGET: SafeSet = SafeSet::UNRESERVED.with(b"!#$&'()*+,/:;=?@[]");

/// Writes `bytes` with `%XX` for every byte that is not in `safe`. With `plus`, a space becomes
/// `+`, as in forms. Errors: those of `out`.
pub fn quote(bytes: &[u8], safe: &SafeSet, plus: bool, out: &mut impl Sink) -> Result<(), Error> {
    escape(bytes, safe, plus, false, out)
}

/// [`quote`], which keeps every `%XX` with `keep_escapes`.
fn escape(
    bytes: &[u8],
    safe: &SafeSet,
    plus: bool,
    keep_escapes: bool,
    out: &mut impl Sink,
) -> Result<(), Error> {
    let is_safe = |b: u8| safe.contains(b) && !(plus && b == b' ');
    let mut rest = bytes;
    loop {
        let safe_len = rest.iter().position(|&b| !is_safe(b)).unwrap_or(rest.len());
        let (kept, escaped) = rest.split_at_checked(safe_len).unwrap_or_default();
        out.put(kept)?;
        let [b, after @ ..] = escaped else { return Ok(()) };
        match *b {
            b' ' if plus => out.put(b"+")?,
            b'%' if keep_escapes && hex_pair(after).is_some() => out.put(b"%")?,
            b => out.put(&[b'%', digit(b >> 4), digit(b & 15)])?,
        }
        rest = after;
    }
}

/// Iterates over `bytes` with every `%XX` decoded. A `%` that begins no escape is kept. With
/// `plus`, a `+` becomes a space, as in forms.
pub fn decoded(bytes: &[u8], plus: bool) -> impl Iterator<Item = u8> + '_ {
    let mut rest = bytes;
    core::iter::from_fn(move || match next_byte(&mut rest, true)? {
        (b'+', false) if plus => Some(b' '),
        (byte, _) => Some(byte),
    })
}

/// Takes a byte from the front of `bytes`, or with `decode` an escape. Returns whether it was one.
pub(crate) fn next_byte(bytes: &mut &[u8], decode: bool) -> Option<(u8, bool)> {
    let (&first, after) = bytes.split_first()?;
    *bytes = after;
    match hex_pair(after) {
        Some(byte) if decode && first == b'%' => {
            *bytes = after.get(2..).unwrap_or_default();
            Some((byte, true))
        }
        _ => Some((first, false)),
    }
}

/// Writes the path or the query of a URL and percent-encodes the bytes that are not allowed there.
/// An existing `%XX` is kept, any other `%` becomes `%25`. Errors: those of `out`.
pub fn escape_target(bytes: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    escape(bytes, &TARGET, false, true, out)
}

/// Parses the two hexadecimal digits at the front of `bytes`, if they are there.
pub(crate) fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let [high, low, ..] = bytes else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? << 4 | value(*low)?).ok()
}

/// The hexadecimal digit for `n`, which is less than 16.
const fn digit(n: u8) -> u8 {
    if n < 10 { b'0' | n } else { (b'A' - 10).wrapping_add(n) }
}
