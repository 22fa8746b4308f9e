//! Basic authentication (RFC 7617).

use crate::Error;
use crate::sink::Sink;

/// The alphabet of RFC 4648 section 4.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes the value of an Authorization field: `Basic` and the base64 form of `user:password`,
/// of any length, in one line. Errors: those of `out`.
pub fn basic(
    user: impl Iterator<Item = u8>,
    password: impl Iterator<Item = u8>,
    out: &mut impl Sink,
) -> Result<(), Error> {
    out.put(b"Basic ")?;
    put_base64(&mut user.chain([b':']).chain(password), out)
}

/// Writes the base64 form of `bytes`. Not generic over the iterator: one copy is enough.
fn put_base64(bytes: &mut dyn Iterator<Item = u8>, out: &mut impl Sink) -> Result<(), Error> {
    // The bytes of a group behind a one that tells how many there are.
    let mut bits = 1u32;
    for byte in bytes {
        bits = bits << 8 | u32::from(byte);
        if bits >> 24 != 0 {
            out.put(&characters(bits))?;
            bits = 1;
        }
    }
    if bits >> 16 != 0 {
        let [a, b, c, _] = characters(bits << 8);
        out.put(&[a, b, c, b'='])?;
    } else if bits >> 8 != 0 {
        let [a, b, _, _] = characters(bits << 16);
        out.put(&[a, b, b'=', b'='])?;
    }
    Ok(())
}

/// The four characters for the lowest 24 bits.
fn characters(bits: u32) -> [u8; 4] {
    [18, 12, 6, 0].map(|shift| {
        let index = bits >> shift & 63;
        ALPHABET.get(index as usize).copied().unwrap_or(b'=')
    })
}
