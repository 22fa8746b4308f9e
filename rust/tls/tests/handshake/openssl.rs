//! `openssl s_server` as a peer, with certificates made for the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};
use std::{fs, process};

/// A running server. It accepts one connection.
pub(crate) struct Server {
    process: Child,
    input: Option<ChildStdin>,
    output: Option<JoinHandle<Vec<u8>>>,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a server with the certificate of this name and more arguments.
    pub(crate) fn start(certificate: &str, arguments: &[&str]) -> Self {
        let (certificate, key) = (format!("{certificate}.pem"), format!("{certificate}.key"));
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"])
            .args(["-cert", &certificate, "-key", &key])
            .args(arguments)
            .current_dir(directory())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the server ended");
            if let Some(address) = line.trim_end().strip_prefix("ACCEPT 127.0.0.1:") {
                break address.parse().unwrap();
            }
        };
        let output = thread::spawn(move || {
            let mut all = Vec::new();
            let _ = output.read_to_end(&mut all);
            all
        });
        Self { input: process.stdin.take(), process, output: Some(output), port }
    }

    /// Writes to the server's input: data for the client, or a command.
    pub(crate) fn type_in(&mut self, text: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(text).unwrap();
        input.flush().unwrap();
    }

    /// Waits for the end of the connection, and returns the server's output.
    pub(crate) fn output(mut self) -> Vec<u8> {
        self.output.take().unwrap().join().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A file of the certificate of this name.
pub(crate) fn file(name: &str, extension: &str) -> Vec<u8> {
    fs::read(directory().join(name).with_extension(extension)).unwrap()
}

/// The directory of the certificates. They are self-signed, and made once for all runs.
fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let directory = target.join("certificates");
        if !directory.exists() {
            // Another process may make them at the same time: the first to finish wins.
            let made = target.join(format!("certificates-{}", process::id()));
            fs::create_dir_all(&made).unwrap();
            make_all(&made);
            if fs::rename(&made, &directory).is_err() {
                fs::remove_dir_all(&made).unwrap();
            }
        }
        directory
    })
}

fn make_all(directory: &Path) {
    make(directory, "p256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    make(directory, "client", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    make(directory, "p384", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]);
    make(directory, "rsa2048", &["-newkey", "rsa:2048"]);
    make(directory, "ed25519", &["-newkey", "ed25519"]);
}

fn make(directory: &Path, name: &str, key: &[&str]) {
    let (certificate, private_key) = (format!("{name}.pem"), format!("{name}.key"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-out", &certificate, "-keyout", &private_key])
        .args(key)
        .current_dir(directory)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
}
