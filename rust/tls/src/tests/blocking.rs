//! Transports that block temporarily, or move few bytes at a time.

use super::server::{client, connected, open, read_all, sent, server};
use crate::support::script::{Script, ticket};
use crate::support::wire::{End, Failure, Wire};
use crate::{Connection, Error};
use std::vec;
use std::vec::Vec;

const LATER: Error<Failure> = Error::Retry(Failure::WouldBlock);
const TIMED_OUT: Error<Failure> = Error::Transport(Failure::WouldBlock);

/// Reads all that a client receives, and repeats reads that return a retry error.
fn read_patiently(client: &mut Connection<'_, Wire>) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let (data, end) = read_all(client);
        all.extend(data);
        match end {
            Ok(()) => return all,
            Err(error) => assert_eq!(error, LATER),
        }
    }
}

#[test]
fn few_bytes_at_a_time() {
    let server = server();
    for (step, blocks) in [(1, false), (1, true), (2, true), (7, true), (0, true)] {
        let script = server.handshake().messages(&[&ticket(&[1; 9])]).data(b"12345").data(b"678");
        let wire = Wire::new(script.alert(0).bytes());
        wire.0.borrow_mut().step = step;
        wire.0.borrow_mut().blocks = blocks;
        let mut client = client(&wire);
        assert_eq!(open(&mut client, &server.config()), Ok(()));
        assert_eq!(client.write(&[1; 2000]), Ok(2000));
        assert_eq!(read_patiently(&mut client), b"12345678");
        let written: usize = sent(&wire, 1)[2..].iter().map(|(_, content)| content.len()).sum();
        assert_eq!(written, 2000);
        assert_eq!(wire.0.borrow().waits > 0, blocks);
    }
}

/// Returns the records that `more` adds to a script.
fn behind(before: &Script, more: impl Fn(Script) -> Script) -> (Script, Vec<u8>) {
    let script = more(before.clone());
    let bytes = script.bytes()[before.bytes().len()..].to_vec();
    (script, bytes)
}

#[test]
fn nothing_is_lost_between_records() {
    let (mut client, wire) = connected(|script| script);
    wire.0.borrow_mut().end = End::Idle;
    assert_eq!(client.read(&mut [0; 9]), Err(LATER));
    let (script, a_ticket) =
        behind(&server().handshake(), |script| script.messages(&[&ticket(&[1])]));
    wire.0.borrow_mut().input.extend(a_ticket);
    assert_eq!(client.read(&mut [0; 9]), Err(LATER), "behind a ticket");
    assert_eq!(client.write(b"x"), Ok(1));
    let (script, half_a_ticket) = behind(&script, |script| script.messages(&[&ticket(&[1])[..9]]));
    wire.0.borrow_mut().input.extend(half_a_ticket);
    assert_eq!(client.read(&mut [0; 9]), Err(LATER), "behind half a ticket");
    let (script, rest) = behind(&script, |script| script.messages(&[&ticket(&[1])[9..]]).data(b""));
    wire.0.borrow_mut().input.extend(rest);
    assert_eq!(client.read(&mut [0; 9]), Err(LATER), "behind a record without data");
    let (_, data) = behind(&script, |script| script.data(b"12345"));
    wire.0.borrow_mut().input.extend(data);
    assert_eq!(client.read(&mut [0; 9]), Ok(5));
    assert_eq!(client.read(&mut [0; 9]), Err(LATER));
    assert_eq!(wire.0.borrow().waits, 0);
}

#[test]
fn within_a_record_the_client_waits() {
    let (_, data) = behind(&server().handshake(), |script| script.data(b"12345"));
    for at in 1..data.len() {
        let (mut client, wire) = connected(|script| script.raw(&data[..at]));
        wire.0.borrow_mut().end = End::Idle;
        wire.0.borrow_mut().late = Some(data[at..].to_vec());
        assert_eq!(client.read(&mut [0; 9]), Ok(5), "cut at {at}");
        assert_eq!(wire.0.borrow().waits, 1);

        let (mut client, wire) = connected(|script| script.raw(&data[..at]));
        wire.0.borrow_mut().end = End::Idle;
        assert_eq!(client.read(&mut [0; 9]), Err(TIMED_OUT), "cut at {at}");
        wire.0.borrow_mut().input.extend(&data[at..]);
        assert_eq!(client.read(&mut [0; 9]), Err(TIMED_OUT), "and it is final");
    }
}

#[test]
fn a_timeout_in_the_handshake_is_final() {
    let server = server();
    let whole = server.handshake().bytes();
    for len in (0..whole.len()).step_by(7) {
        let wire = Wire::new(whole[..len].to_vec());
        wire.0.borrow_mut().end = End::Idle;
        let mut client = client(&wire);
        assert_eq!(open(&mut client, &server.config()), Err(TIMED_OUT), "after {len} bytes");
        assert_eq!(client.read(&mut [0; 9]), Err(TIMED_OUT));
    }
}

#[test]
fn the_end_of_the_stream_ends_a_wait() {
    let (mut client, wire) = connected(|script| script);
    wire.0.borrow_mut().end = End::Broken;
    assert_eq!(read_all(&mut client), (vec![], Err(Error::Transport(Failure::Broken))));
    assert_eq!(wire.0.borrow().waits, 0);
}
