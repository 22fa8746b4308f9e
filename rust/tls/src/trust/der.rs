//! A cursor over DER (X.690) that comes a byte at a time, from a slice or out of base64.
//!
//! Every element has to end within the one around it, and lengths have to be in their shortest
//! form. Whoever reads gets positions, so that nothing has to be kept.

use core::ops::Range;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// The constructed context-specific tag of that number.
pub(super) const fn explicit(number: u8) -> u8 {
    0xa0 | number
}

/// Reads forward. `None` is malformed, or too short. A tag is one byte: whoever reads knows which
/// ones may come, and none of them is longer.
pub(super) struct Cursor<'a> {
    bytes: &'a mut dyn Iterator<Item = u8>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a mut dyn Iterator<Item = u8>) -> Self {
        Self { bytes, at: 0 }
    }

    /// Whether all before that position is read.
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

    /// Enters the next element, which has to end by `end`: its tag, and where its contents are.
    pub(super) fn enter_any(&mut self, end: usize) -> Option<(u8, Range<usize>)> {
        let tag = self.byte()?;
        let length = self.length()?;
        let contents = self.at..self.at.checked_add(length)?;
        (contents.end <= end).then_some((tag, contents))
    }

    /// Enters the next element, which has to have that tag: where its contents are.
    pub(super) fn enter(&mut self, tag: u8, end: usize) -> Option<Range<usize>> {
        self.enter_any(end).and_then(|(found, contents)| (found == tag).then_some(contents))
    }

    /// The same, and goes behind it.
    pub(super) fn pass(&mut self, tag: u8, end: usize) -> Option<Range<usize>> {
        let contents = self.enter(tag, end)?;
        self.skip_to(contents.end)?;
        Some(contents)
    }

    /// Whether the next bytes are these; reads as many.
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
            // No certificate is as long.
            _ => None,
        }
    }
}
