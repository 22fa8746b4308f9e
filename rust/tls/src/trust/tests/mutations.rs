//! Randomly changed certificates: none panics, and none is accepted.

use super::super::anchors::append;
use super::super::certificate::Certificate;
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::boxed::Box;

/// The position and kind of a change: a new byte, an insertion or a removal.
#[derive(Clone, Debug)]
enum Change {
    Set(u8),
    Insert(Vec<u8>),
    Remove(usize),
    Copy(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = (prop::sample::Index, Change)> {
    let kinds = prop_oneof![
        4 => any::<u8>().prop_map(Change::Set),
        1 => vec(any::<u8>(), 1..6).prop_map(Change::Insert),
        1 => (1usize..40).prop_map(Change::Remove),
        1 => (any::<prop::sample::Index>(), 1usize..40).prop_map(|(from, length)| Change::Copy(from, length)),
    ];
    (any::<prop::sample::Index>(), kinds)
}

fn apply(bytes: &mut Vec<u8>, changes: &[(prop::sample::Index, Change)]) {
    for (at, change) in changes {
        let at = at.index(bytes.len());
        match change {
            Change::Set(byte) => bytes[at] = *byte,
            Change::Insert(more) => {
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Remove(length) => {
                bytes.drain(at..bytes.len().min(at + length));
            }
            Change::Copy(from, length) => {
                let from = from.index(bytes.len());
                let copied = bytes[from..bytes.len().min(from + length)].to_vec();
                bytes.splice(at..at, copied);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
}

fn good_chain() -> Vec<u8> {
    chain(["p256-by-b", "p256-b", "p256-a"].map(certificate))
}

const P256: Case = Case { chain: &[], anchors: Some(&["p256-root"]), proof: "p256", ..GOOD };

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_changed_chain_does_not_pass(changes in vec(change(), 1..4)) {
        let good = good_chain();
        let mut changed = good.clone();
        apply(&mut changed, &changes);
        prop_assume!(changed != good);
        prop_assert!(P256.check_chain(&changed).is_err());
    }

    /// The lengths around the certificate stay valid, so that more of it is parsed.
    #[test]
    fn a_changed_certificate_does_not_pass(
        which in 0usize..3,
        changes in vec(change(), 1..3),
        now in prop::option::of(0..4 * NOW),
    ) {
        let mut certificates = ["p256-by-b", "p256-b", "p256-a"].map(|name| certificate(name).to_vec());
        let good = certificates.clone();
        apply(&mut certificates[which], &changes);
        prop_assume!(certificates != good);
        let presented = chain(certificates.iter().map(|certificate| &certificate[..]));
        let case = Case { now, ..P256 };
        prop_assert!(case.check_chain(&presented).is_err());
    }

    /// The same with pins if the key differs, and for a device.
    #[test]
    fn a_changed_device_does_not_pass_by_another_key(changes in vec(change(), 1..4)) {
        let mut changed = certificate("device-ca").to_vec();
        apply(&mut changed, &changes);
        let old = Certificate::read(&mut certificate("device-ca").iter().copied()).unwrap();
        let key = &certificate("device-ca")[old.whole_key];
        let new = Certificate::read(&mut changed.iter().copied());
        let same_key = new.is_some_and(|new| changed.get(new.whole_key) == Some(key));
        let case = Case { anchors: Some(&["device-ca"]), ..GOOD };
        let result = case.check_chain(&chain([&changed[..]]));
        prop_assert!(same_key || result.is_err());
    }

    #[test]
    fn any_bytes_do_not_pass(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(P256.check_chain(&bytes).is_err());
        prop_assert!(P256.check_chain(&chain([&bytes[..]])).is_err());
        let mut nothing = |_: &[u8]| true;
        prop_assert!(append(&bytes, &mut nothing).is_err());
    }

    /// A certificate accepted by `Certificate::read` has the parts that webpki finds in it.
    #[test]
    fn parts_are_those_that_webpki_finds(
        name in prop::sample::select(&["good", "device-version-1", "ca-permits-example", "unknown"][..]),
        changes in vec(change(), 0..3),
    ) {
        let mut der = certificate(name).to_vec();
        apply(&mut der, &changes);
        let der: &[u8] = Box::leak(der.into_boxed_slice());
        let Some(ours) = Certificate::read(&mut der.iter().copied()) else { return Ok(()) };
        let input = rustls_pki_types::CertificateDer::from(der);
        if let Ok(theirs) = webpki::anchor_from_trusted_cert(&input) {
            prop_assert_eq!(ours.length, der.len());
            prop_assert_eq!(&der[ours.subject], &theirs.subject[..]);
            prop_assert_eq!(&der[ours.key], &theirs.subject_public_key_info[..]);
            let constraints = ours.name_constraints.map(|range| &der[range]);
            prop_assert_eq!(constraints, theirs.name_constraints.as_deref());
        }
    }
}

#[test]
fn each_single_byte_counts() {
    let renewed = ["by-new-dns-only", "renewal-with-names", "renewed-permits-example"];
    for (case, good) in [(P256, good_chain()), (GOOD, chain(renewed.map(certificate)))] {
        assert_eq!(case.check_chain(&good), Ok(()));
        for at in 0..good.len() {
            let mut changed = good.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(case.check_chain(&changed).is_err(), "{at}");
        }
    }
}
