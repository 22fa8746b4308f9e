//! ServerHellos.

use crate::Fault;
use crate::hello::check;
use crate::support::script::{extension, hello_extensions, message};
use std::vec::Vec;

const SUITE: u16 = 0x1304;
const RETRY: &[u8] = b"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c";

/// A ServerHello that is valid except for the change of a test.
struct Hello {
    version: u16,
    random: Vec<u8>,
    session_id: Vec<u8>,
    suite: u16,
    compression: u8,
    extensions: Vec<u8>,
}

fn hello() -> Hello {
    Hello {
        version: 0x0303,
        random: [9; 32].into(),
        session_id: Vec::new(),
        suite: SUITE,
        compression: 0,
        extensions: hello_extensions(),
    }
}

impl Hello {
    fn bytes(&self) -> Vec<u8> {
        let session_id = &message(0, &self.session_id)[3..];
        let [_, _, suite_and_extensions @ ..] = &*extension(0, &self.extensions) else { panic!() };
        let body = [
            &self.version.to_be_bytes(),
            self.random.as_slice(),
            session_id,
            &self.suite.to_be_bytes(),
            &[self.compression],
            suite_and_extensions,
        ]
        .concat();
        message(2, &body)
    }

    fn check(&self) -> Result<(), Fault> {
        check(&self.bytes(), SUITE)
    }
}

fn share(group: u16, len: usize) -> Vec<u8> {
    extension(51, &extension(group, &Vec::from_iter((0..len).map(|_| 4))))
}

#[test]
fn hello_that_accepts_the_offer() {
    assert_eq!(hello().check(), Ok(()));
    let mut other_order = hello();
    other_order.extensions = [share(0x17, 65), extension(43, &[3, 4])].concat();
    assert_eq!(other_order.check(), Ok(()));
}

#[test]
fn hellos_of_older_versions() {
    let old = Err(Fault::OldVersion);
    let renegotiation = extension(0xff01, &[0]);
    let tickets = extension(35, &[]);
    let tls_1_2 = Hello {
        session_id: [5; 32].into(),
        suite: 0xc02f,
        extensions: [renegotiation.clone(), tickets].concat(),
        ..hello()
    };
    assert_eq!(tls_1_2.check(), old);
    assert_eq!(Hello { version: 0x0302, ..tls_1_2 }.check(), old);
    assert_eq!(Hello { version: 0x0300, extensions: renegotiation, ..hello() }.check(), old);
    assert_eq!(Hello { extensions: share(0x17, 65), ..hello() }.check(), old);
    // TLS 1.2 without extensions, and without their length.
    let bytes = Hello { extensions: Vec::new(), ..hello() }.bytes();
    let bare = message(2, &bytes[4..bytes.len() - 2]);
    assert_eq!(check(&bare, SUITE), old);
}

#[test]
fn hellos_with_other_choices() {
    let with = |extensions: [Vec<u8>; 2]| Hello { extensions: extensions.concat(), ..hello() };
    let version = || extension(43, &[3, 4]);
    assert_eq!(Hello { suite: 0x1303, ..hello() }.check(), Err(Fault::OtherSuite));
    for group in [0x0018, 0x001d, 0x11ec, 0x9999] {
        assert_eq!(with([version(), share(group, 32)]).check(), Err(Fault::OtherGroup));
    }
    let retries = [[version(), extension(51, &[0, 0x1d])], [version(), extension(44, &[0, 1, 7])]];
    for extensions in retries {
        let retry = Hello { random: RETRY.into(), ..with(extensions) };
        assert_eq!(retry.check(), Err(Fault::HelloRetry));
    }
}

#[test]
fn malformed_hellos() {
    let with = |extensions: &[Vec<u8>]| Hello { extensions: extensions.concat(), ..hello() };
    let version = || extension(43, &[3, 4]);
    let good = || share(0x17, 65);
    let malformed = [
        Hello { version: 0x0304, ..hello() },
        Hello { version: 0x0203, ..hello() },
        Hello { session_id: [1].into(), ..hello() },
        Hello { compression: 1, ..hello() },
        with(&[version()]),
        with(&[version(), extension(51, &[])]),
        with(&[version(), extension(51, &[0, 0x17])]),
        with(&[version(), share(0x17, 64)]),
        with(&[version(), share(0x17, 66)]),
        with(&[version(), extension(51, &[&extension(0x17, &[4; 65])[..], &[0]].concat())]),
        with(&[version(), version(), good()]),
        with(&[version(), good(), good()]),
        with(&[extension(43, &[3]), good()]),
        with(&[extension(43, &[3, 4, 0]), good()]),
        with(&[extension(43, &[3, 3]), good()]),
        // Neither a pre-shared key nor another extension was offered.
        with(&[version(), good(), extension(41, &[0, 0])]),
        with(&[version(), good(), extension(0, &[])]),
        with(&[version(), good(), [1].into()]),
        with(&[version(), good(), [0, 1, 0, 9].into()]),
    ];
    for (number, hello) in malformed.iter().enumerate() {
        assert_eq!(hello.check(), Err(Fault::MalformedMessage), "case {number}");
    }
}

#[test]
fn truncated_and_overlong_hellos() {
    let bytes = hello().bytes();
    for len in 1..bytes.len() {
        assert_eq!(check(&bytes[..len], SUITE), Err(Fault::MessageTooLarge));
    }
    assert_eq!(check(&[], SUITE), Err(Fault::UnexpectedMessage));
    assert_eq!(check(&[&bytes[..], &[0]].concat(), SUITE), Err(Fault::UnexpectedMessage));
    for len in 0..bytes.len() - 4 {
        let short = message(2, &bytes[4..4 + len]);
        // A hello may end before its extensions: that is TLS 1.2.
        let fault = if len == 38 { Fault::OldVersion } else { Fault::MalformedMessage };
        assert_eq!(check(&short, SUITE), Err(fault), "{len}");
    }
    for kind in (0..=255).filter(|kind| *kind != 2) {
        assert_eq!(check(&message(kind, &bytes[4..]), SUITE), Err(Fault::UnexpectedMessage));
    }
}
