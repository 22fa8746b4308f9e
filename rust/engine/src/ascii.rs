//! Text as the protocol has it: character classes (RFC 9110 section 5.6), parts, numbers.

use crate::percent::SafeSet;

const TCHARS: SafeSet = SafeSet::UNRESERVED.with(b"!#$%&'*+^`|");

/// Whether `b` may stand in a token.
pub fn is_tchar(b: u8) -> bool {
    TCHARS.contains(b)
}

/// Whether `bytes` is a token: not empty, and of tchars only.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_tchar)
}

/// Whether `b` is optional white space: space or tab.
pub const fn is_ows(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// `bytes` without the optional white space around it.
pub const fn trim_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// What stands before the first `separator`, and what stands after it, if it is there.
pub(crate) fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = text.splitn(2, |&b| b == separator);
    (parts.next().unwrap_or_default(), parts.next())
}

/// The number that `digits` are, one at least, if it fits. Not [`u64::MAX`]: that stands for a
/// length that is not known.
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
