//! The constants of the record layer and of handshake messages (RFC 8446 sections 4 and 5).

/// Content types.
pub(crate) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(crate) const ALERT: u8 = 21;
pub(crate) const HANDSHAKE: u8 = 22;
pub(crate) const APPLICATION_DATA: u8 = 23;
/// The highest assigned type (RFC 6520). Not supported.
pub(crate) const HEARTBEAT: u8 = 24;

/// Handshake types.
pub(crate) const SERVER_HELLO: u8 = 2;
pub(crate) const NEW_SESSION_TICKET: u8 = 4;
pub(crate) const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(crate) const CERTIFICATE: u8 = 11;
pub(crate) const CERTIFICATE_REQUEST: u8 = 13;
pub(crate) const CERTIFICATE_VERIFY: u8 = 15;
pub(crate) const FINISHED: u8 = 20;
pub(crate) const KEY_UPDATE: u8 = 24;

/// The maximum content of a record in bytes.
pub(crate) const MAX_CONTENT: usize = 1 << 14;
/// The maximum of bytes that encryption adds: content type, padding, tag.
pub(crate) const MAX_EXPANSION: usize = 256;
/// The minimum length of an encrypted record: a tag and a content type.
pub(crate) const MIN_CIPHERTEXT: usize = 17;
/// The length of a record header: type, version, length.
pub(crate) const HEADER: usize = 5;
