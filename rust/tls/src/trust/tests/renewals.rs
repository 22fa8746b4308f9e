//! CAs that changed their key: self-issued certificates on a path (RFC 5280 section 6.1).

use super::super::candidates::Candidates;
use super::super::renewals::{MAX_PAIRS, Renewals};
use super::*;
use CertificateError::*;
use mrequests_signatures::ALL;
use std::collections::HashSet;

const OK: Result<(), CertificateError> = Ok(());

#[test]
fn a_renewal_is_not_counted_in_path_lengths() {
    for chain in [
        &["by-old", "renewed-length-0"][..],
        &["by-new", "renewal-length-0", "renewed-length-0"],
        &["by-new", "renewed-length-0", "renewal-length-0"],
        // Without a path length of its own, and with a larger one.
        &["by-new", "renewal", "renewed-length-0"],
        &["by-new", "renewal-length-1", "renewed-length-0"],
        // The old key is still in use.
        &["by-old", "renewal-length-0", "renewed-length-0"],
        &["by-old", "renewal-of-old-with-new", "new-by-root-length-0"],
        // Two renewals, and others beside them (RFC 4210 section 4.4).
        &["by-newest", "second-renewal-length-0", "renewal-length-0", "renewed-length-0"],
        &["by-newest", "renewed-length-0", "renewal-length-0", "second-renewal-length-0"],
        &["by-new", "renewal-self-signed", "renewal-length-0", "renewed-length-0"],
        &[
            "by-new",
            "renewal-of-old-with-new",
            "renewal-self-signed",
            "renewal-length-0",
            "renewed-length-0",
        ],
        // A renewal without its CA, beside a path.
        &["by-new", "renewal-length-0", "new-by-root-length-0"],
        &["by-below-new", "below-new", "renewal-length-1", "renewed-length-1"],
        &["by-below-new", "below-new", "renewal", "renewed"],
    ] {
        assert_eq!(Case { chain, ..GOOD }.check(), OK, "{chain:?}");
    }
}

#[test]
fn a_renewal_may_change_the_kind_of_key() {
    let chain = &["by-new-p384", "renewal-p384", "renewed-length-0"];
    // If the new kind is not built in, only the old key is tried.
    let expected = if cfg!(feature = "p384") { OK } else { Err(BadSignature) };
    assert_eq!(Case { chain, proof: "leaf", ..GOOD }.check(), expected);
}

#[test]
fn there_is_room_for_each_kind_of_signature_by_each_kind_of_key() {
    let keys: HashSet<_> = ALL.iter().map(|each| each.public_key_alg_id().to_vec()).collect();
    let signatures: HashSet<_> = ALL.iter().map(|each| each.signature_alg_id().to_vec()).collect();
    assert_eq!(MAX_PAIRS, keys.len() * signatures.len());
    let candidates = Candidates::default();
    assert_eq!(Renewals::among(&candidates).pairs().len(), MAX_PAIRS);
}

#[test]
fn names_of_a_renewal_need_not_be_permitted() {
    for (chain, anchor) in [
        (&["by-new-dns-only", "renewal-with-names", "renewed-permits-example"][..], "root"),
        (&["by-new-dns-only", "renewal-permits-example", "renewed-permits-example"], "root"),
        (&["by-new-root-dns-only", "root-renewal-with-names"], "root-permits-example"),
        (&["by-new-dns-only", "renewal-permits-example", "renewed"], "root"),
    ] {
        let anchors = match anchor {
            "root" => &["root"][..],
            _ => &["root-permits-example"],
        };
        let case = Case { chain, anchors: Some(anchors), ..GOOD };
        assert_eq!(case.check(), OK, "{chain:?}");
    }
}

#[test]
fn an_anchor_may_be_renewed() {
    for anchors in [&["renewed-length-0"][..], &["renewed"], &["renewed-permits-example"]] {
        for chain in [
            &["by-new-dns-only", "renewal-length-0"][..],
            &["by-new-dns-only", "renewal-with-names"],
            &["by-new-dns-only", "renewal-length-0", "renewed-length-0"],
        ] {
            let case = Case { chain, anchors: Some(anchors), ..GOOD };
            assert_eq!(case.check(), OK, "{chain:?} {anchors:?}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_renewal_is_reported() {
    for (renewal, expected) in [
        ("renewal-expired", Expired),
        ("renewal-future", NotYetValid),
        ("renewal-for-clients", ExtendedKeyUsage),
        ("renewal-signs-handshakes", BadSignature),
        ("renewal-that-is-no-ca", NotACa),
        ("renewal-critical", CriticalExtension),
        ("renewal-forged", BadSignature),
        ("renewal-of-another-name", BadSignature),
        ("renewal-self-signed", BadSignature),
    ] {
        for chain in
            [&["by-new", renewal, "renewed-length-0"], &["by-new", "renewed-length-0", renewal]]
        {
            let chain = chain.map(certificate);
            assert_eq!(GOOD.check_chain(&super::chain(chain)), Err(expected), "{renewal}");
        }
    }
}

#[test]
fn what_is_below_a_renewal_is_constrained() {
    for (chain, expected) in [
        // The path is too long even without the renewal.
        (&["by-below-new", "below-new", "renewal-length-0", "renewed-length-0"][..], PathLength),
        (&["by-below-new", "below-new", "renewal", "renewed-length-0"], PathLength),
        (&["by-below-new", "below-new", "renewal-length-1", "renewed-length-0"], PathLength),
        (&["by-below-new", "below-new", "renewal-length-0", "renewed-length-1"], PathLength),
        (&["by-below-new", "below-new", "renewal-length-0", "renewed"], PathLength),
        // Names of the server.
        (&["by-new-dns-only", "renewal-with-names", "renewed-permits-other"], NameConstraint),
        (&["by-new-dns-only", "renewal", "renewed-permits-other"], NameConstraint),
        (&["by-new-dns-only", "renewal-permits-other", "renewed-length-0"], NameConstraint),
        (&["by-new-dns-only", "renewal-permits-other", "renewed-permits-example"], NameConstraint),
        (&["by-new-dns-only", "renewal-permits-example", "renewed-permits-other"], NameConstraint),
        // No key of the CA signed this.
        (&["by-new-forged", "renewal-length-0", "renewed-length-0"], BadSignature),
        (&["by-newest", "second-renewal-length-0", "renewed-length-0"], BadSignature),
        (&["by-newest", "renewal-length-0", "renewed-length-0"], BadSignature),
        // The old key under another name does not make the new key one of that name.
        (
            &["by-new-as-same-key", "same-key-by-old", "renewal-length-1", "renewed-length-1"],
            BadSignature,
        ),
        // No path to the root.
        (&["by-new", "renewal-length-0"], UnknownIssuer),
        (&["by-new", "renewal-self-signed"], UnknownIssuer),
    ] {
        assert_eq!(Case { chain, ..GOOD }.check(), Err(expected), "{chain:?}");
    }
}

#[test]
fn constraints_of_a_renewed_anchor_hold() {
    let case = Case {
        chain: &["by-new-root-dns-only", "root-renewal-with-names"],
        anchors: Some(&["root-permits-other"]),
        ..GOOD
    };
    assert_eq!(case.check(), Err(NameConstraint));
}

#[test]
fn a_clock_that_is_not_set_needs_a_time_at_which_the_whole_path_is_valid() {
    for (chain, expected) in [
        (&["by-new-until-2035", "renewal-length-0", "renewed-length-0"][..], OK),
        (&["by-new-until-2035", "renewal-future", "renewed-length-0"], OK),
        (&["by-new-until-2035", "renewal-far-future", "renewed-length-0"], OK),
        (&["by-new", "renewal-future", "renewed-length-0"], Err(Expired)),
        (&["by-new", "renewal-expired", "renewed-length-0"], Err(Expired)),
    ] {
        assert_eq!(Case { chain, now: None, ..GOOD }.check(), expected, "{chain:?}");
    }
}
