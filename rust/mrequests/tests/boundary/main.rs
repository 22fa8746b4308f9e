//! Programs in C drive the boundary without MicroPython, under AddressSanitizer: `arrays.c` over
//! arrays of bytes, `sockets.c` over sockets. `client.c` is what they share.
#![cfg(not(miri))] // Miri runs no other programs.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/boundary");
const BUILD: &str = env!("CARGO_TARGET_TMPDIR");

/// Runs a command. Returns its output and its exit status; nothing may be wrong with its memory.
fn run(command: &mut Command) -> (String, Option<i32>) {
    let output = command.output().expect("the program can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "", "{command:?}");
    (String::from_utf8(output.stdout).expect("programs print UTF-8"), output.status.code())
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the program can be run");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Compiles a program with the object that the build of a firmware links. Each test has its own.
fn build(name: &str) -> PathBuf {
    let test = thread::current().name().expect("a test has a name").to_owned();
    let program = Path::new(BUILD).join(test);
    let object = program.with_extension("o");
    succeed(
        Command::new(format!("{ROOT}/tools/rust_object.sh"))
            .arg(&object)
            .arg("cc")
            .env("CARGO_TARGET_DIR", Path::new(BUILD).with_file_name(""))
            .env("MREQUESTS_TLS", "0"),
    );
    let sources = [name, "client", "memory"].map(|source| format!("{SOURCES}/{source}.c"));
    succeed(
        Command::new("cc")
            .args(["-std=gnu11", "-g", "-O1", "-fsanitize=address,undefined"])
            .args(["-Wall", "-Wextra", "-Werror", "-DMREQUESTS_TLS=0"])
            .arg(format!("-I{ROOT}/c_glue"))
            .args(sources)
            .arg(&object)
            .arg("-o")
            .arg(&program),
    );
    program
}

#[test]
fn arrays() {
    assert_eq!(run(&mut Command::new(build("arrays"))), (String::new(), Some(0)));
}

/// Serves a connection for each of `answers`: receives until the request ends with the first text,
/// and sends the second one. Returns the base URL, and the requests.
fn serve(answers: &'static [(&str, &str)]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let serve_all = move || {
        let serve_one = |(end, answer): &(&str, &str)| {
            let (mut client, _) = listener.accept().expect("the client connects");
            let request = receive_until(end, &mut client);
            client.write_all(answer.as_bytes()).expect("the client receives");
            request
        };
        answers.iter().map(serve_one).collect()
    };
    (url, thread::spawn(serve_all))
}

fn receive_until(end: &str, client: &mut TcpStream) -> String {
    let mut received = Vec::new();
    while !received.ends_with(end.as_bytes()) {
        let mut byte = [0];
        client.read_exact(&mut byte).expect("the client sends a request");
        received.extend_from_slice(&byte);
    }
    String::from_utf8(received).expect("requests are ASCII")
}

#[test]
fn get_over_sockets() {
    let (base, server) = serve(&[
        ("\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n"),
        (
            "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
    ]);
    let result = run(Command::new(build("sockets")).args(["GET", &format!("{base}/here")]));

    let authority = base.strip_prefix("http://").expect("the URL of the server");
    let open = format!("open {} address", authority.replace(':', " "));
    let printed = format!(
        "{open} for {base}/here\n302 Found\nfield Location: /there\n302 redirected {base}/here\n\
         {open} for {base}/there\n200 OK\nhello\n"
    );
    assert_eq!(result, (printed, Some(0)));
    let request_for = |path| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: mrequests/{}\r\n\
             Connection: close\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        )
    };
    let requests = server.join().expect("the server has no error");
    assert_eq!(requests, [request_for("/here"), request_for("/there")]);
}

#[test]
fn post_over_sockets() {
    let (base, server) = serve(&[("hello", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhi")]);
    let (printed, status) = run(Command::new(build("sockets")).args(["POST", &base, "hello"]));
    let end = "200 OK\nhi\nerror 5: incomplete body: 2 of 10 bytes\n";
    assert!(printed.ends_with(end), "{printed}");
    assert_eq!(status, Some(1));
    server.join().expect("the server has no error");
}
