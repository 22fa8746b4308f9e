//! Random numbers: HMAC_DRBG (NIST SP 800-90A) with a seed of the port.

use rand_core::{CryptoRng, Error, RngCore, impls};
use rfc6979::HmacDrbg;
use sha2::Sha256;

/// A generator for one handshake, which draws some 64 bytes.
pub(crate) struct Rng(HmacDrbg<Sha256>);

impl Rng {
    /// Takes entropy input and nonce of SP 800-90A as one seed, which must be as hard to guess as a
    /// key.
    pub(crate) fn new(seed: &[u8; 48]) -> Self {
        Self(HmacDrbg::new(seed, &[], &[]))
    }
}

impl CryptoRng for Rng {}

impl RngCore for Rng {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.fill_bytes(dest);
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error> {
        self.0.fill_bytes(dest);
        Ok(())
    }
}
