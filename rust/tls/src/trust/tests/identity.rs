//! Client certificates and their keys.

use super::super::error::InputError;
use super::super::identity::{Identity, parse};
use super::anchors::pem;
use super::*;
use std::{format, vec};

fn read(certificates: &[u8], key: &[u8]) -> Result<Vec<u8>, InputError> {
    let mut blob = Vec::new();
    parse(certificates, key, &mut |bytes| {
        blob.extend_from_slice(bytes);
        true
    })?;
    Ok(blob)
}

/// The key in PKCS #8.
fn pkcs8() -> &'static [u8] {
    &line("key", "leaf").1
}

/// The key in SEC 1, the content of the OCTET STRING in PKCS #8.
fn sec1() -> &'static [u8] {
    &pkcs8()[29..]
}

fn scalar() -> &'static [u8] {
    &sec1()[7..39]
}

#[test]
fn keys_in_all_forms() {
    let certificates = [certificate("good"), certificate("ca")];
    let blob = [scalar(), &chain(certificates)].concat();
    // The output of `openssl ecparam -genkey`: the curve, and a key that names it.
    let curve = b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    let fields = [&sec1()[2..39], curve, &sec1()[39..]].concat();
    let with_curve = [&[0x30, u8::try_from(fields.len()).unwrap()], &fields[..]].concat();
    let parameters = pem("EC PARAMETERS", &curve[2..]);
    let without_public = [&[0x30, 37], &sec1()[2..39]].concat();
    for (what, key) in [
        ("PKCS #8", pkcs8().to_vec()),
        ("SEC 1", sec1().to_vec()),
        ("SEC 1 with the curve", with_curve.clone()),
        ("SEC 1 without public key", without_public.clone()),
        ("PKCS #8 in PEM", pem("PRIVATE KEY", pkcs8()).into()),
        ("SEC 1 in PEM", pem("EC PRIVATE KEY", sec1()).into()),
        ("openssl", (parameters + &pem("EC PRIVATE KEY", &with_curve)).into()),
        ("behind certificates", (pem("CERTIFICATE", sec1()) + &pem("PRIVATE KEY", pkcs8())).into()),
    ] {
        assert_eq!(read(&certificates.concat(), &key), Ok(blob.clone()), "{what}");
    }
    let text = certificates.map(|certificate| pem("CERTIFICATE", certificate)).concat();
    assert_eq!(read(text.as_bytes(), pkcs8()), Ok(blob.clone()));

    let identity = Identity { blob: &blob };
    assert_eq!(&identity.key().unwrap()[..], scalar());
    assert_eq!(identity.certificates().collect::<Vec<_>>(), certificates);
    assert!(identity.key_fits());
}

#[test]
fn other_keys_are_refused() {
    let good = certificate("good");
    let p384_in_pkcs8 = b"\x30\x81\xb6\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\
                          \x06\x05\x2b\x81\x04\x00\x22\x04\x81\x9e";
    let rsa_in_pkcs8 = b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\
                         \x01\x01\x05\x00\x04\x82\x04\xa7";
    let p384_in_sec1 = [&b"\x30\x35\x02\x01\x01\x04\x30"[..], &[7; 48]].concat();
    let secp256k1 =
        [&b"\x30\x2e\x02\x01\x01\x04\x20"[..], &[7; 32], b"\xa0\x07\x06\x05\x2b\x81\x04\x00\x0a"]
            .concat();
    let mut encrypted = pem("EC PRIVATE KEY", sec1());
    let header = "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n";
    encrypted = encrypted.replacen("-----\n", header, 1);
    for (what, key, expected) in [
        ("nothing", vec![], InputError::NoKey),
        ("text", b"-----".to_vec(), InputError::NoKey),
        ("a certificate", pem("CERTIFICATE", good).into(), InputError::NoKey),
        ("a certificate in DER", good.to_vec(), InputError::BadKey),
        ("P-384 in PKCS #8", p384_in_pkcs8.to_vec(), InputError::UnsupportedKey),
        ("RSA in PKCS #8", rsa_in_pkcs8.to_vec(), InputError::UnsupportedKey),
        ("P-384 in SEC 1", p384_in_sec1, InputError::UnsupportedKey),
        ("secp256k1", secp256k1, InputError::UnsupportedKey),
        ("RSA", pem("RSA PRIVATE KEY", sec1()).into(), InputError::UnsupportedKey),
        ("encrypted", encrypted.into(), InputError::EncryptedKey),
        (
            "encrypted PKCS #8",
            pem("ENCRYPTED PRIVATE KEY", sec1()).into(),
            InputError::EncryptedKey,
        ),
        ("cut off", pkcs8()[..50].to_vec(), InputError::BadKey),
        (
            "a key longer than what it is in",
            [&[0x30, 34], &sec1()[2..39]].concat(),
            InputError::BadKey,
        ),
        ("SEC 1 cut off", sec1()[..30].to_vec(), InputError::BadKey),
        ("bad PEM", pem("PRIVATE KEY", sec1()).replace("==", "").into(), InputError::BadPem),
        ("no end", format!("{:.80}", pem("PRIVATE KEY", sec1())).into(), InputError::BadPem),
    ] {
        assert_eq!(read(good, &key), Err(expected), "{what}");
    }
    assert_eq!(read(b"", pkcs8()), Err(InputError::NoCertificate));
    assert_eq!(read(&good[1..], pkcs8()), Err(InputError::NoCertificate));
    let no_room = parse(good, pkcs8(), &mut |_| false);
    assert_eq!(no_room, Err(InputError::NoRoom));
}

#[test]
fn the_key_must_match_the_first_certificate() {
    let of_other = read(certificate("p256-by-a"), pkcs8()).unwrap();
    assert!(!Identity { blob: &of_other }.key_fits());
    let second = [certificate("ca"), certificate("good")].concat();
    assert!(!Identity { blob: &read(&second, pkcs8()).unwrap() }.key_fits());
    let no_key = [&[0; 32], &chain([certificate("good")])[..]].concat();
    for blob in [&[][..], scalar(), &no_key, &of_other[..40]] {
        assert!(!Identity { blob }.key_fits());
    }
}
