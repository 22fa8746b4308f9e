//! The hash functions.
use sha2::{Sha256, Sha384, Sha512};

/// The length of the longest digest in bytes.
const LONGEST: usize = 64;

#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

pub(crate) struct Digest {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Digest {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Hash {
    /// The length of a digest in bytes.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Returns the digest of the concatenated parts.
    #[inline(never)]
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Digest {
        let mut bytes = [0; LONGEST];
        match self {
            Self::Sha256 => compute::<Sha256>(parts, &mut bytes),
            Self::Sha384 => compute::<Sha384>(parts, &mut bytes),
            Self::Sha512 => compute::<Sha512>(parts, &mut bytes),
        }
        Digest { bytes, length: self.length() }
    }
}

#[inline(never)]
fn compute<H: sha2::Digest>(parts: &[&[u8]], bytes: &mut [u8; LONGEST]) {
    let mut hash = H::new();
    for part in parts {
        hash.update(part);
    }
    for (byte, value) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = value;
    }
}
