//! The work that a server can cause.

use super::super::candidates::MAX_PRESENTED;
use super::super::signatures::{MAX_SIGNATURES, counted, is_exceeded};
use super::*;
use CertificateError::*;
use core::sync::atomic::AtomicUsize;
use rustls_pki_types::SignatureVerificationAlgorithm;
use rustls_pki_types::alg_id::{ECDSA_P256, ECDSA_SHA256};
use std::vec;

#[test]
fn certificates_are_at_most_ten() {
    let mut presented = vec![certificate("good"), certificate("ca")];
    for name in
        ["p256-a", "p256-b", "p384-a", "p384-b", "rsa2048-a", "rsa2048-b", "rsa4096-a", "rsa4096-b"]
    {
        assert_eq!(GOOD.check_chain(&chain(presented.iter().copied())), Ok(()), "{name}");
        presented.push(certificate(name));
    }
    assert_eq!(presented.len(), 1 + MAX_PRESENTED);
    assert_eq!(GOOD.check_chain(&chain(presented.iter().copied())), Ok(()));
    presented.push(certificate("p256-a"));
    assert_eq!(GOOD.check_chain(&chain(presented)), Err(TooComplex));
}

#[test]
fn certificates_that_may_be_on_a_path_are_at_most_four() {
    let four = &["good", "ca-expired", "ca-by-other", "ca-by-renewed", "ca"];
    assert_eq!(Case { chain: four, ..GOOD }.check(), Ok(()));
    let five = &["good", "ca-expired", "ca-by-other", "ca-by-renewed", "ca", "root"];
    assert_eq!(Case { chain: five, ..GOOD }.check(), Err(TooComplex));
    let one_eight_times = &["good", "ca", "ca", "ca", "ca", "ca", "ca", "ca", "ca"];
    assert_eq!(Case { chain: one_eight_times, ..GOOD }.check(), Ok(()));
}

#[test]
fn anchors_of_the_issuers_are_at_most_eight() {
    let eight = &["root", "root-renewed", "root", "root", "root", "root", "root", "root"];
    assert_eq!(Case { anchors: Some(eight), ..GOOD }.check(), Ok(()));
    let nine = &["root", "root", "root", "root", "root", "root", "root", "root", "root"];
    assert_eq!(Case { anchors: Some(nine), ..GOOD }.check(), Err(TooComplex));
    let many_others = Case {
        anchors: Some(&[
            "other-root",
            "p256-root",
            "p384-root",
            "rsa2048-root",
            "rsa4096-root",
            "device-ca",
            "maze-x-root",
            "maze-y-root",
            "ed25519-root",
            "root",
        ]),
        ..GOOD
    };
    assert_eq!(many_others.check(), Ok(()));
}

/// Every path through these four ends at an anchor with an invalid signature.
const MAZE: Case = Case {
    chain: &["maze-leaf", "maze-x1", "maze-x2", "maze-y1", "maze-y2"],
    anchors: Some(&["maze-x-root", "maze-y-root"]),
    ..GOOD
};

#[test]
fn signatures_are_limited() {
    assert_eq!(MAX_SIGNATURES, 8);
    assert_eq!(MAZE.check(), Err(TooComplex));
    // Three paths.
    let few = Case { chain: &["maze-leaf", "maze-x1", "maze-y1"], ..MAZE };
    assert_eq!(few.check(), Err(BadSignature));
}

#[test]
fn above_the_limit_no_signature_is_valid() {
    let uses = AtomicUsize::new(0);
    let ecdsa = counted(&uses).find(|algorithm| {
        algorithm.public_key_alg_id() == ECDSA_P256 && algorithm.signature_alg_id() == ECDSA_SHA256
    });
    let ((_, signature), (_, private_key)) = (line("proof", "leaf"), line("key", "leaf"));
    let point = &private_key[private_key.len() - 65..];
    for count in 1..=MAX_SIGNATURES + 2 {
        let result = ecdsa.as_ref().unwrap().verify_signature(point, &signed(), signature);
        assert_eq!(result.is_ok(), count <= MAX_SIGNATURES, "{count}");
        assert_eq!(is_exceeded(&uses), count > MAX_SIGNATURES, "{count}");
    }
}

#[test]
fn a_truncated_chain_is_malformed() {
    let whole = chain(GOOD.chain.iter().map(|name| certificate(name)));
    for length in 1..whole.len() {
        let result = GOOD.check_chain(&whole[..length]);
        // Truncated between the two: the first is complete.
        let at_border = length == 3 + certificate("good").len();
        let expected = if at_border { UnknownIssuer } else { Malformed };
        assert_eq!(result, Err(expected), "{length}");
    }
    for longer in [&[0][..], &[0, 0], &[0, 0, 0], &[0, 0, 1, 0], &[0xff; 3]] {
        assert_eq!(GOOD.check_chain(&[&whole, longer].concat()), Err(Malformed), "{longer:?}");
    }
    assert_eq!(GOOD.check_chain(&[&[0, 0, 0], &whole[..]].concat()), Err(Malformed));
}
