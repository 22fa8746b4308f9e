//! The scripted messages of a server. With the null suite they do not depend on the client.

use super::null::{HASH, tag_of};
use crate::record::{
    ALERT, APPLICATION_DATA, CERTIFICATE, CERTIFICATE_VERIFY, ENCRYPTED_EXTENSIONS, FINISHED,
    HANDSHAKE, NEW_SESSION_TICKET, SERVER_HELLO,
};
use std::vec::Vec;

/// The base point of P-256: the share of a server whose private key is 1.
const BASE_POINT: [u8; 65] = [
    4, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40,
    0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2,
    0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e,
    0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51,
    0xf5,
];

/// The bytes that a server sends.
#[derive(Clone, Default)]
pub(crate) struct Script {
    bytes: Vec<u8>,
    /// The number of records sealed with the current keys.
    sealed: u64,
}

impl Script {
    /// Adds bytes unchanged.
    #[must_use]
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend(bytes);
        self
    }

    /// Adds a plaintext record.
    #[must_use]
    pub(crate) fn plain(self, content_type: u8, content: &[u8]) -> Self {
        let header = header(content_type, content.len());
        self.raw(&header).raw(content)
    }

    /// Adds an encrypted record with this inner plaintext: content, content type, padding.
    #[must_use]
    pub(crate) fn sealed(mut self, inner: &[u8]) -> Self {
        let header = header(APPLICATION_DATA, inner.len().saturating_add(16));
        let tag = tag_of(self.sealed, header);
        self.sealed = self.sealed.saturating_add(1);
        self.raw(&header).raw(inner).raw(&tag)
    }

    /// Adds an encrypted record.
    #[must_use]
    pub(crate) fn record(self, content_type: u8, content: &[u8]) -> Self {
        self.sealed(&[content, &[content_type]].concat())
    }

    /// Adds an encrypted record with these messages.
    #[must_use]
    pub(crate) fn messages(self, messages: &[&[u8]]) -> Self {
        self.record(HANDSHAKE, &messages.concat())
    }

    /// Adds an encrypted record of application data.
    #[must_use]
    pub(crate) fn data(self, data: &[u8]) -> Self {
        self.record(APPLICATION_DATA, data)
    }

    /// Adds an encrypted alert.
    #[must_use]
    pub(crate) fn alert(self, description: u8) -> Self {
        self.record(ALERT, &[2, description])
    }

    /// Seals the records after it with the keys for application data.
    #[must_use]
    pub(crate) fn with_new_keys(mut self) -> Self {
        self.sealed = 0;
        self
    }

    /// A ServerHello that accepts everything.
    #[must_use]
    pub(crate) fn hello() -> Self {
        Self::default().plain(HANDSHAKE, &server_hello())
    }

    /// A complete handshake with this chain (as in a Certificate) and CertificateVerify.
    #[must_use]
    pub(crate) fn handshake(chain: &[u8], verify: &[u8]) -> Self {
        Self::hello()
            .messages(&[&encrypted_extensions()])
            .messages(&[&certificate(chain)])
            .messages(&[verify])
            .messages(&[&finished()])
            .with_new_keys()
    }

    /// Returns all bytes.
    #[must_use]
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

fn header(content_type: u8, len: usize) -> [u8; 5] {
    let [.., high, low] = len.to_be_bytes();
    [content_type, 3, 3, high, low]
}

/// A handshake message.
pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [.., high, middle, low] = body.len().to_be_bytes();
    [&[kind, high, middle, low], body].concat()
}

/// An extension, or another vector after a number of two bytes.
pub(crate) fn extension(number: u16, value: &[u8]) -> Vec<u8> {
    let [.., high, low] = value.len().to_be_bytes();
    [&number.to_be_bytes(), [high, low].as_slice(), value].concat()
}

/// The extensions of a ServerHello that accepts everything.
pub(crate) fn hello_extensions() -> Vec<u8> {
    let share = extension(0x0017, &BASE_POINT);
    [extension(43, &[3, 4]), extension(51, &share)].concat()
}

/// A ServerHello that accepts everything.
pub(crate) fn server_hello() -> Vec<u8> {
    let fixed = [[3, 3].as_slice(), &[9; 32], &[0, 0x13, 0x04]].concat();
    // The high byte of the number 0 serves as the compression method.
    message(SERVER_HELLO, &[fixed.as_slice(), &extension(0, &hello_extensions())[1..]].concat())
}

/// EncryptedExtensions without extensions.
pub(crate) fn encrypted_extensions() -> Vec<u8> {
    message(ENCRYPTED_EXTENSIONS, &[0, 0])
}

/// A Certificate with these entries.
pub(crate) fn certificate(entries: &[u8]) -> Vec<u8> {
    message(CERTIFICATE, &message(0, entries))
}

/// An entry of a Certificate.
pub(crate) fn entry(der: &[u8]) -> Vec<u8> {
    [&message(0, der)[1..], &[0, 0]].concat()
}

/// A CertificateVerify.
pub(crate) fn certificate_verify(scheme: u16, signature: &[u8]) -> Vec<u8> {
    message(CERTIFICATE_VERIFY, &extension(scheme, signature))
}

/// The Finished of every handshake.
pub(crate) fn finished() -> Vec<u8> {
    message(FINISHED, &[HASH; 32])
}

/// A NewSessionTicket.
pub(crate) fn ticket(ticket: &[u8]) -> Vec<u8> {
    let body = [[0; 8].as_slice(), &[1, 7], &extension(0, ticket)[2..], &[0, 0]].concat();
    message(NEW_SESSION_TICKET, &body)
}
