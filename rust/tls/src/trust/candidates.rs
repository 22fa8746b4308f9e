//! Which of the presented certificates and of the anchors may be on a path from the leaf.
//!
//! webpki tries every way there is, each step deeper in its recursion: what a server presents
//! decides on time and stack. So it only gets to see what can belong to a path at all.

use super::anchors::{Anchor, Anchors};
use super::certificate::{Certificate, part};
use super::chain::split_first;
use super::error::CertificateError;
use heapless::Vec;
use rustls_pki_types::{CertificateDer, Der, TrustAnchor};

/// The most certificates that a server may present behind its own. The web's servers present one
/// to three.
pub(super) const MAX_PRESENTED: usize = 9;

/// The most of them that may be on a path: one or two intermediates, a root, and one for a CA that
/// is signed by two others. webpki takes 1.5 kB of stack for each step; there are 64 ways at most.
pub(super) const MAX_ISSUERS: usize = 4;

/// The most anchors for them: one, or several where a CA has several keys.
pub(super) const MAX_ANCHORS: usize = 8;

/// What webpki is to find a path through.
#[derive(Default)]
pub(super) struct Candidates<'c, 'a> {
    pub(super) issuers: Vec<CertificateDer<'c>, MAX_ISSUERS>,
    pub(super) anchors: Vec<TrustAnchor<'a>, MAX_ANCHORS>,
    /// Whether a CA was left out because its key usage does not allow it to sign certificates.
    /// webpki does not look at key usages.
    pub(super) is_usage_refused: bool,
}

impl<'c, 'a> Candidates<'c, 'a> {
    /// Starts from the issuer of the leaf, and goes on from issuer to issuer. Names decide, all
    /// else is webpki's.
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
            // There is room for the leaf's issuer, and for one of each of the issuers.
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
