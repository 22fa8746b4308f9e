//! The parts of a certificate (RFC 5280 section 4.1) that are needed besides webpki.

use super::der::{
    BIT_STRING, BOOLEAN, Cursor, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, explicit,
};
use core::ops::Range;

const DIGITAL_SIGNATURE: u8 = 0x80;
const KEY_CERT_SIGN: u8 = 0x04;

/// id-kp-serverAuth. anyExtendedKeyUsage does not suffice: RFC 5280 section 4.2.1.12 leaves the
/// choice to applications, and webpki refuses it.
const SERVER_AUTH: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 3, 1];

/// The positions of the parts of a certificate, and the values of its extensions. Ranges exclude
/// tag and length unless stated otherwise.
pub(super) struct Certificate {
    /// The length of the certificate in bytes.
    pub(super) length: usize,
    /// The signed part, including tag and length.
    pub(super) signed: Range<usize>,
    /// The algorithm of the signature.
    pub(super) algorithm: Range<usize>,
    /// The BIT STRING of the signature.
    pub(super) signature: Range<usize>,
    pub(super) issuer: Range<usize>,
    pub(super) subject: Range<usize>,
    pub(super) key: Range<usize>,
    /// The SubjectPublicKeyInfo, including tag and length.
    pub(super) whole_key: Range<usize>,
    pub(super) name_constraints: Option<Range<usize>>,
    pub(super) is_ca: bool,
    /// The path length as an INTEGER; empty without one.
    pub(super) path_length: Range<usize>,
    /// The first eight bits of keyUsage.
    key_usage: Option<u8>,
    server_auth: Option<bool>,
}

impl Certificate {
    /// Reads a certificate, and no bytes after it. `None` if it is malformed.
    pub(super) fn read(bytes: &mut dyn Iterator<Item = u8>) -> Option<Self> {
        let mut cursor = Cursor::new(bytes);
        let whole = cursor.enter(SEQUENCE, usize::MAX)?;
        let signed_start = cursor.position();
        let signed = cursor.enter(SEQUENCE, whole.end)?;
        let is_version_1 = read_version_and_serial(&mut cursor, signed.end)?;
        cursor.pass(SEQUENCE, signed.end)?; // signature
        let issuer = cursor.pass(SEQUENCE, signed.end)?;
        cursor.pass(SEQUENCE, signed.end)?; // validity
        let subject = cursor.pass(SEQUENCE, signed.end)?;
        let key_start = cursor.position();
        let key = cursor.pass(SEQUENCE, signed.end)?;
        let mut certificate = Self {
            length: whole.end,
            signed: signed_start..signed.end,
            algorithm: 0..0,
            signature: 0..0,
            issuer,
            subject,
            whole_key: key_start..key.end,
            key,
            name_constraints: None,
            // Version 1 has no extension for it, and roots of version 1 are CAs.
            is_ca: is_version_1,
            path_length: 0..0,
            key_usage: None,
            server_auth: None,
        };
        if !cursor.is_at(signed.end) {
            let extensions = cursor.enter(explicit(3), signed.end)?;
            certificate.read_extensions(&mut cursor, extensions.end)?;
        }
        let end_of_signed = cursor.is_at(signed.end);
        certificate.algorithm = cursor.pass(SEQUENCE, whole.end)?;
        certificate.signature = cursor.pass(BIT_STRING, whole.end)?;
        (end_of_signed && cursor.is_at(whole.end)).then_some(certificate)
    }

    /// Whether its key may sign certificates: it has the CA bit, and keyCertSign if it has
    /// keyUsage.
    pub(super) fn may_sign_certificates(&self) -> bool {
        self.is_ca && self.allows_cert_sign()
    }

    /// Whether it has keyCertSign, or no keyUsage.
    pub(super) fn allows_cert_sign(&self) -> bool {
        self.allows(KEY_CERT_SIGN)
    }

    /// Whether its key may sign a handshake: it has digitalSignature, or no keyUsage (RFC 8446
    /// section 4.4.2.2).
    pub(super) fn allows_digital_signature(&self) -> bool {
        self.allows(DIGITAL_SIGNATURE)
    }

    /// Whether it may be a server's: it has serverAuth, or no extended key usage.
    pub(super) fn allows_server_auth(&self) -> bool {
        self.server_auth.unwrap_or(true)
    }

    fn allows(&self, usage: u8) -> bool {
        self.key_usage.is_none_or(|usages| usages & usage != 0)
    }

    fn read_extensions(&mut self, cursor: &mut Cursor<'_>, end: usize) -> Option<()> {
        let list = cursor.enter(SEQUENCE, end)?;
        let mut basic_constraints = None;
        while !cursor.is_at(list.end) {
            let extension = cursor.enter(SEQUENCE, list.end)?;
            let identifier = cursor.enter(OBJECT_IDENTIFIER, extension.end)?;
            let number = standard_extension(cursor, identifier)?;
            let (tag, mut value) = cursor.enter_any(extension.end)?;
            if tag == BOOLEAN {
                cursor.skip_to(value.end)?;
                value = cursor.enter(OCTET_STRING, extension.end)?;
            } else if tag != OCTET_STRING {
                return None;
            }
            match number {
                Some(15) => set(&mut self.key_usage, read_key_usage(cursor, value.end)?)?,
                Some(19) => set(&mut basic_constraints, read_ca(cursor, value.end)?)?,
                Some(30) => set(&mut self.name_constraints, cursor.pass(SEQUENCE, value.end)?)?,
                Some(37) => set(&mut self.server_auth, has_server_auth(cursor, value.end)?)?,
                _ => cursor.skip_to(value.end)?,
            }
            if !cursor.is_at(extension.end) {
                return None;
            }
        }
        let path_length = basic_constraints.flatten();
        self.is_ca = path_length.is_some();
        self.path_length = path_length.unwrap_or_default();
        Some(())
    }
}

/// Sets the value of an extension. `None` if the extension is repeated.
fn set<T>(extension: &mut Option<T>, value: T) -> Option<()> {
    extension.replace(value).is_none().then_some(())
}

/// Reads version and serial number. Returns whether the version is 1, which has no extensions.
fn read_version_and_serial(cursor: &mut Cursor<'_>, end: usize) -> Option<bool> {
    let (tag, first) = cursor.enter_any(end)?;
    if tag == INTEGER {
        cursor.skip_to(first.end)?;
        return Some(true);
    }
    cursor.skip_to(first.end)?;
    cursor.pass(INTEGER, end)?;
    (tag == explicit(0)).then_some(false)
}

/// The number of an extension below 2.5.29 (id-ce), or `None` for others.
fn standard_extension(cursor: &mut Cursor<'_>, identifier: Range<usize>) -> Option<Option<u8>> {
    let mut number = None;
    if identifier.len() == 3 && cursor.equals(&[0x55, 0x1d])? {
        number = Some(cursor.byte()?);
    }
    cursor.skip_to(identifier.end)?;
    Some(number)
}

/// Reads keyUsage (RFC 5280 section 4.2.1.3).
fn read_key_usage(cursor: &mut Cursor<'_>, end: usize) -> Option<u8> {
    let bits = cursor.enter(BIT_STRING, end)?;
    let unused = cursor.byte().filter(|unused| *unused < 8)?;
    let usages = match bits.len() {
        1 if unused == 0 => 0,
        2.. => cursor.byte()?,
        _ => return None,
    };
    cursor.skip_to(bits.end)?;
    Some(usages)
}

/// Reads basicConstraints (RFC 5280 section 4.2.1.9). Returns the path length for a CA.
fn read_ca(cursor: &mut Cursor<'_>, end: usize) -> Option<Option<Range<usize>>> {
    let constraints = cursor.enter(SEQUENCE, end)?;
    let is_ca = constraints.len() >= 3 && cursor.equals(&[BOOLEAN, 1, 0xff])?;
    let path_length = cursor.position()..constraints.end;
    cursor.skip_to(constraints.end)?;
    Some(is_ca.then_some(path_length))
}

/// Reads extKeyUsage (RFC 5280 section 4.2.1.12). Returns whether it has serverAuth.
fn has_server_auth(cursor: &mut Cursor<'_>, end: usize) -> Option<bool> {
    let purposes = cursor.enter(SEQUENCE, end)?;
    let mut found = false;
    while !cursor.is_at(purposes.end) {
        let purpose = cursor.enter(OBJECT_IDENTIFIER, purposes.end)?;
        found |= purpose.len() == SERVER_AUTH.len() && cursor.equals(&SERVER_AUTH)?;
        cursor.skip_to(purpose.end)?;
    }
    Some(found)
}

/// The issuer of the signed part of a certificate.
pub(super) fn issuer_of(signed: &[u8]) -> Option<&[u8]> {
    let mut bytes = signed.iter().copied();
    let mut cursor = Cursor::new(&mut bytes);
    let contents = cursor.enter(SEQUENCE, signed.len())?;
    read_version_and_serial(&mut cursor, contents.end)?;
    cursor.pass(SEQUENCE, contents.end)?; // signature
    let issuer = cursor.pass(SEQUENCE, contents.end)?;
    signed.get(issuer)
}

/// The bytes of a range of `der`.
pub(super) fn part(der: &[u8], range: Range<usize>) -> &[u8] {
    der.get(range).unwrap_or_default()
}
