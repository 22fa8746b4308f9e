//! Pins: SHA-256 of the SubjectPublicKeyInfo of the server's certificate (RFC 7469 section 2.4).

use super::pem::Base64;
use sha2::{Digest, Sha256};

/// The length of a pin in bytes.
pub const LENGTH: usize = 32;

/// Parses a pin: `sha256:` with 64 hex digits or base64, or `sha256/` or `sha256//` (as in curl)
/// with base64. `None` for anything else.
pub fn parse(text: &[u8]) -> Option<[u8; LENGTH]> {
    let text = text.strip_prefix(b"sha256")?;
    if let Some(digest) = text.strip_prefix(b":") {
        return from_hex(digest).or_else(|| from_base64(digest));
    }
    let digest = text.strip_prefix(b"/")?;
    // The base64 may begin with a slash.
    from_base64(digest).or_else(|| from_base64(digest.strip_prefix(b"/")?))
}

/// Whether `text` has the prefix of a pin.
pub fn is_pin(text: &[u8]) -> bool {
    matches!(text.strip_prefix(b"sha256"), Some([b':' | b'/', ..]))
}

/// Whether the digest of this SubjectPublicKeyInfo is one of `pins`.
#[inline(never)]
pub(super) fn matches(key: &[u8], pins: &[u8]) -> bool {
    let digest: [u8; LENGTH] = Sha256::digest(key).into();
    pins.as_chunks().0.contains(&digest)
}

fn from_base64(text: &[u8]) -> Option<[u8; LENGTH]> {
    // `Base64` skips whitespace, which a pin must not have.
    if text.len() != 44 || text.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    collect(Base64::new(text)?)
}

fn from_hex(text: &[u8]) -> Option<[u8; LENGTH]> {
    let (pairs, rest) = text.as_chunks();
    if !rest.is_empty() || pairs.len() != LENGTH {
        return None;
    }
    collect(pairs.iter().map_while(|[high, low]| Some(hex_digit(*high)? << 4 | hex_digit(*low)?)))
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Collects the bytes of a pin. `None` for any other number of bytes.
fn collect(mut bytes: impl Iterator<Item = u8>) -> Option<[u8; LENGTH]> {
    let mut pin = [0; LENGTH];
    for byte in &mut pin {
        *byte = bytes.next()?;
    }
    bytes.next().is_none().then_some(pin)
}
