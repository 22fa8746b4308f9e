//! The outputs of the engine.

use crate::Error;

/// An output for bytes.
pub trait Sink {
    /// Appends `bytes`, all of them or none. Errors: [`Error::NoRoom`].
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error>;
}

/// A [`Sink`] that can be read back and truncated, for algorithms that revise their output.
pub trait Buffer: Sink {
    /// The bytes put so far.
    fn as_slice(&self) -> &[u8];

    /// Keeps the first `len` bytes; does nothing if there are fewer.
    fn truncate(&mut self, len: usize);

    /// Makes room for `more` bytes, so that they are put without another allocation. Errors:
    /// [`Error::NoRoom`].
    fn reserve(&mut self, _more: usize) -> Result<(), Error> {
        Ok(())
    }

    /// Removes all bytes and frees their memory.
    fn free(&mut self) {
        self.truncate(0);
    }
}

impl<const N: usize> Sink for heapless::Vec<u8, N> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.extend_from_slice(bytes).map_err(|_| Error::NoRoom)
    }
}

impl<const N: usize> Buffer for heapless::Vec<u8, N> {
    fn as_slice(&self) -> &[u8] {
        self
    }

    fn truncate(&mut self, len: usize) {
        heapless::Vec::truncate(self, len);
    }
}

/// Writes `n` in decimal. Errors: those of `out`.
pub fn put_decimal(out: &mut impl Sink, n: u64) -> Result<(), Error> {
    put_radix(out, n, 10)
}

/// Writes `n` in lower-case hexadecimal. Errors: those of `out`.
pub fn put_hex(out: &mut impl Sink, n: u64) -> Result<(), Error> {
    put_radix(out, n, 16)
}

fn put_radix(out: &mut impl Sink, mut n: u64, radix: u32) -> Result<(), Error> {
    let mut digits = [0; 20]; // u64::MAX in decimal
    let mut start = digits.len();
    for slot in digits.iter_mut().rev() {
        let digit;
        (n, digit) = match u32::try_from(n) {
            // Boards have no instruction for the division of 64 bits.
            Ok(n) => (
                u64::from(n.checked_div(radix).unwrap_or(0)),
                n.checked_rem(radix).unwrap_or(0) as u8,
            ),
            Err(_) => (
                n.checked_div(radix.into()).unwrap_or(0),
                n.checked_rem(radix.into()).unwrap_or(0) as u8,
            ),
        };
        *slot = if digit < 10 { b'0' | digit } else { (b'a' - 10).wrapping_add(digit) };
        start = start.saturating_sub(1);
        if n == 0 {
            break;
        }
    }
    out.put(digits.get(start..).unwrap_or_default())
}
