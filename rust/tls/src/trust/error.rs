//! The errors of certificates: of servers, and in the caller's input.

/// The reason for refusing the certificate of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// A certificate is past its notAfter.
    Expired,
    /// A certificate is before its notBefore.
    NotYetValid,
    /// No name of the certificate matches the server name.
    WrongName,
    /// There is no server name, or one that a certificate cannot hold.
    NoServerName,
    /// No path leads to a trust anchor: the CA is unknown, or an intermediate certificate is
    /// missing.
    UnknownIssuer,
    /// The certificate is self-signed and not trusted itself.
    SelfSigned,
    /// The signature of a certificate is invalid.
    BadSignature,
    /// The signature of the handshake is invalid: the server does not have the certificate's key.
    BadProof,
    /// A certificate was issued by one that is not a CA's.
    NotACa,
    /// The server presented a CA certificate as its own.
    CaAsServer,
    /// The key usage does not allow this use of the key.
    KeyUsage,
    /// The extended key usage does not include servers.
    ExtendedKeyUsage,
    /// A name violates the name constraints of a CA.
    NameConstraint,
    /// The path below a CA is longer than the CA allows.
    PathLength,
    /// A signature algorithm or a key type is not built in.
    UnsupportedAlgorithm,
    /// The public key does not match a pin.
    WrongPin,
    /// The server presented no certificate.
    NoCertificate,
    /// A certificate is malformed.
    Malformed,
    /// A certificate is not of version 3.
    UnsupportedVersion,
    /// A certificate has an unknown critical extension.
    CriticalExtension,
    /// The server presented too many certificates, or too many paths are possible.
    TooComplex,
}

impl CertificateError {
    /// The text for the user.
    pub fn text(self) -> &'static str {
        match self {
            Self::Expired => "certificate expired",
            Self::NotYetValid => "certificate not yet valid",
            Self::WrongName => "certificate is for another name",
            Self::NoServerName => "no server name to verify the certificate for",
            Self::UnknownIssuer => "certificate issuer unknown",
            Self::SelfSigned => "certificate self-signed and not trusted",
            Self::BadSignature => "certificate signature invalid",
            Self::BadProof => "handshake signature invalid",
            Self::NotACa => "certificate issuer is not a CA",
            Self::CaAsServer => "CA certificate used as server certificate",
            Self::KeyUsage => "certificate key usage does not allow this use",
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

/// Converts an error of webpki.
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
        // The other errors concern encodings, or revocation lists, which are not used.
        _ => CertificateError::Malformed,
    }
}

/// An error in certificates and keys of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputError {
    /// The input has no certificate.
    NoCertificate,
    /// The input has no private key.
    NoKey,
    /// A PEM block has no end, or invalid base64.
    BadPem,
    /// A certificate is malformed.
    BadCertificate,
    /// A private key is malformed.
    BadKey,
    /// The private key is encrypted.
    EncryptedKey,
    /// The private key is not a P-256 key.
    UnsupportedKey,
    /// The private key does not match the certificate.
    OtherKey,
    /// The output is full.
    NoRoom,
}

impl InputError {
    /// The text for the user.
    pub fn text(self) -> &'static str {
        match self {
            Self::NoCertificate => "no certificate found",
            Self::NoKey => "no private key found",
            Self::BadPem => "PEM malformed",
            Self::BadCertificate => "certificate malformed",
            Self::BadKey => "private key malformed",
            Self::EncryptedKey => "private key is encrypted",
            Self::UnsupportedKey => "private key is not P-256",
            Self::OtherKey => "private key does not match the certificate",
            Self::NoRoom => "no memory for certificates",
        }
    }
}
