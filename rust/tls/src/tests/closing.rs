//! The records that a client sends on an open connection and at its end.

use super::server::{client_with, connected, fault, open, read_all, sent, server};
use crate::support::script::Script;
use crate::support::wire::{End, Failure, Wire};
use crate::{Config, Connection, Error, Fault, FragmentLength, WRITE_OVERHEAD};
use std::vec;
use std::vec::Vec;

const CLOSE_NOTIFY: (u8, [u8; 2]) = (21, [1, 0]);

/// Returns the sizes of the records in which `len` bytes are sent.
fn record_sizes(len: usize, write_buffer: usize, limit: Option<FragmentLength>) -> Vec<usize> {
    let server = server();
    let wire = Wire::new(server.handshake().bytes());
    let mut client = client_with(&wire, 16640, write_buffer);
    let config = Config { max_fragment_length: limit, ..server.config() };
    assert_eq!(open(&mut client, &config), Ok(()));
    let data: Vec<u8> = (0..len).map(|n| n as u8).collect();
    assert_eq!(client.write(&data), Ok(len));
    let records = sent(&wire, 1).split_off(2);
    assert!(records.iter().all(|(content_type, _)| *content_type == 23));
    let sizes = records.iter().map(|(_, content)| content.len()).collect();
    assert_eq!(records.into_iter().flat_map(|(_, content)| content).collect::<Vec<_>>(), data);
    sizes
}

#[test]
fn all_is_sent_in_records_that_fit() {
    let none: [usize; 0] = [];
    assert_eq!(record_sizes(0, 1024, None), none);
    assert_eq!(record_sizes(1, 1024, None), [1]);
    let most = 1024 - WRITE_OVERHEAD;
    assert_eq!(record_sizes(most, 1024, None), [most]);
    assert_eq!(record_sizes(most + 1, 1024, None), [most, 1]);
    assert_eq!(record_sizes(2 * most, 1024, None), [most, most]);
    assert_eq!(record_sizes(1024, 1024 + WRITE_OVERHEAD, None), [1024]);
    assert_eq!(record_sizes(20_000, 60_000, None), [16384, 3616], "the most there is");
    assert_eq!(record_sizes(1300, 2048, Some(FragmentLength::Bytes512)), [512, 512, 276]);
    assert_eq!(record_sizes(1300, 512, Some(FragmentLength::Bytes4096)).len(), 4);
}

#[test]
fn close_notify_is_sent_once() {
    let (mut client, wire) = connected(|script| script.data(b"x"));
    client.write(b"bye").unwrap();
    client.close();
    client.close();
    let records = sent(&wire, 1).split_off(2);
    let expected = [(23, b"bye".to_vec()), (CLOSE_NOTIFY.0, CLOSE_NOTIFY.1.to_vec())];
    assert_eq!(records, expected);
    assert_eq!(client.read(&mut [0; 9]), fault(Fault::NotOpen));
    assert_eq!(client.write(b"x"), fault(Fault::NotOpen));
}

#[test]
fn close_drops_unread_data() {
    let (mut client, _) = connected(|script| script.data(b"12345"));
    assert_eq!(client.read(&mut [0; 2]), Ok(2));
    client.close();
    assert!(!client.has_pending());
}

#[test]
fn a_closed_connection_gets_no_alert() {
    let gone: [fn(Script) -> Script; 3] =
        [|script| script.alert(0), |script| script.alert(80), |script| script];
    for end in gone {
        let (mut client, wire) = connected(end);
        let _ = read_all(&mut client);
        client.close();
        assert_eq!(sent(&wire, 1).len(), 2, "ClientHello and Finished");
    }
}

#[test]
fn a_client_may_write_after_close_notify() {
    let (mut client, wire) = connected(|script| script.alert(0));
    assert_eq!(client.read(&mut [0; 9]), Ok(0));
    assert_eq!(client.write(b"late"), Ok(4));
    assert_eq!(sent(&wire, 1)[2..], [(23, b"late".to_vec())]);
}

#[test]
fn mistakes_of_the_server_are_answered_by_alerts() {
    type Inject = fn(Script) -> Script;
    let cases: [(Inject, u8); 6] = [
        (|script| script.plain(22, &[0; 40]), 10),
        (|script| script.plain(23, &[0; 40]), 20),
        (|script| script.plain(23, &[]), 22),
        (|script| script.record(21, &[2]), 50),
        (|script| script.messages(&[&[24, 0, 0, 1, 0]]), 80),
        (|script| script.messages(&[&[1, 0, 0, 0]]), 10),
    ];
    for (inject, description) in cases {
        let (mut client, wire) = connected(inject);
        assert!(client.read(&mut [0; 9]).is_err());
        client.close();
        assert_eq!(sent(&wire, 1)[2..], [(21, vec![2, description])]);
    }
}

#[test]
fn a_failed_write_is_final() {
    let server = server();
    let (handshake, all) = {
        let (mut client, wire) = connected(|script| script);
        let handshake = wire.0.borrow().output.len();
        client.write(&[1; 100]).unwrap();
        client.write(&[2; 100]).unwrap();
        (handshake, wire.0.borrow().output.len())
    };
    for room in 0..all {
        let wire = Wire::new(server.handshake().data(b"x").bytes());
        wire.0.borrow_mut().room = Some(room);
        let mut client = client_with(&wire, 16640, 1024);
        let result = open(&mut client, &server.config())
            .and_then(|()| client.write(&[1; 100]))
            .and_then(|_| client.write(&[2; 100]));
        assert_eq!(result, Err(BROKEN), "with room for {room}");
        // Another record would reuse the nonce of the failed one.
        wire.0.borrow_mut().room = None;
        assert_eq!(client.write(&[3; 100]), Err(BROKEN));
        let read = if room < handshake { Err(BROKEN) } else { Ok(1) };
        assert_eq!(client.read(&mut [0; 9]), read, "what came before can be read");
        assert_eq!(client.write(&[3; 100]), Err(BROKEN), "and nothing be written");
        client.close();
        assert_eq!(wire.0.borrow().output.len(), room, "nothing is sent behind it");
    }
}

const BROKEN: Error<Failure> = Error::Transport(Failure::Broken);

/// A client with a failed write.
fn cut_off(more: impl Fn(Script) -> Script) -> (Connection<'static, Wire>, Wire) {
    let (mut client, wire) = connected(more);
    wire.0.borrow_mut().room = Some(0);
    assert_eq!(client.write(b"x"), Err(BROKEN));
    wire.0.borrow_mut().room = None;
    (client, wire)
}

#[test]
fn after_a_failed_write_reads_go_on_to_the_end() {
    let (mut client, wire) = cut_off(|script| script.data(b"413 ").data(b"large").alert(0));
    let sent = wire.0.borrow().output.len();
    assert_eq!(read_all(&mut client), (b"413 large".to_vec(), Ok(())));
    assert_eq!(client.read(&mut [0; 9]), Ok(0), "and again");
    assert_eq!(client.write(b"x"), Err(BROKEN));
    client.close();
    assert_eq!(wire.0.borrow().output.len(), sent);
}

#[test]
fn after_a_failed_write_mistakes_of_the_server_are_final() {
    type Inject = fn(Script) -> Script;
    let cases: [(Inject, Fault); 4] = [
        (|script| script, Fault::Truncated),
        (|script| script.alert(80), Fault::Alert(80)),
        (|script| script.plain(23, &[0; 40]), Fault::BadRecord),
        (|script| script.plain(22, &[0; 40]), Fault::UnexpectedRecord),
    ];
    for (inject, expected) in cases {
        let (mut client, wire) = cut_off(|script| inject(script.data(b"some")));
        let sent = wire.0.borrow().output.len();
        assert_eq!(read_all(&mut client), (b"some".to_vec(), fault(expected)));
        assert_eq!(client.read(&mut [0; 9]), fault(expected));
        assert_eq!(client.write(b"x"), fault(expected));
        client.close();
        assert_eq!(wire.0.borrow().output.len(), sent, "not even the alert");
    }
}

#[test]
fn after_a_failed_write_a_read_may_be_repeated() {
    let (mut client, wire) = cut_off(|script| script.data(b"1"));
    wire.0.borrow_mut().end = End::Idle;
    let later = (b"1".to_vec(), Err(Error::Retry(Failure::WouldBlock)));
    assert_eq!(read_all(&mut client), later);
    assert_eq!(client.write(b"x"), Err(BROKEN));
    assert_eq!(client.read(&mut [0; 9]), Err(Error::Retry(Failure::WouldBlock)));
}
