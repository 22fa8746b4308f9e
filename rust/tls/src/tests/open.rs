//! Records that arrive on an open connection.

use super::server::{connected, fault, open, read_all, server};
use crate::support::script::{
    Script, certificate, certificate_verify, encrypted_extensions, finished, message, server_hello,
    ticket,
};
use crate::support::wire::{End, Failure, Wire};
use crate::{Error, Fault, Kind};
use std::vec;
use std::vec::Vec;

const UNEXPECTED: Fault = Fault::UnexpectedRecord;

#[test]
fn data_in_records_of_any_size() {
    let all: Vec<u8> = (0..20_000).map(|n| n as u8).collect();
    for size in [1, 2, 100, 999, 16384] {
        let (mut client, _) = connected(|script| {
            let records = all.chunks(size).fold(script, |script, chunk| script.data(chunk));
            records.alert(0)
        });
        assert_eq!(read_all(&mut client), (all.clone(), Ok(())), "records of {size} bytes");
        assert_eq!(client.read(&mut [0; 9]), Ok(0), "and again");
    }
}

#[test]
fn data_between_other_records() {
    let (mut client, _) = connected(|script| {
        script
            .messages(&[&ticket(&[1; 200]), &ticket(&[])])
            .data(b"")
            .data(b"one")
            .sealed(b"\x17\0\0\0\0")
            .sealed(&[b"two".as_slice(), &[23], &[0; 99]].concat())
            .messages(&[&ticket(&[2; 300])])
            .alert(90)
            .data(b"three")
            .alert(0)
            .data(b"never")
    });
    assert_eq!(read_all(&mut client), (b"onetwothree".to_vec(), Ok(())));
}

#[test]
fn tickets_in_pieces() {
    let tickets = [ticket(&[1; 50]), message(4, &[]), ticket(&[2; 7])].concat();
    for size in [1, 3, 4, 5, 60, 70] {
        let (mut client, _) = connected(|script| {
            let pieces =
                tickets.chunks(size).fold(script, |script, piece| script.messages(&[piece]));
            pieces.data(b"data").alert(0)
        });
        assert_eq!(read_all(&mut client), (b"data".to_vec(), Ok(())), "in pieces of {size}");
    }
    // No other record may come between them (RFC 8446 section 5.1).
    let (mut client, _) = connected(|script| script.messages(&[&tickets[..20]]).data(b"data"));
    assert_eq!(read_all(&mut client), (vec![], fault(UNEXPECTED)));
}

#[test]
fn handshake_messages_other_than_tickets() {
    for kind in (0..=255).filter(|kind| *kind != 4) {
        let expected = if kind == 24 { Fault::KeyUpdate } else { Fault::UnexpectedMessage };
        let (mut client, _) =
            connected(|script| script.data(b"x").messages(&[&message(kind, &[0])]));
        assert_eq!(read_all(&mut client), (b"x".to_vec(), fault(expected)), "type {kind}");
        let (mut client, _) =
            connected(|script| script.messages(&[&ticket(&[1]), &message(kind, &[0])]).data(b"x"));
        assert_eq!(read_all(&mut client), (vec![], fault(expected)), "type {kind} behind a ticket");
    }
    assert_eq!(Fault::KeyUpdate.kind(), Kind::Protocol);
    let whole: [&[u8]; 5] = [
        &server_hello(),
        &encrypted_extensions(),
        &certificate(&[]),
        &certificate_verify(0x0201, &[0, 40]),
        &finished(),
    ];
    for message in whole {
        let (mut client, _) = connected(|script| script.messages(&[message]));
        assert_eq!(read_all(&mut client), (vec![], fault(Fault::UnexpectedMessage)));
    }
}

#[test]
fn a_ticket_that_hides_a_message_is_skipped_whole() {
    // embedded-tls would end the ticket by its inner lengths and panic on the bytes after it.
    let hidden = [&ticket(&[1])[4..], &finished()].concat();
    let (mut client, _) =
        connected(|script| script.messages(&[&message(4, &hidden)]).data(b"x").alert(0));
    assert_eq!(read_all(&mut client), (b"x".to_vec(), Ok(())));
}

#[test]
fn injected_records() {
    type Inject = fn(Script) -> Script;
    let cases: [(&str, Inject, Fault); 17] = [
        ("close_notify", |script| script.plain(21, &[1, 0]), UNEXPECTED),
        ("an alert", |script| script.plain(21, &[2, 40]), UNEXPECTED),
        ("Finished", |script| script.plain(22, &finished()), UNEXPECTED),
        ("a ticket", |script| script.plain(22, &ticket(&[1])), UNEXPECTED),
        ("data", |script| script.plain(23, &[0; 40]), Fault::BadRecord),
        ("change cipher spec", |script| script.plain(20, &[1]), UNEXPECTED),
        ("heartbeat", |script| script.plain(24, &[1; 30]), UNEXPECTED),
        ("type 0", |script| script.plain(0, &[1; 30]), UNEXPECTED),
        ("a short record", |script| script.plain(23, &[0; 16]), Fault::RecordLength),
        ("an empty record", |script| script.plain(23, &[]), Fault::RecordLength),
        ("a long record", |script| script.raw(&[23, 3, 3, 0x41, 1]), Fault::RecordLength),
        ("nothing inside", |script| script.sealed(&[]), Fault::RecordLength),
        ("zeros inside", |script| script.sealed(&[0; 90]), UNEXPECTED),
        ("change cipher spec inside", |script| script.record(20, &[1]), UNEXPECTED),
        ("type 99 inside", |script| script.record(99, &[1]), UNEXPECTED),
        ("no message inside", |script| script.record(22, &[]), Fault::UnexpectedMessage),
        (
            "keys of the handshake",
            |script| script.with_new_keys().sealed(b"x\x17"),
            Fault::BadRecord,
        ),
    ];
    for (name, inject, expected) in cases {
        let (mut client, _) = connected(|script| inject(script.data(b"x")).alert(0));
        assert_eq!(read_all(&mut client), (b"x".to_vec(), fault(expected)), "{name}");
        assert_eq!(client.read(&mut [0; 9]), fault(expected), "{name} is final");
        assert_eq!(client.write(b"x"), fault(expected), "{name} is final");
        assert!(!client.has_pending());
    }
}

#[test]
fn content_is_at_most_16_kib() {
    let (mut client, _) = connected(|script| script.data(&[1; 16384]).data(&[1; 16385]));
    let (data, end) = read_all(&mut client);
    assert_eq!((data.len(), end), (16384, fault(Fault::RecordLength)));
}

#[test]
fn alerts() {
    for description in (1..=255).filter(|description| *description != 90) {
        let (mut client, _) = connected(|script| script.data(b"x").alert(description).data(b"y"));
        let aborted = fault(Fault::Alert(description));
        assert_eq!(read_all(&mut client), (b"x".to_vec(), aborted));
        assert_eq!(aborted.unwrap_err().kind(), Kind::Aborted);
    }
    let malformed: [&[u8]; 4] = [&[], &[2], &[1, 0, 0], &[1, 0, 1, 0]];
    for alert in malformed {
        let (mut client, _) = connected(|script| script.record(21, alert));
        assert_eq!(read_all(&mut client), (vec![], fault(Fault::MalformedMessage)));
    }
}

#[test]
fn a_truncated_connection_is_an_error() {
    let server = server();
    let whole = server.handshake().data(b"12345").data(b"67").alert(0).bytes();
    let handshake = server.handshake().bytes().len();
    let ends = [
        (End::Closed, Error::Fault(Fault::Truncated)),
        (End::Broken, Error::Transport(Failure::Broken)),
    ];
    for (end, expected) in ends {
        for len in (0..whole.len()).step_by(7).chain(handshake..whole.len()) {
            let wire = Wire::new(whole[..len].to_vec());
            wire.0.borrow_mut().end = end;
            let mut client = super::server::client(&wire);
            let opened = open(&mut client, &server.config());
            if len < handshake {
                assert_eq!(opened, Err(expected), "cut at {len}");
            } else {
                assert_eq!(opened, Ok(()));
                assert_eq!(read_all(&mut client).1, Err(expected), "cut at {len}");
            }
            assert_eq!(client.read(&mut [0; 9]), Err(expected), "and again");
        }
    }
}

#[test]
fn received_data_is_taken_without_the_transport() {
    let (mut client, wire) = connected(|script| script.data(b"").data(b"12345").alert(0));
    assert_eq!(client.take(&mut [0; 9]), 0, "before it was received");
    client.receive().unwrap();
    let read = wire.0.borrow().read;
    client.receive().unwrap();
    assert_eq!(client.take(&mut []), 0);
    let mut buf = [0; 9];
    assert_eq!((client.take(&mut buf[..2]), client.take(&mut buf[2..])), (2, 3));
    assert_eq!(buf, *b"12345\0\0\0\0");
    assert_eq!(client.take(&mut [0; 9]), 0);
    assert_eq!(wire.0.borrow().read, read);
    client.receive().unwrap();
    assert!(!client.has_pending(), "the end");
    assert_eq!(client.take(&mut [0; 9]), 0);
}

#[test]
fn pending_data_needs_no_transport() {
    let (mut client, wire) = connected(|script| script.data(b"12345").data(b"6"));
    assert!(!client.has_pending());
    assert_eq!(client.read(&mut []), Ok(0));
    assert_eq!(client.read(&mut [0; 2]), Ok(2));
    assert!(client.has_pending());
    let read = wire.0.borrow().read;
    assert_eq!(client.read(&mut [0; 9]), Ok(3));
    assert_eq!(wire.0.borrow().read, read);
    assert!(!client.has_pending());
    assert_eq!(client.read(&mut [0; 9]), Ok(1));
}
