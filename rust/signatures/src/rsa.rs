//! Verification of RSA signatures, PKCS#1 v1.5 and PSS (RFC 8017).
//!
//! The modulus has 2048 to 4096 bits, a multiple of 8. The exponent is odd, above 1, and has at
//! most 64 bits.
use crate::der;
use crate::hash::Hash;
use crate::montgomery::Modulus;
use crate::number::{copy, from_bytes, is_less};
use core::iter;

/// The lengths of the shortest and the longest modulus in bytes.
const SHORTEST: usize = 2048 / 8;
const LONGEST: usize = 4096 / 8;
const LIMBS: usize = LONGEST / 4;
const EXPONENT_LIMBS: usize = 2;

/// The DER of a DigestInfo before its digest (RFC 8017 section 9.2, note 1).
const fn digest_info(hash: Hash) -> &'static [u8; 19] {
    match hash {
        Hash::Sha256 => {
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
        }
        Hash::Sha384 => {
            b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
        }
        Hash::Sha512 => {
            b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
        }
    }
}

/// Verifies RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2).
pub(crate) fn verify_pkcs1(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    // Hashes before the stack frame with room for numbers exists.
    let digest = hash.digest(&[message]);
    compare_pkcs1(hash, key, digest.as_bytes(), signature)
}

#[inline(never)]
fn compare_pkcs1(hash: Hash, key: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let mut numbers = [[0; LIMBS]; 4];
    let encoded = low_bytes(public_operation(key, signature, &mut numbers)?);
    // 00 01 FF..FF 00 DigestInfo is the only encoding of this length. Compares backwards, in the
    // order of the number's limbs: the bytes need no memory.
    let info = digest.iter().rev().chain(digest_info(hash).iter().rev());
    let padding = signature.len().checked_sub(info.clone().count())?.checked_sub(3)?;
    let expected = info.chain(&[0]).chain(iter::repeat_n(&0xff, padding)).chain(&[1, 0]);
    encoded.take(signature.len()).eq(expected.copied()).then_some(())
}

/// Verifies RSASSA-PSS (RFC 8017 sections 8.1.2 and 9.1.2) with the same hash in MGF1, and a salt
/// of its length.
pub(crate) fn verify_pss(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let mut buffer = [0; LONGEST];
    let encoded = buffer.get_mut(..signature.len())?;
    encode(key, signature, encoded)?;
    let (&mut trailer, rest) = encoded.split_last_mut()?;
    let (db, h) = rest.split_at_mut_checked(rest.len().checked_sub(hash.length())?)?;
    // The encoded message is one bit shorter than the modulus.
    if trailer != 0xbc || db.first()? & 0x80 != 0 {
        return None;
    }
    for (counter, chunk) in (0u32..).zip(db.chunks_mut(hash.length())) {
        let mask = hash.digest(&[h, &counter.to_be_bytes()]);
        for (byte, mask) in chunk.iter_mut().zip(mask.as_bytes()) {
            *byte ^= mask;
        }
    }
    *db.first_mut()? &= 0x7f;
    let (padding, salt) = db.split_at_checked(db.len().checked_sub(hash.length())?)?;
    let (&one, zeros) = padding.split_last()?;
    if one != 1 || zeros.iter().any(|&byte| byte != 0) {
        return None;
    }
    let digest = hash.digest(&[message]);
    let expected = hash.digest(&[&[0; 8], digest.as_bytes(), salt]);
    (h == expected.as_bytes()).then_some(())
}

/// Writes the encoded message.
#[inline(never)]
fn encode(key: &[u8], signature: &[u8], encoded: &mut [u8]) -> Option<()> {
    let mut numbers = [[0; LIMBS]; 4];
    let number = public_operation(key, signature, &mut numbers)?;
    for (byte, value) in encoded.iter_mut().rev().zip(low_bytes(number)) {
        *byte = value;
    }
    Some(())
}

/// Iterates over the bytes of a number, the least significant first.
fn low_bytes(limbs: &[u32]) -> impl Iterator<Item = u8> {
    limbs.iter().flat_map(|limb| limb.to_le_bytes())
}

/// RSAVP1 (RFC 8017 section 5.2.2). Returns the encoded message as a number, signature ^ e mod n.
#[inline(never)]
fn public_operation<'a>(
    key: &[u8],
    signature: &[u8],
    numbers: &'a mut [[u32; LIMBS]; 4],
) -> Option<&'a [u32]> {
    let (n, e) = der::integers(key)?;
    let is_whole = n.first()? & 0x80 != 0;
    if !is_whole || n.len() < SHORTEST || signature.len() != n.len() {
        return None;
    }

    let mut exponent = [0; EXPONENT_LIMBS];
    from_bytes(&mut exponent, e)?;
    let is_odd = exponent.first()? & 1 == 1;
    if !is_odd || exponent == [1, 0] {
        return None;
    }

    let [modulus, base, power, scratch] =
        numbers.each_mut().map(|limbs| limbs.get_mut(..n.len().div_ceil(4)));
    let (modulus, base, power, scratch) = (modulus?, base?, power?, scratch?);
    from_bytes(modulus, n)?;
    from_bytes(power, signature)?;
    if !is_less(power, modulus) {
        return None;
    }
    let modulus = Modulus::new(modulus)?;
    modulus.r_squared(base, scratch);
    modulus.multiply(scratch, base, power);
    copy(base, scratch);
    modulus.power(power, scratch, base, &exponent);
    from_bytes(base, &[1])?;
    modulus.multiply(scratch, power, base);
    Some(scratch)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{LIMBS, SHORTEST, public_operation};

    /// Whether the public operation works with a modulus of 2^2048 - 1 and this exponent.
    fn is_exponent(e: u8) -> bool {
        let mut key = std::vec::Vec::from(b"\x30\x82\x01\x08\x02\x82\x01\x01\x00");
        key.extend([0xff; SHORTEST]);
        key.extend([0x02, 0x01, e]);
        public_operation(&key, &[1; SHORTEST], &mut [[0; LIMBS]; 4]).is_some()
    }

    #[test]
    fn odd_exponents_above_1() {
        for e in 0..=0x7f {
            assert_eq!(is_exponent(e), e % 2 == 1 && e > 1, "{e}");
        }
    }
}
