//! Connections to scripted servers without encryption, for tests and fuzz targets.
#![allow(clippy::indexing_slicing, reason = "constant ranges of data made here")]

pub(crate) mod null;
pub(crate) mod script;
pub(crate) mod wire;

use crate::{Clock, Config, Connection, Error, Suite, Trust};
use script::Script;
use wire::{Failure, Heap, Wire};

/// A client's configuration.
pub(crate) fn config(trust: Trust<'_>) -> Config<'_> {
    Config {
        server_name: Some("example.org"),
        trust,
        clock: Clock { now: None, built: 0 },
        max_fragment_length: None,
        identity: None,
    }
}

/// Opens a connection to a server that follows a script made of `input`, and reads to its end.
///
/// # Panics If a server is accepted without a proof, or an error is not final.
pub fn handshake(input: &[u8]) {
    let (trust, input) = match input.split_first() {
        Some((0..128, rest)) => (Trust::Anyone, rest),
        Some((_, rest)) => (Trust::Verified { anchors: None, pins: &[0; 32] }, rest),
        None => return,
    };
    let wire = Wire::new(play(input).bytes());
    let (mut read_buffer, mut write_buffer) = ([0; 2048], [0; 512]);
    let mut connection = Connection::new(Suite::Null, wire, &mut read_buffer, &mut write_buffer);
    let opened = connection.open(&config(trust), &[1; 48], &mut Heap::default());
    assert!(opened.is_err() || matches!(trust, Trust::Anyone), "a server without a proof");
    let end = read_to_end(&mut connection);
    assert!(opened.is_ok() || opened.err() == end.err(), "an error that is not final");
    let mut buf = [0; 1];
    assert_eq!(connection.read(&mut buf).map(|_| ()), end, "an end that is not final");
    connection.close();
}

fn read_to_end(connection: &mut Connection<'_, Wire>) -> Result<(), Error<Failure>> {
    let mut buf = [0; 7];
    while connection.read(&mut buf)? > 0 {}
    Ok(())
}

/// Decodes a script: each step is a number, and for some a length and as many bytes. Most steps
/// belong to valid handshakes, so that not every script ends at the first message.
fn play(mut input: &[u8]) -> Script {
    let mut script = Script::hello();
    while let Some((step, rest)) = input.split_first() {
        let len = rest.first().map_or(0, |len| usize::from(*len));
        let behind = rest.get(1..).unwrap_or_default();
        let (bytes, next) = behind.split_at_checked(len).unwrap_or((behind, &[]));
        let kind = bytes.first().copied().unwrap_or_default();
        let body = bytes.get(1..).unwrap_or_default();
        (script, input) = match step % 16 {
            0 => (script.messages(&[&script::encrypted_extensions()]), rest),
            1 => (script.messages(&[&script::certificate(&script::entry(&[1]))]), rest),
            2 => (script.messages(&[&script::certificate_verify(0x0403, &[1])]), rest),
            3 => (script.messages(&[&script::finished()]).with_new_keys(), rest),
            4 => (script.with_new_keys(), rest),
            5 => (script.messages(&[&script::ticket(bytes)]), next),
            6 => (script.data(bytes), next),
            7 => (script.record(kind, body), next),
            8 => (script.messages(&[&script::message(kind, body)]), next),
            9 => (script.messages(&[&script::certificate(bytes)]), next),
            10 => (script.messages(&[bytes, &script::finished()]), next),
            11 => (script.plain(kind, body), next),
            12 => (script.raw(bytes), next),
            13 => (Script::default().plain(22, bytes), next),
            14 => (script.alert(kind), next),
            _ => (script.sealed(bytes), next),
        };
    }
    script
}
