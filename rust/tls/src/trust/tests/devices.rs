//! Certificates that are anchors themselves.

use super::*;
use CertificateError::*;

#[test]
fn a_certificate_that_is_an_anchor_needs_no_path() {
    for (chain, anchors, name, expected) in [
        (&["device"][..], &["device"][..], "example.com", Ok(())),
        (&["device-ca"], &["device-ca"], "example.com", Ok(())),
        (&["device-ca"], &["root", "device-ca"], "192.0.2.1", Ok(())),
        (&["device-ca", "ca"], &["device-ca"], "example.com", Ok(())),
        // Renewed with the same name and key.
        (&["device"], &["device-ca"], "example.com", Ok(())),
        (&["device-ca"], &["device"], "example.com", Ok(())),
        (&["device-ca"], &["device-version-1"], "example.com", Ok(())),
        // Not self-signed.
        (&["good"], &["good"], "example.com", Ok(())),
        (&["good", "ca"], &["good"], "example.com", Ok(())),
        // The rest is checked.
        (&["device-ca"], &["device-ca"], "wrong.test", Err(WrongName)),
        (&["device"], &["device"], "wrong.test", Err(WrongName)),
        (&["device-expired"], &["device-expired"], "example.com", Err(Expired)),
        (&["device-future"], &["device-future"], "example.com", Err(NotYetValid)),
        (&["device-cert-sign"], &["device-cert-sign"], "example.com", Err(KeyUsage)),
        (&["device-for-clients"], &["device-ca"], "example.com", Err(ExtendedKeyUsage)),
        (&["for-clients"], &["good"], "example.com", Err(ExtendedKeyUsage)),
        (&["device-version-1"], &["device-version-1"], "example.com", Err(UnsupportedVersion)),
        (&["unknown-critical"], &["good"], "example.com", Err(CriticalExtension)),
        // The same name with another key.
        (&["device-other-key"], &["device"], "example.com", Err(SelfSigned)),
        (&["device"], &["device-other-key"], "example.com", Err(BadSignature)),
        (&["device-ca"], &["root"], "example.com", Err(SelfSigned)),
    ] {
        let case = Case { chain, anchors: Some(anchors), name: Some(name), ..GOOD };
        assert_eq!(case.check(), expected, "{chain:?} {anchors:?} {name}");
    }
}

#[test]
fn a_device_must_have_the_key() {
    let case = Case { chain: &["device"], anchors: Some(&["device"]), proof: "p256", ..GOOD };
    assert_eq!(case.check(), Err(BadProof));
}

#[test]
fn only_cas_issue_certificates() {
    for (anchors, expected) in [
        (&["device-ca"][..], Ok(())),
        (&["device-version-1"], Ok(())),
        (&["device"], Err(UnknownIssuer)),
        (&["device-cert-sign"], Ok(())),
    ] {
        let case = Case {
            chain: &["by-device"],
            anchors: Some(anchors),
            name: Some("bank.example"),
            ..GOOD
        };
        assert_eq!(case.check(), expected, "{anchors:?}");
    }
    // A trusted leaf may not issue certificates.
    let case = Case { chain: &["leaf-as-ca"], anchors: Some(&["good"]), ..GOOD };
    assert_eq!(case.check(), Err(UnknownIssuer));
}
