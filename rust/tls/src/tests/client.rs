//! The messages of a client in the handshake.

use super::server::{Server, client, client_with, fault, open, sent, server};
use crate::evidence::SIGNED_PREFIX;
use crate::support::null::HASH;
use crate::support::script::{
    Script, certificate, encrypted_extensions, extension, finished, message,
};
use crate::support::wire::Wire;
use crate::trust::identity::Identity;
use crate::trust::{CertificateError, identity};
use crate::wire::Reader;
use crate::{Config, Fault, FragmentLength, Kind, Trust, least_write_buffer, support};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, SigningKey};
use std::collections::BTreeMap;
use std::vec;
use std::vec::Vec;

/// Returns the extensions of the ClientHello for a configuration.
fn hello_extensions(config: &Config<'_>) -> BTreeMap<u16, Vec<u8>> {
    let wire = Wire::new(Vec::new());
    assert_eq!(open(&mut client(&wire), config), fault(Fault::Truncated));
    let (content_type, hello) = sent(&wire, 0).remove(0);
    assert_eq!((content_type, hello[0]), (22, 1));
    let mut reader = Reader(&hello[4..]);
    reader.take(2 + 32).unwrap();
    assert_eq!(reader.vector8(), Some([].as_slice()), "no session");
    assert_eq!(reader.vector16(), Some([0x13, 0x04].as_slice()), "one suite");
    assert_eq!(reader.vector8(), Some([0].as_slice()), "no compression");
    let mut reader = Reader(reader.vector16().unwrap());
    let mut extensions = BTreeMap::new();
    while !reader.0.is_empty() {
        let number = reader.u16().unwrap();
        let value = reader.vector16().unwrap();
        assert_eq!(extensions.insert(number, value.to_vec()), None);
    }
    extensions
}

#[test]
fn only_names_are_indicated() {
    let longest = [[b'a'; 63].as_slice(); 4].map(|label| str::from_utf8(label).unwrap()).join(".");
    let longest = &longest[..253];
    let cases = [
        (Some("example.org"), Some("example.org")),
        (Some("example.org."), Some("example.org")),
        (Some("a_b.example"), Some("a_b.example")),
        (Some("xn--bcher-kva.example"), Some("xn--bcher-kva.example")),
        (Some(longest), Some(longest)),
        (Some("192.0.2.1"), None),
        (Some("2001:db8::1"), None),
        (Some("[2001:db8::1]"), None),
        (Some(""), None),
        (Some("."), None),
        (Some("a b"), None),
        (None, None),
    ];
    for (server_name, indicated) in cases {
        let config = Config { server_name, ..support::config(Trust::Anyone) };
        let extension = hello_extensions(&config).remove(&0);
        let expected = indicated.map(|name| {
            let entry = [&[0], &extension_value(name.as_bytes())[..]].concat();
            extension_value(&entry)
        });
        assert_eq!(extension, expected, "{server_name:?}");
    }
}

/// A vector with a length of two bytes.
fn extension_value(value: &[u8]) -> Vec<u8> {
    extension(0, value).split_off(2)
}

#[test]
fn offered_extensions() {
    let extensions = hello_extensions(&support::config(Trust::Anyone));
    assert_eq!(extensions[&43], [2, 3, 4], "TLS 1.3 alone");
    assert_eq!(extensions[&10], [0, 2, 0, 0x17], "P-256 alone");
    assert_eq!(extensions[&51].len(), 2 + 2 + 2 + 65);
    assert_eq!(extensions.get(&1), None, "no limit of records");
    let schemes = Reader(&extensions[&13]).vector16().unwrap().to_vec();
    let offers = |scheme: u16| schemes.chunks(2).any(|offered| offered == scheme.to_be_bytes());
    assert!(offers(0x0403));
    assert_eq!(offers(0x0804) && offers(0x0401), cfg!(feature = "rsa"));
    for sha1 in [0x0201, 0x0203] {
        assert!(!offers(sha1));
    }
}

#[test]
fn max_fragment_length_is_offered() {
    for (room, size, number) in [
        (512, 512, 1),
        (1023, 512, 1),
        (1024, 1024, 2),
        (2048, 2048, 3),
        (4096, 4096, 4),
        (16383, 4096, 4),
    ] {
        let max_fragment_length = FragmentLength::at_most(room);
        assert_eq!(max_fragment_length.map(FragmentLength::size), Some(size));
        let config = Config { max_fragment_length, ..support::config(Trust::Anyone) };
        assert_eq!(hello_extensions(&config)[&1], [number]);
    }
    assert_eq!(FragmentLength::at_most(16384), None);
}

#[test]
fn hellos_differ_with_the_seed() {
    let hello = |seed: u8| {
        let wire = Wire::new(Vec::new());
        let config = support::config(Trust::Anyone);
        let mut memory = support::wire::Heap::default();
        let _ = client(&wire).open(&config, &[seed; 48], &mut memory);
        wire.0.take().output
    };
    assert_eq!(hello(1), hello(1));
    assert_ne!(hello(1), hello(2));
}

/// A handshake in which the server requests a certificate.
fn asking(server: &Server) -> Script {
    let schemes = extension(13, &[0, 2, 4, 3]);
    let request = message(13, &[b"\x03abc", &extension(0, &schemes)[2..]].concat());
    Script::hello()
        .messages(&[&encrypted_extensions(), &request, &certificate(&server.chain())])
        .messages(&[&server.proof(), &finished()])
        .with_new_keys()
}

/// A client's key with an arbitrary certificate.
fn identity_blob(certificate: &[u8]) -> Vec<u8> {
    [&[5; identity::KEY_LENGTH], &message(0, certificate)[1..]].concat()
}

#[test]
fn a_requested_certificate_is_sent() {
    let server = server();
    let leaf = [0x5a; 700];
    let blob = identity_blob(&leaf);
    let config = Config { identity: Some(Identity { blob: &blob }), ..server.config() };
    let wire = Wire::new(asking(server).data(b"x").bytes());
    let mut client = client_with(&wire, 16640, least_write_buffer(&config));
    assert_eq!(open(&mut client, &config), Ok(()));
    let records = sent(&wire, 3);
    let entry = crate::support::script::entry(&leaf);
    let expected = message(11, &[b"\x03abc", &message(0, &entry)[1..]].concat());
    assert_eq!(records[1], (22, expected));
    assert_eq!(records[3], (22, finished()));
    let verify = Reader(&records[2].1[4..]).0;
    assert_eq!(verify[..2], [4, 3]);
    let signature = DerSignature::from_bytes(&verify[4..]).unwrap();
    let mut signed = SIGNED_PREFIX.to_vec();
    signed[64 + 9..64 + 15].copy_from_slice(b"client");
    signed.extend([HASH; 32]);
    let key = SigningKey::from_slice(&[5; 32]).unwrap();
    key.verifying_key().verify(&signed, &signature).unwrap();
    assert_eq!(client.read(&mut [0; 9]), Ok(1));
}

#[test]
fn a_refused_server_gets_no_certificate() {
    let server = server();
    let blob = identity_blob(&[0x5a; 300]);
    let trust = Trust::Verified { anchors: None, pins: &[0; 32] };
    let config = Config { identity: Some(Identity { blob: &blob }), ..support::config(trust) };
    let wire = Wire::new(asking(server).bytes());
    let refused = fault(Fault::Certificate(CertificateError::WrongPin));
    assert_eq!(open(&mut client(&wire), &config), refused);
    let output = wire.0.take().output;
    assert!(!output.windows(9).any(|window| window == [0x5a; 9]));
}

#[test]
fn without_an_identity_the_answer_is_empty() {
    let server = server();
    let wire = Wire::new(asking(server).data(b"x").bytes());
    let mut client = client(&wire);
    assert_eq!(open(&mut client, &server.config()), Ok(()));
    assert_eq!(sent(&wire, 2)[1], (22, message(11, b"\x03abc\0\0\0")));
    assert_eq!(client.read(&mut [0; 9]), Ok(1));
}

#[test]
fn large_and_invalid_identities() {
    let server = server();
    let result = |blob: &[u8], write_buffer| {
        let config = Config { identity: Some(Identity { blob }), ..server.config() };
        let wire = Wire::new(asking(server).bytes());
        open(&mut client_with(&wire, 16640, write_buffer), &config)
    };
    let large = identity_blob(&[1; 2000]);
    let too_small = result(&large, 1024).unwrap_err();
    assert_eq!(too_small, Fault::WriteBufferTooSmall.into());
    assert_eq!(too_small.kind(), Kind::TooLarge);
    let mut no_key = identity_blob(&[1; 20]);
    no_key[..32].fill(0xff);
    assert_eq!(result(&no_key, 1024), fault(Fault::Identity));
    assert_eq!(result(&[], 1024), Ok(()), "an empty one is none");
}

#[test]
fn the_least_write_buffer_holds_the_certificate() {
    let server = server();
    assert_eq!(least_write_buffer(&server.config()), 512);
    for len in [1, 200, 222, 223, 3000] {
        let blob = identity_blob(&vec![1; len]);
        let config = Config { identity: Some(Identity { blob: &blob }), ..server.config() };
        let wire = Wire::new(asking(server).bytes());
        let mut client = client_with(&wire, 16640, least_write_buffer(&config));
        assert_eq!(open(&mut client, &config), Ok(()), "{len}");
    }
}
