//! Tables of trusted and refused certificates, made by tests/data/make.py.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

extern crate std;

mod anchors;
mod certificate;
mod chains;
mod clock;
mod devices;
mod identity;
mod many_paths;
mod mutations;
mod names;
mod pins;
mod refused;
mod renewals;

use super::error::CertificateError;
use super::pem::Base64;
use super::{Presented, check};
use crate::config::{Clock, Config, Trust};
use std::collections::HashMap;
use std::sync::OnceLock;
use std::vec::Vec;

const TRUST_TXT: &str = include_str!("../../../tests/data/trust.txt");

/// 2025-06-01.
const NOW: u64 = 1_748_736_000;
const YEAR: u64 = 31_556_952;
/// A year earlier.
const BUILT: u64 = NOW - YEAR;

/// The rest of each line of data by its first two words.
type Lines = HashMap<(&'static str, &'static str), (&'static str, Vec<u8>)>;

fn lines() -> &'static Lines {
    static LINES: OnceLock<Lines> = OnceLock::new();
    LINES
        .get_or_init(|| TRUST_TXT.lines().filter(|line| !line.starts_with('#')).map(read).collect())
}

/// The third word is the last one, except in lines of proofs.
fn read(line: &'static str) -> ((&'static str, &'static str), (&'static str, Vec<u8>)) {
    let words: Vec<_> = line.split(' ').collect();
    let decoded = Base64::new(words[words.len() - 1].as_bytes()).unwrap().collect();
    ((words[0], words[1]), (words[2], decoded))
}

fn line(kind: &'static str, name: &'static str) -> &'static (&'static str, Vec<u8>) {
    lines().get(&(kind, name)).unwrap_or_else(|| panic!("no {kind} {name} in trust.txt"))
}

/// The certificate of this name in DER.
fn certificate(name: &'static str) -> &'static [u8] {
    &line("certificate", name).1
}

/// The certificates of these names as a set of anchors.
fn anchors(names: &[&'static str]) -> Vec<u8> {
    let mut set = Vec::new();
    for name in names {
        let result = super::anchors::append(certificate(name), &mut |bytes| {
            set.extend_from_slice(bytes);
            true
        });
        assert_eq!(result, Ok(()), "{name}");
    }
    set
}

/// Certificates in the format of a server's message.
fn chain<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut chain = Vec::new();
    for certificate in certificates {
        let length = u32::try_from(certificate.len()).unwrap().to_be_bytes();
        chain.extend_from_slice(&length[1..]);
        chain.extend_from_slice(certificate);
    }
    chain
}

/// SIGNED of make.py.
fn signed() -> Vec<u8> {
    [&[b' '; 64][..], b"TLS 1.3, server CertificateVerify\0", &[7; 32]].concat()
}

/// A server, and the configuration of a client.
#[derive(Clone, Copy)]
struct Case {
    chain: &'static [&'static str],
    anchors: Option<&'static [&'static str]>,
    pins: &'static [u8],
    name: Option<&'static str>,
    now: Option<u64>,
    built: u64,
    /// The key that signs the handshake.
    proof: &'static str,
}

/// A trusted server.
const GOOD: Case = Case {
    chain: &["good", "ca"],
    anchors: Some(&["root"]),
    pins: &[],
    name: Some("example.com"),
    now: Some(NOW),
    built: BUILT,
    proof: "leaf",
};

impl Case {
    fn check(&self) -> Result<(), CertificateError> {
        self.check_chain(&chain(self.chain.iter().map(|name| certificate(name))))
    }

    fn check_chain(&self, chain: &[u8]) -> Result<(), CertificateError> {
        let (scheme, signature) = line("proof", self.proof);
        let scheme = u16::from_str_radix(scheme, 16).unwrap();
        self.check_presented(&Presented { chain, scheme, signature, signed: &signed() })
    }

    fn check_presented(&self, presented: &Presented<'_>) -> Result<(), CertificateError> {
        let set = self.anchors.map(anchors);
        check(&self.config(set.as_deref()), presented)
    }

    fn config<'a>(&self, set: Option<&'a [u8]>) -> Config<'a> {
        Config {
            server_name: self.name,
            trust: Trust::Verified { anchors: set, pins: self.pins },
            clock: Clock { now: self.now, built: self.built },
            max_fragment_length: None,
            identity: None,
        }
    }
}
