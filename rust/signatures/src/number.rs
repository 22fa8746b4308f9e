//! Multi-precision numbers: slices of 32-bit limbs, the least significant first.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a sum of two limbs and a carry fits in 64 bits; bit counts are small"
)]

/// The bits of a limb.
pub(crate) const LIMB: usize = u32::BITS as usize;

/// Writes the number with the big-endian `bytes` to `limbs`. `None` if it is too large.
pub(crate) fn from_bytes(limbs: &mut [u32], bytes: &[u8]) -> Option<()> {
    limbs.fill(0);
    let mut limbs = limbs.iter_mut();
    for chunk in bytes.rchunks(4) {
        *limbs.next()? = chunk.iter().fold(0, |limb, &byte| limb << 8 | u32::from(byte));
    }
    Some(())
}

/// Copies as many limbs as both have. (The method of slices can panic.)
pub(crate) fn copy(to: &mut [u32], from: &[u32]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from;
    }
}

/// Whether a < b. Ignores limbs that only one of them has.
pub(crate) fn is_less(a: &[u32], b: &[u32]) -> bool {
    a.iter().zip(b).rev().find(|(a, b)| a != b).is_some_and(|(a, b)| a < b)
}

pub(crate) fn is_zero(number: &[u32]) -> bool {
    number.iter().all(|&limb| limb == 0)
}

/// The bit of weight 2^index.
pub(crate) fn bit(number: &[u32], index: usize) -> u32 {
    number.get(index / LIMB).map_or(0, |limb| limb >> (index % LIMB) & 1)
}

/// The number of bits without leading zeros.
pub(crate) fn bit_length(number: &[u32]) -> usize {
    let leading = number.iter().rev().take_while(|&&limb| limb == 0).count();
    let top = number.iter().rev().nth(leading).map_or(0, |limb| limb.leading_zeros() as usize);
    (number.len() - leading) * LIMB - top
}

/// Adds b to a. Returns the carry.
pub(crate) fn add(a: &mut [u32], b: &[u32]) -> u32 {
    let mut carry = 0;
    for (a, &b) in a.iter_mut().zip(b) {
        let sum = u64::from(*a) + u64::from(b) + carry;
        *a = sum as u32;
        carry = sum >> LIMB;
    }
    carry as u32
}

/// Subtracts b from a. Returns the borrow.
pub(crate) fn subtract(a: &mut [u32], b: &[u32]) -> u32 {
    let mut borrow = 0;
    for (a, &b) in a.iter_mut().zip(b) {
        let difference = u64::from(*a).wrapping_sub(u64::from(b) + borrow);
        *a = difference as u32;
        borrow = difference >> 63;
    }
    borrow as u32
}
