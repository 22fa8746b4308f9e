//! Handmade certificates: malformed ones, and the values of extensions.

use super::super::certificate::Certificate;
use super::*;

fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let header = match length {
        ..=0x7f => &[tag, low][..],
        0x80..=0xff => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, contents].concat()
}

/// Version, serial number, algorithm, issuer, validity, subject, key.
const FIELDS: &[u8] = b"\xa0\x03\x02\x01\x02\x02\x01\x01\x30\x00\x30\x02iI\x30\x00\x30\x02sS\
                        \x30\x02kK";
/// Algorithm and signature.
const END: &[u8] = b"\x30\x00\x03\x02\x00\x00";

fn certificate_of(signed: &[u8], end: &[u8]) -> Vec<u8> {
    element(0x30, &[&element(0x30, signed), end].concat())
}

fn with_extensions(extensions: &[&[u8]]) -> Vec<u8> {
    let list = element(0xa3, &element(0x30, &extensions.concat()));
    certificate_of(&[FIELDS, &list].concat(), END)
}

fn read(der: &[u8]) -> Option<Certificate> {
    Certificate::read(&mut der.iter().copied())
}

#[test]
fn parts_are_found() {
    let der = with_extensions(&[b"\x30\x0b\x06\x03\x55\x1d\x1e\x04\x04\x30\x02nN"]);
    let found = read(&der).unwrap();
    assert_eq!(found.length, der.len());
    for (range, expected) in [
        (found.signed, &der[2..der.len() - END.len()]),
        (found.algorithm, b""),
        (found.signature, b"\0\0"),
        (found.issuer, b"iI"),
        (found.subject, b"sS"),
        (found.key, b"kK"),
        (found.whole_key, b"\x30\x02kK"),
        (found.name_constraints.unwrap(), b"nN"),
    ] {
        assert_eq!(&der[range], expected);
    }
}

#[test]
fn malformed_certificates() {
    let good = certificate_of(FIELDS, END);
    assert!(read(&good).is_some());
    for (what, der) in [
        ("nothing", std::vec![]),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("no sequence", [&[0x31], &good[1..]].concat()),
        ("a tag of two bytes", [&[0x3f], &good[1..]].concat()),
        ("a length of no use", [&[0x30, 0x81], &good[1..]].concat()),
        ("the same in two bytes", [&[0x30, 0x82, 0], &good[1..]].concat()),
        ("a length of three bytes", [&[0x30, 0x83, 0, 0], &good[1..]].concat()),
        ("an indefinite length", [&[0x30, 0x80], &good[2..], &[0, 0]].concat()),
        ("more in the certificate", certificate_of(FIELDS, &[END, &[5, 0]].concat())),
        ("no signature", certificate_of(FIELDS, &END[..2])),
        ("more in the signed part", certificate_of(&[FIELDS, &[5, 0]].concat(), END)),
        ("a unique identifier", certificate_of(&[FIELDS, b"\x81\x02\x00\x00"].concat(), END)),
        ("less in the signed part", certificate_of(&FIELDS[..FIELDS.len() - 4], END)),
        // The last field extends beyond the signed part.
        (
            "a field longer than what it is in",
            certificate_of(&[&FIELDS[..FIELDS.len() - 3], &[8, b'k', b'K']].concat(), END),
        ),
        ("another version tag", certificate_of(&[&[0xa1], &FIELDS[1..]].concat(), END)),
        (
            "algorithm and signature in the signed part",
            certificate_of(&[FIELDS, b"\xa3\x02\x30\x00", END].concat(), &[]),
        ),
        (
            "more behind the extensions",
            certificate_of(&[FIELDS, b"\xa3\x04\x30\x00\x05\x00"].concat(), END),
        ),
    ] {
        assert!(read(&der).is_none(), "{what}");
    }
}

#[test]
fn malformed_extensions() {
    let usage: &[u8] = b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x02\x84";
    let ca: &[u8] = b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\xff";
    let other: &[u8] = b"\x30\x08\x06\x03\x2a\x03\x04\x04\x01x";
    assert!(read(&with_extensions(&[usage, ca, other, other])).is_some());
    for (what, extensions) in [
        ("twice the same", &[usage, usage][..]),
        ("twice a CA bit", &[ca, ca]),
        ("nine unused bits", &[b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x09\x84"]),
        ("unused bits of none", &[b"\x30\x0a\x06\x03\x55\x1d\x0f\x04\x03\x03\x01\x01"]),
        ("no bits at all", &[b"\x30\x09\x06\x03\x55\x1d\x0f\x04\x02\x03\x00"]),
        ("a usage that is no bit string", &[b"\x30\x0a\x06\x03\x55\x1d\x0f\x04\x03\x02\x01\x01"]),
        ("more behind a usage", &[b"\x30\x0d\x06\x03\x55\x1d\x0f\x04\x06\x03\x02\x02\x84\x05\x00"]),
        ("a value that is no octet string", &[b"\x30\x08\x06\x03\x2a\x03\x04\x05\x01x"]),
        ("no value", &[b"\x30\x05\x06\x03\x2a\x03\x04"]),
        ("more behind the value", &[b"\x30\x0a\x06\x03\x2a\x03\x04\x04\x01x\x05\x00"]),
        (
            "an extension in an extension",
            &[b"\x30\x12\x06\x03\x2a\x03\x04\x04\x01x\
                                           \x30\x08\x06\x03\x2a\x03\x04\x04\x01x"],
        ),
        (
            "a value longer than what it is in",
            &[b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x02\x30\x03\x01\x01\xff"],
        ),
        ("no identifier", &[b"\x30\x03\x04\x01x"]),
        ("purposes that are none", &[b"\x30\x0b\x06\x03\x55\x1d\x25\x04\x04\x30\x02\x05\x00"]),
    ] {
        assert!(read(&with_extensions(extensions)).is_none(), "{what}");
    }
}

#[test]
fn key_usages() {
    for (usage, certificates, handshakes) in [
        (&b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x02\x04"[..], true, false),
        (b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x07\x80", false, true),
        (b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x01\x86", true, true),
        (b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x05\x60", false, false),
        // Marked critical, with a ninth bit, and with no bit set.
        (b"\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x01\x86", true, true),
        (b"\x30\x0c\x06\x03\x55\x1d\x0f\x04\x05\x03\x03\x07\x80\x80", false, true),
        (b"\x30\x0a\x06\x03\x55\x1d\x0f\x04\x03\x03\x01\x00", false, false),
    ] {
        let found = read(&with_extensions(&[usage])).unwrap();
        let allows = (found.allows_cert_sign(), found.allows_digital_signature());
        assert_eq!(allows, (certificates, handshakes), "{usage:x?}");
        assert!(!found.may_sign_certificates());
    }
    let found = read(&certificate_of(FIELDS, END)).unwrap();
    assert!(found.allows_cert_sign() && found.allows_digital_signature());
    assert!(found.allows_server_auth() && !found.is_ca);
}

#[test]
fn ca_bits() {
    for (constraints, is_ca) in [
        (&b"\x30\x09\x06\x03\x55\x1d\x13\x04\x02\x30\x00"[..], false),
        (b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\xff", true),
        (b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\x00", false),
        (b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\x01", false),
        (b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x02\x01\xff", false),
        (b"\x30\x0f\x06\x03\x55\x1d\x13\x04\x08\x30\x06\x01\x01\xff\x02\x01\x00", true),
    ] {
        assert_eq!(
            read(&with_extensions(&[constraints])).unwrap().is_ca,
            is_ca,
            "{constraints:x?}"
        );
    }
}
