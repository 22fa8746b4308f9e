//! ASCII text of the protocol: character classes (RFC 9110 section 5.6), splitting, numbers.

use core::ops::Range;

use crate::percent::SafeSet;
use crate::scan::plain_len;

const TCHARS: SafeSet = SafeSet::UNRESERVED.with(b"!#$%&'*+^`|");

/// Whether `b` is a token character (RFC 9110 section 5.6.2).
pub fn is_tchar(b: u8) -> bool {
    TCHARS.contains(b)
}

/// Whether `bytes` is a token: one or more token characters (RFC 9110 section 5.6.2).
pub fn is_token(bytes: &[u8]) -> bool {
    TCHARS.has_all_of(bytes)
}

/// Whether `b` is optional whitespace: a space or a tab (RFC 9110 section 5.6.3).
pub const fn is_ows(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// Returns `bytes` without leading and trailing optional whitespace.
#[inline(never)] // Saves flash.
pub const fn trim_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The bytes in a range that is known to lie in `bytes`; else none.
#[inline(never)] // Saves flash.
pub(crate) fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// Splits `text` at the first `separator`. The second part is `None` without one.
#[inline(never)] // Saves flash.
pub(crate) fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    cut_where(text, |b| b == separator)
}

/// [`cut`] at the first byte that `is_separator` accepts.
pub(crate) fn cut_where(
    text: &[u8],
    mut is_separator: impl FnMut(u8) -> bool,
) -> (&[u8], Option<&[u8]>) {
    let len = text.iter().position(|&b| is_separator(b)).unwrap_or(text.len());
    let (before, after) = text.split_at_checked(len).unwrap_or_default();
    (before, after.get(1..))
}

/// Whether two texts are equal, in any case.
#[inline(never)] // Saves flash.
pub(crate) fn equal_in_any_case(a: &[u8], b: &[u8]) -> bool {
    // Most letters are in the same case.
    let is_equal = |(a, b): (&u8, &u8)| a == b || a.eq_ignore_ascii_case(b);
    a.len() == b.len() && a.iter().zip(b).all(is_equal)
}

/// Whether `bytes` has no CR and LF, which would begin a new line of a request, and no NUL.
pub(crate) fn is_one_line(mut bytes: &[u8]) -> bool {
    loop {
        match bytes.get(plain_len(bytes)..) {
            Some([b'\r' | b'\n' | 0, ..]) => return false,
            Some([_, after @ ..]) => bytes = after,
            _ => return true,
        }
    }
}

/// Parses one or more decimal digits. `None` for anything else, and from [`u64::MAX`] on, which
/// stands for an unknown length.
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let number = digits.iter().try_fold(0u64, |n, &b| {
        let digit = char::from(b).to_digit(10)?;
        n.checked_mul(10)?.checked_add(u64::from(digit))
    });
    number.filter(|&n| n != u64::MAX)
}
