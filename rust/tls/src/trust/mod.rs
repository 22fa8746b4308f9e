//! The authentication of a server: certificates, pins, names.
//!
//! It checks a path of signatures from the server's certificate to a trust anchor, with the
//! validity, CA bit, path length, key usage, extended key usage and name constraints of every
//! certificate on it; the name; and that the server has the certificate's key. It does not check
//! revocation.
//!
//! Of several errors the first in this order is reported: a malformed server certificate, the pin,
//! other malformed certificates, the server's certificate itself (validity, CA bit, extended key
//! usage), the paths to an anchor (the error that webpki ranks highest), the key usage, the name,
//! the signature of the handshake.

pub mod anchors;
mod candidates;
mod certificate;
mod chain;
mod der;
pub mod error;
pub mod identity;
pub mod input;
mod name;
mod path;
pub mod pem;
pub mod pin;
mod renewals;
mod signatures;
#[cfg(test)]
mod tests;

pub use error::CertificateError;

use crate::config::{Config, Trust};
use certificate::{Certificate, part};
use pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types as pki_types;
use webpki::RawPublicKeyEntity;

/// The messages that prove the identity of a server.
pub(crate) struct Presented<'a> {
    /// The certificates, the leaf first: each after its length in three bytes.
    pub(crate) chain: &'a [u8],
    /// The scheme of the signature (RFC 8446 section 4.2.3).
    pub(crate) scheme: u16,
    /// The signature of the handshake.
    pub(crate) signature: &'a [u8],
    /// The signed content (RFC 8446 section 4.4.3), from the first of the 64 spaces on.
    pub(crate) signed: &'a [u8],
}

/// Checks that the server is trusted and has the key of its certificate.
pub(crate) fn check(
    config: &Config<'_>,
    presented: &Presented<'_>,
) -> Result<(), CertificateError> {
    let Trust::Verified { anchors, pins } = config.trust else {
        return Ok(());
    };
    if presented.chain.is_empty() {
        return Err(CertificateError::NoCertificate);
    }
    let (leaf, others) = chain::split_first(presented.chain).ok_or(CertificateError::Malformed)?;
    let certificate =
        Certificate::read(&mut leaf.iter().copied()).ok_or(CertificateError::Malformed)?;
    let key = part(leaf, certificate.whole_key.clone());
    if !pins.is_empty() && !pin::matches(key, pins) {
        return Err(CertificateError::WrongPin);
    }
    match anchors {
        Some(set) => path::check(config, set, leaf, &certificate, others)?,
        // Without anchors and pins no server is trusted.
        None if pins.is_empty() => return Err(CertificateError::UnknownIssuer),
        None => {}
    }
    check_proof(key, presented)
}

/// Checks the signature of the handshake by the key of this SubjectPublicKeyInfo.
#[inline(never)]
fn check_proof(key: &[u8], presented: &Presented<'_>) -> Result<(), CertificateError> {
    let algorithm = mrequests_signatures::for_scheme(presented.scheme)
        .ok_or(CertificateError::UnsupportedAlgorithm)?;
    let key = SubjectPublicKeyInfoDer::from(key);
    RawPublicKeyEntity::try_from(&key)
        .and_then(|key| key.verify_signature(algorithm, presented.signed, presented.signature))
        .map_err(|error| match error::of_webpki(&error) {
            CertificateError::BadSignature => CertificateError::BadProof,
            other => other,
        })
}
