//! Verification of ECDSA signatures on P-256 and P-384 (FIPS 186-5 section 6.4.2).
use crate::curve::{Curve, LIMBS, Number, P256};
use crate::der;
use crate::hash::{Digest, Hash};
use crate::montgomery::Modulus;
use crate::number::{add, from_bytes, is_less};
use crate::point::{Group, Point};

pub(crate) fn verify_p256(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    verify(&P256, hash, key, message, signature)
}

#[cfg(feature = "p384")]
pub(crate) fn verify_p384(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    verify(&crate::curve::P384, hash, key, message, signature)
}

#[inline(never)]
fn verify(curve: &Curve, hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let (r, s) = der::integers(signature)?;
    let r = scalar(curve, r)?;
    let [u, v] = multipliers(curve, &hash.digest(&[message]), &r, s)?;
    let group = Group::new(curve)?;
    let sum = group.multiply_add(&u, &v, &public_point(&group, key)?);
    has_reduced_x(&group, &sum, r).then_some(())
}

/// A number from 1 to n - 1. (`der` returns positive numbers.)
fn scalar(curve: &Curve, bytes: &[u8]) -> Option<Number> {
    let mut scalar = [0; LIMBS];
    from_bytes(&mut scalar, bytes)?;
    is_less(&scalar, &curve.order).then_some(scalar)
}

/// Computes digest / s and r / s modulo the order n.
#[inline(never)]
fn multipliers(curve: &Curve, digest: &Digest, r: &Number, s: &[u8]) -> Option<[Number; 2]> {
    let order = Modulus::new(curve.own(&curve.order))?;
    let mut buffers = [[0; LIMBS]; 3];
    let [inverse, base, scratch] = &mut buffers;
    order.r_squared(inverse, scratch);
    order.multiply(base, inverse, &scalar(curve, s)?);
    // 1 / s = s^(n - 2)
    let mut exponent = curve.order;
    let lowest = exponent.first_mut()?;
    *lowest = lowest.checked_sub(2)?;
    order.power(inverse, scratch, base, &exponent);

    let mut multipliers = [[0; LIMBS], *r];
    let [e, _] = &mut multipliers;
    // The leftmost bits of the digest, as many as n has.
    let digest = digest.as_bytes();
    from_bytes(e, digest.get(..curve.bytes()).unwrap_or(digest))?;
    for multiplier in &mut multipliers {
        *scratch = *multiplier;
        order.multiply(multiplier, inverse, scratch);
    }
    Some(multipliers)
}

/// Returns the affine coordinates of an uncompressed point (SEC 1 section 2.3.4). RFC 5480 section
/// 2.2 requires no other form.
#[inline(never)]
fn public_point(group: &Group<'_>, key: &[u8]) -> Option<[Number; 2]> {
    let (x, y) = key.strip_prefix(&[0x04])?.split_at_checked(group.curve.bytes())?;
    if y.len() != x.len() {
        return None;
    }
    let mut coordinates = [[0; LIMBS]; 2];
    for (coordinate, bytes) in coordinates.iter_mut().zip([x, y]) {
        from_bytes(coordinate, bytes)?;
    }
    let is_reduced = coordinates.iter().all(|coordinate| is_less(coordinate, &group.curve.prime));
    (is_reduced && group.point(&coordinates).is_some()).then_some(coordinates)
}

/// Whether r is the x coordinate of the point modulo the order. The coordinate is below the prime,
/// hence below twice the order.
fn has_reduced_x(group: &Group<'_>, point: &Point, r: Number) -> bool {
    let Curve { prime, order, .. } = group.curve;
    let mut x = r;
    group.has_x(point, &x)
        || add(&mut x, order) == 0 && is_less(&x, prime) && group.has_x(point, &x)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    extern crate std;
    use super::*;
    use crate::number::subtract;
    use std::vec::Vec;

    /// A curve with a point whose x is small, and one whose y is small.
    struct Case {
        curve: &'static Curve,
        small_x: [Number; 2],
        small_y: [Number; 2],
    }

    const fn small(number: u32) -> Number {
        [number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    }

    static CASES: &[Case] = &[
        Case {
            curve: &P256,
            small_x: [
                small(0),
                [
                    0x174f93f4, 0x28bf856a, 0x1dae8717, 0x541c2af3, 0x84a06bb6, 0x2433bd5d,
                    0x0e2f83d7, 0x66485c78, 0, 0, 0, 0,
                ],
            ],
            small_y: [
                [
                    0xde8de1d7, 0xb176f692, 0x841022ca, 0x4cffaf35, 0xeb345f84, 0x0a92738c,
                    0x46cd60d8, 0xd7325d76, 0, 0, 0, 0,
                ],
                small(5),
            ],
        },
        #[cfg(feature = "p384")]
        Case {
            curve: &crate::curve::P384,
            small_x: [
                small(0),
                [
                    0x7af1ade1, 0x9048bd48, 0xb91ad54f, 0x406d80d2, 0x75550793, 0xea2c4b4f,
                    0xc602d42d, 0xc5eb3641, 0x069f22a6, 0x9cf45c06, 0xb0ae5a15, 0xc306610f,
                ],
            ],
            small_y: [
                [
                    0xe6ab5c78, 0xa81fdabe, 0x89704773, 0x7f0a104c, 0x9ef01ba2, 0x25731596,
                    0x240719a5, 0x86388ad5, 0x8719b2c4, 0xf3aef633, 0x605c22f2, 0x2261b2bf,
                ],
                small(1),
            ],
        },
    ];

    fn is_key(curve: &Curve, coordinates: [Number; 2]) -> bool {
        let mut key = Vec::from([4]);
        for coordinate in &coordinates {
            let limbs = curve.own(coordinate).iter().rev();
            key.extend(limbs.flat_map(|limb| limb.to_be_bytes()));
        }
        public_point(&Group::new(curve).unwrap(), &key).is_some()
    }

    #[test]
    fn points_on_the_curve_by_coordinates_below_the_prime() {
        for Case { curve, small_x, small_y } in CASES {
            for [x, y] in [*small_x, *small_y] {
                assert!(is_key(curve, [x, y]));
                let mut off = y;
                add(&mut off, &small(1));
                assert!(!is_key(curve, [x, off]));
                let (mut above_x, mut above_y) = (x, y);
                let carries = [add(&mut above_x, &curve.prime), add(&mut above_y, &curve.prime)];
                // A sum with a carry does not fit the encoding and is another number there.
                assert!(carries.contains(&0));
                assert!(!is_key(curve, [above_x, y]));
                assert!(!is_key(curve, [x, above_y]));
            }
        }
    }

    #[test]
    fn x_modulo_the_order() {
        for Case { curve, small_x, .. } in CASES {
            let group = Group::new(curve).unwrap();
            let point = group.point(small_x).unwrap();
            assert!(has_reduced_x(&group, &point, small(0)));
            assert!(!has_reduced_x(&group, &point, small(1)));
            // Here r + n is the prime and R. An unchecked comparison would take both for 0.
            let (mut to_prime, mut to_r) = (curve.prime, small(0));
            let order = curve.own(&curve.order);
            assert_eq!(subtract(&mut to_prime, &curve.order), 0);
            assert_eq!(subtract(to_r.get_mut(..order.len()).unwrap(), order), 1);
            assert!(!has_reduced_x(&group, &point, to_prime));
            assert!(!has_reduced_x(&group, &point, to_r));
        }
    }
}
