//! Records that are not allowed in the handshake.

use super::server::{client, client_with, fault, open, server};
use crate::support::script::{
    Script, certificate, encrypted_extensions, finished, message, server_hello,
};
use crate::support::wire::Wire;
use crate::{Fault, Kind};
use std::vec;
use std::vec::Vec;

const UNEXPECTED: Fault = Fault::UnexpectedRecord;

fn assert_refused(cases: Vec<(&str, Script, Fault)>) {
    let server = server();
    for (name, script, expected) in cases {
        let wire = Wire::new(script.bytes());
        assert_eq!(open(&mut client(&wire), &server.config()), fault(expected), "{name}");
    }
}

#[test]
fn in_place_of_the_hello() {
    let start = Script::default;
    assert_refused(vec![
        ("HTTP", start().raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Fault::NotTls),
        ("SSH", start().raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"), Fault::NotTls),
        ("zeros", start().raw(&[0; 99]), Fault::NotTls),
        ("SSL 2", start().raw(&[0x80, 3, 0, 0, 1]), Fault::NotTls),
        ("data", start().plain(23, &[1; 99]), UNEXPECTED),
        ("heartbeat", start().plain(24, &[1, 0, 0]), UNEXPECTED),
        ("type 0", start().plain(0, &[1]), Fault::NotTls),
        ("nothing", start().plain(22, &[]), Fault::RecordLength),
        ("too long", start().raw(&[22, 3, 3, 0x40, 1]), Fault::RecordLength),
        ("alert of 1 byte", start().plain(21, &[2]), Fault::RecordLength),
        ("alerts in one record", start().plain(21, &[2, 40, 2, 40]), Fault::RecordLength),
        ("2 change cipher specs", start().plain(20, &[1]).plain(20, &[1]), UNEXPECTED),
        ("change cipher spec of 2 bytes", start().plain(20, &[1, 1]), UNEXPECTED),
        ("change cipher spec of 2", start().plain(20, &[2]), UNEXPECTED),
    ]);
}

#[test]
fn alerts_in_place_of_the_hello() {
    for description in 0..=255 {
        let expected = match description {
            40 | 70 | 71 => Fault::Declined(description),
            _ => Fault::Alert(description),
        };
        let kind =
            if expected == Fault::Alert(description) { Kind::Aborted } else { Kind::NotOffered };
        assert_eq!(expected.kind(), kind);
        let alert = Script::default().plain(21, &[2, description]);
        assert_refused(vec![("alert", alert, expected)]);
    }
}

#[test]
fn plaintext_records() {
    let ee = || Script::hello().messages(&[&encrypted_extensions()]);
    for start in [Script::hello(), ee()] {
        assert_refused(vec![
            ("extensions", start.clone().plain(22, &encrypted_extensions()), UNEXPECTED),
            ("a certificate", start.clone().plain(22, &certificate(&[])), UNEXPECTED),
            ("Finished", start.clone().plain(22, &finished()), UNEXPECTED),
            ("an alert", start.clone().plain(21, &[2, 40]), UNEXPECTED),
            ("close_notify", start.clone().plain(21, &[1, 0]), UNEXPECTED),
            ("heartbeat", start.clone().plain(24, &[1; 20]), UNEXPECTED),
            ("type 0", start.clone().plain(0, &[1; 20]), UNEXPECTED),
            ("type 255", start.clone().plain(255, &[1; 20]), UNEXPECTED),
            ("2 change cipher specs", start.clone().plain(20, &[1]).plain(20, &[1]), UNEXPECTED),
        ]);
    }
}

#[test]
fn records_with_other_content() {
    for start in [Script::hello(), Script::hello().messages(&[&encrypted_extensions()])] {
        let record = |content_type, content| start.clone().record(content_type, content);
        assert_refused(vec![
            ("nothing", start.clone().sealed(&[]), Fault::RecordLength),
            ("a zero", start.clone().sealed(&[0]), UNEXPECTED),
            ("zeros", start.clone().sealed(&[0; 500]), UNEXPECTED),
            ("data", record(23, b"GET /"), UNEXPECTED),
            ("no data", record(23, b""), UNEXPECTED),
            ("change cipher spec", record(20, &[1]), UNEXPECTED),
            ("type 255", record(255, &[1]), UNEXPECTED),
            ("an alert", record(21, &[2, 80]), Fault::Alert(80)),
            ("close_notify", record(21, &[1, 0]), Fault::Alert(0)),
            ("half an alert", record(21, &[2]), UNEXPECTED),
            ("two alerts", record(21, &[2, 80, 2, 80]), UNEXPECTED),
            ("a padded alert", start.clone().sealed(&[2, 47, 21, 0, 0, 0]), Fault::Alert(47)),
        ]);
    }
    // Handshake records without a message.
    assert_refused(vec![
        ("first", Script::hello().record(22, &[]), Fault::UnexpectedMessage),
        (
            "later",
            Script::hello().messages(&[&encrypted_extensions()]).record(22, &[]),
            Fault::MalformedMessage,
        ),
    ]);
}

#[test]
fn records_with_other_keys() {
    let ee = [encrypted_extensions(), vec![22]].concat();
    let sealed = Script::hello().sealed(&ee).bytes();
    let hello = Script::hello().bytes();
    let record = &sealed[hello.len()..];
    let flipped = |at: usize| {
        let mut bytes = record.to_vec();
        bytes[at] ^= 1;
        Script::hello().raw(&bytes)
    };
    let server = server();
    assert_refused(vec![
        ("twice", Script::hello().sealed(&ee).raw(record), Fault::BadRecord),
        (
            "keys of another phase",
            Script::hello().sealed(&ee).with_new_keys().sealed(&ee),
            Fault::BadRecord,
        ),
        ("a tag changed", flipped(record.len() - 1), Fault::BadRecord),
        (
            "left out",
            Script::hello().raw(&server.handshake().bytes()[sealed.len()..]),
            Fault::BadRecord,
        ),
        ("too long", Script::hello().raw(&[23, 3, 3, 0x41, 1]), Fault::RecordLength),
        ("too short", Script::hello().raw(&[23, 3, 3, 0, 16]), Fault::RecordLength),
        ("empty", Script::hello().raw(&[23, 3, 3, 0, 0]), Fault::RecordLength),
    ]);
}

#[test]
fn record_versions_are_ignored() {
    let server = server();
    let mut script = server.handshake().bytes();
    // The record after the ServerHello. RFC 8446 section 5.2 authenticates its version as 03 03.
    let second = Script::hello().bytes().len();
    script[second + 1] = 0x55;
    script[second + 2] = 0xaa;
    assert_eq!(open(&mut client(&Wire::new(script)), &server.config()), Ok(()));
}

#[test]
fn records_are_as_large_as_the_buffer() {
    let server = server();
    let sized = |size: usize| {
        let padding = vec![0; size - 16 - 7];
        let first = [encrypted_extensions(), vec![22], padding].concat();
        let rest: [&[u8]; 3] = [&certificate(&server.chain()), &server.proof(), &finished()];
        Script::hello().sealed(&first).messages(&rest)
    };
    for size in [512, 600, 16640] {
        let wire = Wire::new(sized(size).bytes());
        assert_eq!(open(&mut client_with(&wire, size, 512), &server.config()), Ok(()));
    }
    let wire = Wire::new(sized(601).bytes());
    let opened = open(&mut client_with(&wire, 600, 512), &server.config());
    assert_eq!(opened, fault(Fault::RecordTooLarge));
}

#[test]
fn a_message_after_the_hello_in_its_record_is_refused() {
    let both = [server_hello(), message(8, &[0, 0])].concat();
    let script = Script::default().plain(22, &both);
    assert_refused(vec![("both", script, Fault::UnexpectedMessage)]);
}
