//! Pinned public keys.

use super::super::pin::{is_pin, parse};
use super::*;
use CertificateError::{BadProof, Expired, Malformed, NoCertificate, WrongName, WrongPin};
use sha2::{Digest, Sha256};
use std::string::String;

const OK: Result<(), CertificateError> = Ok(());

/// The pin of the key "leaf", from its SubjectPublicKeyInfo: the prefix common to P-256, and the
/// point, the end of the private key's DER.
fn pin() -> &'static [u8] {
    let head = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\
                 \x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
    let (_, private_key) = line("key", "leaf");
    let point = &private_key[private_key.len() - 65..];
    Sha256::digest([head, point].concat()).to_vec().leak()
}

#[test]
fn pins_alone_check_only_the_key() {
    let good = pin();
    let second: &[u8] = [&[1; 32], good].concat().leak();
    let not_whole: &[u8] = [&[1; 32], &good[..31]].concat().leak();
    for (chain, pins, proof, expected) in [
        (&["good", "ca"][..], good, "leaf", OK),
        (&["good"], second, "leaf", OK),
        (&["expired"], good, "leaf", OK),
        (&["device-version-1"], good, "leaf", OK),
        (&["unknown-critical"], good, "leaf", OK),
        (&["good"], &[1; 32], "leaf", Err(WrongPin)),
        (&["good"], not_whole, "leaf", Err(WrongPin)),
        (&["good"], &good[..31], "leaf", Err(WrongPin)),
        // Neither the pin of an issuer nor that of another certificate suffices.
        (&["p256-by-a", "good"], good, "p256", Err(WrongPin)),
        (&["good"], good, "p256", Err(BadProof)),
        (&[], good, "leaf", Err(NoCertificate)),
    ] {
        let case = Case { chain, pins, proof, anchors: None, name: None, ..GOOD };
        assert_eq!(case.check(), expected, "{chain:?}");
    }
    let case = Case { pins: good, anchors: None, ..GOOD };
    assert_eq!(case.check_chain(&chain([&certificate("good")[..200]])), Err(Malformed));
}

#[test]
fn pins_and_anchors_are_both_checked() {
    for (chain, name, pins, expected) in [
        (&["good", "ca"][..], "example.com", pin(), OK),
        (&["good", "ca"], "example.com", &[1; 32], Err(WrongPin)),
        (&["expired", "ca"], "example.com", pin(), Err(Expired)),
        (&["good", "ca"], "wrong.test", pin(), Err(WrongName)),
    ] {
        let case = Case { chain, pins, name: Some(name), ..GOOD };
        assert_eq!(case.check(), expected, "{chain:?} {name}");
    }
}

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=";

#[test]
fn formats_of_pins() {
    let mut expected: [u8; 32] = core::array::from_fn(|index| u8::try_from(index).unwrap());
    expected[31] = 0xff;
    for text in [
        std::format!("sha256:{HEX}"),
        std::format!("sha256:{}", HEX.to_uppercase()),
        std::format!("sha256:{BASE64}"),
        std::format!("sha256/{BASE64}"),
        std::format!("sha256//{BASE64}"),
    ] {
        assert_eq!(parse(text.as_bytes()), Some(expected), "{text}");
        assert!(is_pin(text.as_bytes()), "{text}");
    }
    let slashes = std::format!("sha256/{}8=", "/".repeat(42));
    assert_eq!(parse(slashes.as_bytes()), Some([0xff; 32]));
}

#[test]
fn other_texts_are_refused() {
    for text in [
        String::new(),
        String::from("sha256"),
        String::from("sha256:"),
        String::from("sha256/"),
        String::from(HEX),
        std::format!("SHA256:{HEX}"),
        std::format!("sha1:{HEX}"),
        std::format!(" sha256:{HEX}"),
        std::format!("sha256:{HEX}\n"),
        std::format!("sha256:{HEX}00"),
        std::format!("sha256:{}", &HEX[2..]),
        std::format!("sha256:{}g", &HEX[1..]),
        std::format!("sha256:+{}", &HEX[1..]),
        std::format!("sha256/{HEX}"),
        std::format!("sha256///{BASE64}"),
        std::format!("sha256:{}", &BASE64[..43]),
        std::format!("sha256:{} ", &BASE64[..43]),
        std::format!("sha256:{}AA==", &BASE64[4..]),
        std::format!("sha256:{}9=", &BASE64[..42]),
        std::format!("sha256:{}__=", &BASE64[..41]),
    ] {
        assert_eq!(parse(text.as_bytes()), None, "{text:?}");
    }
}

#[test]
fn a_prefix_tells_pins_from_certificates_and_names_of_files() {
    for (text, expected) in [
        ("sha256:", true),
        ("sha256/", true),
        ("sha256:not a digest", true),
        ("", false),
        ("sha256", false),
        ("sha256.pem", false),
        ("SHA256:", false),
        (" sha256:", false),
        ("-----BEGIN CERTIFICATE-----", false),
    ] {
        assert_eq!(is_pin(text.as_bytes()), expected, "{text}");
    }
}
