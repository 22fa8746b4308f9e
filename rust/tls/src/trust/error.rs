//! Why a server is refused, and what is wrong with certificates and keys that are handed in.

/// Why a server is not the one it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// A certificate is past its notAfter.
    Expired,
    /// A certificate is before its notBefore.
    NotYetValid,
    /// None of the certificate's names is the one asked for.
    WrongName,
    /// There is no name to compare with, or one that no certificate can hold.
    NoServerName,
    /// No path leads to a trust anchor: an unknown CA, or a missing intermediate certificate.
    UnknownIssuer,
    /// The certificate is signed by its own key, and is not trusted itself.
    SelfSigned,
    /// The signature of a certificate does not verify.
    BadSignature,
    /// The signature of the handshake does not verify: the server has not the certificate's key.
    BadProof,
    /// A certificate that is none of a CA issued another one.
    NotACa,
    /// The server presents a CA's certificate as its own.
    CaAsServer,
    /// The key usage does not allow what the key is used for.
    KeyUsage,
    /// The extended key usage does not allow a server.
    ExtendedKeyUsage,
    /// A name is outside of what a CA may issue for.
    NameConstraint,
    /// More CAs below a CA than it allows.
    PathLength,
    /// A signature algorithm or a kind of key that is not built in.
    UnsupportedAlgorithm,
    /// The public key is none of those pinned.
    WrongPin,
    /// The server presents no certificate.
    NoCertificate,
    /// A certificate is not well formed.
    Malformed,
    /// A certificate is not of version 3.
    UnsupportedVersion,
    /// A certificate has a critical extension that is not known here.
    CriticalExtension,
    /// Too many certificates, or too many ways to put them together.
    TooComplex,
}

impl CertificateError {
    /// What is told to the user.
    pub fn text(self) -> &'static str {
        match self {
            Self::Expired => "certificate expired",
            Self::NotYetValid => "certificate not yet valid",
            Self::WrongName => "certificate is for another name",
            Self::NoServerName => "no server name to check the certificate for",
            Self::UnknownIssuer => "certificate issuer unknown",
            Self::SelfSigned => "certificate self-signed and not trusted",
            Self::BadSignature => "certificate signature wrong",
            Self::BadProof => "handshake signature wrong",
            Self::NotACa => "certificate issued by one that is no CA",
            Self::CaAsServer => "CA certificate used as server certificate",
            Self::KeyUsage => "certificate key usage does not allow this",
            Self::ExtendedKeyUsage => "certificate is not for servers (extended key usage)",
            Self::NameConstraint => "certificate violates name constraint of its CA",
            Self::PathLength => "certificate violates path length of its CA",
            Self::UnsupportedAlgorithm => "certificate algorithm not supported",
            Self::WrongPin => "certificate key does not match pin",
            Self::NoCertificate => "no certificate from server",
            Self::Malformed => "certificate malformed",
            Self::UnsupportedVersion => "certificate is not version 3",
            Self::CriticalExtension => "certificate has unknown critical extension",
            Self::TooComplex => "certificate chain too complex",
        }
    }
}

/// What webpki says, in our words.
pub(super) fn of_webpki(error: &webpki::Error) -> CertificateError {
    use webpki::Error;
    match error {
        Error::CertExpired { .. } => CertificateError::Expired,
        Error::CertNotValidYet { .. } => CertificateError::NotYetValid,
        Error::CertNotValidForName(_) => CertificateError::WrongName,
        Error::UnsupportedNameType => CertificateError::NoServerName,
        Error::UnknownIssuer | Error::CertDistrusted => CertificateError::UnknownIssuer,
        Error::InvalidSignatureForPublicKey => CertificateError::BadSignature,
        Error::EndEntityUsedAsCa => CertificateError::NotACa,
        Error::CaUsedAsEndEntity => CertificateError::CaAsServer,
        Error::EmptyEkuExtension | Error::RequiredEkuNotFoundContext(_) => {
            CertificateError::ExtendedKeyUsage
        }
        Error::NameConstraintViolation => CertificateError::NameConstraint,
        Error::PathLenConstraintViolated => CertificateError::PathLength,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            CertificateError::UnsupportedAlgorithm
        }
        Error::UnsupportedCertVersion => CertificateError::UnsupportedVersion,
        Error::UnsupportedCriticalExtension => CertificateError::CriticalExtension,
        Error::MaximumNameConstraintComparisonsExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded => CertificateError::TooComplex,
        // What is left is about encodings, or about revocation lists, of which there are none.
        _ => CertificateError::Malformed,
    }
}

/// What is wrong with certificates and keys that the caller hands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputError {
    /// There is no certificate in it.
    NoCertificate,
    /// There is no private key in it.
    NoKey,
    /// A PEM block without an end, or bad base64 in it.
    BadPem,
    /// A certificate that is not well formed.
    BadCertificate,
    /// A key that is not well formed.
    BadKey,
    /// A private key that is encrypted.
    EncryptedKey,
    /// A private key that is none of P-256.
    UnsupportedKey,
    /// A private key that is not that of the certificate.
    OtherKey,
    /// Whoever takes what is read has no room.
    NoRoom,
}

impl InputError {
    /// What is told to the user.
    pub fn text(self) -> &'static str {
        match self {
            Self::NoCertificate => "no certificate found",
            Self::NoKey => "no private key found",
            Self::BadPem => "PEM malformed",
            Self::BadCertificate => "certificate malformed",
            Self::BadKey => "private key malformed",
            Self::EncryptedKey => "private key encrypted",
            Self::UnsupportedKey => "private key is not P-256",
            Self::OtherKey => "private key is not the certificate's",
            Self::NoRoom => "no memory for certificates",
        }
    }
}
