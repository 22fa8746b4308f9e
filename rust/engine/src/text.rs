//! Character encodings that are always available: UTF-8, US-ASCII, ISO-8859-1.

use crate::Error;
use crate::sink::Sink;

/// Writes ISO-8859-1 `bytes` as UTF-8. Errors: those of `out`.
pub fn put_latin1(bytes: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    for run in bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        if run.is_ascii() {
            out.put(run)?;
            continue;
        }
        for &b in run {
            out.put(&[0xc0 | b >> 6, 0x80 | b & 0x3f])?;
        }
    }
    Ok(())
}

/// Writes `bytes` as UTF-8, with U+FFFD for what is none: one for each sequence cut short, one
/// for each other byte. Errors: those of `out`.
pub fn put_lossy(bytes: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    for chunk in bytes.utf8_chunks() {
        out.put(chunk.valid().as_bytes())?;
        if !chunk.invalid().is_empty() {
            out.put("\u{fffd}".as_bytes())?;
        }
    }
    Ok(())
}

/// Writes UTF-8 `bytes` one byte a character, `limit` (0xff for ISO-8859-1, 0x7f for US-ASCII)
/// being the last character that has one; `false` where there are others, or no UTF-8. What
/// stood before them may have been written.
///
/// Errors: those of `out`.
pub fn put_single_byte(bytes: &[u8], limit: u8, out: &mut impl Sink) -> Result<bool, Error> {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return Ok(false);
    };
    for c in text.chars() {
        match u8::try_from(u32::from(c)) {
            Ok(b) if b <= limit => out.put(&[b])?,
            _ => return Ok(false),
        }
    }
    Ok(true)
}
