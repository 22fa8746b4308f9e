//! Lets the program say which compiler made it: it may be another than the host's (tools/cargo_target.sh).

use std::env;
use std::process::Command;

fn main() {
    let rustc = env::var_os("RUSTC").expect("cargo names it");
    let output = Command::new(rustc).arg("--version").output().expect("it runs");
    let version = String::from_utf8_lossy(&output.stdout);
    println!("cargo::rustc-env=RUSTC_VERSION={}", version.trim_end());
    println!("cargo::rerun-if-changed=build.rs");
}
