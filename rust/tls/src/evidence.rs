//! The certificates and the signature of the server, kept until they are verified.
//!
//! embedded-tls completes a handshake without a certificate, or without a signature. So its
//! callbacks only keep both, in order and once each. [`Evidence::prove`] verifies them after the
//! handshake, from a shallow stack, before the connection is used.

use crate::config::{Config, Trust};
use crate::error::Fault;
use crate::guard;
use crate::rng::Rng;
use crate::transport::Scratch;
use crate::trust::{self, CertificateError, Presented};
use core::marker::PhantomData;
use core::mem;
use embedded_tls::blocking::{
    Certificate, CertificateEntryRef, CertificateRef, CertificateVerifyRef, CryptoProvider,
    TlsCipherSuite, TlsVerifier,
};
use embedded_tls::{CryptoRngCore, SignatureScheme, TlsError};
use p256::SecretKey;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::digest::Digest;
use signature::SignerMut;

/// The content that a server signs, before the hash (RFC 8446 section 4.4.3).
pub(crate) const SIGNED_PREFIX: &[u8; 98] =
    b"                                                                TLS 1.3, server CertificateVerify\0";
/// The longest signature in bytes: RSA with 4096 bits, or P-384.
const MAX_SIGNATURE: usize = if cfg!(feature = "rsa") { 512 } else { 104 };

/// The messages that the server has sent so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Nothing,
    Chain,
    Signature,
}

/// The evidence of the server's identity. `memory` holds the signed content, the chain and the
/// signature.
pub(crate) struct Evidence<'e> {
    config: &'e Config<'e>,
    memory: &'e mut dyn Scratch,
    rng: Rng,
    stage: Stage,
    signed: usize,
    chain: usize,
    signature: usize,
    scheme: u16,
    proven: Option<Result<(), Fault>>,
    /// The fault behind an error returned to embedded-tls, which has error types of its own.
    pub(crate) fault: Option<Fault>,
}

impl<'e> Evidence<'e> {
    pub(crate) fn new(
        config: &'e Config<'e>,
        seed: &[u8; 48],
        memory: &'e mut dyn Scratch,
    ) -> Self {
        Self {
            config,
            memory,
            rng: Rng::new(seed),
            stage: Stage::Nothing,
            signed: 0,
            chain: 0,
            signature: 0,
            scheme: 0,
            proven: None,
            fault: None,
        }
    }

    /// Verifies the identity of the server, once.
    pub(crate) fn prove(&mut self) -> Result<(), Fault> {
        if let Some(proven) = self.proven {
            return proven;
        }
        let proven = self.check();
        self.proven = Some(proven);
        proven
    }

    #[inline(never)]
    fn check(&self) -> Result<(), Fault> {
        if self.stage != Stage::Signature {
            return Err(Fault::NoProof);
        }
        if let Trust::Anyone = self.config.trust {
            return Ok(());
        }
        self.presented().map_or(Err(Fault::NoProof), |presented| {
            trust::check(self.config, &presented).map_err(Fault::Certificate)
        })
    }

    fn presented(&self) -> Option<Presented<'_>> {
        let (signed, rest) = self.memory.get().split_at_checked(self.signed)?;
        let (chain, rest) = rest.split_at_checked(self.chain)?;
        let signature = rest.get(..self.signature)?;
        Some(Presented { chain, scheme: self.scheme, signature, signed })
    }

    /// Keeps the chain, and the hash of all messages up to the Certificate.
    #[inline(never)]
    fn keep_chain(&mut self, hash: &[u8], certificate: &CertificateRef<'_>) -> Result<(), Fault> {
        if self.stage != Stage::Nothing {
            return Err(Fault::UnexpectedMessage);
        }
        self.stage = Stage::Chain;
        let chain =
            certificate.entries.iter().map(|entry| der(entry).len().saturating_add(3)).sum();
        if chain == 0 {
            return Err(Fault::Certificate(CertificateError::NoCertificate));
        }
        if let Trust::Anyone = self.config.trust {
            return Ok(());
        }
        self.signed = SIGNED_PREFIX.len().saturating_add(hash.len());
        self.chain = chain;
        let len = self.signed.saturating_add(chain).saturating_add(MAX_SIGNATURE);
        let mut memory = self.memory.allocate(len).ok_or(Fault::NoMemory)?;
        put(&mut memory, SIGNED_PREFIX)?;
        put(&mut memory, hash)?;
        for der in certificate.entries.iter().map(der) {
            let [.., high, middle, low] = der.len().to_be_bytes();
            put(&mut memory, &[high, middle, low])?;
            put(&mut memory, der)?;
        }
        Ok(())
    }

    /// Keeps the signature, or returns the guard's reason for refusing a record.
    #[inline(never)]
    fn keep_signature(&mut self, verify: &CertificateVerifyRef<'_>) -> Result<(), Fault> {
        let scheme = verify.signature_scheme.as_u16();
        if let Some(fault) = guard::refusal(scheme, verify.signature) {
            return Err(fault);
        }
        if self.stage != Stage::Chain {
            return Err(Fault::UnexpectedMessage);
        }
        self.stage = Stage::Signature;
        if let Trust::Anyone = self.config.trust {
            return Ok(());
        }
        self.scheme = scheme;
        self.signature = verify.signature.len();
        let start = self.signed.saturating_add(self.chain);
        let mut memory = self.memory.get_mut().get_mut(start..).ok_or(Fault::NoMemory)?;
        put(&mut memory, verify.signature)
    }

    fn keep<E>(&mut self, result: Result<(), Fault>, error: E) -> Result<(), E> {
        result.map_err(|fault| {
            self.fault = Some(fault);
            error
        })
    }
}

fn der<'c>(entry: &CertificateEntryRef<'c>) -> &'c [u8] {
    match *entry {
        CertificateEntryRef::X509(der) | CertificateEntryRef::RawPublicKey(der) => der,
    }
}

/// Copies `bytes` to the start of `memory` and advances `memory`.
fn put(memory: &mut &mut [u8], bytes: &[u8]) -> Result<(), Fault> {
    let (start, rest) =
        mem::take(memory).split_at_mut_checked(bytes.len()).ok_or(Fault::MalformedMessage)?;
    start.copy_from_slice(bytes);
    *memory = rest;
    Ok(())
}

impl<S: TlsCipherSuite> TlsVerifier<S> for Evidence<'_> {
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        Ok(())
    }

    #[inline(never)]
    fn verify_certificate(
        &mut self,
        transcript: &S::Hash,
        certificate: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        let hash = transcript.clone().finalize();
        let kept = self.keep_chain(&hash, &certificate);
        self.keep(kept, TlsError::InvalidCertificate)
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let kept = self.keep_signature(&verify);
        self.keep(kept, TlsError::InvalidSignature)
    }
}

/// The callbacks of embedded-tls in a handshake.
pub(crate) struct Provider<'p, 'e, S> {
    evidence: &'p mut Evidence<'e>,
    suite: PhantomData<S>,
}

impl<'p, 'e, S> Provider<'p, 'e, S> {
    pub(crate) fn new(evidence: &'p mut Evidence<'e>) -> Self {
        Self { evidence, suite: PhantomData }
    }
}

impl<S: TlsCipherSuite> CryptoProvider for Provider<'_, '_, S> {
    type CipherSuite = S;
    type Signature = DerSignature;

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.evidence.rng
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<S>, TlsError> {
        Ok(&mut *self.evidence)
    }

    /// Returns the client's certificate for an authenticated server. Any other server gets a
    /// message without one, because embedded-tls cannot stop here; the handshake fails afterwards.
    fn client_cert(&mut self) -> Option<Certificate<impl AsRef<[u8]>>> {
        let identity = self.evidence.config.identity.as_ref()?;
        self.evidence.prove().ok()?;
        identity.certificates().next().map(Certificate::X509)
    }

    fn signer(&mut self) -> Result<(impl SignerMut<DerSignature>, SignatureScheme), TlsError> {
        let identity = self.evidence.config.identity.as_ref();
        let key =
            identity.and_then(|identity| identity.key()).map(|key| SecretKey::from_slice(key));
        let Some(Ok(key)) = key else {
            self.evidence.fault = Some(Fault::Identity);
            return Err(TlsError::InvalidPrivateKey);
        };
        Ok((Signer(key), SignatureScheme::EcdsaSecp256r1Sha256))
    }
}

/// The client's key. Keeps the memory of signing out of the frames of embedded-tls.
struct Signer(SecretKey);

impl SignerMut<DerSignature> for Signer {
    #[inline(never)]
    fn try_sign(&mut self, message: &[u8]) -> Result<DerSignature, signature::Error> {
        SigningKey::from(&self.0).try_sign(message)
    }
}
