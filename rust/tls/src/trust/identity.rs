//! The client's certificate and key (P-256), for servers that request them.
//!
//! Their format is the 32 bytes of the private key, then the certificates as in RFC 8446 section
//! 4.4.2: each after its length in three bytes, the leaf first.

use super::certificate::{Certificate, part};
use super::chain::split_first;
use super::der::{Cursor, INTEGER, OCTET_STRING, SEQUENCE, explicit};
use super::error::InputError;
use super::input::{Encoded, Output, each_certificate, is_der, put};
use super::pem::Blocks;
use core::ops::Range;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;

/// The length of a P-256 private key in bytes.
pub const KEY_LENGTH: usize = 32;

/// id-ecPublicKey (RFC 5480 section 2.1.1) with secp256r1 as its parameter.
const EC_PUBLIC_KEY: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const SECP256R1: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

/// A client certificate with its key.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    /// The output of [`parse`].
    pub blob: &'a [u8],
}

impl<'a> Identity<'a> {
    /// The private key.
    pub fn key(&self) -> Option<&'a [u8; KEY_LENGTH]> {
        self.blob.first_chunk()
    }

    /// The certificates in DER, the leaf first.
    pub fn certificates(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.blob.get(KEY_LENGTH..).unwrap_or_default();
        core::iter::from_fn(move || {
            let (certificate, behind) = split_first(rest)?;
            rest = behind;
            Some(certificate)
        })
    }

    /// Whether the key belongs to the leaf. Costs a multiplication on the curve.
    pub fn key_fits(&self) -> bool {
        self.public_key_is_the_leafs().unwrap_or(false)
    }

    fn public_key_is_the_leafs(&self) -> Option<bool> {
        let key = SecretKey::from_slice(self.key()?).ok()?;
        let leaf = self.certificates().next()?;
        let certificate = Certificate::read(&mut leaf.iter().copied())?;
        let point = key.public_key().to_encoded_point(false);
        Some(part(leaf, certificate.key).ends_with(point.as_bytes()))
    }
}

/// Converts certificates (PEM or DER, the leaf first) and a private key (PEM or DER; SEC 1 or PKCS
/// #8) to the format of [`Identity`]. After an error `out` holds incomplete output.
///
/// Errors: [`InputError`] for malformed or unsupported input and for a full `out`.
pub fn parse(certificates: &[u8], key: &[u8], out: &mut Output<'_>) -> Result<(), InputError> {
    put(out, &read_key(key)?)?;
    each_certificate(certificates, &mut |bytes| append_certificate(bytes, out))
}

fn append_certificate(bytes: &Encoded<'_>, out: &mut Output<'_>) -> Result<usize, InputError> {
    let certificate = Certificate::read(&mut bytes.clone()).ok_or(InputError::BadCertificate)?;
    let length = u32::try_from(certificate.length).map_err(|_| InputError::BadCertificate)?;
    let [_, length @ ..] = length.to_be_bytes();
    put(out, &length)?;
    bytes.copy(0..certificate.length, out)?;
    Ok(certificate.length)
}

fn read_key(input: &[u8]) -> Result<[u8; KEY_LENGTH], InputError> {
    // A SEC 1 key without its public key is shorter than 128 bytes and begins with its version.
    if is_der(input) || matches!(input, [SEQUENCE, _, INTEGER, 1, ..]) {
        return read_private_key(&mut input.iter().copied());
    }
    for block in Blocks::new(input, true) {
        let block = block?;
        match block.label {
            b"PRIVATE KEY" => return read_private_key(&mut block.bytes()?),
            b"EC PRIVATE KEY" if block.is_encrypted() => return Err(InputError::EncryptedKey),
            b"EC PRIVATE KEY" => return read_private_key(&mut block.bytes()?),
            b"ENCRYPTED PRIVATE KEY" => return Err(InputError::EncryptedKey),
            label if label.ends_with(b" PRIVATE KEY") => return Err(InputError::UnsupportedKey),
            _ => {}
        }
    }
    Err(InputError::NoKey)
}

fn read_private_key(bytes: &mut dyn Iterator<Item = u8>) -> Result<[u8; KEY_LENGTH], InputError> {
    let key = read_sec1_or_pkcs8(&mut Cursor::new(bytes)).ok_or(InputError::BadKey)?;
    key.ok_or(InputError::UnsupportedKey)
}

/// Reads SEC 1 (RFC 5915 section 3) or PKCS #8 (RFC 5208 section 5). `Some(None)`: a key of another
/// type.
fn read_sec1_or_pkcs8(cursor: &mut Cursor<'_>) -> Option<Option<[u8; KEY_LENGTH]>> {
    let whole = cursor.enter(SEQUENCE, usize::MAX)?;
    cursor.pass(INTEGER, whole.end)?; // version
    let (tag, field) = cursor.enter_any(whole.end)?;
    if tag == OCTET_STRING {
        return read_sec1_key(cursor, field, whole.end);
    }
    let is_p256 = field.len() == EC_PUBLIC_KEY.len().wrapping_add(SECP256R1.len())
        && cursor.equals(&EC_PUBLIC_KEY)?
        && cursor.equals(&SECP256R1)?;
    if !is_p256 {
        return (tag == SEQUENCE).then_some(None);
    }
    let private_key = cursor.enter(OCTET_STRING, whole.end)?;
    let sec1 = cursor.enter(SEQUENCE, private_key.end)?;
    cursor.pass(INTEGER, sec1.end)?; // version
    let field = cursor.enter(OCTET_STRING, sec1.end)?;
    read_sec1_key(cursor, field, sec1.end)
}

/// Reads the key, and checks the curve if it is named.
fn read_sec1_key(
    cursor: &mut Cursor<'_>,
    field: Range<usize>,
    end: usize,
) -> Option<Option<[u8; KEY_LENGTH]>> {
    if field.len() != KEY_LENGTH {
        return Some(None);
    }
    let mut key = [0; KEY_LENGTH];
    for byte in &mut key {
        *byte = cursor.byte()?;
    }
    if !cursor.is_at(end) {
        let (tag, curve) = cursor.enter_any(end)?;
        let is_other = curve.len() != SECP256R1.len() || !cursor.equals(&SECP256R1)?;
        if tag == explicit(0) && is_other {
            return Some(None);
        }
    }
    Some(Some(key))
}
