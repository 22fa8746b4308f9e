//! Servers that share no parameters with this client, and servers that are refused.

use super::{Server, anchor, client, config, connect, open};
use mrequests_tls::trust::CertificateError;
use mrequests_tls::{Config, Error, Fault, FragmentLength, Kind, READ_OVERHEAD, Suite};

#[test]
fn servers_without_common_parameters() {
    let cases: [(&[&str], Fault); 4] = [
        (&["-tls1_2"], Fault::Declined(70)),
        (&["-tls1_3", "-groups", "X25519"], Fault::Declined(40)),
        (&["-tls1_3", "-groups", "P-384"], Fault::Declined(40)),
        (&["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"], Fault::Declined(40)),
    ];
    for (arguments, fault) in cases {
        let server = Server::start("p256", arguments);
        let anchor = anchor("p256");
        let opened = connect(&server, &config(&anchor)).map(|_| ());
        assert_eq!(opened, Err(Error::Fault(fault)), "{arguments:?}");
        assert_eq!(opened.unwrap_err().kind(), Kind::NotOffered);
    }
    let prefers_another = Server::start("p256", &["-tls1_3", "-groups", "X25519:P-384:P-256"]);
    assert!(connect(&prefers_another, &config(&anchor("p256"))).is_ok());
}

#[test]
fn refused_servers() {
    let right = anchor("p256");
    let other = anchor("client");
    let refused = |config: Config<'_>| {
        let server = Server::start("p256", &["-tls1_3"]);
        connect(&server, &config).map(|_| ()).unwrap_err()
    };
    let wrong_name = Config { server_name: Some("example.org"), ..config(&right) };
    let expected = Error::Fault(Fault::Certificate(CertificateError::WrongName));
    assert_eq!(refused(wrong_name), expected);
    assert_eq!(refused(config(&other)).kind(), Kind::Refused);
}

#[test]
fn a_chain_that_does_not_fit_into_a_record() {
    let server = Server::start("rsa2048", &["-tls1_3"]);
    let anchor = anchor("rsa2048");
    let size = 512;
    let limited = Config { max_fragment_length: FragmentLength::at_most(size), ..config(&anchor) };
    let mut client = client(&server, Suite::default(), size + READ_OVERHEAD, 1024);
    let opened = open(&mut client, &limited);
    // Without RSA there is no common certificate type.
    let fault = if cfg!(feature = "rsa") { Fault::MessageTooLarge } else { Fault::Declined(40) };
    assert_eq!(opened, Err(Error::Fault(fault)));
}
