//! Random input never panics, and only signed messages are accepted.
use crate::samples::{MESSAGE, SAMPLES, verify};
use mrequests_signatures::{ALL, ECDSA_P256_SHA256};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{DerSignature, SigningKey};
use proptest::collection::vec;
use proptest::prelude::*;
use sha2::Digest as _;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..600)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_bytes(key in bytes(), message in bytes(), signature in bytes()) {
        for algorithm in ALL {
            prop_assert!(!verify(*algorithm, &key, &message, &signature));
        }
    }

    /// Either key or signature is valid, so that the arithmetic with the other is reached.
    #[test]
    fn any_key_or_signature(bytes in bytes()) {
        for sample in SAMPLES {
            prop_assert!(!verify(sample.algorithm, &bytes, MESSAGE, sample.signature));
            prop_assert!(!verify(sample.algorithm, sample.key, MESSAGE, &bytes));
        }
    }

    #[test]
    fn one_changed_byte(at: prop::sample::Index, change in 1..=u8::MAX) {
        for sample in SAMPLES {
            let mut parts = [sample.key, MESSAGE, sample.signature].map(<[u8]>::to_vec);
            for part in 0..parts.len() {
                let index = at.index(parts[part].len());
                parts[part][index] ^= change;
                let [key, message, signature] = &parts;
                prop_assert!(!verify(sample.algorithm, key, message, signature), "{} {part} {index}", sample.name);
                parts[part][index] ^= change;
            }
        }
    }

    /// Compares P-256 with the crate p256.
    #[test]
    fn any_p256_key(key in vec(1..=0xfe_u8, 32), message in bytes(), other in bytes()) {
        let key = SigningKey::from_slice(&key).unwrap();
        let signature: DerSignature = key.sign_prehash(&sha2::Sha256::digest(&message)).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let is_valid = |message| verify(&ECDSA_P256_SHA256, point.as_bytes(), message, signature.as_bytes());
        prop_assert!(is_valid(&message));
        prop_assert_eq!(is_valid(&other), message == other);
    }
}
