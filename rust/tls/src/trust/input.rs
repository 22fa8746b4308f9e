//! The caller's certificates and keys in PEM or DER, read without memory to decode them into.

use super::der::Cursor;
use super::error::InputError;
use super::pem::{Base64, Block, Blocks};
use core::iter::Copied;
use core::ops::Range;
use core::slice;

/// Takes output in pieces. Returns `false` if it is full.
pub type Output<'a> = dyn FnMut(&[u8]) -> bool + 'a;

/// The longest tag and length of a certificate in DER.
const LONGEST_HEADER: usize = 4;

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
pub fn is_der(input: &[u8]) -> bool {
    matches!(input, [super::der::SEQUENCE, 0x81..=0x84, ..])
}

/// Calls `each` for every certificate. `each` returns the length of the certificate in bytes. Skips
/// other blocks in PEM.
pub(super) fn each_certificate(input: &[u8], each: &mut Each<'_>) -> Result<(), InputError> {
    let mut found = false;
    let mut note = |bytes: &Encoded<'_>| {
        found = true;
        each(bytes)
    };
    each_complete(input, is_der(input), true, &mut note)?;
    if found { Ok(()) } else { Err(InputError::NoCertificate) }
}

/// Receives a certificate.
pub(super) type Each<'a> = dyn FnMut(&Encoded<'_>) -> Result<usize, InputError> + 'a;

/// Calls `each` for every complete certificate of an input that continues unless `at_end`. Returns
/// the number of bytes that are done.
pub(super) fn each_complete(
    input: &[u8],
    is_der: bool,
    at_end: bool,
    each: &mut Each<'_>,
) -> Result<usize, InputError> {
    let rest = if is_der { each_der(input, at_end, each) } else { each_pem(input, at_end, each) }?;
    Ok(input.len().saturating_sub(rest.len()))
}

/// Returns the incomplete rest.
fn each_der<'a>(
    mut input: &'a [u8],
    at_end: bool,
    each: &mut Each<'_>,
) -> Result<&'a [u8], InputError> {
    while !input.is_empty() && (at_end || is_complete(input)) {
        let length = each(&Encoded::of_der(input))?;
        input = input.get(length..).ok_or(InputError::BadCertificate)?;
    }
    Ok(input)
}

/// Whether the element in front is complete, or has no valid length.
fn is_complete(der: &[u8]) -> bool {
    let mut bytes = der.iter().copied();
    let element = Cursor::new(&mut bytes).enter_any(usize::MAX);
    der.len() >= LONGEST_HEADER && element.is_none_or(|(_, contents)| contents.end <= der.len())
}

/// Returns the incomplete rest.
fn each_pem<'a>(
    input: &'a [u8],
    at_end: bool,
    each: &mut Each<'_>,
) -> Result<&'a [u8], InputError> {
    let mut blocks = Blocks::new(input, at_end);
    for block in &mut blocks {
        let block = block?;
        if matches!(block.label, b"CERTIFICATE" | b"X509 CERTIFICATE") {
            let mut bytes = Encoded::of_block(&block)?;
            let length = each(&bytes)?;
            if bytes.nth(length).is_some() {
                return Err(InputError::BadCertificate);
            }
        }
    }
    Ok(blocks.rest)
}
