//! The caller's certificates and keys in PEM or DER, read without memory to decode them into.

use super::error::InputError;
use super::pem::{Base64, Block, Blocks};
use core::iter::Copied;
use core::ops::Range;
use core::slice;

/// Takes output in pieces. Returns `false` if it is full.
pub type Output<'a> = dyn FnMut(&[u8]) -> bool + 'a;

/// An iterator over DER bytes. A clone repeats them.
#[derive(Clone)]
pub(super) enum Encoded<'a> {
    Der(Copied<slice::Iter<'a, u8>>),
    Pem(Base64<'a>),
}

impl<'a> Encoded<'a> {
    pub(super) fn of_der(der: &'a [u8]) -> Self {
        Self::Der(der.iter().copied())
    }

    pub(super) fn of_block(block: &Block<'a>) -> Result<Self, InputError> {
        block.bytes().map(Self::Pem)
    }

    /// Copies the bytes of a range to `out`.
    pub(super) fn copy(&self, range: Range<usize>, out: &mut Output<'_>) -> Result<(), InputError> {
        let mut bytes = self.clone().skip(range.start).take(range.len());
        let mut piece = heapless::Vec::<u8, 64>::new();
        loop {
            piece.clear();
            piece.extend(bytes.by_ref().take(piece.capacity()));
            if piece.is_empty() {
                return Ok(());
            }
            put(out, &piece)?;
        }
    }
}

impl Iterator for Encoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self {
            Self::Der(bytes) => bytes.next(),
            Self::Pem(bytes) => bytes.next(),
        }
    }
}

pub(super) fn put(out: &mut Output<'_>, bytes: &[u8]) -> Result<(), InputError> {
    if out(bytes) { Ok(()) } else { Err(InputError::NoRoom) }
}

/// Whether the input is DER: a SEQUENCE longer than 127 bytes. ASCII and UTF-8 text never starts
/// like this.
pub(super) fn is_der(input: &[u8]) -> bool {
    matches!(input, [super::der::SEQUENCE, 0x81..=0x84, ..])
}

/// Calls `each` for every certificate. Returns the number of certificates. `each` returns the
/// length of the certificate in bytes. Skips other blocks in PEM.
pub(super) fn each_certificate(
    input: &[u8],
    each: &mut dyn FnMut(&Encoded<'_>) -> Result<usize, InputError>,
) -> Result<usize, InputError> {
    let count = if is_der(input) { each_der(input, each) } else { each_pem(input, each) }?;
    if count == 0 { Err(InputError::NoCertificate) } else { Ok(count) }
}

fn each_der(
    mut input: &[u8],
    each: &mut dyn FnMut(&Encoded<'_>) -> Result<usize, InputError>,
) -> Result<usize, InputError> {
    let mut count = 0usize;
    while !input.is_empty() {
        let length = each(&Encoded::of_der(input))?;
        input = input.get(length..).ok_or(InputError::BadCertificate)?;
        count = count.saturating_add(1);
    }
    Ok(count)
}

fn each_pem(
    input: &[u8],
    each: &mut dyn FnMut(&Encoded<'_>) -> Result<usize, InputError>,
) -> Result<usize, InputError> {
    let mut count = 0usize;
    for block in Blocks(input) {
        let block = block?;
        if matches!(block.label, b"CERTIFICATE" | b"X509 CERTIFICATE") {
            let mut bytes = Encoded::of_block(&block)?;
            let length = each(&bytes)?;
            if bytes.nth(length).is_some() {
                return Err(InputError::BadCertificate);
            }
            count = count.saturating_add(1);
        }
    }
    Ok(count)
}
