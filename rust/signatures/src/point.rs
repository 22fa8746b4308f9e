//! The group of a curve's points in Jacobian coordinates: (x, y, z) stands for (x / z^2, y / z^3),
//! and z = 0 for infinity.
use crate::curve::{Curve, LIMBS, Number};
use crate::digits::{Digits, ODD_DIGITS};
use crate::montgomery::Modulus;
use crate::number::is_zero;

/// A point, its coordinates in Montgomery form.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: Number,
    y: Number,
    z: Number,
}

/// A curve with the arithmetic modulo its prime.
pub(crate) struct Group<'a> {
    pub(crate) curve: &'a Curve,
    modulus: Modulus<'a>,
    r_squared: Number,
}

impl<'a> Group<'a> {
    pub(crate) fn new(curve: &'a Curve) -> Option<Self> {
        let modulus = Modulus::new(curve.own(&curve.prime))?;
        let (mut r_squared, mut scratch) = ([0; LIMBS], [0; LIMBS]);
        modulus.r_squared(&mut r_squared, &mut scratch);
        Some(Self { curve, modulus, r_squared })
    }

    /// Returns the point of these affine coordinates, if it is on the curve.
    pub(crate) fn point(&self, coordinates: &[Number; 2]) -> Option<Point> {
        let point = self.enter_point(coordinates);
        // y^2 = (x^2 - 3) x + b
        let one = &point.z;
        let mut right = self.square(&point.x);
        for _ in 0..3 {
            self.subtract(&mut right, one);
        }
        right = self.multiply(&right, &point.x);
        self.add(&mut right, &self.enter(&self.curve.b));
        (self.square(&point.y) == right).then_some(point)
    }

    /// Whether a point is not infinity and has the affine coordinate x.
    pub(crate) fn has_x(&self, point: &Point, x: &Number) -> bool {
        !is_zero(&point.z) && self.multiply(&self.enter(x), &self.square(&point.z)) == point.x
    }

    /// Returns u * G + v * q, where G is the generator and q the affine coordinates of a point.
    #[inline(never)]
    pub(crate) fn multiply_add(&self, u: &Number, v: &Number, q: &[Number; 2]) -> Point {
        let mut g_multiples = [self.enter_point(&self.curve.generator); ODD_DIGITS];
        let mut q_multiples = [self.enter_point(q); ODD_DIGITS];
        self.make_odd(&mut g_multiples);
        self.make_odd(&mut q_multiples);
        let (mut u, mut v) = (Digits::new(u), Digits::new(v));
        let mut sum = Point { x: [0; LIMBS], y: [0; LIMBS], z: [0; LIMBS] };
        for index in (0..=self.curve.bits).rev() {
            self.double_point(&mut sum);
            self.add_multiple(&mut sum, &g_multiples, u.next(index));
            self.add_multiple(&mut sum, &q_multiples, v.next(index));
        }
        sum
    }

    /// Turns copies of a point into its multiples by 1, 3 and so on.
    #[inline(never)]
    fn make_odd(&self, multiples: &mut [Point; ODD_DIGITS]) {
        let [point, rest @ ..] = multiples;
        let mut twice = *point;
        self.double_point(&mut twice);
        let mut previous = &*point;
        for multiple in rest {
            *multiple = *previous;
            self.add_point(multiple, &twice, false);
            previous = multiple;
        }
    }

    fn add_multiple(&self, sum: &mut Point, odd_multiples: &[Point; ODD_DIGITS], digit: i8) {
        let multiple = odd_multiples.get(usize::from(digit.unsigned_abs() / 2));
        if let Some(multiple) = multiple.filter(|_| digit != 0) {
            self.add_point(sum, multiple, digit < 0);
        }
    }

    /// p = 2p
    #[inline(never)]
    fn double_point(&self, p: &mut Point) {
        let zz = self.square(&p.z);
        let mut yy = self.square(&p.y);
        // The slope of the tangent times 2yz: m = 3 (x - z^2) (x + z^2)
        let (mut difference, mut m) = (p.x, p.x);
        self.subtract(&mut difference, &zz);
        self.add(&mut m, &zz);
        difference = self.multiply(&difference, &m);
        m = difference;
        self.double(&mut m);
        self.add(&mut m, &difference);
        // z = 2yz
        p.z = self.multiply(&p.y, &p.z);
        self.double(&mut p.z);
        // s = 4xy^2
        self.double(&mut yy);
        let mut s = self.multiply(&p.x, &yy);
        self.double(&mut s);
        // x = m^2 - 2s
        p.x = self.square(&m);
        self.subtract(&mut p.x, &s);
        self.subtract(&mut p.x, &s);
        // y = m (s - x) - 8y^4
        self.subtract(&mut s, &p.x);
        p.y = self.multiply(&m, &s);
        yy = self.square(&yy);
        self.double(&mut yy);
        self.subtract(&mut p.y, &yy);
    }

    /// p = p + q, or p - q, for any two points.
    #[inline(never)]
    fn add_point(&self, p: &mut Point, q: &Point, negate: bool) {
        if is_zero(&q.z) {
            return;
        }
        let mut q_y = q.y;
        if negate {
            q_y = [0; LIMBS];
            self.subtract(&mut q_y, &q.y);
        }
        if is_zero(&p.z) {
            *p = *q;
            p.y = q_y;
            return;
        }
        let p_zz = self.square(&p.z);
        let q_zz = self.square(&q.z);
        // Both points with a common denominator; h and r are the differences of x and y.
        p.x = self.multiply(&p.x, &q_zz);
        p.y = self.multiply(&p.y, &q.z);
        p.y = self.multiply(&p.y, &q_zz);
        let mut h = self.multiply(&q.x, &p_zz);
        self.subtract(&mut h, &p.x);
        let mut r = self.multiply(&q_y, &p.z);
        r = self.multiply(&r, &p_zz);
        self.subtract(&mut r, &p.y);
        p.z = self.multiply(&p.z, &q.z);
        if is_zero(&h) && is_zero(&r) {
            return self.double_point(p);
        }
        // The sum of a point and its negative has z = 0: infinity.
        p.z = self.multiply(&p.z, &h);
        let hh = self.square(&h);
        let mut v = self.multiply(&p.x, &hh);
        h = self.multiply(&h, &hh);
        // x = r^2 - h^3 - 2v
        p.x = self.square(&r);
        self.subtract(&mut p.x, &h);
        self.subtract(&mut p.x, &v);
        self.subtract(&mut p.x, &v);
        // y = r (v - x) - y h^3
        h = self.multiply(&p.y, &h);
        self.subtract(&mut v, &p.x);
        p.y = self.multiply(&r, &v);
        self.subtract(&mut p.y, &h);
    }

    /// Converts an affine point into Montgomery form.
    fn enter_point(&self, [x, y]: &[Number; 2]) -> Point {
        let one = core::array::from_fn(|limb| u32::from(limb == 0));
        Point { x: self.enter(x), y: self.enter(y), z: self.enter(&one) }
    }

    /// Converts a number into Montgomery form.
    fn enter(&self, number: &Number) -> Number {
        self.multiply(number, &self.r_squared)
    }

    fn square(&self, a: &Number) -> Number {
        self.multiply(a, a)
    }

    #[inline(never)]
    fn multiply(&self, a: &Number, b: &Number) -> Number {
        let mut product = [0; LIMBS];
        self.modulus.multiply(&mut product, a, b);
        product
    }

    #[inline(never)]
    fn add(&self, a: &mut Number, b: &Number) {
        self.modulus.add(a, b);
    }

    #[inline(never)]
    fn subtract(&self, a: &mut Number, b: &Number) {
        self.modulus.subtract(a, b);
    }

    #[inline(never)]
    fn double(&self, a: &mut Number) {
        self.modulus.double(a);
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn small(number: u32) -> Number {
        core::array::from_fn(|limb| if limb == 0 { number } else { 0 })
    }

    fn is_same(group: &Group<'_>, a: &Point, b: &Point) -> bool {
        let (a_zz, b_zz) = (group.square(&a.z), group.square(&b.z));
        let (a_zzz, b_zzz) = (group.multiply(&a_zz, &a.z), group.multiply(&b_zz, &b.z));
        group.multiply(&a.x, &b_zz) == group.multiply(&b.x, &a_zz)
            && group.multiply(&a.y, &b_zzz) == group.multiply(&b.y, &a_zzz)
    }

    /// Checks u * G + v * G, in which each intermediate sum may be of equal points, or of opposite
    /// ones.
    fn check(curve: &Curve) {
        let group = Group::new(curve).unwrap();
        let g = group.point(&curve.generator).unwrap();
        let mut minus_one = curve.order;
        *minus_one.first_mut().unwrap() -= 1;

        let mut multiple = Point { z: small(0), ..g };
        for sum in 0..20 {
            for u in 0..=sum {
                let point = group.multiply_add(&small(u), &small(sum - u), &curve.generator);
                assert!(
                    is_zero(&point.z) == (sum == 0) && is_same(&group, &point, &multiple),
                    "{u} of {sum}"
                );
            }
            let less = group.multiply_add(&minus_one, &small(sum + 1), &curve.generator);
            assert!(is_zero(&less.z) == (sum == 0) && is_same(&group, &less, &multiple), "{sum}");
            group.add_point(&mut multiple, &g, false);
        }
        assert!(is_zero(&group.multiply_add(&curve.order, &small(0), &curve.generator).z));
        assert!(is_zero(&group.multiply_add(&small(0), &curve.order, &curve.generator).z));

        let infinity = Point { x: small(0), y: small(1), z: small(0) };
        assert!(!group.has_x(&infinity, &small(0)));
        let (mut sum, mut same) = (g, infinity);
        group.add_point(&mut sum, &infinity, true);
        group.add_point(&mut same, &g, false);
        assert!(is_same(&group, &sum, &g) && is_same(&group, &same, &g));
    }

    #[test]
    fn sums_on_p256() {
        check(&crate::curve::P256);
    }

    #[test]
    #[cfg(feature = "p384")]
    fn sums_on_p384() {
        check(&crate::curve::P384);
    }
}
