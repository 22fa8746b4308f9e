//! The kinds and texts of errors.

use crate::alert;
use crate::trust::CertificateError;
use crate::{Error, Fault, Kind, Suite};
use std::collections::BTreeSet;

#[test]
fn every_fault_has_a_kind_and_a_text_of_its_own() {
    let all = [
        (Fault::Certificate(CertificateError::Expired), Kind::Refused),
        (Fault::NoProof, Kind::Refused),
        (Fault::Declined(40), Kind::NotOffered),
        (Fault::Declined(70), Kind::NotOffered),
        (Fault::OldVersion, Kind::NotOffered),
        (Fault::HelloRetry, Kind::NotOffered),
        (Fault::OtherGroup, Kind::NotOffered),
        (Fault::OtherSuite, Kind::NotOffered),
        (Fault::Alert(80), Kind::Aborted),
        (Fault::NotTls, Kind::Protocol),
        (Fault::UnexpectedRecord, Kind::Protocol),
        (Fault::RecordLength, Kind::Protocol),
        (Fault::BadRecord, Kind::Protocol),
        (Fault::UnexpectedMessage, Kind::Protocol),
        (Fault::MalformedMessage, Kind::Protocol),
        (Fault::BadFinished, Kind::Protocol),
        (Fault::KeyUpdate, Kind::Protocol),
        (Fault::Truncated, Kind::Truncated),
        (Fault::RecordTooLarge, Kind::TooLarge),
        (Fault::MessageTooLarge, Kind::TooLarge),
        (Fault::WriteBufferTooSmall, Kind::TooLarge),
        (Fault::NoMemory, Kind::NoMemory),
        (Fault::Buffers, Kind::Configuration),
        (Fault::Identity, Kind::Configuration),
        (Fault::NotOpen, Kind::Configuration),
    ];
    for (fault, kind) in all {
        assert_eq!(Error::<()>::from(fault).kind(), kind, "{fault:?}");
    }
    let texts: BTreeSet<_> =
        all.iter().map(|(fault, _)| Error::<()>::Fault(*fault).text()).collect();
    assert_eq!(texts.len(), all.len());
    assert!(texts.iter().all(|text| text.len() > 10 && text.is_ascii()));
}

#[test]
fn transport_errors_have_their_own_kinds() {
    assert_eq!(Error::Transport(5).kind(), Kind::Transport);
    assert_eq!(Error::Retry(5).kind(), Kind::Retry);
    assert_ne!(Error::Transport(5).text(), Error::Retry(5).text());
}

#[test]
fn alerts_are_named() {
    assert_eq!(alert::text(40), "server alert: handshake_failure");
    assert_eq!(alert::text(116), "server alert: certificate_required");
    let known = (0..=255).map(alert::text).collect::<BTreeSet<_>>().len();
    assert_eq!(known, 27 + 1, "those of RFC 8446 section 6, and one for all others");
}

#[test]
fn suites_have_names() {
    for suite in Suite::ALL {
        assert_eq!(Suite::from_name(suite.name()), Some(*suite));
    }
    assert_eq!(Suite::ALL.first(), Some(&Suite::default()));
    for name in ["", "TLS_AES_128_CCM_SHA256", "tls_aes_128_gcm_sha256"] {
        assert_eq!(Suite::from_name(name), None);
    }
}
