//! The test vectors of Project Wycheproof, each verified as webpki does.
//!
//! "Acceptable" vectors are refused: a DigestInfo without its NULL, which RFC 8017 requires, and
//! signatures in BER that are not DER.
use crate::samples::verify;
use mrequests_signatures as signatures;
use wycheproof::TestResult;

/// The results of the vectors of a set.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    /// Set, number and comment of each vector with the wrong result.
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, vector: &str, is_valid: bool, expected: bool) {
        match is_valid {
            true => self.accepted += 1,
            false => self.refused += 1,
        }
        if is_valid != expected {
            self.wrong.push(format!("{vector}: is_valid {is_valid}"));
        }
    }

    /// Asserts these numbers of valid and invalid vectors, and no wrong results.
    #[track_caller]
    fn check(&self, accepted: usize, refused: usize) {
        assert_eq!(self.wrong, [""; 0]);
        assert_eq!((self.accepted, self.refused), (accepted, refused));
    }
}

/// Runs the vectors of a set.
macro_rules! run {
    ($kind:ident::$set:ident, $algorithm:ident, |$group:ident, $test:ident| $key:expr, valid: $valid:expr) => {{
        use wycheproof::$kind::{TestName, TestSet};
        let mut tally = Tally::default();
        for $group in TestSet::load(TestName::$set).unwrap().test_groups {
            for $test in &$group.tests {
                let vector = format!("{} {} {}", stringify!($set), $test.tc_id, $test.comment);
                let is_valid = verify(&signatures::$algorithm, &$key, &$test.msg, &$test.sig);
                tally.add(&vector, is_valid, $valid);
            }
        }
        tally
    }};
}

macro_rules! ecdsa {
    ($set:ident, $algorithm:ident) => {
        run!(ecdsa::$set, $algorithm, |group, test| group.key.key, valid: test.result == TestResult::Valid)
    };
}

#[test]
fn ecdsa_p256() {
    ecdsa!(EcdsaSecp256r1Sha256, ECDSA_P256_SHA256).check(170, 301);
    ecdsa!(EcdsaSecp256r1Sha512, ECDSA_P256_SHA512).check(239, 302);
}

#[test]
#[cfg(feature = "p384")]
fn ecdsa_p384() {
    ecdsa!(EcdsaSecp384r1Sha256, ECDSA_P384_SHA256).check(158, 301);
    ecdsa!(EcdsaSecp384r1Sha384, ECDSA_P384_SHA384).check(190, 301);
    ecdsa!(EcdsaSecp384r1Sha512, ECDSA_P384_SHA512).check(227, 302);
}

#[test]
#[cfg(feature = "ed25519")]
fn ed25519() {
    run!(eddsa::Ed25519, ED25519, |group, test| group.key.pk, valid: test.result == TestResult::Valid).check(88, 62);
}

#[cfg(feature = "rsa")]
mod rsa {
    use super::*;
    use wycheproof::HashFunction;
    use wycheproof::HashFunction::{Sha2_256, Sha2_384, Sha2_512};

    macro_rules! pkcs1 {
        ($set:ident, $algorithm:ident) => {
            run!(rsa_pkcs1_verify::$set, $algorithm, |group, test| group.asn_key,
                valid: test.result == TestResult::Valid && group.key_size <= 4096)
        };
    }

    #[test]
    fn pkcs1_sha256() {
        pkcs1!(Rsa2048Sha256, RSA_PKCS1_SHA256).check(9, 250);
        pkcs1!(Rsa3072Sha256, RSA_PKCS1_SHA256).check(8, 251);
        pkcs1!(Rsa4096Sha256, RSA_PKCS1_SHA256).check(7, 251);
    }

    #[test]
    fn pkcs1_sha384() {
        pkcs1!(Rsa2048Sha384, RSA_PKCS1_SHA384).check(7, 251);
        pkcs1!(Rsa3072Sha384, RSA_PKCS1_SHA384).check(7, 252);
        pkcs1!(Rsa4096Sha384, RSA_PKCS1_SHA384).check(7, 252);
    }

    #[test]
    fn pkcs1_sha512() {
        pkcs1!(Rsa2048Sha512, RSA_PKCS1_SHA512).check(8, 251);
        pkcs1!(Rsa3072Sha512, RSA_PKCS1_SHA512).check(8, 252);
        pkcs1!(Rsa4096Sha512, RSA_PKCS1_SHA512).check(7, 252);
    }

    #[test]
    fn moduli_too_long() {
        pkcs1!(Rsa8192Sha256, RSA_PKCS1_SHA256).check(0, 258);
        pkcs1!(Rsa8192Sha384, RSA_PKCS1_SHA384).check(0, 259);
        pkcs1!(Rsa8192Sha512, RSA_PKCS1_SHA512).check(0, 259);
    }

    /// PSS with one hash and a salt of its length, as TLS 1.3 and webpki's identifiers require.
    fn is_pss(
        hash: HashFunction,
        length: usize,
        parameters: (HashFunction, Option<HashFunction>, usize),
    ) -> bool {
        parameters == (hash, Some(hash), length)
    }

    macro_rules! pss {
        ($set:ident, $algorithm:ident, $hash:expr, $length:expr) => {
            run!(rsa_pss_verify::$set, $algorithm, |group, test| group.asn_key,
                valid: test.result == TestResult::Valid
                    && is_pss($hash, $length, (group.hash, group.mgf_hash, group.salt_size)))
        };
    }

    #[test]
    fn pss_sha256() {
        pss!(RsaPss2048Sha256Mgf1SaltLen32, RSA_PSS_SHA256, Sha2_256, 32).check(63, 45);
        pss!(RsaPss2048Sha256Mgf1SaltLen32WithParams, RSA_PSS_SHA256, Sha2_256, 32).check(63, 45);
        pss!(RsaPss3072Sha256Mgf1SaltLen32, RSA_PSS_SHA256, Sha2_256, 32).check(63, 45);
        pss!(RsaPss3072Sha256Mgf1SaltLen32WithParams, RSA_PSS_SHA256, Sha2_256, 32).check(63, 45);
        pss!(RsaPss4096Sha256Mgf1SaltLen32, RSA_PSS_SHA256, Sha2_256, 32).check(63, 45);
    }

    #[test]
    fn pss_sha384() {
        pss!(RsaPss2048Sha384Mgf1SaltLen48, RSA_PSS_SHA384, Sha2_384, 48).check(95, 46);
        pss!(RsaPss4096Sha384Mgf1SaltLen48, RSA_PSS_SHA384, Sha2_384, 48).check(95, 46);
    }

    #[test]
    fn pss_sha512() {
        pss!(RsaPss4096Sha512Mgf1SaltLen64, RSA_PSS_SHA512, Sha2_512, 64).check(132, 47);
        pss!(RsaPss4096Sha512Mgf1SaltLen64WithParams, RSA_PSS_SHA512, Sha2_512, 64).check(132, 47);
    }

    #[test]
    fn pss_with_another_salt_length_or_mask_hash() {
        pss!(RsaPss2048Sha256Mgf1Sha1_20, RSA_PSS_SHA256, Sha2_256, 32).check(0, 108);
        pss!(RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams, RSA_PSS_SHA512, Sha2_512, 64)
            .check(0, 178);
        pss!(RsaPss4096Sha512Mgf1SaltLen32, RSA_PSS_SHA512, Sha2_512, 64).check(0, 177);
        pss!(RsaPss4096Sha512Mgf1SaltLen32WithParams, RSA_PSS_SHA512, Sha2_512, 64).check(0, 177);
    }

    #[test]
    fn pss_without_salt() {
        // In the set of this key one vector is invalid: it has the salt length that is required
        // here.
        let odd_one = "s_len changed to 32";
        run!(rsa_pss_verify::RsaPss2048Sha256Mgf1SaltLen0, RSA_PSS_SHA256, |group, test| group.asn_key,
            valid: test.comment == odd_one)
        .check(1, 102);
        run!(rsa_pss_verify::RsaPss2048Sha256Mgf1SaltLen0WithParams, RSA_PSS_SHA256, |group, test| group.asn_key,
            valid: test.comment == odd_one)
        .check(1, 102);
    }

    /// A key for each combination of hash, mask hash and salt length.
    #[test]
    fn pss_of_all_parameters() {
        pss!(RsaPssmisc, RSA_PSS_SHA256, Sha2_256, 32).check(1, 149);
        pss!(RsaPssmisc, RSA_PSS_SHA384, Sha2_384, 48).check(1, 149);
        pss!(RsaPssmisc, RSA_PSS_SHA512, Sha2_512, 64).check(1, 149);
        pss!(RsaPssmiscWithParams, RSA_PSS_SHA256, Sha2_256, 32).check(1, 149);
    }
}
