//! Trust anchors (RFC 5280 section 6.1.1) in a format for firmware.
//!
//! A set is a sequence of anchors. Each has three fields: the subject, the SubjectPublicKeyInfo and
//! the name constraints (length 0: none), all without their outermost tag and length, each after
//! its length (two bytes, big endian). The highest bit of the first length is set if the
//! certificate is not that of a CA: then the anchor stands for this certificate only, and issues
//! none.

use super::certificate::Certificate;
use super::der::{BIT_STRING, INTEGER, SEQUENCE};
use super::error::InputError;
use super::input::{Encoded, Output, each_certificate, each_complete, put};
use heapless::Vec;

const NO_CA: u16 = 0x8000;

/// A trust anchor. Its fields are DER without their outermost tag and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// The subject name.
    pub subject: &'a [u8],
    /// The SubjectPublicKeyInfo.
    pub key: &'a [u8],
    /// The name constraints for certificates that it issues.
    pub name_constraints: Option<&'a [u8]>,
    /// Whether it may issue certificates. Otherwise it is a trusted server certificate.
    pub is_ca: bool,
}

impl Anchor<'_> {
    /// Whether it is a CA without name constraints, which a bare certificate can represent.
    pub fn is_unconditional(&self) -> bool {
        self.is_ca && self.name_constraints.is_none()
    }

    /// Appends the anchor to a set. Errors: [`InputError::BadCertificate`] for a field of 32 KiB or
    /// more, [`InputError::NoRoom`].
    pub fn put(&self, out: &mut Output<'_>) -> Result<(), InputError> {
        put_field(self.subject, if self.is_ca { 0 } else { NO_CA }, out)?;
        put_field(self.key, 0, out)?;
        put_field(self.name_constraints.unwrap_or_default(), 0, out)
    }
}

fn put_field(field: &[u8], flag: u16, out: &mut Output<'_>) -> Result<(), InputError> {
    put(out, &length_of(field.len(), flag)?)?;
    put(out, field)
}

/// Encodes the length of a field together with a flag.
fn length_of(len: usize, flag: u16) -> Result<[u8; 2], InputError> {
    let length = u16::try_from(len).ok().filter(|length| length & NO_CA == 0);
    Ok((length.ok_or(InputError::BadCertificate)? | flag).to_be_bytes())
}

/// An iterator over the anchors of a set.
#[derive(Clone)]
pub struct Anchors<'a>(&'a [u8]);

impl<'a> Anchors<'a> {
    /// Iterates over a set made by [`append`].
    pub fn new(set: &'a [u8]) -> Self {
        Self(set)
    }
}

impl<'a> Iterator for Anchors<'a> {
    type Item = Anchor<'a>;

    fn next(&mut self) -> Option<Anchor<'a>> {
        let (length, rest) = split_length(self.0)?;
        let (subject, rest) = rest.split_at_checked(usize::from(length & !NO_CA))?;
        let (key, rest) = split_field(rest)?;
        let (name_constraints, rest) = split_field(rest)?;
        self.0 = rest;
        let name_constraints = Some(name_constraints).filter(|constraints| !constraints.is_empty());
        Some(Anchor { subject, key, name_constraints, is_ca: length & NO_CA == 0 })
    }
}

fn split_length(set: &[u8]) -> Option<(u16, &[u8])> {
    let (length, rest) = set.split_first_chunk()?;
    Some((u16::from_be_bytes(*length), rest))
}

fn split_field(set: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = split_length(set)?;
    rest.split_at_checked(usize::from(length))
}

/// Appends the anchors of certificates in PEM (other blocks and text between them are skipped) or
/// in DER (one or several in a row) to a set. After an error `out` holds an incomplete set.
///
/// Errors: [`InputError`] for malformed input and for a full `out`.
pub fn append(certificates: &[u8], out: &mut Output<'_>) -> Result<(), InputError> {
    each_certificate(certificates, &mut |bytes| Ok(read_one(bytes, Some(out))?.input))
}

/// A number of bytes of certificates, and of the anchors that they gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The bytes of certificates.
    pub input: usize,
    /// The bytes of anchors.
    pub output: usize,
}

/// Appends the anchors of the complete certificates in a piece of input, or only measures them
/// without `out`. The rest of the piece belongs in front of the next one, and none may follow a
/// piece that is `at_end`. Unlike [`append`] this accepts input without certificates.
pub fn append_complete(
    piece: &[u8],
    is_der: bool,
    at_end: bool,
    mut out: Option<&mut Output<'_>>,
) -> Result<Amount, InputError> {
    let mut output = 0usize;
    let input = each_complete(piece, is_der, at_end, &mut |bytes| {
        let amount = read_one(bytes, out.as_deref_mut())?;
        output = output.saturating_add(amount.output);
        Ok(amount.input)
    })?;
    Ok(Amount { input, output })
}

fn read_one(bytes: &Encoded<'_>, out: Option<&mut Output<'_>>) -> Result<Amount, InputError> {
    let certificate = Certificate::read(&mut bytes.clone()).ok_or(InputError::BadCertificate)?;
    let flag = if certificate.may_sign_certificates() { 0 } else { NO_CA };
    let name_constraints = certificate.name_constraints.unwrap_or_default();
    let fields = [certificate.subject, certificate.key, name_constraints];
    let output = fields.iter().map(|field| field.len().saturating_add(size_of::<u16>())).sum();
    if let Some(out) = out {
        for (field, flag) in fields.into_iter().zip([flag, 0, 0]) {
            put(out, &length_of(field.len(), flag)?)?;
            bytes.copy(field, out)?;
        }
    }
    Ok(Amount { input: certificate.length, output })
}

/// ecdsa-with-SHA256 (RFC 5758 section 3.2): a certificate must name an algorithm, even without a
/// signature.
const ALGORITHM: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// The longest validity (RFC 5280 section 4.1.2.5).
const VALIDITY: &[u8] = b"\x30\x20\x17\x0d700101000000Z\x18\x0f99991231235959Z";
const SERIAL: &[u8] = &[INTEGER, 1, 1];
const NO_SIGNATURE: &[u8] = &[BIT_STRING, 2, 0, 0];

/// Writes a certificate of version 1 with an empty signature for an anchor, for TLS implementations
/// that take certificates as anchors. Returns `false` for an anchor that is not a CA without
/// constraints, which such a certificate cannot represent.
pub fn certificate(anchor: &Anchor<'_>, out: &mut Output<'_>) -> Result<bool, InputError> {
    if !anchor.is_unconditional() {
        return Ok(false);
    }
    let name = &*header(anchor.subject.len())?;
    let key = &*header(anchor.key.len())?;
    let signed = [
        SERIAL,
        ALGORITHM,
        name, // issuer
        anchor.subject,
        VALIDITY,
        name, // subject
        anchor.subject,
        key,
        anchor.key,
    ];
    let signed_header = &*header(length(&signed))?;
    let unsigned = [ALGORITHM, NO_SIGNATURE];
    let whole = [signed_header.len(), length(&signed), length(&unsigned)].into_iter().sum();
    put(out, &header(whole)?)?;
    put(out, signed_header)?;
    signed.into_iter().chain(unsigned).try_for_each(|part| put(out, part))?;
    Ok(true)
}

fn length(parts: &[&[u8]]) -> usize {
    parts.iter().map(|part| part.len()).sum()
}

/// The tag and length of a SEQUENCE.
fn header(length: usize) -> Result<Vec<u8, 4>, InputError> {
    let length = u16::try_from(length).map_err(|_| InputError::BadCertificate)?;
    let [high, low] = length.to_be_bytes();
    Ok(match length {
        ..=0x7f => [SEQUENCE, low].into_iter().collect(),
        0x80..=0xff => [SEQUENCE, 0x81, low].into_iter().collect(),
        _ => [SEQUENCE, 0x82, high, low].into_iter().collect(),
    })
}
