//! A cipher that checks decrypted records, so that embedded-tls gets none that it mishandles.
//!
//! embedded-tls panics on an empty plaintext and on most handshake messages after the handshake,
//! accepts handshake messages in any order and with any inner length, and drops the descriptions of
//! alerts. It creates a new cipher for every record, so a cipher has no state: only the record
//! passes from the [`Filter`](crate::filter) below to the cipher, and from the cipher to the code
//! above. So notes travel inside the record:
//!
//! ***Down.** embedded-tls ignores the two bytes of `legacy_record_version`, but passes them to the
//! cipher as associated data, with the rest of the header. The filter writes a [`Note`] there: the
//! phase of the connection, and the length of a Finished. The guard restores `03 03` before it
//! authenticates, as RFC 8446 section 5.2 requires.
//!
//! ***Up, once the connection is open.** The guard hands every record up as application data, with
//! its true content type after the content, as in the inner plaintext. It drops the padding and
//! appends a type byte, which embedded-tls takes for the record's type and removes. So embedded-tls
//! sees no alerts and no handshake messages; [`Inbox`](crate::inbox) handles them by the true type.
//!
//! ***Up, in the handshake.** The guard replaces a refused record by a CertificateVerify with a
//! signature scheme that is never offered and the reason as its signature.
//! [`Evidence`](crate::evidence) turns it into an error. A server that sends such a message itself
//! is refused, too.
//!
//! ***Down, when sending.** [`Session::send`](crate::session::Session::send) appends the true type
//! to the content. The guard removes the type that embedded-tls appends. Alerts are sent in this
//! way.

use crate::error::Fault;
use crate::record::{
    ALERT, APPLICATION_DATA, CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY,
    ENCRYPTED_EXTENSIONS, FINISHED, HANDSHAKE,
};
use crate::wire::Reader;
use aes_gcm::aead::{
    self, AeadCore, AeadInPlace, Buffer, Key, KeyInit, KeySizeUser, Nonce, Tag,
    generic_array::typenum::Unsigned,
};

/// The phase of the connection when a record arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The first record after the ServerHello.
    First = 1,
    /// A later record of the handshake.
    Handshake = 2,
    /// After the handshake.
    Open = 3,
}

/// The filter's note for the guard in place of `legacy_record_version`.
#[derive(Clone, Copy)]
pub(crate) struct Note {
    pub(crate) phase: Phase,
    /// The length of a Finished in bytes: that of the suite's hash.
    pub(crate) finished: u8,
}

impl Note {
    pub(crate) fn bytes(self) -> [u8; 2] {
        [self.phase as u8, self.finished]
    }

    fn of([phase, finished]: [u8; 2]) -> Option<Self> {
        let phase = [Phase::First, Phase::Handshake, Phase::Open]
            .into_iter()
            .find(|known| *known as u8 == phase)?;
        Some(Self { phase, finished })
    }
}

/// A cipher `C` that refuses records which embedded-tls mishandles. It holds the key only and
/// derives the round keys for each record, to keep them out of the large frames of embedded-tls.
pub(crate) struct Guard<C: KeySizeUser>(Key<C>);

impl<C: KeySizeUser> KeySizeUser for Guard<C> {
    type KeySize = C::KeySize;
}

impl<C: KeyInit> KeyInit for Guard<C> {
    fn new(key: &Key<Self>) -> Self {
        Self(key.clone())
    }
}

impl<C: AeadCore + KeySizeUser> AeadCore for Guard<C> {
    type NonceSize = C::NonceSize;
    type TagSize = C::TagSize;
    type CiphertextOverhead = C::CiphertextOverhead;
}

impl<C: AeadInPlace + KeyInit> AeadInPlace for Guard<C> {
    #[inline(never)]
    fn encrypt_in_place(
        &self,
        nonce: &Nonce<Self>,
        _header: &[u8],
        buffer: &mut dyn Buffer,
    ) -> aead::Result<()> {
        restore_type(buffer);
        let len = buffer.len().saturating_add(C::TagSize::to_usize());
        let [.., high, low] = len.to_be_bytes();
        C::new(&self.0).encrypt_in_place(nonce, &[APPLICATION_DATA, 3, 3, high, low], buffer)
    }

    #[inline(never)]
    fn decrypt_in_place(
        &self,
        nonce: &Nonce<Self>,
        header: &[u8],
        buffer: &mut dyn Buffer,
    ) -> aead::Result<()> {
        let &[content_type, phase, finished, high, low] = header else {
            return Err(aead::Error);
        };
        let note = Note::of([phase, finished]).ok_or(aead::Error)?;
        C::new(&self.0).decrypt_in_place(nonce, &[content_type, 3, 3, high, low], buffer)?;
        inspect(note, buffer)
    }

    fn encrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        associated_data: &[u8],
        buffer: &mut [u8],
    ) -> aead::Result<Tag<Self>> {
        C::new(&self.0).encrypt_in_place_detached(nonce, associated_data, buffer)
    }

    fn decrypt_in_place_detached(
        &self,
        nonce: &Nonce<Self>,
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &Tag<Self>,
    ) -> aead::Result<()> {
        C::new(&self.0).decrypt_in_place_detached(nonce, associated_data, buffer, tag)
    }
}

/// Removes the content type that embedded-tls appended to the true one.
fn restore_type(buffer: &mut dyn Buffer) {
    if let Some((&APPLICATION_DATA, content)) = buffer.as_ref().split_last() {
        let len = content.len();
        buffer.truncate(len);
    }
}

/// Checks an inner plaintext and converts it for embedded-tls.
fn inspect(note: Note, buffer: &mut dyn Buffer) -> aead::Result<()> {
    let padding = buffer.as_ref().iter().rev().take_while(|byte| **byte == 0).count();
    let len = buffer.len().saturating_sub(padding);
    buffer.truncate(len);
    if note.phase == Phase::Open {
        if buffer.is_empty() {
            // Adds an invalid content type, which is refused: embedded-tls would ignore the record.
            buffer.extend_from_slice(&[0])?;
        }
        return buffer.extend_from_slice(&[APPLICATION_DATA]);
    }
    match check_handshake(note, buffer.as_ref()) {
        Ok(()) => Ok(()),
        Err(refusal) => refusal.write(buffer),
    }
}

fn check_handshake(note: Note, inner: &[u8]) -> Result<(), Refusal> {
    match inner.split_last() {
        Some((&HANDSHAKE, content)) => check_messages(note, content),
        Some((&ALERT, &[_, description])) => Err(Refusal { reason: ALERTED, detail: description }),
        _ => Err(UNEXPECTED_RECORD),
    }
}

/// Checks that the content is complete messages in the order of RFC 8446 section 4.
///
/// [`Evidence`](crate::evidence) and embedded-tls check the order across records:
/// EncryptedExtensions first, Certificate before CertificateVerify, Finished last. Only a
/// CertificateRequest in a record of its own is accepted anywhere, which does no harm.
fn check_messages(note: Note, content: &[u8]) -> Result<(), Refusal> {
    const ORDER: [u8; 5] =
        [ENCRYPTED_EXTENSIONS, CERTIFICATE_REQUEST, CERTIFICATE, CERTIFICATE_VERIFY, FINISHED];
    let mut order = ORDER.iter();
    if note.phase == Phase::First {
        if content.first() != order.as_slice().first() {
            return Err(UNEXPECTED_MESSAGE);
        }
    } else {
        order.next();
    }
    let mut reader = Reader(content);
    loop {
        let kind = reader.u8().ok_or(MALFORMED)?;
        if !order.any(|next| *next == kind) {
            return Err(UNEXPECTED_MESSAGE);
        }
        let body = reader.vector24().ok_or(MESSAGE_TOO_LARGE)?;
        check_lengths(kind, body, note.finished).ok_or(MALFORMED)?;
        if reader.0.is_empty() {
            return Ok(());
        }
    }
}

/// Checks that the inner lengths of a message match its length: embedded-tls uses only the inner
/// ones, and would take the remaining bytes for the next message.
fn check_lengths(kind: u8, body: &[u8], finished: u8) -> Option<()> {
    let mut reader = Reader(body);
    match kind {
        ENCRYPTED_EXTENSIONS => {
            reader.vector16()?;
        }
        CERTIFICATE_REQUEST => {
            reader.vector8()?;
            reader.vector16()?;
        }
        CERTIFICATE => {
            reader.vector8()?;
            reader.vector24()?;
        }
        CERTIFICATE_VERIFY => {
            reader.u16()?;
            reader.vector16()?;
        }
        _ => {
            reader.take(usize::from(finished))?;
        }
    }
    reader.end()
}

/// The reason for refusing a record in the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal {
    reason: u8,
    detail: u8,
}

const ALERTED: u8 = 0;
const UNEXPECTED_RECORD: Refusal = Refusal { reason: 1, detail: 0 };
const UNEXPECTED_MESSAGE: Refusal = Refusal { reason: 2, detail: 0 };
const MALFORMED: Refusal = Refusal { reason: 3, detail: 0 };
const MESSAGE_TOO_LARGE: Refusal = Refusal { reason: 4, detail: 0 };

/// rsa_pkcs1_sha1, which TLS 1.3 does not allow in a CertificateVerify (RFC 8446 section 4.2.3).
const REFUSAL_SCHEME: u16 = 0x0201;

impl Refusal {
    /// Replaces a plaintext by the refusal. A record has room for it: it has at least the length of
    /// a tag.
    fn write(self, buffer: &mut dyn Buffer) -> aead::Result<()> {
        let [high, low] = REFUSAL_SCHEME.to_be_bytes();
        buffer.truncate(0);
        buffer.extend_from_slice(&[CERTIFICATE_VERIFY, 0, 0, 6, high, low])?;
        buffer.extend_from_slice(&[0, 2, self.reason, self.detail, HANDSHAKE])
    }
}

/// Returns the guard's reason in a CertificateVerify, if it is one of the guard's.
pub(crate) fn refusal(scheme: u16, signature: &[u8]) -> Option<Fault> {
    if scheme != REFUSAL_SCHEME {
        return None;
    }
    let &[reason, detail] = signature else {
        return None;
    };
    Some(match (Refusal { reason, detail }) {
        Refusal { reason: ALERTED, detail } => Fault::Alert(detail),
        UNEXPECTED_RECORD => Fault::UnexpectedRecord,
        UNEXPECTED_MESSAGE => Fault::UnexpectedMessage,
        MESSAGE_TOO_LARGE => Fault::MessageTooLarge,
        _ => Fault::MalformedMessage,
    })
}
