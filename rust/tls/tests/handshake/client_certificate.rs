//! Servers that request a certificate.

use super::openssl::file;
use super::{Server, anchor, config, connect, read_exactly};
use mrequests_tls::trust::identity::{self, Identity};
use mrequests_tls::{Config, Error, Fault};

const ASKING: [&str; 6] = ["-rev", "-Verify", "1", "-verify_return_error", "-CAfile", "client.pem"];

fn identity_of(name: &str) -> Vec<u8> {
    let mut blob = Vec::new();
    identity::parse(&file(name, "pem"), &file(name, "key"), &mut |part: &[u8]| {
        blob.extend(part);
        true
    })
    .unwrap();
    blob
}

#[test]
fn the_trusted_certificate_is_accepted() {
    let server = Server::start("p256", &ASKING);
    let (anchor, blob) = (anchor("p256"), identity_of("client"));
    let with = Config { identity: Some(Identity { blob: &blob }), ..config(&anchor) };
    let mut client = connect(&server, &with).unwrap();
    client.write(b"hello\n").unwrap();
    assert_eq!(read_exactly(&mut client, 6).unwrap(), b"olleh\n");
}

#[test]
fn without_a_trusted_certificate_the_server_aborts() {
    let anchor = anchor("p256");
    let wrong = identity_of("p256");
    let cases = [(None, 116), (Some(Identity { blob: &wrong }), 48)];
    for (identity, alert) in cases {
        let server = Server::start("p256", &ASKING);
        let mut client = connect(&server, &Config { identity, ..config(&anchor) }).unwrap();
        let read = client.read(&mut [0; 9]);
        assert_eq!(read, Err(Error::Fault(Fault::Alert(alert))));
    }
}
