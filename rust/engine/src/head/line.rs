//! What one line of a head says, taken by itself.

use crate::Error;
use crate::ascii::is_tchar;
use crate::field;

/// Where the reason phrase starts.
pub(super) const REASON: usize = b"HTTP/1.1 200 ".len();

/// How many bytes at the front are above CR. All that ends a line or is forbidden in one is
/// not; neither are tabs, which are rare.
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    const WORD: usize = size_of::<usize>();
    const ONES: usize = usize::MAX / 0xff;
    const ABOVE: usize = ONES * (b'\r' as usize + 1);
    let (words, rest) = bytes.as_chunks::<WORD>();
    let mut len: usize = 0;
    for word in words {
        let word = usize::from_le_bytes(*word);
        // The top bit of each byte that is up to CR, right for the first of them.
        let marks = word.wrapping_sub(ABOVE) & !word & (ONES << 7);
        if marks != 0 {
            return len.wrapping_add(marks.trailing_zeros() as usize / 8);
        }
        len = len.wrapping_add(WORD);
    }
    let plain = rest.iter().take_while(|&&b| b > b'\r').count();
    len.wrapping_add(plain)
}

/// Whether a status line may start like this.
pub(super) fn may_be_status(line: &[u8]) -> bool {
    line.iter().take(REASON).enumerate().all(|(i, &b)| match i {
        7 | 10 | 11 => b.is_ascii_digit(),
        9 => matches!(b, b'1'..=b'9'),
        12 => matches!(b, b' ' | b'\r' | b'\n'),
        _ => b"HTTP/1.? ".get(i) == Some(&b),
    })
}

/// Whether a line is a field line: a token, then a colon.
///
/// Errors: [`Error::InvalidField`] where white space stands before the colon: such a line is
/// read as a field by some and not by others.
pub(super) fn has_name(line: &[u8]) -> Result<bool, Error> {
    let token = line
        .iter()
        .position(|&b| !(b | 0x20).is_ascii_lowercase() && !is_tchar(b)) // mostly letters
        .unwrap_or(line.len());
    if let Some([b':', ..]) = line.get(token..) {
        return Ok(token > 0);
    }
    match field::split(line) {
        Some(([.., b' ' | b'\t'], _)) => Err(Error::InvalidField),
        _ => Ok(false),
    }
}

/// Puts one space in place of each fold (RFC 9112 section 5.2) and the white space around it.
/// Returns the new length.
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

/// `bytes` without the white space at their end.
pub(super) fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
