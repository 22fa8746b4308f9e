//! A path from the server's certificate to a trust anchor (RFC 5280 section 6), built by webpki.

use super::anchors::Anchors;
use super::candidates::{Candidates, MAX_ISSUERS};
use super::certificate::{Certificate, part};
use super::error::{CertificateError, of_webpki};
use super::name;
use super::renewals::{MAX_PAIRS, Renewals, is_self_issued};
use super::signatures::{Counted, counted, is_exceeded};
use crate::config::{Clock, Config};
use core::sync::atomic::AtomicUsize;
use core::time::Duration;
use heapless::Vec;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, KeyUsage};

const ALGORITHMS: usize = mrequests_signatures::ALL.len();

/// Checks that the leaf is trusted for the server name: by itself, or by a path.
#[inline(never)]
pub(super) fn check(
    config: &Config<'_>,
    set: &[u8],
    leaf: &[u8],
    certificate: &Certificate,
    others: &[u8],
) -> Result<(), CertificateError> {
    let name = config.server_name.and_then(name::of_host).ok_or(CertificateError::NoServerName)?;
    let der = CertificateDer::from(leaf);
    let end_entity = EndEntityCert::try_from(&der).map_err(|error| of_webpki(&error))?;
    if is_anchor(set, leaf, certificate) {
        check_alone(&end_entity, certificate, config.clock)?;
    } else {
        check_path(&end_entity, others, set, config.clock)?;
    }
    if !certificate.allows_digital_signature() {
        return Err(CertificateError::KeyUsage);
    }
    end_entity.verify_is_valid_for_subject_name(&name).map_err(|error| of_webpki(&error))
}

/// Whether the leaf is one of the anchors, such as the certificate of a device.
fn is_anchor(set: &[u8], leaf: &[u8], certificate: &Certificate) -> bool {
    let subject = part(leaf, certificate.subject.clone());
    let key = part(leaf, certificate.key.clone());
    Anchors::new(set).any(|anchor| anchor.subject == subject && anchor.key == key)
}

/// Checks a leaf that is an anchor itself. It needs no path, and may be a CA, as made by `openssl
/// req -x509`.
fn check_alone(
    leaf: &EndEntityCert<'_>,
    certificate: &Certificate,
    clock: Clock,
) -> Result<(), CertificateError> {
    at_time_of(clock, &mut |time| check_validity(leaf, time)).map_err(|error| of_webpki(&error))?;
    // webpki does not check this for a CA.
    if certificate.allows_server_auth() { Ok(()) } else { Err(CertificateError::ExtendedKeyUsage) }
}

/// Checks only the validity of a certificate, which may be a CA's.
pub(super) fn check_validity(certificate: &EndEntityCert<'_>, time: UnixTime) -> Result<(), Error> {
    match verify(certificate, &[], &[], &[], time) {
        // webpki returns these errors after the validity was found correct.
        Err(Error::UnknownIssuer | Error::CaUsedAsEndEntity) => Ok(()),
        result => result,
    }
}

fn check_path(
    leaf: &EndEntityCert<'_>,
    others: &[u8],
    set: &[u8],
    clock: Clock,
) -> Result<(), CertificateError> {
    let mut candidates = Candidates::default();
    candidates.find(leaf.issuer(), others, set)?;
    let mut result = search(leaf, &candidates, clock);
    if let Err(error) = result {
        result = search_renewed(leaf, &candidates, clock, error);
    }
    let is_self_signed = leaf.issuer() == leaf.subject();
    result.map_err(|error| match error {
        CertificateError::UnknownIssuer | CertificateError::CaAsServer if is_self_signed => {
            CertificateError::SelfSigned
        }
        CertificateError::UnknownIssuer if candidates.is_usage_refused => {
            CertificateError::KeyUsage
        }
        error => error,
    })
}

/// Searches a path among the candidates.
#[inline(never)]
fn search(
    leaf: &EndEntityCert<'_>,
    candidates: &Candidates<'_, '_>,
    clock: Clock,
) -> Result<(), CertificateError> {
    let uses = AtomicUsize::new(0);
    let counted: Vec<Counted<'_>, ALGORITHMS> = counted(&uses).collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm, ALGORITHMS> =
        counted.iter().map(|algorithm| algorithm as _).collect();
    let result = at_time_of(clock, &mut |time| {
        verify(leaf, &algorithms, &candidates.anchors, &candidates.issuers, time)
    });
    result.map_err(|error| match error {
        _ if is_exceeded(&uses) => CertificateError::TooComplex,
        error => of_webpki(&error),
    })
}

/// Searches a path once more, with the renewals hidden from webpki. `error` is that of the first
/// search; it is returned if there are no renewals.
#[inline(never)]
fn search_renewed(
    leaf: &EndEntityCert<'_>,
    candidates: &Candidates<'_, '_>,
    clock: Clock,
    error: CertificateError,
) -> Result<(), CertificateError> {
    let mut renewals = Renewals::among(candidates);
    if renewals.is_empty() || error == CertificateError::TooComplex {
        return Err(error);
    }
    let issuers: Vec<CertificateDer<'_>, MAX_ISSUERS> =
        candidates.issuers.iter().filter(|der| !is_self_issued(der)).cloned().collect();
    let result = at_time_of(clock, &mut |time| {
        renewals.check_at(time)?;
        let pairs = renewals.pairs();
        let algorithms: Vec<&dyn SignatureVerificationAlgorithm, MAX_PAIRS> =
            pairs.iter().map(|pair| pair as _).collect();
        verify(leaf, &algorithms, &candidates.anchors, &issuers, time)
    });
    result.map_err(|latest| {
        if renewals.is_exceeded() {
            return CertificateError::TooComplex;
        }
        renewals.refusal().unwrap_or(match error {
            // The old key did not make a signature of the new key.
            CertificateError::BadSignature => of_webpki(&latest),
            error => error,
        })
    })
}

/// Checks at the time of the clock. A clock behind the time of the build has not been set; then the
/// build time is a lower bound: certificates that expired before it are refused, and certificates
/// that become valid later are accepted if the whole path is valid at that time.
fn at_time_of(
    clock: Clock,
    check: &mut dyn FnMut(UnixTime) -> Result<(), Error>,
) -> Result<(), Error> {
    let now = clock.now.filter(|now| *now >= clock.built);
    let mut time = now.unwrap_or(clock.built);
    loop {
        match check(UnixTime::since_unix_epoch(Duration::from_secs(time))) {
            // Terminates: `time` increases each time, to the notBefore of one of the certificates.
            Err(Error::CertNotValidYet { not_before, .. })
                if now.is_none() && not_before.as_secs() > time =>
            {
                time = not_before.as_secs();
            }
            result => return result,
        }
    }
}

/// Verifies a path. Not inlined: its frame, with all certificates of a path, exists once.
#[inline(never)]
fn verify(
    leaf: &EndEntityCert<'_>,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    anchors: &[TrustAnchor<'_>],
    issuers: &[CertificateDer<'_>],
    time: UnixTime,
) -> Result<(), Error> {
    let usage = KeyUsage::server_auth();
    leaf.verify_for_usage(algorithms, anchors, issuers, time, usage, None, None).map(|_| ())
}
