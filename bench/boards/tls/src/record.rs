//! On the host: records the bytes that `openssl s_server` sends in a session of each kind.
//!
//!     record DIRECTORY    with the certificates of certificates.sh; writes DIRECTORY/sessions

#[allow(dead_code, reason = "each half uses its part of it")]
mod session;

use mrequests_tls::trust::{anchors, identity};
use mrequests_tls::{Connection, Direction, Scratch, Suite, Transport};
use session::{CONTENT, SEED, Session};
use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::SystemTime;
use std::{env, fs, thread};

/// A socket, and all that came from it.
#[derive(Clone)]
struct Recorder {
    socket: Rc<TcpStream>,
    received: Rc<RefCell<Vec<u8>>>,
}

impl Transport for Recorder {
    type Error = io::ErrorKind;

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, io::ErrorKind> {
        let read = (&*self.socket).read(buf).map_err(|error| error.kind())?;
        self.received.borrow_mut().extend_from_slice(&buf[..read]);
        Ok(read)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, io::ErrorKind> {
        (&*self.socket).write(buf).map_err(|error| error.kind())
    }

    fn is_retry(_: &io::ErrorKind) -> bool {
        false
    }

    fn wait(&mut self, _: Direction, error: io::ErrorKind) -> Result<(), io::ErrorKind> {
        Err(error)
    }
}

#[derive(Default)]
struct Heap(Vec<u8>);

impl Scratch for Heap {
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]> {
        self.0 = vec![0; len];
        Some(&mut self.0)
    }

    fn get(&self) -> &[u8] {
        &self.0
    }

    fn get_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(directory: &Path, key: &str, suite: Suite, with_client_certificate: bool) -> Self {
        let request: &[&str] = if with_client_certificate {
            &["-Verify", "2", "-CAfile", "p256-root.pem"]
        } else {
            &[]
        };
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-tls1_3"])
            .args(["-ciphersuites", suite.name(), "-cert", &format!("{key}-leaf.pem")])
            .args(["-key", &format!("{key}-leaf.key"), "-cert_chain", &format!("{key}-ca.pem")])
            .args(request)
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl runs");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(output.read_line(&mut line).expect("text"), 0, "the server ended");
            if let Some(address) = line.trim_end().strip_prefix("ACCEPT ") {
                let (_, port) = address.rsplit_once(':').expect("a port");
                break port.parse().expect("a number");
            }
        };
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Self { process, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The server's bytes to a client that opens, writes, reads, and waits for the end.
fn record(server: &mut Server, session: &Session<'_>) -> Vec<u8> {
    let socket = Rc::new(TcpStream::connect(("127.0.0.1", server.port)).expect("it listens"));
    let recorder = Recorder { socket, received: Rc::default() };
    let (mut read, mut write) = (vec![0; 16640], vec![0; 1024]);
    let mut connection = Connection::new(session.suite(), recorder.clone(), &mut read, &mut write);
    let opened = connection.open(&session.config(true), SEED, &mut Heap::default());
    assert_eq!(opened, Ok(()), "{}", String::from_utf8_lossy(session.name));
    let mut input = server.process.stdin.take().expect("a pipe");
    for _ in 0..2 {
        // One record each: the server reads so much at once, and the next comes when this is read.
        input.write_all(&[b'.'; CONTENT]).expect("the server reads");
        let mut left = CONTENT;
        while left > 0 {
            left -= connection.read(&mut [0; CONTENT][..left]).expect("content");
        }
    }
    recorder.received.take()
}

/// The output of one of the parsers of mrequests-tls.
fn collect(parse: impl FnOnce(&mut dyn FnMut(&[u8]) -> bool) -> bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let is_right = parse(&mut |part| {
        bytes.extend_from_slice(part);
        true
    });
    assert!(is_right, "a certificate or key that cannot be read");
    bytes
}

fn main() {
    let directory = env::args().nth(1).expect("an argument: the directory");
    let directory = Path::new(&directory);
    let file = |name: &str| fs::read(directory.join(name)).expect("certificates.sh was here");
    let identity =
        collect(|out| identity::parse(&file("p256-leaf.pem"), &file("p256-leaf.key"), out).is_ok());
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("the clock is set").as_secs();
    let kinds = [
        ("P-256", "p256", true, false),
        ("P-256, client certificate", "p256", true, true),
        ("P-256, 4 intermediates", "long", true, false),
        ("P-256, 4 intermediates, client certificate", "long", true, true),
        ("P-384", "p384", cfg!(feature = "p384"), false),
        ("RSA-2048", "rsa2048", cfg!(feature = "rsa"), false),
        ("RSA-4096", "rsa4096", cfg!(feature = "rsa"), false),
    ];
    let mut recording = Vec::new();
    for (name, key, is_built_in, with_client_certificate) in kinds {
        if !is_built_in {
            continue;
        }
        let anchors =
            collect(|out| anchors::append(&file(&format!("{key}-root.pem")), out).is_ok());
        for (number, &suite) in (0u8..).zip(Suite::ALL) {
            let mut session = Session {
                name: name.as_bytes(),
                suite: &[number],
                now: &now.to_le_bytes(),
                anchors: &anchors,
                identity: if with_client_certificate { &identity } else { &[] },
                received: &[],
            };
            let mut server = Server::start(directory, key, suite, with_client_certificate);
            let received = record(&mut server, &session);
            session.received = &received;
            for field in session.fields() {
                let length = u32::try_from(field.len()).expect("some kilobytes");
                recording.extend_from_slice(&length.to_le_bytes());
                recording.extend_from_slice(field);
            }
        }
    }
    fs::write(directory.join("sessions"), recording).expect("the directory can be written to");
}
