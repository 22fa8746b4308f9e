//! Arithmetic modulo an odd number, by Montgomery's method.
//!
//! R is 2^32 to the power of the number of limbs of the modulus. The Montgomery form of x is x
//! times R; chains of products use it. The time depends on the numbers, which are all public.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "a product of limbs and two limbs more fit in 64 bits; bit counts are small"
)]

use crate::number::{LIMB, add, bit, bit_length, copy, is_less, subtract};

/// An odd modulus. The arguments and results of its methods are below it, unless a method says
/// otherwise. They may have more limbs than the modulus, all 0.
pub(crate) struct Modulus<'a> {
    limbs: &'a [u32],
    /// -1 / modulus, modulo 2^32.
    inverse: u32,
}

impl<'a> Modulus<'a> {
    /// `None` if the modulus is even.
    pub(crate) fn new(limbs: &'a [u32]) -> Option<Self> {
        let lowest = *limbs.first().filter(|&lowest| lowest % 2 == 1)?;
        // An odd number is its own inverse modulo 2^3; each of Newton's steps doubles the 3.
        let mut inverse = lowest;
        for _ in 0..4 {
            inverse = inverse.wrapping_mul(2u32.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        Some(Self { limbs, inverse: inverse.wrapping_neg() })
    }

    /// The lowest limbs of `number`, as many as the modulus has.
    fn low<'n>(&self, number: &'n [u32]) -> &'n [u32] {
        number.get(..self.limbs.len()).unwrap_or(number)
    }

    pub(crate) fn add(&self, a: &mut [u32], b: &[u32]) {
        let carry = add(a, self.low(b));
        self.reduce(a, carry);
    }

    pub(crate) fn subtract(&self, a: &mut [u32], b: &[u32]) {
        if subtract(a, self.low(b)) != 0 {
            add(a, self.limbs);
        }
    }

    pub(crate) fn double(&self, a: &mut [u32]) {
        let mut carry = 0;
        for a in a.iter_mut().take(self.limbs.len()) {
            (*a, carry) = (*a << 1 | carry, *a >> (LIMB - 1));
        }
        self.reduce(a, carry);
    }

    /// Reduces a number that is below twice the modulus. `carry` is its uppermost limb.
    fn reduce(&self, number: &mut [u32], carry: u32) {
        if carry != 0 || !is_less(number, self.limbs) {
            subtract(number, self.limbs);
        }
    }

    /// product = a * b / R. One of a and b may be any number below R.
    #[inline(never)]
    pub(crate) fn multiply(&self, product: &mut [u32], a: &[u32], b: &[u32]) {
        product.fill(0);
        let carry =
            self.low(b).iter().fold(0, |carry, &b| self.multiply_limb(product, carry, a, b));
        self.reduce(product, carry);
    }

    /// sum = (sum + a * b + q * modulus) / 2^32, with the q that makes the division exact. `carry`
    /// and the result are the uppermost limb of the sum before and after.
    #[inline(always)]
    fn multiply_limb(&self, sum: &mut [u32], carry: u32, a: &[u32], b: u32) -> u32 {
        let wide = |a: u32, b: u32, c: u32, d: u64| u64::from(a) * u64::from(b) + u64::from(c) + d;
        let mut limbs = sum.iter_mut().zip(a).zip(self.limbs);
        let Some(((mut below, &a), &m)) = limbs.next() else { return 0 };
        let with_a = wide(a, b, *below, 0);
        let q = (with_a as u32).wrapping_mul(self.inverse);
        let with_m = wide(m, q, with_a as u32, 0);
        let (mut carry_a, mut carry_m) = (with_a >> LIMB, with_m >> LIMB);
        for ((limb, &a), &m) in limbs {
            let with_a = wide(a, b, *limb, carry_a);
            let with_m = wide(m, q, with_a as u32, carry_m);
            (carry_a, carry_m) = (with_a >> LIMB, with_m >> LIMB);
            *below = with_m as u32;
            below = limb;
        }
        let top = carry_a + carry_m + u64::from(carry);
        *below = top as u32;
        (top >> LIMB) as u32
    }

    /// square = R * R, the factor that converts a number into Montgomery form.
    pub(crate) fn r_squared(&self, square: &mut [u32], scratch: &mut [u32]) {
        // The largest power of two below the modulus, doubled until it is 2^n * R for n limbs.
        let start = bit_length(self.limbs) - 1;
        square.fill(0);
        if let Some(limb) = square.get_mut(start / LIMB) {
            *limb = 1 << (start % LIMB);
        }
        for _ in start..self.limbs.len() * (LIMB + 1) {
            self.double(square);
        }
        // A squaring doubles the exponent of 2, and R is 2^(32 * n).
        for _ in 0..LIMB.ilog2() {
            self.multiply(scratch, square, square);
            copy(square, scratch);
        }
    }

    /// power = base ^ exponent, both numbers in Montgomery form. The exponent is not 0.
    pub(crate) fn power(
        &self,
        power: &mut [u32],
        scratch: &mut [u32],
        base: &[u32],
        exponent: &[u32],
    ) {
        copy(power, base);
        for index in (0..bit_length(exponent).saturating_sub(1)).rev() {
            self.multiply(scratch, power, power);
            if bit(exponent, index) == 1 {
                self.multiply(power, scratch, base);
            } else {
                copy(power, scratch);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::Modulus;
    use crate::number::from_bytes;

    fn limbs(number: u64) -> [u32; 3] {
        let mut limbs = [0; 3];
        from_bytes(&mut limbs, &number.to_be_bytes()).unwrap();
        limbs
    }

    /// base ^ exponent by the processor's division.
    fn expected(modulus: u64, base: u64, exponent: u64) -> u64 {
        let product = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64;
        let bits = (0..64).rev().map(|index| exponent >> index & 1);
        bits.fold(1, |power, bit| {
            let square = product(power, power);
            if bit == 1 { product(square, base) } else { square }
        })
    }

    /// Checks moduli of `LIMBS` limbs with numbers that have more.
    fn check<const LIMBS: usize>(moduli: &[u64]) {
        for &number in moduli {
            let (modulus, one) = (limbs(number), limbs(1));
            let modulus = Modulus::new(&modulus[..LIMBS]).unwrap();
            let (mut r_squared, mut scratch) = ([0; 3], [0; 3]);
            modulus.r_squared(&mut r_squared, &mut scratch);
            for base in [0, 1, 2, number / 3, number / 2, number - 1] {
                for exponent in [1, 2, 3, 65537, number - 1, u64::MAX] {
                    let (mut form, mut power, mut result) = ([0; 3], [0; 3], [0; 3]);
                    modulus.multiply(&mut form, &r_squared, &limbs(base));
                    modulus.power(&mut power, &mut scratch, &form, &limbs(exponent));
                    modulus.multiply(&mut result, &power, &one);
                    let power = expected(number, base, exponent);
                    assert_eq!(result, limbs(power), "{base} ^ {exponent} mod {number}");
                }
            }
        }
    }

    #[test]
    fn powers() {
        check::<1>(&[3, 5, 0x1_0001, 0x7fff_ffff, 0x8000_0001, 0xffff_fffb, 0xffff_ffff]);
        check::<2>(&[0x1_0000_0001, 0x8000_0000_0000_0001, u64::MAX - 2, u64::MAX]);
    }

    #[test]
    fn sums() {
        for number in [3, 0x8000_0001, 0xffff_fffb, 0xffff_ffff_u64] {
            let modulus = limbs(number);
            let modulus = Modulus::new(&modulus[..1]).unwrap();
            let numbers = [0, 1, number / 2, number - 2, number - 1];
            for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
                let (mut sum, mut difference, mut double) = (limbs(a), limbs(a), limbs(a));
                modulus.add(&mut sum, &limbs(b));
                modulus.subtract(&mut difference, &limbs(b));
                modulus.double(&mut double);
                assert_eq!(sum, limbs((a + b) % number), "{a} + {b} mod {number}");
                assert_eq!(difference, limbs((a + number - b) % number), "{a} - {b} mod {number}");
                assert_eq!(double, limbs(2 * a % number), "2 * {a} mod {number}");
            }
        }
    }

    #[test]
    fn even_moduli() {
        assert!(Modulus::new(&[]).is_none());
        assert!(Modulus::new(&[0, 1]).is_none());
        assert!(Modulus::new(&[6]).is_none());
    }
}
