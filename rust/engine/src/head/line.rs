//! Single lines of a response head.

use crate::Error;
use crate::ascii::is_tchar;
use crate::field;

/// The offset of the reason phrase in a status line.
pub(super) const REASON: usize = b"HTTP/1.1 200 ".len();

/// Whether `line` can be the start of a status line (RFC 9112 section 4).
pub(super) fn may_be_status(line: &[u8]) -> bool {
    let is_like = |(&b, &like): (&u8, &u8)| match like {
        b'0' => b.is_ascii_digit(),
        b'9' => matches!(b, b'1'..=b'9'),
        _ => b == like,
    };
    line.iter().zip(b"HTTP/1.0 900").all(is_like)
        && line.get(12).is_none_or(|b| matches!(b, b' ' | b'\r' | b'\n'))
}

/// The length of the name of a field line: a token, then a colon. `None` for any other line.
///
/// Errors: [`Error::InvalidField`] if whitespace precedes the colon: recipients disagree on whether
/// such a line is a field (RFC 9112 section 5.1).
pub(super) fn name_len(line: &[u8]) -> Result<Option<usize>, Error> {
    let token = line.iter().take_while(|&&b| is_tchar(b)).count();
    if let Some([b':', ..]) = line.get(token..) {
        return Ok(Some(token).filter(|&token| token > 0));
    }
    match field::split(line) {
        Some(([.., b' ' | b'\t'], _)) => Err(Error::InvalidField),
        _ => Ok(None),
    }
}

/// Replaces each fold (RFC 9112 section 5.2) and the whitespace around it by one space. Returns the
/// new length.
pub(super) fn unfold(text: &mut [u8]) -> usize {
    let mut len: usize = 0;
    let mut after_fold = false;
    for read in 0..text.len() {
        let Some(&b) = text.get(read) else { break };
        let b = match b {
            b'\n' => {
                let before = text.get(..len).unwrap_or_default();
                len = trim_end(before.strip_suffix(b"\r").unwrap_or(before)).len();
                after_fold = true;
                b' '
            }
            b' ' | b'\t' if after_fold => continue,
            _ => {
                after_fold = false;
                b
            }
        };
        if let Some(to) = text.get_mut(len) {
            *to = b;
        }
        len = len.wrapping_add(1);
    }
    len
}

/// Returns `bytes` without trailing whitespace.
pub(super) fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
