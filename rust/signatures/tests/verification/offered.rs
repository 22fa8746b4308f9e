//! The built-in algorithms and their identifiers.
use crate::samples::{MESSAGE, SAMPLES, verify};
use mrequests_signatures::{ALL, for_scheme};
use rustls_pki_types::alg_id;

#[test]
fn all_have_a_sample() {
    let ids = |algorithm: &dyn rustls_pki_types::SignatureVerificationAlgorithm| {
        (algorithm.public_key_alg_id(), algorithm.signature_alg_id())
    };
    let samples: Vec<_> = SAMPLES.iter().map(|sample| ids(sample.algorithm)).collect();
    let all: Vec<_> = ALL.iter().map(|&algorithm| ids(algorithm)).collect();
    assert_eq!(all, samples);
}

#[test]
fn each_takes_its_own_sample_only() {
    for of in SAMPLES {
        for by in SAMPLES {
            let is_valid = verify(by.algorithm, of.key, MESSAGE, of.signature);
            assert_eq!(is_valid, of.name == by.name, "{} by {}", of.name, by.name);
        }
    }
}

#[test]
fn schemes_of_tls_1_3() {
    let p384 = cfg!(feature = "p384");
    let rsa = cfg!(feature = "rsa");
    let ed25519 = cfg!(feature = "ed25519");
    let table = [
        (0x0403, true, alg_id::ECDSA_P256, alg_id::ECDSA_SHA256),
        (0x0503, p384, alg_id::ECDSA_P384, alg_id::ECDSA_SHA384),
        (0x0804, rsa, alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA256),
        (0x0805, rsa, alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA384),
        (0x0806, rsa, alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA512),
        (0x0807, ed25519, alg_id::ED25519, alg_id::ED25519),
    ];
    for scheme in 0..=u16::MAX {
        let expected = table.iter().find(|row| row.0 == scheme && row.1).map(|row| (row.2, row.3));
        let ids = for_scheme(scheme).map(|it| (it.public_key_alg_id(), it.signature_alg_id()));
        assert_eq!(ids, expected, "{scheme:#06x}");
    }
}
