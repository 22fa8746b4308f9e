//! Anchors from PEM and DER, and certificates from anchors.

use super::super::anchors::{Anchors, append, append_complete, certificate as certificate_of};
use super::super::error::InputError;
use super::super::input::is_der;
use super::super::pem::is_pem;
use super::*;
use rustls_pki_types::CertificateDer;
use std::string::String;
use std::{format, vec};
use webpki::anchor_from_trusted_cert;

/// The set, or the error.
pub(super) fn read(input: &[u8]) -> Result<(usize, Vec<u8>), InputError> {
    let mut set = Vec::new();
    append(input, &mut |bytes| {
        set.extend_from_slice(bytes);
        true
    })?;
    Ok((Anchors::new(&set).count(), set))
}

/// PEM with lines of this length and this line end.
pub(super) fn pem_in(label: &str, der: &[u8], line_length: usize, end: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::new();
    for group in der.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for index in 0..4 {
            let padded = index > group.len();
            text.push(if padded { b'=' } else { alphabet[bits >> (18 - 6 * index) & 63] });
        }
    }
    let lines: String = text
        .chunks(line_length)
        .map(|line| format!("{}{end}", str::from_utf8(line).unwrap()))
        .collect();
    format!("-----BEGIN {label}-----{end}{lines}-----END {label}-----{end}")
}

pub(super) fn pem(label: &str, der: &[u8]) -> String {
    pem_in(label, der, 64, "\n")
}

#[test]
fn pem_is_told_from_names_of_files() {
    for (text, expected) in [
        (pem("CERTIFICATE", &[1, 2, 3]), true),
        (format!("a comment\\n{}", pem("PRIVATE KEY", &[1, 2, 3])), true),
        (String::from("-----BEGIN "), true),
        (String::new(), false),
        (String::from("ca.pem"), false),
        (String::from("-----BEGIN"), false),
        (String::from("----BEGIN CERTIFICATE-----"), false),
        (String::from("-----begin CERTIFICATE-----"), false),
    ] {
        assert_eq!(is_pem(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn anchors_equal_those_of_webpki() {
    let certificates = lines().keys().filter(|(kind, _)| *kind == "certificate");
    for (_, name) in certificates {
        let der = CertificateDer::from(certificate(name));
        let expected = anchor_from_trusted_cert(&der).unwrap();
        let (count, set) = read(certificate(name)).unwrap();
        let found: Vec<_> = Anchors::new(&set).collect();
        assert_eq!((count, found.len()), (1, 1), "{name}");
        assert_eq!(found[0].subject, &expected.subject[..], "{name}");
        assert_eq!(found[0].key, &expected.subject_public_key_info[..], "{name}");
        assert_eq!(found[0].name_constraints, expected.name_constraints.as_deref(), "{name}");
    }
}

#[test]
fn certificates_of_cas_and_of_servers() {
    for (name, is_ca) in [
        ("root", true),
        ("ca-length-0", true),
        ("ca-without-usage", true),
        ("device-version-1", true),
        ("device-ca", true),
        ("device-cert-sign", true),
        ("device", false),
        ("good", false),
        ("ca-that-is-none", false),
        ("ca-without-constraints", false),
        ("ca-signs-handshakes", false),
    ] {
        let set = anchors(&[name]);
        assert_eq!(Anchors::new(&set).next().unwrap().is_ca, is_ca, "{name}");
    }
}

#[test]
fn several_certificates_in_all_forms() {
    let (root, other) = (certificate("root"), certificate("other-root"));
    let expected = anchors(&["root", "other-root"]);
    let key = pem("PRIVATE KEY", &line("key", "leaf").1);
    let broken_key = "-----BEGIN EC PRIVATE KEY-----\n!\n-----END EC PRIVATE KEY-----\n";
    let (first, second) = (pem("CERTIFICATE", root), pem("CERTIFICATE", other));
    for (what, input) in [
        ("DER in a row", [root, other].concat()),
        ("PEM", format!("{first}{second}").into()),
        ("text around", format!("0 a\n# root: é\n{first}\nsecond - - -----\n{second}end").into()),
        ("no final line end", format!("{first}{}", second.trim_end()).into()),
        ("other blocks", format!("{key}{first}{broken_key}{second}{key}").into()),
        ("another label", format!("{first}{}", pem("X509 CERTIFICATE", other)).into()),
        ("CRLF", format!("\r\n{}", (first.clone() + &second).replace('\n', "\r\n")).into()),
        ("CR", (first.clone() + &second).replace('\n', "\r").into()),
        (
            "one line each",
            (pem_in("CERTIFICATE", root, 10_000, "\n") + &pem_in("CERTIFICATE", other, 1, " \t\n"))
                .into(),
        ),
        ("no line ends", (first.clone() + &second).replace('\n', "").into()),
    ] {
        assert_eq!(read(&input), Ok((2, expected.clone())), "{what}");
    }
}

#[test]
fn invalid_certificates() {
    let root = certificate("root");
    let good = pem("CERTIFICATE", root);
    let (begin, body) = good.split_once('\n').unwrap();
    let without_end = good.split_once("-----END").unwrap().0;
    for (what, input, expected) in [
        ("nothing", vec![], InputError::NoCertificate),
        ("text", b"no certificate here".to_vec(), InputError::NoCertificate),
        ("a text from zero", b"0\n-----".to_vec(), InputError::NoCertificate),
        ("a key alone", pem("PRIVATE KEY", root).into(), InputError::NoCertificate),
        ("a request", pem("CERTIFICATE REQUEST", root).into(), InputError::NoCertificate),
        ("no end", without_end.into(), InputError::BadPem),
        ("no end, but of another", format!("{without_end}{good}").into(), InputError::BadPem),
        ("another end", good.replace("END CERT", "END CART").into(), InputError::BadPem),
        ("bad base64", format!("{begin}\n!{body}").into(), InputError::BadPem),
        ("URL alphabet", good.replace(['+', '/'], "_").into(), InputError::BadPem),
        ("a header", format!("{begin}\nProc-Type: 4\n\n{body}").into(), InputError::BadPem),
        ("a character more", format!("{begin}\nA{body}").into(), InputError::BadPem),
        ("padding in front", format!("{begin}\nAA=={body}").into(), InputError::BadPem),
        (
            "padding inside",
            format!("{begin}\nAA=A\n-----END CERTIFICATE-----").into(),
            InputError::BadPem,
        ),
        (
            "three paddings",
            format!("{begin}\nA===\n-----END CERTIFICATE-----").into(),
            InputError::BadPem,
        ),
        ("bytes in front", format!("{begin}\nAAAA{body}").into(), InputError::BadCertificate),
        ("nothing in it", pem("CERTIFICATE", &[]).into(), InputError::BadCertificate),
        (
            "more behind",
            pem("CERTIFICATE", &[root, &[0]].concat()).into(),
            InputError::BadCertificate,
        ),
        ("less", pem("CERTIFICATE", &root[..root.len() - 1]).into(), InputError::BadCertificate),
        ("less DER", root[..root.len() - 1].to_vec(), InputError::BadCertificate),
        ("more DER", [root, &[0x30]].concat(), InputError::BadCertificate),
        ("text behind DER", [root, good.as_bytes()].concat(), InputError::BadCertificate),
        ("a key in DER", line("key", "leaf").1.clone(), InputError::BadCertificate),
    ] {
        assert_eq!(read(&input), Err(expected), "{what}");
    }
}

/// The set, from input that comes in pieces of this size.
fn read_in_pieces(input: &[u8], size: usize) -> Result<Vec<u8>, InputError> {
    let (mut set, mut rest, mut measured) = (Vec::new(), Vec::new(), 0);
    let ends = std::iter::once((&[][..], true));
    for (piece, at_end) in input.chunks(size).map(|piece| (piece, false)).chain(ends) {
        rest.extend_from_slice(piece);
        let mut out = |bytes: &[u8]| {
            set.extend_from_slice(bytes);
            true
        };
        let measure = append_complete(&rest, is_der(input), at_end, None)?;
        let amount = append_complete(&rest, is_der(input), at_end, Some(&mut out))?;
        assert_eq!(measure, amount);
        rest.drain(..amount.input);
        measured += amount.output;
    }
    assert_eq!((rest.len(), measured), (0, set.len()));
    Ok(set)
}

#[test]
fn certificates_in_pieces() {
    let der = ["root", "rsa4096-root", "device", "ca-permits-example"].map(certificate);
    let text: String = der.iter().map(|der| pem("CERTIFICATE", der)).collect();
    let key = pem("PRIVATE KEY", &line("key", "leaf").1);
    for input in [der.concat(), text.clone().into(), format!("a\n{key}{text}--{key}b").into()] {
        let (_, expected) = read(&input).unwrap();
        for size in [1, 2, 3, 7, 64, 500, 2048, 100_000] {
            assert_eq!(read_in_pieces(&input, size), Ok(expected.clone()), "{size}");
        }
    }
    assert_eq!(read_in_pieces(b"no certificate\n-----BEGIN", 1), Ok(vec![]));
}

#[test]
fn what_is_done_is_not_kept() {
    let root = pem("CERTIFICATE", certificate("root"));
    for (piece, is_der, done) in [
        (root.as_bytes(), false, root.len() - 1),
        (&root.as_bytes()[..300], false, 0),
        (b"a text without any certificates\n-----BEGIN", false, 31),
        (&certificate("root")[..300], true, 0),
        (certificate("root"), true, certificate("root").len()),
        (&certificate("root")[..3], true, 0),
    ] {
        let amount = append_complete(piece, is_der, false, None);
        assert_eq!(amount.map(|amount| amount.input), Ok(done));
    }
}

#[test]
fn malformed_input_in_pieces() {
    let root = certificate("root");
    let good = pem("CERTIFICATE", root);
    for (input, expected) in [
        (good.split_once("-----END").unwrap().0.into(), InputError::BadPem),
        (good.replace("END CERT", "END CART").into(), InputError::BadPem),
        (good.replacen('M', "!", 1).into(), InputError::BadPem),
        (pem("CERTIFICATE", &root[1..]).into(), InputError::BadCertificate),
        (root[..root.len() - 1].to_vec(), InputError::BadCertificate),
        ([root, good.as_bytes()].concat(), InputError::BadCertificate),
        (b"\x30\x83\x01\x00\x00\x00".to_vec(), InputError::BadCertificate),
        ([&b"\x30\x82\xff\xff"[..], &[0; 40]].concat(), InputError::BadCertificate),
    ] {
        for size in [1, 10, 100_000] {
            assert_eq!(read_in_pieces(&input, size), Err(expected), "{size}");
        }
    }
}

#[test]
fn a_full_output_is_an_error() {
    for full_after in 0..6 {
        let mut calls = 0;
        let result = append(certificate("root"), &mut |_| {
            calls += 1;
            calls <= full_after
        });
        assert_eq!(result, Err(InputError::NoRoom), "{full_after}");
        assert_eq!(calls, full_after + 1);
    }
}

#[test]
fn a_truncated_set_ends_before_the_truncation() {
    let set = anchors(&["root", "other-root"]);
    let first = anchors(&["root"]).len();
    for length in 0..set.len() {
        let expected = usize::from(length >= first);
        assert_eq!(Anchors::new(&set[..length]).count(), expected, "{length}");
    }
}

#[test]
fn a_certificate_of_an_anchor_has_its_name_and_key() {
    for name in ["root", "p384-root", "rsa2048-root", "rsa4096-root", "ed25519-root"] {
        let set = anchors(&[name]);
        let anchor = Anchors::new(&set).next().unwrap();
        let mut der = Vec::new();
        let done = certificate_of(&anchor, &mut |bytes| {
            der.extend_from_slice(bytes);
            true
        });
        assert_eq!(done, Ok(true));
        assert_eq!(read(&der), Ok((1, set.clone())), "{name}");
        let input = CertificateDer::from(&der[..]);
        let theirs = anchor_from_trusted_cert(&input).unwrap();
        assert_eq!(anchor.subject, &theirs.subject[..]);
        assert_eq!(anchor.key, &theirs.subject_public_key_info[..]);
        assert_eq!(certificate_of(&anchor, &mut |_| false), Err(InputError::NoRoom));
    }
}

#[test]
fn only_a_ca_without_conditions_has_a_certificate() {
    for name in ["device", "good", "root-permits-other"] {
        let set = anchors(&[name]);
        let anchor = Anchors::new(&set).next().unwrap();
        let done = certificate_of(&anchor, &mut |_| panic!("{name} is written"));
        assert_eq!(done, Ok(false));
    }
}
