//! The trust anchors built into the firmware: those of the PEM file that the environment variable
//! `MREQUESTS_CA_BUNDLE` names, or, with the feature `webpki-roots`, Mozilla's.
#![no_std]

/// The set of anchors in the format of `mrequests_tls::trust::anchors`.
pub static ANCHORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/anchors.bin"));
