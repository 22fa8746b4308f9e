//! Cipher suites (RFC 8446 appendix B.4).

use crate::guard::Guard;
use embedded_tls::blocking::TlsCipherSuite;
use sha2::digest::typenum::{U12, U54};

/// A built-in cipher suite. A connection offers one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// TLS_AES_128_GCM_SHA256, mandatory for every server (RFC 8446 section 9.1).
    #[cfg(feature = "aes128")]
    Aes128GcmSha256,
    /// TLS_AES_256_GCM_SHA384
    #[cfg(feature = "aes256")]
    Aes256GcmSha384,
    /// TLS_CHACHA20_POLY1305_SHA256
    #[cfg(feature = "chacha20")]
    ChaCha20Poly1305Sha256,
    /// No cryptography, for tests. It has no name and is not in [`Suite::ALL`].
    #[cfg(any(test, fuzzing))]
    Null,
}

impl Suite {
    /// All built-in suites; the first is the default.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "aes128")]
        Self::Aes128GcmSha256,
        #[cfg(feature = "aes256")]
        Self::Aes256GcmSha384,
        #[cfg(feature = "chacha20")]
        Self::ChaCha20Poly1305Sha256,
    ];

    /// The name in the IANA registry.
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "aes128")]
            Self::Aes128GcmSha256 => "TLS_AES_128_GCM_SHA256",
            #[cfg(feature = "aes256")]
            Self::Aes256GcmSha384 => "TLS_AES_256_GCM_SHA384",
            #[cfg(feature = "chacha20")]
            Self::ChaCha20Poly1305Sha256 => "TLS_CHACHA20_POLY1305_SHA256",
            #[cfg(any(test, fuzzing))]
            Self::Null => "",
        }
    }

    /// The suite with this IANA name, if it is built in.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|suite| suite.name() == name)
    }
}

impl Default for Suite {
    fn default() -> Self {
        #[cfg(feature = "aes128")]
        return Self::Aes128GcmSha256;
        #[cfg(all(not(feature = "aes128"), feature = "aes256"))]
        return Self::Aes256GcmSha384;
        #[cfg(not(any(feature = "aes128", feature = "aes256")))]
        return Self::ChaCha20Poly1305Sha256;
    }
}

/// TLS_AES_128_GCM_SHA256
#[cfg(feature = "aes128")]
pub(crate) struct Aes128GcmSha256;

#[cfg(feature = "aes128")]
impl TlsCipherSuite for Aes128GcmSha256 {
    const CODE_POINT: u16 = 0x1301;
    type Cipher = Guard<aes_gcm::Aes128Gcm>;
    type KeyLen = sha2::digest::typenum::U16;
    type IvLen = U12;
    type Hash = sha2::Sha256;
    type LabelBufferSize = U54;
}

/// TLS_AES_256_GCM_SHA384
#[cfg(feature = "aes256")]
pub(crate) struct Aes256GcmSha384;

#[cfg(feature = "aes256")]
impl TlsCipherSuite for Aes256GcmSha384 {
    const CODE_POINT: u16 = 0x1302;
    type Cipher = Guard<aes_gcm::Aes256Gcm>;
    type KeyLen = sha2::digest::typenum::U32;
    type IvLen = U12;
    type Hash = sha2::Sha384;
    // embedded-tls requires this type and never uses it.
    type LabelBufferSize = U54;
}

/// TLS_CHACHA20_POLY1305_SHA256
#[cfg(feature = "chacha20")]
pub(crate) struct ChaCha20Poly1305Sha256;

#[cfg(feature = "chacha20")]
impl TlsCipherSuite for ChaCha20Poly1305Sha256 {
    const CODE_POINT: u16 = 0x1303;
    type Cipher = Guard<chacha20poly1305::ChaCha20Poly1305>;
    type KeyLen = sha2::digest::typenum::U32;
    type IvLen = U12;
    type Hash = sha2::Sha256;
    type LabelBufferSize = U54;
}
