//! Converts certificates into the trust anchors for the firmware.

use std::{env, fs, path::PathBuf};

use mrequests_tls::trust::anchors;

#[cfg(not(feature = "webpki-roots"))]
fn put_anchors(out: &mut Vec<u8>) {
    const VARIABLE: &str = "MREQUESTS_CA_BUNDLE";
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // A build of the whole workspace, as by clippy, has no bundle.
    let Ok(path) = env::var(VARIABLE) else { return };
    println!("cargo::rerun-if-changed={path}");
    let certificates = fs::read(&path).unwrap_or_else(|error| panic!("{VARIABLE}={path}: {error}"));
    anchors::append(&certificates, &mut |bytes| {
        out.extend_from_slice(bytes);
        true
    })
    .unwrap_or_else(|error| panic!("{VARIABLE}={path}: {}", error.text()));
}

#[cfg(feature = "webpki-roots")]
fn put_anchors(out: &mut Vec<u8>) {
    for root in webpki_roots::TLS_SERVER_ROOTS {
        let anchor = anchors::Anchor {
            subject: &root.subject,
            key: &root.subject_public_key_info,
            name_constraints: root.name_constraints.as_deref(),
            is_ca: true,
        };
        anchor
            .put(&mut |bytes| {
                out.extend_from_slice(bytes);
                true
            })
            .unwrap_or_else(|error| panic!("webpki-roots: {}", error.text()));
    }
}

fn main() {
    let mut out = Vec::new();
    put_anchors(&mut out);
    let path = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(path.join("anchors.bin"), out).expect("OUT_DIR can be written to");
}
