//! Basic authentication (RFC 7617).

use crate::Error;
use crate::percent::next_byte;
use crate::sink::Sink;

/// The alphabet of RFC 4648 section 4.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes the line of an Authorization field: `Basic` and the base64 of `user:password`, of any
/// length. `escaped`: both are percent-encoded, as in a URL, and are decoded first.
///
/// Errors: those of `out`.
pub fn put_basic(
    user: &[u8],
    password: &[u8],
    escaped: bool,
    out: &mut impl Sink,
) -> Result<(), Error> {
    out.put(b"Authorization: Basic ")?;
    let mut base64 = Base64 { out: &mut *out, bits: 1 };
    for part in [user, b":", password] {
        let mut part = part;
        while let Some((byte, _)) = next_byte(&mut part, escaped) {
            base64.push(byte)?;
        }
    }
    base64.finish()?;
    out.put(b"\r\n")
}

/// Encodes bytes as base64.
struct Base64<'a, S> {
    out: &'a mut S,
    /// The bytes of an incomplete group, below a leading 1 bit that marks their number.
    bits: u32,
}

impl<S: Sink> Base64<'_, S> {
    fn push(&mut self, byte: u8) -> Result<(), Error> {
        self.bits = self.bits << 8 | u32::from(byte);
        if self.bits >> 24 == 0 {
            return Ok(());
        }
        self.put_group(4)
    }

    /// Writes the incomplete last group, if there is one.
    fn finish(mut self) -> Result<(), Error> {
        let characters = match self.bits {
            0..=1 => return Ok(()),
            0x1_0000.. => 3,
            _ => 2,
        };
        while self.bits >> 24 == 0 {
            self.bits <<= 8;
        }
        self.put_group(characters)
    }

    /// Writes the first `characters` of a group of four, then `=` as padding.
    fn put_group(&mut self, characters: usize) -> Result<(), Error> {
        let mut group = [b'='; 4];
        for (to, shift) in group.iter_mut().take(characters).zip([18, 12, 6, 0]) {
            let index = self.bits >> shift & 63;
            *to = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
        }
        self.bits = 1;
        self.out.put(&group)
    }
}
