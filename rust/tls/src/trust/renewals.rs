//! Renewals: certificates that a CA issued to itself for a new key.
//!
//! On a path they count in no path length (RFC 5280 section 6.1.4 (l)), and name constraints do not
//! apply to their names (section 6.1.3 (b)). webpki treats them like other CAs. So they are hidden
//! from it in a second search, in which a key stands for all keys that its renewals lead to.

use super::candidates::{Candidates, MAX_ISSUERS};
use super::certificate::{Certificate, issuer_of, part};
use super::der::{BIT_STRING, Cursor, SEQUENCE};
use super::error::{CertificateError, of_webpki};
use super::path::check_validity;
use super::signatures;
use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};
use heapless::Vec;
use mrequests_signatures::ALL;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, UnixTime,
};
use webpki::{EndEntityCert, Error};

/// The kinds of keys that are built in.
const KEYS: usize = 1
    + cfg!(feature = "p384") as usize
    + cfg!(feature = "rsa") as usize
    + cfg!(feature = "ed25519") as usize;

/// The identifiers of signature algorithms that are built in: those of ECDSA are the same for all
/// curves.
const SIGNATURES: usize =
    3 + 6 * cfg!(feature = "rsa") as usize + cfg!(feature = "ed25519") as usize;

/// The maximum of combinations of a signature algorithm and a kind of key.
pub(super) const MAX_PAIRS: usize = KEYS * SIGNATURES;

/// A public key, and its algorithm.
#[derive(Clone, Copy)]
struct Key<'a> {
    algorithm: &'a [u8],
    bits: &'a [u8],
}

/// A signature, and the signed part of a certificate.
#[derive(Clone, Copy)]
struct Signed<'a> {
    algorithm: &'a [u8],
    message: &'a [u8],
    signature: &'a [u8],
}

struct Renewal<'a> {
    der: &'a [u8],
    name: &'a [u8],
    key: Key<'a>,
    signed: Signed<'a>,
    /// The reason to refuse it, apart from its signature.
    refusal: Option<CertificateError>,
    /// The part of `refusal` that does not depend on the time.
    permanent: Option<CertificateError>,
}

/// The renewals among the candidates.
pub(super) struct Renewals<'a> {
    list: Vec<Renewal<'a>, MAX_ISSUERS>,
    /// The number of signatures that were verified.
    uses: AtomicUsize,
    /// The index of a refused renewal that would have led to a key, plus 1.
    refused: AtomicUsize,
}

/// Whether subject and issuer of a certificate are the same.
pub(super) fn is_self_issued(der: &[u8]) -> bool {
    let certificate = Certificate::read(&mut der.iter().copied());
    certificate.is_some_and(|found| part(der, found.subject) == part(der, found.issuer))
}

impl<'a> Renewals<'a> {
    #[inline(never)]
    pub(super) fn among(candidates: &'a Candidates<'_, '_>) -> Self {
        let issuers = candidates.issuers.iter().filter(|der| is_self_issued(der));
        let list = issuers.filter_map(|der| read(der, candidates)).collect();
        Self { list, uses: AtomicUsize::new(0), refused: AtomicUsize::new(0) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Refuses renewals that are not valid. Returns an error for one that is not yet valid.
    #[inline(never)]
    pub(super) fn check_at(&mut self, time: UnixTime) -> Result<(), Error> {
        for renewal in &mut self.list {
            let der = CertificateDer::from(renewal.der);
            let valid = EndEntityCert::try_from(&der).and_then(|this| check_validity(&this, time));
            renewal.refusal = match valid {
                Ok(()) => renewal.permanent,
                Err(error @ Error::CertNotValidYet { .. }) => return Err(error),
                Err(error) => Some(of_webpki(&error)),
            };
        }
        Ok(())
    }

    /// The algorithms for webpki: each with each kind of key, because a renewal may change it.
    #[inline(never)]
    pub(super) fn pairs(&self) -> Vec<Pair<'_>, MAX_PAIRS> {
        let mut pairs = Vec::new();
        for (signature, key) in ALL.iter().flat_map(|each| ALL.iter().map(move |key| (each, key))) {
            let pair = Pair { signature, key, renewals: self };
            if !pairs.contains(&pair) {
                // There is room for each pair.
                let _ = pairs.push(pair);
            }
        }
        pairs
    }

    /// Whether the limit of signatures was exceeded.
    pub(super) fn is_exceeded(&self) -> bool {
        signatures::is_exceeded(&self.uses)
    }

    /// The reason why a renewal was refused that would have led to a key.
    pub(super) fn refusal(&self) -> Option<CertificateError> {
        let index = self.refused.load(Ordering::Relaxed).checked_sub(1)?;
        self.list.get(index)?.refusal
    }

    /// Whether the key made the signature.
    fn verify(&self, key: Key<'_>, signed: Signed<'_>) -> bool {
        let mut algorithms = signatures::counted(&self.uses);
        let algorithm = algorithms.find(|algorithm| {
            algorithm.public_key_alg_id().as_ref() == key.algorithm
                && algorithm.signature_alg_id().as_ref() == signed.algorithm
        });
        algorithm.is_some_and(|algorithm| {
            algorithm.verify_signature(key.bits, signed.message, signed.signature).is_ok()
        })
    }

    /// Whether the key made the signature, or a key that its renewals lead to.
    fn verify_renewed(&self, key: Key<'_>, signed: Signed<'_>) -> bool {
        if self.verify(key, signed) {
            return true;
        }
        let name = issuer_of(signed.message);
        let (mut signed, mut refused) = (signed, 0);
        let mut left: Vec<_, MAX_ISSUERS> =
            (1..).zip(&self.list).filter(|(_, renewal)| Some(renewal.name) == name).collect();
        // Back from key to key.
        while let Some(at) = left.iter().position(|(_, each)| self.verify(each.key, signed)) {
            let (number, renewal) = left.swap_remove(at);
            if renewal.refusal.is_some() {
                refused = number;
            }
            signed = renewal.signed;
            if self.verify(key, signed) {
                self.refused.store(refused, Ordering::Relaxed);
                return refused == 0;
            }
        }
        false
    }
}

/// Reads a renewal. `None` if it is malformed.
fn read<'a>(der: &'a [u8], candidates: &Candidates<'_, '_>) -> Option<Renewal<'a>> {
    let certificate = Certificate::read(&mut der.iter().copied())?;
    let name = part(der, certificate.subject.clone());
    let signed = Signed {
        algorithm: part(der, certificate.algorithm.clone()),
        message: part(der, certificate.signed.clone()),
        signature: part(der, certificate.signature.clone()).strip_prefix(&[0])?,
    };
    let key = split_key(part(der, certificate.key.clone()))?;
    let permanent = refusal_of(der, &certificate, candidates);
    Some(Renewal { der, name, key, signed, refusal: None, permanent })
}

/// Splits a SubjectPublicKeyInfo.
fn split_key(info: &[u8]) -> Option<Key<'_>> {
    let mut bytes = info.iter().copied();
    let mut cursor = Cursor::new(&mut bytes);
    let algorithm = cursor.pass(SEQUENCE, info.len())?;
    let bits = cursor.pass(BIT_STRING, info.len())?;
    let bits = part(info, bits).strip_prefix(&[0])?;
    Some(Key { algorithm: part(info, algorithm), bits })
}

/// Checks a renewal apart from its signature and its validity.
///
/// webpki does not see its constraints. So it may have only those that each certificate and anchor
/// with its name has, one of which webpki sees in its place.
fn refusal_of(
    der: &[u8],
    renewal: &Certificate,
    candidates: &Candidates<'_, '_>,
) -> Option<CertificateError> {
    if !renewal.is_ca {
        return Some(CertificateError::NotACa);
    }
    if !renewal.allows_server_auth() {
        return Some(CertificateError::ExtendedKeyUsage);
    }
    let name = part(der, renewal.subject.clone());
    let length = part(der, renewal.path_length.clone());
    let names = renewal.name_constraints.clone().map(|range| part(der, range));
    for issuer in candidates.issuers.iter().filter(|issuer| !is_self_issued(issuer)) {
        let Some(other) = Certificate::read(&mut issuer.iter().copied()) else { continue };
        if part(issuer, other.subject) == name {
            let other_length = part(issuer, other.path_length);
            let other_names = other.name_constraints.map(|range| part(issuer, range));
            let refusal = more_constrained((length, names), (other_length, other_names));
            if refusal.is_some() {
                return refusal;
            }
        }
    }
    let mut anchors = candidates.anchors.iter().filter(|anchor| *anchor.subject == *name);
    anchors.find_map(|anchor| {
        more_constrained((length, names), (&[], anchor.name_constraints.as_deref()))
    })
}

/// A path length, as an INTEGER or empty, and name constraints.
type Constraints<'a> = (&'a [u8], Option<&'a [u8]>);

/// The kind of constraint that `renewal` has, and `other` has not.
fn more_constrained(renewal: Constraints<'_>, other: Constraints<'_>) -> Option<CertificateError> {
    let ((length, names), (other_length, other_names)) = (renewal, other);
    // Path lengths have one byte, so their encodings compare like their values.
    let has_length = length.len() == other_length.len() && length >= other_length;
    if !length.is_empty() && !has_length {
        Some(CertificateError::PathLength)
    } else if names.is_some() && names != other_names {
        Some(CertificateError::NameConstraint)
    } else {
        None
    }
}

/// An algorithm of signatures by a kind of key, or by a key that its renewals lead to.
pub(super) struct Pair<'a> {
    signature: &'static &'static dyn SignatureVerificationAlgorithm,
    key: &'static &'static dyn SignatureVerificationAlgorithm,
    renewals: &'a Renewals<'a>,
}

impl PartialEq for Pair<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.signature_alg_id() == other.signature_alg_id()
            && self.public_key_alg_id() == other.public_key_alg_id()
    }
}

impl SignatureVerificationAlgorithm for Pair<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = Key { algorithm: &self.public_key_alg_id(), bits: public_key };
        let signed = Signed { algorithm: &self.signature_alg_id(), message, signature };
        if self.renewals.verify_renewed(key, signed) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature.signature_alg_id()
    }
}

impl fmt::Debug for Pair<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
