//! A cursor over a stream of DER bytes (X.690), from a slice or from base64.
//!
//! Every element must end within its parent, and lengths must be in their shortest form. The cursor
//! returns positions and keeps no bytes.

use core::ops::Range;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// The constructed context-specific tag with this number.
pub(super) const fn explicit(number: u8) -> u8 {
    0xa0 | number
}

/// A cursor that reads forward. `None` means malformed or truncated input. Tags have one byte;
/// longer tags do not occur in certificates.
pub(super) struct Cursor<'a> {
    bytes: &'a mut dyn Iterator<Item = u8>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a mut dyn Iterator<Item = u8>) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether the cursor is at this position.
    pub(super) fn is_at(&self, position: usize) -> bool {
        self.at == position
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.next()?;
        self.at = self.at.checked_add(1)?;
        Some(byte)
    }

    pub(super) fn skip_to(&mut self, position: usize) -> Option<()> {
        if let Some(before_last) = position.checked_sub(self.at)?.checked_sub(1) {
            self.bytes.nth(before_last)?;
        }
        self.at = position;
        Some(())
    }

    /// Enters the next element, which must end by `end`. Returns its tag and the range of its
    /// contents.
    pub(super) fn enter_any(&mut self, end: usize) -> Option<(u8, Range<usize>)> {
        let tag = self.byte()?;
        let length = self.length()?;
        let contents = self.at..self.at.checked_add(length)?;
        (contents.end <= end).then_some((tag, contents))
    }

    /// Enters the next element, which must have this tag. Returns the range of its contents.
    pub(super) fn enter(&mut self, tag: u8, end: usize) -> Option<Range<usize>> {
        self.enter_any(end).and_then(|(found, contents)| (found == tag).then_some(contents))
    }

    /// Like [`Self::enter`], and skips the contents.
    pub(super) fn pass(&mut self, tag: u8, end: usize) -> Option<Range<usize>> {
        let contents = self.enter(tag, end)?;
        self.skip_to(contents.end)?;
        Some(contents)
    }

    /// Reads as many bytes as `expected` has. Returns whether they are equal.
    pub(super) fn equals(&mut self, expected: &[u8]) -> Option<bool> {
        let mut equal = true;
        for byte in expected {
            equal &= self.byte()? == *byte;
        }
        Some(equal)
    }

    fn length(&mut self) -> Option<usize> {
        match self.byte()? {
            length @ 0..=0x7f => Some(usize::from(length)),
            0x81 => self.byte().filter(|length| *length >= 0x80).map(usize::from),
            0x82 => {
                let length = u16::from_be_bytes([self.byte()?, self.byte()?]);
                (length >= 0x100).then_some(usize::from(length))
            }
            // Certificates are shorter.
            _ => None,
        }
    }
}
