//! A bound on the signatures that are verified for one server.
//!
//! Whoever wants to keep a board busy can present certificates that fit together in many ways.
//! webpki gives up after 100 signatures, which take a Cortex-M3 a minute.

use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};
use mrequests_signatures::ALL;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

/// A straight path takes one for each certificate on it: five at most, and two or three on the
/// web. What is left is for CAs of the same name with different keys.
pub(super) const MAX_SIGNATURES: usize = 8;

/// An algorithm whose uses are counted. Past the bound no signature is right.
pub(super) struct Counted<'a> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    uses: &'a AtomicUsize,
}

/// All algorithms, with one count.
pub(super) fn counted(uses: &AtomicUsize) -> impl Iterator<Item = Counted<'_>> {
    ALL.iter().map(|algorithm| Counted { algorithm: *algorithm, uses })
}

/// Whether the bound was hit.
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
        // Not fetch_add: some cores have no atomic operation but load and store, and this is one
        // thread's alone.
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
