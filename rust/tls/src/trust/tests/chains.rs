//! Trusted chains.

use super::*;

const OK: Result<(), CertificateError> = Ok(());

/// The result for a key type, depending on whether it is built in.
fn if_built_in(kind: &str) -> Result<(), CertificateError> {
    let is_built_in = match kind {
        "rsa2048" | "rsa4096" => cfg!(feature = "rsa"),
        "p384" => cfg!(feature = "p384"),
        "ed25519" => cfg!(feature = "ed25519"),
        _ => true,
    };
    if is_built_in { Ok(()) } else { Err(CertificateError::UnsupportedAlgorithm) }
}

macro_rules! chains_of {
    ($($kind:literal),*) => {
        [$(
            ($kind, &[concat!($kind, "-by-root")][..], &[concat!($kind, "-root")][..]),
            ($kind, &[concat!($kind, "-by-a"), concat!($kind, "-a")], &[concat!($kind, "-root")]),
            ($kind, &[concat!($kind, "-by-b"), concat!($kind, "-b"), concat!($kind, "-a")],
                &[concat!($kind, "-root")]),
            ($kind, &[concat!($kind, "-by-b"), concat!($kind, "-a"), concat!($kind, "-b")],
                &[concat!($kind, "-root")]),
            // With the root, with other certificates between, with the leaf repeated.
            ($kind, &[concat!($kind, "-by-b"), concat!($kind, "-root"), "other-root", "good",
                concat!($kind, "-a"), concat!($kind, "-by-b"), concat!($kind, "-b")],
                &["other-root", concat!($kind, "-root")]),
            // An intermediate that is trusted itself.
            ($kind, &[concat!($kind, "-by-a")], &[concat!($kind, "-a")]),
        )*]
    };
}

#[test]
fn every_kind_of_key_with_intermediates_in_any_order() {
    for (kind, chain, anchors) in chains_of!("p256", "p384", "rsa2048", "rsa4096", "ed25519") {
        let case = Case { chain, anchors: Some(anchors), proof: kind, ..GOOD };
        assert_eq!(case.check(), if_built_in(kind), "{chain:?} {anchors:?}");
    }
}

#[test]
fn a_certificate_may_be_signed_by_another_kind_of_key() {
    let case = Case { chain: &["p256-by-rsa-root"], anchors: Some(&["rsa2048-root"]), ..GOOD };
    assert_eq!(case.check(), if_built_in("rsa2048"));
    let case = Case {
        chain: &["rsa-pss-by-root"],
        anchors: Some(&["rsa2048-root"]),
        proof: "rsa2048",
        ..GOOD
    };
    assert_eq!(case.check(), if_built_in("rsa2048"));
}

#[test]
fn paths_other_than_the_straight_one() {
    for (chain, anchors) in [
        (&["good", "ca"][..], &["root"][..]),
        // Cross-signed: either root suffices, in any order.
        (&["good", "ca-by-other", "ca"], &["root"]),
        (&["good", "ca-by-other", "ca"], &["other-root"]),
        (&["good", "ca", "ca-by-other"], &["other-root"]),
        (&["good", "ca-by-expired-other", "ca"], &["root", "other-root"]),
        (&["good", "ca", "ca-by-expired-other"], &["other-root", "root"]),
        (&["good", "ca-by-other", "other-root-by-root"], &["root"]),
        (&["good", "other-root-by-root", "other-root", "ca-by-other"], &["root"]),
        // Two roots with the same name.
        (&["good", "ca"], &["root", "root-renewed"]),
        (&["good", "ca"], &["root-renewed", "root"]),
        (&["good", "ca-by-renewed"], &["root", "root-renewed"]),
        (&["good", "ca-by-renewed", "ca"], &["root"]),
        (&["good", "ca-for-clients", "ca"], &["root"]),
        (&["good", "ca-signs-handshakes", "ca"], &["root"]),
        (&["good", "ca-permits-other", "ca-permits-example"], &["root"]),
        // Allowed by the constraints.
        (&["good", "ca-without-usage"], &["root"]),
        (&["good", "ca-length-0"], &["root"]),
        (&["good-below", "below-ca", "ca"], &["root"]),
        (&["dns-only", "ca-permits-example"], &["root"]),
        (&["for-servers-too", "ca"], &["root"]),
        (&["unknown", "ca"], &["root"]),
        (&["subject-of-its-ca", "ca"], &["root"]),
    ] {
        let case = Case { chain, anchors: Some(anchors), ..GOOD };
        assert_eq!(case.check(), OK, "{chain:?} {anchors:?}");
    }
}

#[test]
fn any_server_is_accepted_without_verification() {
    let mut config = GOOD.config(None);
    config.trust = Trust::Anyone;
    let presented = Presented { chain: &[], scheme: 0, signature: &[], signed: &[] };
    assert_eq!(check(&config, &presented), OK);
}
