//! The server of these tests, and the records that its clients send.

use crate::evidence::SIGNED_PREFIX;
use crate::support::null::{HASH, tag_of};
use crate::support::script::{Script, certificate_verify, entry};
use crate::support::wire::{Heap, Wire};
use crate::support::{self, wire::Failure};
use crate::trust::anchors::{Anchor, certificate};
use crate::{Config, Connection, Error, Fault, Suite, Trust};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest as _, Sha256};
use std::boxed::Box;
use std::sync::OnceLock;
use std::vec;
use std::vec::Vec;

pub(super) const RECORD: usize = 16640;

/// id-ecPublicKey with secp256r1, and the start of the BIT STRING with the point.
const KEY_ALGORITHM: &[u8] = b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// A server with a key and a self-made certificate for it.
pub(super) struct Server {
    pub(super) certificate: Vec<u8>,
    pub(super) pin: [u8; 32],
    key: SigningKey,
}

/// The only server.
pub(super) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::new)
}

impl Server {
    fn new() -> Self {
        let key = SigningKey::from_slice(&[3; 32]).unwrap();
        let point = key.verifying_key().to_encoded_point(false);
        let public_key = [KEY_ALGORITHM, point.as_bytes()].concat();
        let anchor = Anchor { subject: b"", key: &public_key, name_constraints: None, is_ca: true };
        let mut der = Vec::new();
        certificate(&anchor, &mut |part| {
            der.extend(part);
            true
        })
        .unwrap();
        let whole_key = [&[0x30, public_key.len() as u8], public_key.as_slice()].concat();
        Self { certificate: der, pin: Sha256::digest(whole_key).into(), key }
    }

    pub(super) fn chain(&self) -> Vec<u8> {
        entry(&self.certificate)
    }

    /// The CertificateVerify that proves the key.
    pub(super) fn proof(&self) -> Vec<u8> {
        self.signed(&[SIGNED_PREFIX.as_slice(), &[HASH; 32]].concat())
    }

    /// A CertificateVerify that signs `message`.
    pub(super) fn signed(&self, message: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.key.sign(message);
        certificate_verify(0x0403, signature.as_bytes())
    }

    pub(super) fn handshake(&self) -> Script {
        Script::handshake(&self.chain(), &self.proof())
    }

    pub(super) fn config(&self) -> Config<'_> {
        support::config(Trust::Verified { anchors: None, pins: &self.pin })
    }
}

/// A client with buffers for the largest records.
pub(super) fn client(wire: &Wire) -> Connection<'static, Wire> {
    client_with(wire, RECORD, 1024)
}

pub(super) fn client_with(
    wire: &Wire,
    read_buffer: usize,
    write_buffer: usize,
) -> Connection<'static, Wire> {
    let buffer = |len| Box::leak(vec![0; len].into_boxed_slice());
    Connection::new(Suite::Null, wire.clone(), buffer(read_buffer), buffer(write_buffer))
}

pub(super) fn open(
    client: &mut Connection<'_, Wire>,
    config: &Config<'_>,
) -> Result<(), Error<Failure>> {
    client.open(config, &[1; 48], &mut Heap::default())
}

/// A client connected to a server that continues with the records that `more` adds.
pub(super) fn connected(more: impl Fn(Script) -> Script) -> (Connection<'static, Wire>, Wire) {
    let server = server();
    let wire = Wire::new(more(server.handshake()).bytes());
    let mut client = client(&wire);
    assert_eq!(open(&mut client, &server.config()), Ok(()));
    (client, wire)
}

/// Reads to the end. Returns the data and the final result.
pub(super) fn read_all(client: &mut Connection<'_, Wire>) -> (Vec<u8>, Result<(), Error<Failure>>) {
    let (mut all, mut buf) = (Vec::new(), [0; 1000]);
    loop {
        match client.read(&mut buf) {
            Ok(0) => return (all, Ok(())),
            Ok(len) => all.extend(&buf[..len]),
            Err(error) => return (all, Err(error)),
        }
    }
}

pub(super) fn fault<R>(fault: Fault) -> Result<R, Error<Failure>> {
    Err(Error::Fault(fault))
}

/// A record that a client sent: its content type and its content.
pub(super) type Sent = (u8, Vec<u8>);

/// Decrypts the records that a client sent. The ClientHello is plaintext, `handshake` records after
/// it are sealed with the handshake keys, the others with those for data. Checks every tag, and so
/// the record numbers and headers.
pub(super) fn sent(wire: &Wire, handshake: usize) -> Vec<Sent> {
    let output = wire.0.borrow().output.clone();
    let (mut rest, mut records) = (output.as_slice(), Vec::new());
    while let Some((header, behind)) = rest.split_first_chunk::<5>() {
        let len = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let (body, behind) = behind.split_at(len);
        rest = behind;
        let Some(encrypted) = records.len().checked_sub(1) else {
            records.push((header[0], body.to_vec()));
            continue;
        };
        assert_eq!(header[..3], [23, 3, 3]);
        let number = encrypted.checked_sub(handshake).unwrap_or(encrypted);
        let (inner, tag) = body.split_at(len - 16);
        assert_eq!(tag, tag_of(number as u64, *header));
        let (content_type, content) = inner.split_last().unwrap();
        records.push((*content_type, content.to_vec()));
    }
    records
}
