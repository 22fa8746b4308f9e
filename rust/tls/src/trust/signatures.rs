//! A limit of the signature verifications for one server.
//!
//! An attacker can present certificates with many possible paths. webpki stops after 100
//! verifications, which take a Cortex-M3 a minute.

use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};
use mrequests_signatures::ALL;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// A path takes one for each of its certificates: at most five, and two or three on the web. The
/// rest is for CAs with the same name and different keys.
pub(super) const MAX_SIGNATURES: usize = 8;

/// An algorithm with a use count. Above the limit every signature is refused.
pub(super) struct Counted<'a> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    uses: &'a AtomicUsize,
}

/// All algorithms, with a common count.
pub(super) fn counted(uses: &AtomicUsize) -> impl Iterator<Item = Counted<'_>> {
    ALL.iter().map(|algorithm| Counted { algorithm: *algorithm, uses })
}

/// Whether the limit was exceeded.
pub(super) fn is_exceeded(uses: &AtomicUsize) -> bool {
    uses.load(Ordering::Relaxed) > MAX_SIGNATURES
}

impl SignatureVerificationAlgorithm for Counted<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        // fetch_add is missing on some cores, and only one thread uses the count.
        self.uses.store(self.uses.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
        if is_exceeded(self.uses) {
            return Err(InvalidSignature);
        }
        self.algorithm.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}

impl fmt::Debug for Counted<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
