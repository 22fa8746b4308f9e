//! A reader for PEM (RFC 7468): labelled blocks of base64. Text between the blocks is skipped.

use super::error::InputError;
use core::slice;

/// The text between a BEGIN line and its END line.
pub(super) struct Block<'a> {
    pub(super) label: &'a [u8],
    text: &'a [u8],
}

impl<'a> Block<'a> {
    /// Whether its header declares encryption (RFC 1421 section 4.6.1.1).
    pub(super) fn is_encrypted(&self) -> bool {
        split(self.text, b"Proc-Type: 4,ENCRYPTED").is_some()
    }

    /// The decoded bytes.
    pub(super) fn bytes(&self) -> Result<Base64<'a>, InputError> {
        Base64::new(self.text).ok_or(InputError::BadPem)
    }
}

const BEGIN: &[u8] = b"-----BEGIN ";

/// Whether `text` contains PEM.
pub fn is_pem(text: &[u8]) -> bool {
    split(text, BEGIN).is_some()
}

/// An iterator over the blocks of a text, with any label.
pub(super) struct Blocks<'a> {
    /// The text after the last block.
    pub(super) rest: &'a [u8],
    /// Whether the text ends here. Otherwise an incomplete block ends the iteration.
    at_end: bool,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(text: &'a [u8], at_end: bool) -> Self {
        Self { rest: text, at_end }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some((before, after)) = split(self.rest, BEGIN) else {
            // The last bytes may be the start of a BEGIN line.
            let kept = if self.at_end { 0 } else { BEGIN.len() };
            self.rest = self.rest.get(self.rest.len().saturating_sub(kept)..).unwrap_or_default();
            return None;
        };
        if let Some((block, rest)) = read_block(after) {
            self.rest = rest;
            return Some(Ok(block));
        }
        self.rest = self.rest.get(before.len()..).unwrap_or_default();
        self.at_end.then_some(Err(InputError::BadPem))
    }
}

/// Reads the block from its label on. Returns it and the text after it.
fn read_block(text: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let (label, rest) = split(text, b"-----")?;
    let (text, rest) = split(rest, b"-----END ")?;
    let rest = rest.strip_prefix(label)?.strip_prefix(b"-----")?;
    Some((Block { label, text }, rest))
}

/// The text before and after the first `mark`.
fn split<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = text.windows(mark.len()).position(|window| window == mark)?;
    let (before, rest) = text.split_at_checked(start)?;
    Some((before, rest.strip_prefix(mark)?))
}

/// An iterator over the bytes of base64 text (RFC 4648 section 4). Skips whitespace.
#[derive(Clone)]
pub(super) struct Base64<'a> {
    characters: slice::Iter<'a, u8>,
    /// The lowest `held` bits are still to be returned.
    bits: u32,
    held: u32,
}

impl<'a> Base64<'a> {
    /// `None` for an invalid character, invalid padding, or unused bits that are not 0.
    pub(super) fn new(text: &'a [u8]) -> Option<Self> {
        let mut count = 0usize;
        let mut padding = 0usize;
        let mut last = 0;
        for character in text.iter().filter(|character| !character.is_ascii_whitespace()) {
            count = count.checked_add(1)?;
            match value(*character) {
                Some(value) if padding == 0 => last = value,
                None if *character == b'=' => padding = padding.checked_add(1)?,
                _ => return None,
            }
        }
        let unused = match padding {
            0 => 0,
            1 => 0b11,
            2 => 0b1111,
            _ => return None,
        };
        let characters = text.iter();
        (count & 3 == 0 && last & unused == 0).then_some(Self { characters, bits: 0, held: 0 })
    }
}

impl Iterator for Base64<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        while self.held < 8 {
            let character = self.characters.find(|character| !character.is_ascii_whitespace())?;
            self.bits = self.bits << 6 | value(*character)?;
            self.held = self.held.wrapping_add(6);
        }
        self.held = self.held.wrapping_sub(8);
        let [.., byte] = (self.bits >> self.held).to_be_bytes();
        Some(byte)
    }
}

/// The six bits of a character.
fn value(character: u8) -> Option<u32> {
    let (first, offset) = match character {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'+' => return Some(62),
        b'/' => return Some(63),
        _ => return None,
    };
    Some(u32::from(character.wrapping_sub(first)).wrapping_add(offset))
}
