//! Complete and incomplete handshakes.

use super::server::{Server, client, client_with, fault, open, sent, server};
use crate::support::script::{
    Script, certificate, certificate_verify, encrypted_extensions, entry, extension, finished,
    message, server_hello, ticket,
};
use crate::support::wire::{Heap, Wire};
use crate::trust::CertificateError;
use crate::{Fault, Kind, Scratch, Trust, support};
use std::vec;
use std::vec::Vec;

const UNEXPECTED: Fault = Fault::UnexpectedMessage;

fn result_of(script: &Script, server: &Server) -> Result<(), Fault> {
    let wire = Wire::new(script.bytes());
    let mut client = client(&wire);
    let opened = open(&mut client, &server.config());
    let after = client.write(b"secret").map(|_| ());
    assert_eq!(opened, after, "an error is final");
    match opened {
        Ok(()) => Ok(()),
        Err(crate::Error::Fault(fault)) => Err(fault),
        Err(error) => panic!("{error:?}"),
    }
}

/// The messages of a complete handshake after the ServerHello.
fn flight(server: &Server) -> [Vec<u8>; 4] {
    [encrypted_extensions(), certificate(&server.chain()), server.proof(), finished()]
}

fn request() -> Vec<u8> {
    let schemes = extension(13, &[0, 2, 4, 3]);
    message(13, &[&[0], &extension(0, &schemes)[2..]].concat())
}

#[test]
fn complete_handshakes() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    let apart = [ee, cert, verify, fin].map(|message| message.as_slice());
    let scripts = [
        (
            "a record each",
            Script::hello().messages(&[ee]).messages(&[cert]).messages(&[verify]).messages(&[fin]),
        ),
        ("one record", Script::hello().messages(&apart)),
        ("two records", Script::hello().messages(&apart[..2]).messages(&apart[2..])),
        ("a request", Script::hello().messages(&[ee, &request(), cert, verify, fin])),
        (
            "a request in a record",
            Script::hello().messages(&[ee]).messages(&[&request()]).messages(&[cert, verify, fin]),
        ),
        ("a change cipher spec", Script::hello().plain(20, &[1]).messages(&apart)),
        (
            "one before the hello",
            Script::default().plain(20, &[1]).plain(22, &server_hello()).messages(&apart),
        ),
        ("padding", Script::hello().sealed(&[apart.concat(), vec![22], vec![0; 300]].concat())),
        (
            "two certificates",
            Script::hello().messages(&[
                ee,
                &certificate(&[server.chain(), entry(&[7; 99])].concat()),
                verify,
                fin,
            ]),
        ),
    ];
    for (name, script) in scripts {
        assert_eq!(result_of(&script, server), Ok(()), "{name}");
    }
}

#[test]
fn missing_repeated_and_unordered_messages() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    let cases: &[(&str, &[&[u8]], Fault)] = &[
        ("nothing proves the server", &[ee, fin], Fault::NoProof),
        ("no signature", &[ee, cert, fin], Fault::NoProof),
        ("no certificate", &[ee, verify, fin], UNEXPECTED),
        ("signature first", &[ee, verify, cert, fin], UNEXPECTED),
        ("two chains", &[ee, cert, cert, verify, fin], UNEXPECTED),
        ("a chain behind the proof", &[ee, cert, verify, cert, fin], UNEXPECTED),
        ("two signatures", &[ee, cert, verify, verify, fin], UNEXPECTED),
        ("no extensions", &[cert, verify, fin], UNEXPECTED),
        ("extensions twice", &[ee, ee, cert, verify, fin], UNEXPECTED),
        ("extensions late", &[cert, ee, verify, fin], UNEXPECTED),
        ("a hello again", &[ee, &server_hello(), cert, verify, fin], UNEXPECTED),
        ("a ticket", &[ee, &ticket(&[1]), cert, verify, fin], UNEXPECTED),
        ("a key update", &[ee, &message(24, &[0]), cert, verify, fin], UNEXPECTED),
        ("a hello request", &[&message(0, &[]), ee, cert, verify, fin], UNEXPECTED),
        ("a type that is none", &[ee, &message(99, &[1]), cert, verify, fin], UNEXPECTED),
    ];
    for (name, messages, expected) in cases {
        let apart = messages.iter().fold(Script::hello(), |script, one| script.messages(&[one]));
        assert_eq!(result_of(&apart, server), Err(*expected), "{name}, a record each");
        let together = Script::hello().messages(messages);
        assert_eq!(result_of(&together, server), Err(*expected), "{name}, one record");
    }
}

#[test]
fn no_message_follows_finished_in_its_record() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    for behind in [cert, verify, fin, ee] {
        let script =
            Script::hello().messages(&[ee]).messages(&[cert, verify]).messages(&[fin, behind]);
        assert_eq!(result_of(&script, server), Err(UNEXPECTED));
    }
    // A proof in later records comes too late.
    let script = Script::hello().messages(&[ee, fin]).messages(&[cert, verify]);
    assert_eq!(result_of(&script, server), Err(Fault::NoProof));
}

#[test]
fn inner_lengths_match_messages() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    let longer = |whole: &[u8], more: &[u8]| message(whole[0], &[&whole[4..], more].concat());
    let malformed: &[&[&[u8]]] = &[
        &[&longer(ee, &[0])],
        // embedded-tls would take the remaining bytes for the next message.
        &[&longer(ee, &[cert.as_slice(), verify, fin].concat())],
        &[ee, &longer(cert, &[0]), verify, fin],
        &[ee, cert, &longer(verify, fin)],
        &[ee, cert, verify, &longer(fin, &[0; 16])],
        &[ee, cert, verify, &longer(fin, ee)],
        &[ee, cert, verify, &message(20, &[crate::support::null::HASH; 31])],
        &[ee, &longer(&request(), &[0]), cert, verify, fin],
        &[&message(8, &[0]), cert, verify, fin],
        &[&message(8, &[0, 1]), cert, verify, fin],
        &[ee, &message(11, &[]), verify, fin],
        &[ee, &message(11, &[0, 0, 0, 9, 1]), verify, fin],
        &[ee, cert, &message(15, &[4, 3, 0]), fin],
        &[ee, &certificate(&server.chain().repeat(17)), verify, fin],
    ];
    for messages in malformed {
        let script = Script::hello().messages(messages);
        assert_eq!(result_of(&script, server), Err(Fault::MalformedMessage), "{messages:?}");
    }
}

#[test]
fn fragmented_messages_are_recognised() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    let all = [ee.as_slice(), cert, verify, fin].concat();
    for at in 1..all.len() {
        let boundary = [ee.len(), ee.len() + cert.len(), all.len() - fin.len()].contains(&at);
        let script = Script::hello().messages(&[&all[..at]]).messages(&[&all[at..]]);
        let expected = if boundary { Ok(()) } else { Err(Fault::MessageTooLarge) };
        assert_eq!(result_of(&script, server), expected, "cut at {at}");
    }
    let hello = server_hello();
    let script = Script::default().plain(22, &hello[..9]).plain(22, &hello[9..]);
    assert_eq!(result_of(&script, server), Err(Fault::MessageTooLarge));
    assert_eq!(Fault::MessageTooLarge.kind(), Kind::TooLarge);
}

#[test]
fn signature_and_finished_are_compared() {
    let server = server();
    let [ee, cert, verify, fin] = &flight(server);
    let with = |verify: &[u8]| Script::hello().messages(&[ee, cert, verify, fin]);
    let mut wrong_finished = fin.clone();
    wrong_finished[35] ^= 1;
    let refused = Fault::Certificate;
    let cases = [
        (Script::hello().messages(&[ee, cert, verify, &wrong_finished]), Fault::BadFinished),
        (with(&server.signed(b"something else")), refused(CertificateError::BadProof)),
        (with(&certificate_verify(0x0403, &[])), refused(CertificateError::BadProof)),
        // An unknown scheme, one that TLS 1.3 does not allow here, one of another key type.
        (with(&certificate_verify(0x9999, &[1])), refused(CertificateError::UnsupportedAlgorithm)),
        (with(&certificate_verify(0x0401, &[1])), refused(CertificateError::UnsupportedAlgorithm)),
        (with(&certificate_verify(0x0804, &[1])), refused(CertificateError::UnsupportedAlgorithm)),
        (with(&certificate_verify(0x0403, &[1; 600])), Fault::MalformedMessage),
        // In the format of the guard's refusals: refused as well.
        (with(&certificate_verify(0x0201, &[0, 40])), Fault::Alert(40)),
        (with(&certificate_verify(0x0201, &[99, 0])), Fault::MalformedMessage),
        (Script::handshake(&[], verify), refused(CertificateError::NoCertificate)),
        (Script::handshake(&entry(&[]), verify), refused(CertificateError::Malformed)),
    ];
    for (script, expected) in cases {
        assert_eq!(result_of(&script, server), Err(expected));
    }
}

#[test]
fn every_server_must_send_a_proof() {
    let server = server();
    let anyone = |script: Script| {
        let wire = Wire::new(script.bytes());
        open(&mut client(&wire), &support::config(Trust::Anyone))
    };
    // The signature is not verified, but has to be present.
    assert_eq!(anyone(Script::handshake(&entry(&[1]), &certificate_verify(0x0403, &[]))), Ok(()));
    let [ee, cert, _, fin] = &flight(server);
    assert_eq!(anyone(Script::hello().messages(&[ee, fin])), fault(Fault::NoProof));
    assert_eq!(anyone(Script::hello().messages(&[ee, cert, fin])), fault(Fault::NoProof));
}

#[test]
fn another_key_is_refused_and_nothing_is_sent_to_it() {
    let server = server();
    let wire = Wire::new(server.handshake().bytes());
    let mut client = client(&wire);
    let config = support::config(Trust::Verified { anchors: None, pins: &[0; 32] });
    let wrong_pin = fault(Fault::Certificate(CertificateError::WrongPin));
    assert_eq!(open(&mut client, &config), wrong_pin);
    assert_eq!(client.write(b"secret").map(|_| ()), wrong_pin);
    assert_eq!(client.read(&mut [0; 9]).map(|_| ()), wrong_pin);
    client.close();
    let sent = sent(&wire, 1);
    assert_eq!(sent[1..], [(22, finished()), (21, vec![2, 42])], "Finished, and an alert");
}

#[test]
fn lack_of_memory_is_an_error() {
    struct None;
    impl Scratch for None {
        fn allocate(&mut self, _: usize) -> Option<&mut [u8]> {
            Option::None
        }
        fn get(&self) -> &[u8] {
            &[]
        }
        fn get_mut(&mut self) -> &mut [u8] {
            &mut []
        }
    }
    let server = server();
    let wire = Wire::new(server.handshake().bytes());
    let opened = client(&wire).open(&server.config(), &[1; 48], &mut None);
    assert_eq!(opened, fault(Fault::NoMemory));
}

#[test]
fn small_buffers_are_errors() {
    let server = server();
    for (read, write) in [(0, 1024), (511, 1024), (RECORD, 0), (RECORD, 511)] {
        let wire = Wire::new(server.handshake().bytes());
        let opened = open(&mut client_with(&wire, read, write), &server.config());
        assert_eq!(opened, fault(Fault::Buffers));
        assert!(wire.0.borrow().output.is_empty());
    }
    let large = Script::hello()
        .messages(&[&encrypted_extensions()])
        .messages(&[&certificate(&entry(&[1; 600]))]);
    let wire = Wire::new(large.bytes());
    let opened = open(&mut client_with(&wire, 512, 512), &server.config());
    assert_eq!(opened, fault(Fault::RecordTooLarge));
}

#[test]
fn a_connection_is_opened_once() {
    let server = server();
    let wire = Wire::new(server.handshake().data(b"x").bytes());
    let mut client = client(&wire);
    assert_eq!(client.read(&mut [0; 9]), fault(Fault::NotOpen));
    assert_eq!(client.write(b"x"), fault(Fault::NotOpen));
    assert_eq!(open(&mut client, &server.config()), Ok(()));
    assert_eq!(
        client.open(&server.config(), &[1; 48], &mut Heap::default()),
        fault(Fault::NotOpen)
    );
    assert_eq!(client.read(&mut [0; 9]), Ok(1), "nothing was lost");
}

const RECORD: usize = super::server::RECORD;
