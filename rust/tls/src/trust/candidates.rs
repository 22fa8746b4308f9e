//! The presented certificates and the anchors that may be on a path from the leaf.
//!
//! webpki tries all paths recursively, so the certificates of a server determine its time and
//! stack. This module passes only the candidates for a path to it.

use super::anchors::{Anchor, Anchors};
use super::certificate::{Certificate, part};
use super::chain::split_first;
use super::error::CertificateError;
use heapless::Vec;
use rustls_pki_types::{CertificateDer, Der, TrustAnchor};

/// The maximum of certificates that a server may present besides its own. Servers on the web
/// present one to three.
pub(super) const MAX_PRESENTED: usize = 9;

/// The maximum of them that may be on a path: one or two intermediates, a root, and one for a CA
/// signed by two others. webpki takes 1.5 kB of stack for each step and tries at most 64 paths.
pub(super) const MAX_ISSUERS: usize = 4;

/// The maximum of anchors on a path: one, or several if a CA has several keys.
pub(super) const MAX_ANCHORS: usize = 8;

/// The certificates and anchors among which webpki searches a path.
#[derive(Default)]
pub(super) struct Candidates<'c, 'a> {
    pub(super) issuers: Vec<CertificateDer<'c>, MAX_ISSUERS>,
    pub(super) anchors: Vec<TrustAnchor<'a>, MAX_ANCHORS>,
    /// Whether a CA was excluded because its key usage does not allow signing certificates. webpki
    /// ignores key usages.
    pub(super) is_usage_refused: bool,
}

impl<'c, 'a> Candidates<'c, 'a> {
    /// Collects the issuers of the leaf, then their issuers, and so on. Compares names only; webpki
    /// checks the rest.
    #[inline(never)]
    pub(super) fn find(
        &mut self,
        leaf_issuer: &'c [u8],
        others: &'c [u8],
        set: &'a [u8],
    ) -> Result<(), CertificateError> {
        let others = split(others)?;
        let mut names = Vec::<&[u8], { MAX_ISSUERS + 1 }>::from_array([leaf_issuer]);
        let mut next = 0usize;
        while let Some(name) = names.get(next).copied() {
            for der in &others {
                self.add_issuer(name, der, &mut names)?;
            }
            next = next.saturating_add(1);
        }
        for anchor in Anchors::new(set) {
            if anchor.is_ca && names.contains(&anchor.subject) {
                let pushed = self.anchors.push(trust_anchor(&anchor));
                pushed.map_err(|_| CertificateError::TooComplex)?;
            }
        }
        Ok(())
    }

    fn add_issuer(
        &mut self,
        name: &[u8],
        der: &'c [u8],
        names: &mut Vec<&'c [u8], { MAX_ISSUERS + 1 }>,
    ) -> Result<(), CertificateError> {
        let certificate =
            Certificate::read(&mut der.iter().copied()).ok_or(CertificateError::Malformed)?;
        if part(der, certificate.subject.clone()) != name
            || self.issuers.iter().any(|known| **known == *der)
        {
            return Ok(());
        }
        if certificate.is_ca && !certificate.allows_cert_sign() {
            self.is_usage_refused = true;
            return Ok(());
        }
        let pushed = self.issuers.push(CertificateDer::from(der));
        pushed.map_err(|_| CertificateError::TooComplex)?;
        let issuer = part(der, certificate.issuer);
        if !names.contains(&issuer) {
            // `names` has room for the issuer of the leaf and of each issuer.
            names.push(issuer).map_err(|_| CertificateError::TooComplex)?;
        }
        Ok(())
    }
}

fn split(mut others: &[u8]) -> Result<Vec<&[u8], MAX_PRESENTED>, CertificateError> {
    let mut certificates = Vec::new();
    while !others.is_empty() {
        let (certificate, rest) = split_first(others).ok_or(CertificateError::Malformed)?;
        certificates.push(certificate).map_err(|_| CertificateError::TooComplex)?;
        others = rest;
    }
    Ok(certificates)
}

fn trust_anchor<'a>(anchor: &Anchor<'a>) -> TrustAnchor<'a> {
    TrustAnchor {
        subject: Der::from_slice(anchor.subject),
        subject_public_key_info: Der::from_slice(anchor.key),
        name_constraints: anchor.name_constraints.map(Der::from_slice),
    }
}
