//! The curves of NIST SP 800-186 section 3.2.1: y^2 = x^3 - 3x + b over a prime field, with a group
//! of prime order.

/// The limbs of the longest curve's numbers. Those of a shorter curve end with zeros.
pub(crate) const LIMBS: usize = 12;
pub(crate) type Number = [u32; LIMBS];

pub(crate) struct Curve {
    /// The length of the prime and of the order in bits.
    pub(crate) bits: usize,
    pub(crate) prime: Number,
    pub(crate) order: Number,
    pub(crate) b: Number,
    /// The affine coordinates of the generator.
    pub(crate) generator: [Number; 2],
}

impl Curve {
    pub(crate) fn bytes(&self) -> usize {
        self.bits / 8
    }

    /// The limbs of `number` that this curve uses.
    pub(crate) fn own<'a>(&self, number: &'a Number) -> &'a [u32] {
        number.get(..self.bits / 32).unwrap_or(number)
    }
}

pub(crate) static P256: Curve = Curve {
    bits: 256,
    prime: [
        0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001,
        0xffffffff, 0, 0, 0, 0,
    ],
    order: [
        0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad, 0xffffffff, 0xffffffff, 0x00000000,
        0xffffffff, 0, 0, 0, 0,
    ],
    b: [
        0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7,
        0x5ac635d8, 0, 0, 0, 0,
    ],
    generator: [
        [
            0xd898c296, 0xf4a13945, 0x2deb33a0, 0x77037d81, 0x63a440f2, 0xf8bce6e5, 0xe12c4247,
            0x6b17d1f2, 0, 0, 0, 0,
        ],
        [
            0x37bf51f5, 0xcbb64068, 0x6b315ece, 0x2bce3357, 0x7c0f9e16, 0x8ee7eb4a, 0xfe1a7f9b,
            0x4fe342e2, 0, 0, 0, 0,
        ],
    ],
};

#[cfg(feature = "p384")]
pub(crate) static P384: Curve = Curve {
    bits: 384,
    prime: [
        0xffffffff, 0x00000000, 0x00000000, 0xffffffff, 0xfffffffe, 0xffffffff, 0xffffffff,
        0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
    ],
    order: [
        0xccc52973, 0xecec196a, 0x48b0a77a, 0x581a0db2, 0xf4372ddf, 0xc7634d81, 0xffffffff,
        0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
    ],
    b: [
        0xd3ec2aef, 0x2a85c8ed, 0x8a2ed19d, 0xc656398d, 0x5013875a, 0x0314088f, 0xfe814112,
        0x181d9c6e, 0xe3f82d19, 0x988e056b, 0xe23ee7e4, 0xb3312fa7,
    ],
    generator: [
        [
            0x72760ab7, 0x3a545e38, 0xbf55296c, 0x5502f25d, 0x82542a38, 0x59f741e0, 0x8ba79b98,
            0x6e1d3b62, 0xf320ad74, 0x8eb1c71e, 0xbe8b0537, 0xaa87ca22,
        ],
        [
            0x90ea0e5f, 0x7a431d7c, 0x1d7e819d, 0x0a60b1ce, 0xb5f0b8c0, 0xe9da3113, 0x289a147c,
            0xf8f41dbd, 0x9292dc29, 0x5d9e98bf, 0x96262c6f, 0x3617de4a,
        ],
    ],
};
