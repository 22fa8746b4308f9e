//! The algorithms, and their identifiers in certificates and in TLS.
use crate::ecdsa;
#[cfg(feature = "ed25519")]
use crate::ed25519;
use crate::hash::Hash;
#[cfg(feature = "rsa")]
use crate::rsa;
use core::fmt;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

/// Verifies a signature, given public key, message and signature.
type Verify = fn(&[u8], &[u8], &[u8]) -> Option<()>;

/// A signature algorithm.
pub struct Algorithm {
    verify: Verify,
    public_key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        (self.verify)(public_key, message, signature).ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.public_key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// The trait requires it. A fixed text keeps the formatting of numbers out of the firmware.
impl fmt::Debug for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Algorithm")
    }
}

/// ECDSA on P-256 (FIPS 186-5 section 6.4.2) with SHA-256.
pub static ECDSA_P256_SHA256: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p256(Hash::Sha256, key, message, signature),
    public_key: alg_id::ECDSA_P256,
    signature: alg_id::ECDSA_SHA256,
};

/// ECDSA on P-256 (FIPS 186-5 section 6.4.2) with SHA-384.
pub static ECDSA_P256_SHA384: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p256(Hash::Sha384, key, message, signature),
    public_key: alg_id::ECDSA_P256,
    signature: alg_id::ECDSA_SHA384,
};

/// ECDSA on P-256 (FIPS 186-5 section 6.4.2) with SHA-512.
pub static ECDSA_P256_SHA512: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p256(Hash::Sha512, key, message, signature),
    public_key: alg_id::ECDSA_P256,
    signature: alg_id::ECDSA_SHA512,
};

/// ECDSA on P-384 (FIPS 186-5 section 6.4.2) with SHA-256.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA256: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p384(Hash::Sha256, key, message, signature),
    public_key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA256,
};

/// ECDSA on P-384 (FIPS 186-5 section 6.4.2) with SHA-384.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA384: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p384(Hash::Sha384, key, message, signature),
    public_key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA384,
};

/// ECDSA on P-384 (FIPS 186-5 section 6.4.2) with SHA-512.
#[cfg(feature = "p384")]
pub static ECDSA_P384_SHA512: Algorithm = Algorithm {
    verify: |key, message, signature| ecdsa::verify_p384(Hash::Sha512, key, message, signature),
    public_key: alg_id::ECDSA_P384,
    signature: alg_id::ECDSA_SHA512,
};

/// RSA PKCS#1 v1.5 (RFC 8017 section 8.2.2) with SHA-256.
#[cfg(feature = "rsa")]
pub static RSA_PKCS1_SHA256: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pkcs1(Hash::Sha256, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PKCS1_SHA256,
};

/// RSA PKCS#1 v1.5 (RFC 8017 section 8.2.2) with SHA-384.
#[cfg(feature = "rsa")]
pub static RSA_PKCS1_SHA384: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pkcs1(Hash::Sha384, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PKCS1_SHA384,
};

/// RSA PKCS#1 v1.5 (RFC 8017 section 8.2.2) with SHA-512.
#[cfg(feature = "rsa")]
pub static RSA_PKCS1_SHA512: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pkcs1(Hash::Sha512, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PKCS1_SHA512,
};

/// RSA-PSS (RFC 8017 section 8.1.2) with SHA-256, also in MGF1, and a salt of 32 bytes.
#[cfg(feature = "rsa")]
pub static RSA_PSS_SHA256: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pss(Hash::Sha256, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PSS_SHA256,
};

/// RSA-PSS (RFC 8017 section 8.1.2) with SHA-384, also in MGF1, and a salt of 48 bytes.
#[cfg(feature = "rsa")]
pub static RSA_PSS_SHA384: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pss(Hash::Sha384, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PSS_SHA384,
};

/// RSA-PSS (RFC 8017 section 8.1.2) with SHA-512, also in MGF1, and a salt of 64 bytes.
#[cfg(feature = "rsa")]
pub static RSA_PSS_SHA512: Algorithm = Algorithm {
    verify: |key, message, signature| rsa::verify_pss(Hash::Sha512, key, message, signature),
    public_key: alg_id::RSA_ENCRYPTION,
    signature: alg_id::RSA_PSS_SHA512,
};

/// Ed25519 (RFC 8032 section 5.1.7).
#[cfg(feature = "ed25519")]
pub static ED25519: Algorithm =
    Algorithm { verify: ed25519::verify, public_key: alg_id::ED25519, signature: alg_id::ED25519 };

/// All built-in algorithms.
pub static ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    &ECDSA_P256_SHA256,
    &ECDSA_P256_SHA384,
    &ECDSA_P256_SHA512,
    #[cfg(feature = "p384")]
    &ECDSA_P384_SHA256,
    #[cfg(feature = "p384")]
    &ECDSA_P384_SHA384,
    #[cfg(feature = "p384")]
    &ECDSA_P384_SHA512,
    #[cfg(feature = "rsa")]
    &RSA_PKCS1_SHA256,
    #[cfg(feature = "rsa")]
    &RSA_PKCS1_SHA384,
    #[cfg(feature = "rsa")]
    &RSA_PKCS1_SHA512,
    #[cfg(feature = "rsa")]
    &RSA_PSS_SHA256,
    #[cfg(feature = "rsa")]
    &RSA_PSS_SHA384,
    #[cfg(feature = "rsa")]
    &RSA_PSS_SHA512,
    #[cfg(feature = "ed25519")]
    &ED25519,
];

/// The algorithm of a signature scheme in a CertificateVerify of TLS 1.3 (RFC 8446 section 4.2.3).
/// `None` if it is not built in, and for PKCS#1 v1.5, which only certificates may use.
pub fn for_scheme(scheme: u16) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    match scheme {
        0x0403 => Some(&ECDSA_P256_SHA256),
        #[cfg(feature = "p384")]
        0x0503 => Some(&ECDSA_P384_SHA384),
        #[cfg(feature = "rsa")]
        0x0804 => Some(&RSA_PSS_SHA256),
        #[cfg(feature = "rsa")]
        0x0805 => Some(&RSA_PSS_SHA384),
        #[cfg(feature = "rsa")]
        0x0806 => Some(&RSA_PSS_SHA512),
        #[cfg(feature = "ed25519")]
        0x0807 => Some(&ED25519),
        _ => None,
    }
}
