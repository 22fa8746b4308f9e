//! Connections to OpenSSL, to test this client as web servers see it.
#![allow(clippy::unwrap_used, missing_docs, reason = "these are tests")]

mod client_certificate;
mod data;
mod endings;
mod openssl;
mod parameters;
mod socket;

use mrequests_tls::trust::anchors;
use mrequests_tls::{Clock, Config, Connection, Error, Suite, Trust};
use openssl::Server;
use socket::{Heap, Socket};
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

type Result<T> = std::result::Result<T, Error<io::ErrorKind>>;

/// The built-in key types.
const KEYS: &[&str] = &[
    "p256",
    #[cfg(feature = "p384")]
    "p384",
    #[cfg(feature = "rsa")]
    "rsa2048",
    #[cfg(feature = "ed25519")]
    "ed25519",
];

/// A configuration that trusts these anchors.
fn config(anchors: &[u8]) -> Config<'_> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Config {
        server_name: Some("localhost"),
        trust: Trust::Verified { anchors: Some(anchors), pins: &[] },
        clock: Clock { now: Some(now), built: 0 },
        max_fragment_length: None,
        identity: None,
    }
}

/// The certificate of this name as an anchor.
fn anchor(name: &str) -> Vec<u8> {
    let mut set = Vec::new();
    let certificate = openssl::file(name, "pem");
    let result = anchors::append(&certificate, &mut |part: &[u8]| {
        set.extend(part);
        true
    });
    assert_eq!(result, Ok(()));
    set
}

fn client(server: &Server, suite: Suite, read: usize, write: usize) -> Connection<'static, Socket> {
    let buffer = |len| Box::leak(vec![0; len].into_boxed_slice());
    Connection::new(suite, Socket::connect(server.port), buffer(read), buffer(write))
}

/// A connected client with the default suite.
fn connect(server: &Server, config: &Config<'_>) -> Result<Connection<'static, Socket>> {
    let mut client = client(server, Suite::default(), 16640, 1024);
    open(&mut client, config)?;
    Ok(client)
}

fn open(client: &mut Connection<'_, Socket>, config: &Config<'_>) -> Result<()> {
    client.open(config, &[7; 48], &mut Heap::default())
}

fn read_exactly(client: &mut Connection<'_, Socket>, len: usize) -> Result<Vec<u8>> {
    let (mut all, mut buf) = (Vec::new(), vec![0; 5000]);
    while all.len() < len {
        match client.read(&mut buf)? {
            0 => break,
            read => all.extend(buf.iter().take(read)),
        }
    }
    Ok(all)
}
