//! The digits of a scalar for the multiplication of points: signed, and most of them 0.
use crate::curve::Number;
use crate::number::bit;

/// The bits of a window, which yields the digits. One more bit saves some 6 % of a verification's
/// time and costs 576 bytes of stack for the multiples of points.
const WINDOW: u32 = 3;
/// The number of absolute values of odd digits: 1 and 3.
pub(crate) const ODD_DIGITS: usize = 2;

/// The digits, the most significant first. Each is 0 or odd, from -3 to 3; on average 3 of 4 are 0.
/// This is the w-MOF of Okeya et al., "Signed Binary Representations Revisited": as sparse as the
/// w-NAF, but computed from the top, so that the digits need no memory.
pub(crate) struct Digits<'a> {
    scalar: &'a Number,
    /// The value of the current window, and the number of its bits still to come.
    window: i8,
    left: u32,
}

impl<'a> Digits<'a> {
    pub(crate) fn new(scalar: &'a Number) -> Self {
        Self { scalar, window: 0, left: 0 }
    }

    /// Returns the digit of weight 2^index. Has to be called for every index, from above the
    /// scalar's highest bit down to 0.
    #[expect(clippy::arithmetic_side_effects, reason = "a window's value is from -4 to 4")]
    pub(crate) fn next(&mut self, index: usize) -> i8 {
        // Twice the scalar minus the scalar has the digits -1, 0 and 1. A window begins at a digit
        // other than 0.
        let difference = |index: usize| {
            bit(self.scalar, index.wrapping_sub(1)) as i8 - bit(self.scalar, index) as i8
        };
        if self.left == 0 {
            if difference(index) == 0 {
                return 0;
            }
            let indices = (0..WINDOW as usize).map(|i| index.wrapping_sub(i));
            self.window = indices.fold(0, |window, index| 2 * window + difference(index));
            self.left = WINDOW;
        }
        self.left -= 1;
        if self.left == self.window.trailing_zeros() { self.window >> self.left } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;

    #[test]
    fn digits_make_the_scalar() {
        for low in
            (0..=0xffff).chain([0x5555_5555, 0xaaaa_aaaa, 0x7fff_ffff, 0x8000_0001, u32::MAX])
        {
            let mut scalar = [0; 12];
            scalar[0] = low;
            let mut digits = Digits::new(&scalar);
            let value = (0..=384).rev().fold(0, |value: i64, index| {
                let digit = digits.next(index);
                assert!(digit == 0 || digit % 2 != 0 && digit.abs() <= 3, "{low:#x}: {digit}");
                2 * value + i64::from(digit)
            });
            assert_eq!(value, i64::from(low), "{low:#x}");
        }
    }

    #[test]
    fn most_digits_are_0() {
        let scalar = core::array::from_fn(|limb| (limb as u32 + 1).wrapping_mul(0x9e37_79b9));
        let mut digits = Digits::new(&scalar);
        let odd = (0..=384).rev().filter(|&index| digits.next(index) != 0).count();
        assert!((80..=110).contains(&odd), "{odd}");
    }
}
