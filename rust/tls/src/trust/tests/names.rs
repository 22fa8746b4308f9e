//! Names and addresses.

use super::*;
use CertificateError::{NoServerName, WrongName};

const OK: Result<(), CertificateError> = Ok(());

#[test]
fn the_name_must_be_an_alternative_name() {
    for (name, expected) in [
        ("example.com", OK),
        ("EXAMPLE.com", OK),
        ("example.com.", OK),
        ("a.wild.example.com", OK),
        ("192.0.2.1", OK),
        ("2001:db8::1", OK),
        ("[2001:db8::1]", OK),
        ("[2001:DB8:0:0::1]", OK),
        ("www.example.com", Err(WrongName)),
        ("example.co", Err(WrongName)),
        ("example.com.evil.test", Err(WrongName)),
        ("wild.example.com", Err(WrongName)),
        ("a.b.wild.example.com", Err(WrongName)),
        ("leaf", Err(WrongName)),
        ("192.0.2.2", Err(WrongName)),
        ("2001:db8::2", Err(WrongName)),
        ("::ffff:192.0.2.1", Err(WrongName)),
        // Neither names nor addresses.
        ("", Err(NoServerName)),
        (".", Err(NoServerName)),
        ("example.com..", Err(NoServerName)),
        ("*.wild.example.com", Err(NoServerName)),
        ("example.com\0", Err(NoServerName)),
        ("example.com\0.evil.test", Err(NoServerName)),
        ("192.0.2.1.", OK),
        ("192.0.2", Err(NoServerName)),
        ("[2001:db8::1", Err(NoServerName)),
        ("2001:db8::1]", Err(NoServerName)),
        ("[example.com", Err(NoServerName)),
    ] {
        assert_eq!(Case { name: Some(name), ..GOOD }.check(), expected, "{name:?}");
    }
    assert_eq!(Case { name: None, ..GOOD }.check(), Err(NoServerName));
}

#[test]
fn a_wildcard_is_one_whole_label_the_first() {
    for (chain, name, expected) in [
        (&["wildcard", "ca"], "www.example.com", OK),
        (&["wildcard", "ca"], "WWW.example.com", OK),
        (&["wildcard", "ca"], "example.com", Err(WrongName)),
        (&["wildcard", "ca"], "a.www.example.com", Err(WrongName)),
        (&["wildcard", "ca"], ".example.com", Err(NoServerName)),
        (&["wildcard-of-com", "ca"], "example.com", Err(WrongName)),
        (&["wildcard-inside", "ca"], "www.example.com", Err(WrongName)),
        (&["wildcard-second", "ca"], "www.example.com", Err(WrongName)),
        (&["wildcard-double", "ca"], "www.example.com", Err(WrongName)),
        (&["wildcard-alone", "ca"], "example", Err(WrongName)),
        (&["wildcard-alone", "ca"], "example.com", Err(WrongName)),
        // Neither an address nor the common name counts as a name.
        (&["wildcard", "ca"], "192.0.2.1", Err(WrongName)),
        (&["without-names", "ca"], "example.com", Err(WrongName)),
    ] {
        assert_eq!(Case { chain, name: Some(name), ..GOOD }.check(), expected, "{chain:?} {name}");
    }
}
