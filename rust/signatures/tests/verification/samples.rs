//! Keys and signatures made by OpenSSL (data/make.sh), at least one for each algorithm.
use mrequests_signatures as signatures;
use rustls_pki_types::SignatureVerificationAlgorithm;

pub(crate) const MESSAGE: &[u8] = include_bytes!("data/message");

#[derive(Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) algorithm: &'static dyn SignatureVerificationAlgorithm,
    pub(crate) key: &'static [u8],
    pub(crate) signature: &'static [u8],
}

pub(crate) fn verify(
    algorithm: &dyn SignatureVerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    algorithm.verify_signature(key, message, signature).is_ok()
}

macro_rules! sample {
    ($name:literal, $algorithm:ident) => {
        Sample {
            name: $name,
            algorithm: &signatures::$algorithm,
            key: include_bytes!(concat!("data/", $name, ".key")),
            signature: include_bytes!(concat!("data/", $name, ".sig")),
        }
    };
}

/// One of each algorithm, in their order.
pub(crate) static SAMPLES: &[Sample] = &[
    sample!("p256_sha256", ECDSA_P256_SHA256),
    sample!("p256_sha384", ECDSA_P256_SHA384),
    sample!("p256_sha512", ECDSA_P256_SHA512),
    #[cfg(feature = "p384")]
    sample!("p384_sha256", ECDSA_P384_SHA256),
    #[cfg(feature = "p384")]
    sample!("p384_sha384", ECDSA_P384_SHA384),
    #[cfg(feature = "p384")]
    sample!("p384_sha512", ECDSA_P384_SHA512),
    #[cfg(feature = "rsa")]
    sample!("pkcs1_sha256", RSA_PKCS1_SHA256),
    #[cfg(feature = "rsa")]
    sample!("pkcs1_sha384", RSA_PKCS1_SHA384),
    #[cfg(feature = "rsa")]
    sample!("pkcs1_sha512", RSA_PKCS1_SHA512),
    #[cfg(feature = "rsa")]
    sample!("pss_sha256", RSA_PSS_SHA256),
    #[cfg(feature = "rsa")]
    sample!("pss_sha384", RSA_PSS_SHA384),
    #[cfg(feature = "rsa")]
    sample!("pss_sha512", RSA_PSS_SHA512),
    #[cfg(feature = "ed25519")]
    sample!("ed25519", ED25519),
];

/// Lengths of modulus and exponent, and whether they are supported.
#[cfg(feature = "rsa")]
pub(crate) static RSA_LENGTHS: &[(Sample, bool)] = &[
    (sample!("rsa_2056_bits", RSA_PKCS1_SHA256), true),
    (sample!("rsa_2072_bits", RSA_PKCS1_SHA256), true),
    (sample!("rsa_4096_bits", RSA_PKCS1_SHA256), true),
    (sample!("rsa_2040_bits", RSA_PKCS1_SHA256), false),
    (sample!("rsa_2052_bits", RSA_PKCS1_SHA256), false),
    (sample!("rsa_4104_bits", RSA_PKCS1_SHA256), false),
    (sample!("rsa_long_exponent", RSA_PKCS1_SHA256), false),
];
