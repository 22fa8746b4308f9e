//! Verification of Ed25519 signatures (RFC 8032 section 5.1.7) by the crate ed25519-dalek.
use ed25519_dalek::{Signature, VerifyingKey};

/// Refuses keys of small order, for which one signature fits many messages.
pub(crate) fn verify(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    key.verify_strict(message, &Signature::from_slice(signature).ok()?).ok()
}
