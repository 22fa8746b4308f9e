//! The end of connections.

use super::{Server, anchor, config, connect, read_exactly};
use mrequests_tls::{Error, Fault};

#[test]
fn close_notify_ends_and_truncation_fails() {
    let anchor = anchor("p256");
    let server = Server::start("p256", &["-tls1_3", "-rev"]);
    let mut client = connect(&server, &config(&anchor)).unwrap();
    client.write(b"CLOSE\n").unwrap();
    assert_eq!(client.read(&mut [0; 9]), Ok(0));
    assert_eq!(client.read(&mut [0; 9]), Ok(0));
    client.close();

    let mut server = Server::start("p256", &["-tls1_3"]);
    let mut client = connect(&server, &config(&anchor)).unwrap();
    server.type_in(b"12345\n");
    assert_eq!(read_exactly(&mut client, 6).unwrap(), b"12345\n");
    server.type_in(b"Q\n");
    assert_eq!(client.read(&mut [0; 9]), Err(Error::Fault(Fault::Truncated)));
}

#[test]
fn close_sends_close_notify() {
    let anchor = anchor("p256");
    let server = Server::start("p256", &["-tls1_3", "-msg"]);
    let mut client = connect(&server, &config(&anchor)).unwrap();
    client.close();
    drop(client);
    let output = String::from_utf8(server.output()).unwrap();
    assert!(output.contains("<<< TLS 1.3, Alert [length 0002], warning close_notify"), "{output}");
}

#[test]
fn a_refused_server_gets_an_alert() {
    let other = anchor("client");
    let server = Server::start("p256", &["-tls1_3", "-msg"]);
    assert!(connect(&server, &config(&other)).is_err());
    let output = String::from_utf8(server.output()).unwrap();
    assert!(output.contains("<<< TLS 1.3, Alert [length 0002], fatal bad_certificate"), "{output}");
}

#[test]
fn a_key_update_is_an_error() {
    let anchor = anchor("p256");
    for command in [b"k\n", b"K\n"] {
        let mut server = Server::start("p256", &["-tls1_3"]);
        let mut client = connect(&server, &config(&anchor)).unwrap();
        server.type_in(b"12345\n");
        assert_eq!(read_exactly(&mut client, 6).unwrap(), b"12345\n");
        server.type_in(command);
        assert_eq!(client.read(&mut [0; 9]), Err(Error::Fault(Fault::KeyUpdate)));
    }
}
