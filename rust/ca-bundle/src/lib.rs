//! Trust anchors that are built into firmware: those of the PEM file that the environment variable
//! `MREQUESTS_CA_BUNDLE` names, or, with the feature `webpki-roots`, those of the web.
#![no_std]

/// The set of anchors, as `mrequests_tls::trust::anchors` reads it.
pub static ANCHORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/anchors.bin"));
