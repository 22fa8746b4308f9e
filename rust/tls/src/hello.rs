//! The check of the ServerHello (RFC 8446 section 4.1.3).
//!
//! embedded-tls checks little of it. This check is complete and distinguishes features that this
//! client lacks from protocol violations.

use crate::error::Fault;
use crate::record::SERVER_HELLO;
use crate::wire::Reader;

const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;
const SECP256R1: u16 = 0x0017;
/// An uncompressed point.
const SECP256R1_SHARE: usize = 65;

/// The random of a HelloRetryRequest (RFC 8446 section 4.1.3).
const HELLO_RETRY: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// The parts of a ServerHello that are checked.
struct ServerHello<'a> {
    random: &'a [u8],
    session_id: &'a [u8],
    suite: u16,
    compression: u8,
    extensions: &'a [u8],
}

/// Checks that the content of a record is one ServerHello that accepts the offer: TLS 1.3, `suite`,
/// and a key share of P-256.
pub(crate) fn check(record: &[u8], suite: u16) -> Result<(), Fault> {
    let hello = parse(record)?;
    let (version, share) = extensions(hello.extensions)?;
    match version {
        None => return Err(Fault::OldVersion),
        Some(TLS_1_3) => {}
        Some(_) => return Err(Fault::MalformedMessage),
    }
    if hello.random == HELLO_RETRY {
        return Err(Fault::HelloRetry);
    }
    if !hello.session_id.is_empty() || hello.compression != 0 {
        return Err(Fault::MalformedMessage);
    }
    if hello.suite != suite {
        return Err(Fault::OtherSuite);
    }
    check_share(share.ok_or(Fault::MalformedMessage)?)
}

fn parse(record: &[u8]) -> Result<ServerHello<'_>, Fault> {
    let mut reader = Reader(record);
    if reader.u8() != Some(SERVER_HELLO) {
        return Err(Fault::UnexpectedMessage);
    }
    let body = reader.vector24().ok_or(Fault::MessageTooLarge)?;
    reader.end().ok_or(Fault::UnexpectedMessage)?;
    let mut reader = Reader(body);
    match reader.u16() {
        Some(TLS_1_2) => {}
        Some(0x0300..TLS_1_2) => return Err(Fault::OldVersion),
        _ => return Err(Fault::MalformedMessage),
    }
    parse_rest(reader).ok_or(Fault::MalformedMessage)
}

fn parse_rest(mut reader: Reader<'_>) -> Option<ServerHello<'_>> {
    let random = reader.take(HELLO_RETRY.len())?;
    let session_id = reader.vector8()?;
    let suite = reader.u16()?;
    let compression = reader.u8()?;
    // TLS 1.2 may omit the extensions.
    let extensions = if reader.0.is_empty() { &[] } else { reader.vector16()? };
    reader.end()?;
    Some(ServerHello { random, session_id, suite, compression, extensions })
}

/// Returns the selected version and the key share, if present.
fn extensions(extensions: &[u8]) -> Result<(Option<u16>, Option<&[u8]>), Fault> {
    let mut reader = Reader(extensions);
    let (mut version, mut share, mut other) = (None, None, false);
    while !reader.0.is_empty() {
        let extension = extension(&mut reader).ok_or(Fault::MalformedMessage)?;
        let repeated = match extension {
            (SUPPORTED_VERSIONS, value) => version.replace(value).is_some(),
            (KEY_SHARE, value) => share.replace(value).is_some(),
            _ => {
                other = true;
                false
            }
        };
        if repeated {
            return Err(Fault::MalformedMessage);
        }
    }
    let version = version.map(selected_version).transpose()?;
    // A ServerHello of TLS 1.3 may answer no other extension of this client's offer. A
    // HelloRetryRequest may have a cookie, and TLS 1.2 has other extensions.
    let retry = share.is_none_or(|share| share.len() == 2);
    if other && version.is_some() && !retry {
        return Err(Fault::MalformedMessage);
    }
    Ok((version, share))
}

fn extension<'a>(reader: &mut Reader<'a>) -> Option<(u16, &'a [u8])> {
    Some((reader.u16()?, reader.vector16()?))
}

fn selected_version(value: &[u8]) -> Result<u16, Fault> {
    let version = value.try_into().map_err(|_| Fault::MalformedMessage)?;
    Ok(u16::from_be_bytes(version))
}

fn check_share(value: &[u8]) -> Result<(), Fault> {
    let mut reader = Reader(value);
    if reader.u16().ok_or(Fault::MalformedMessage)? != SECP256R1 {
        return Err(Fault::OtherGroup);
    }
    match reader.vector16() {
        Some(point) if point.len() == SECP256R1_SHARE && reader.0.is_empty() => Ok(()),
        _ => Err(Fault::MalformedMessage),
    }
}
