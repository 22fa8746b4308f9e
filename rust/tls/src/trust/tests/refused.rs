//! Refused certificates and their errors.

use super::*;
use CertificateError::*;

#[test]
fn each_refusal_has_its_own_error() {
    for (chain, expected) in [
        (&["expired", "ca"][..], Expired),
        (&["good", "ca-expired"], Expired),
        (&["future", "ca"], NotYetValid),
        (&["good", "ca-future"], NotYetValid),
        (&["other-root"], SelfSigned),
        (&["device"], SelfSigned),
        (&["device-ca"], SelfSigned),
        (&["device-ca", "ca"], SelfSigned),
        (&["good"], UnknownIssuer),
        (&["good", "root"], UnknownIssuer),
        (&["good-below", "below-ca"], UnknownIssuer),
        (&["good-below", "ca"], UnknownIssuer),
        (&["good", "ca-by-other"], UnknownIssuer),
        (&["good", "ca-by-other", "other-root"], UnknownIssuer),
        (&["ca"], CaAsServer),
        (&["leaf-as-ca", "good", "ca"], NotACa),
        (&["good", "ca-without-constraints"], NotACa),
        (&["good", "ca-that-is-none"], NotACa),
        (&["for-clients", "ca"], ExtendedKeyUsage),
        (&["for-any", "ca"], ExtendedKeyUsage),
        (&["good", "ca-for-clients"], ExtendedKeyUsage),
        (&["encipherment-only", "ca"], KeyUsage),
        (&["good", "ca-signs-handshakes"], KeyUsage),
        (&["good-below", "below-ca", "ca-length-0"], PathLength),
        (&["dns-only", "ca-permits-other"], NameConstraint),
        (&["dns-only", "ca-excludes-example"], NameConstraint),
        (&["forged", "ca"], BadSignature),
        (&["good", "ca-by-renewed"], BadSignature),
        (&["signed-with-p521", "ca-p521"], UnsupportedAlgorithm),
        (&["p521", "ca"], UnsupportedAlgorithm),
        (&["version-1", "ca"], UnsupportedVersion),
        (&["unknown-critical", "ca"], CriticalExtension),
        (&["without-names", "ca"], WrongName),
        (&[], NoCertificate),
    ] {
        let case = Case { chain, ..GOOD };
        assert_eq!(case.check(), Err(expected), "{chain:?}");
    }
}

#[test]
fn without_anchors_no_server_is_trusted() {
    for anchors in [None, Some(&[][..]), Some(&["other-root"])] {
        let case = Case { anchors, ..GOOD };
        assert_eq!(case.check(), Err(UnknownIssuer), "{anchors:?}");
    }
}

#[test]
fn constraints_of_an_anchor_hold() {
    let case = Case { chain: &["dns-only", "ca"], anchors: Some(&["root-permits-other"]), ..GOOD };
    assert_eq!(case.check(), Err(NameConstraint));
}

#[test]
fn the_first_of_several_errors_is_reported() {
    for (chain, name, expected) in [
        // Errors of the leaf precede those of its issuers, and those precede the name.
        (&["expired"][..], "wrong.test", Expired),
        (&["expired", "ca-future"], "wrong.test", Expired),
        (&["device-expired"], "wrong.test", Expired),
        (&["good"], "wrong.test", UnknownIssuer),
        (&["forged", "ca"], "wrong.test", BadSignature),
        (&["encipherment-only", "ca"], "wrong.test", KeyUsage),
        (&["encipherment-only"], "wrong.test", UnknownIssuer),
        // The most specific error of several paths.
        (&["good", "ca-by-other", "ca-expired"], "example.com", Expired),
        (&["good", "ca-expired", "ca-by-renewed"], "example.com", Expired),
        (&["good", "ca-for-clients", "ca-by-renewed"], "example.com", BadSignature),
        (&["good", "ca-expired", "ca-signs-handshakes"], "example.com", Expired),
        // A key usage only if no other CA is found.
        (&["good", "ca-by-other", "ca-signs-handshakes"], "example.com", KeyUsage),
        (&["good", "encipherment-only"], "example.com", UnknownIssuer),
    ] {
        let case = Case { chain, name: Some(name), ..GOOD };
        assert_eq!(case.check(), Err(expected), "{chain:?} {name}");
    }
    // The signature of the handshake is checked last, the pin first.
    assert_eq!(Case { name: Some("wrong.test"), proof: "p256", ..GOOD }.check(), Err(WrongName));
    assert_eq!(Case { chain: &["expired"], pins: &[0; 32], ..GOOD }.check(), Err(WrongPin));
}

#[test]
fn the_server_must_have_the_key() {
    let (_, signature) = line("proof", "leaf");
    let chain = chain(GOOD.chain.iter().map(|name| certificate(name)));
    let good = signed();
    let mut other_signature = signature.clone();
    *other_signature.last_mut().unwrap() ^= 1;
    let other_hash = [&good[..129], &[8]].concat();
    let without_spaces = &good[1..];
    for (scheme, signature, signed, expected) in [
        (0x0403, &signature[..], &good[..], Ok(())),
        (0x0403, &other_signature, &good, Err(BadProof)),
        (0x0403, &[], &good, Err(BadProof)),
        (0x0403, signature, &other_hash, Err(BadProof)),
        (0x0403, signature, without_spaces, Err(BadProof)),
        // Schemes of other key types, for certificates only, and unknown ones.
        (0x0503, signature, &good, Err(UnsupportedAlgorithm)),
        (0x0804, signature, &good, Err(UnsupportedAlgorithm)),
        (0x0401, signature, &good, Err(UnsupportedAlgorithm)),
        (0x0203, signature, &good, Err(UnsupportedAlgorithm)),
        (0x0000, signature, &good, Err(UnsupportedAlgorithm)),
    ] {
        let presented = Presented { chain: &chain, scheme, signature, signed };
        assert_eq!(GOOD.check_presented(&presented), expected, "{scheme:04x}");
    }
    assert_eq!(Case { proof: "p256", ..GOOD }.check(), Err(BadProof));
}

#[test]
fn every_error_has_a_text_of_its_own() {
    let every = [
        Expired,
        NotYetValid,
        WrongName,
        NoServerName,
        UnknownIssuer,
        SelfSigned,
        BadSignature,
        BadProof,
        NotACa,
        CaAsServer,
        KeyUsage,
        ExtendedKeyUsage,
        NameConstraint,
        PathLength,
        UnsupportedAlgorithm,
        WrongPin,
        NoCertificate,
        Malformed,
        UnsupportedVersion,
        CriticalExtension,
        TooComplex,
    ];
    let texts: std::collections::HashSet<_> = every.iter().map(|error| error.text()).collect();
    assert_eq!(texts.len(), every.len());
    assert!(!texts.contains(""));
}

#[test]
#[expect(deprecated)]
fn errors_of_webpki_are_converted() {
    use super::super::error::of_webpki;
    use rustls_pki_types::UnixTime;
    use webpki::{DerTypeId, Error};
    let time = UnixTime::since_unix_epoch(core::time::Duration::ZERO);
    for (error, expected) in [
        (Error::BadDer, Malformed),
        (Error::BadDerTime, Malformed),
        (Error::CaUsedAsEndEntity, CaAsServer),
        (Error::CertDistrusted, UnknownIssuer),
        (Error::CertExpired { time, not_after: time }, Expired),
        (Error::CertNotValidYet { time, not_before: time }, NotYetValid),
        (Error::EmptyEkuExtension, ExtendedKeyUsage),
        (Error::EndEntityUsedAsCa, NotACa),
        (Error::ExtensionValueInvalid, Malformed),
        (Error::InvalidCertValidity, Malformed),
        (Error::InvalidNetworkMaskConstraint, Malformed),
        (Error::InvalidSerialNumber, Malformed),
        (Error::InvalidSignatureForPublicKey, BadSignature),
        (Error::MalformedDnsIdentifier, Malformed),
        (Error::MalformedExtensions, Malformed),
        (Error::MalformedNameConstraint, Malformed),
        (Error::MaximumNameConstraintComparisonsExceeded, TooComplex),
        (Error::MaximumPathBuildCallsExceeded, TooComplex),
        (Error::MaximumPathDepthExceeded, TooComplex),
        (Error::MaximumSignatureChecksExceeded, TooComplex),
        (Error::NameConstraintViolation, NameConstraint),
        (Error::PathLenConstraintViolated, PathLength),
        (Error::SignatureAlgorithmMismatch, Malformed),
        (Error::TrailingData(DerTypeId::Certificate), Malformed),
        (Error::UnknownIssuer, UnknownIssuer),
        (Error::UnsupportedCertVersion, UnsupportedVersion),
        (Error::UnsupportedCriticalExtension, CriticalExtension),
        (Error::UnsupportedNameType, NoServerName),
        // Errors of revocation lists.
        (Error::CertRevoked, Malformed),
        (Error::UnsupportedCrlSignatureAlgorithm, Malformed),
    ] {
        assert_eq!(of_webpki(&error), expected, "{error:?}");
    }
}
