//! Heads of requests, as they are written.
#![allow(clippy::unwrap_used)]

mod written;

use mrequests_engine::Error;
use mrequests_engine::request::{
    BodyLength, Fields, Head, Kept, Method, body_length, push_field, push_omitted,
};
use mrequests_engine::url::Url;
use written::{text, written};

/// Names with values, or without: omitted.
type Given<'a> = &'a [(&'a str, Option<&'a str>)];

fn block(fields: Given<'_>) -> Vec<u8> {
    written(|out| {
        fields.iter().try_for_each(|(name, value)| match value {
            Some(value) => push_field(out, name.as_bytes(), value.as_bytes()),
            None => push_omitted(out, name.as_bytes()),
        })
    })
    .unwrap()
}

/// A request as a test changes it.
struct Request<'a> {
    method: &'a str,
    url: &'a str,
    fields: Given<'a>,
    kept: Kept,
    length: BodyLength,
    content_type: Option<&'a str>,
}

const GET: Request<'_> = Request {
    method: "GET",
    url: "http://h/p",
    fields: &[],
    kept: Kept { credentials: true, content: true },
    length: BodyLength::None,
    content_type: None,
};

const USER_AGENT: &str = concat!("User-Agent: mrequests/", env!("CARGO_PKG_VERSION"));

const POST: Request<'_> = Request {
    method: "POST",
    length: BodyLength::Known(5),
    content_type: Some("application/json"),
    ..GET
};

impl Request<'_> {
    /// The lines of its head. Asserts that each ends in CRLF and the last is empty.
    fn lines(&self) -> Vec<String> {
        let fields = block(self.fields);
        let head = text(|out| {
            Head {
                method: Method::parse(self.method.as_bytes())?,
                url: &Url::parse(self.url.as_bytes())?,
                fields: Fields::new(&fields),
                kept: self.kept,
                length: body_length(Fields::new(&fields), self.length)?,
                content_type: self.content_type.map(str::as_bytes),
            }
            .write(out)
        });
        let lines = head.strip_suffix("\r\n\r\n").unwrap();
        lines.split("\r\n").map(String::from).collect()
    }

    /// The lines of the fields with these names, in any case.
    fn named(&self, names: &[&str]) -> Vec<String> {
        let mut lines = self.lines().split_off(1);
        lines.retain(|line| {
            let name = line.split_once(':').unwrap().0;
            names.iter().any(|other| other.eq_ignore_ascii_case(name))
        });
        lines
    }
}

#[test]
fn plain_get() {
    assert_eq!(GET.lines(), ["GET /p HTTP/1.1", "Host: h", USER_AGENT, "Connection: close"]);
}

#[test]
fn post_with_everything() {
    let fields: Given<'_> = &[("Accept", Some("*/*")), ("X-A", Some("1")), ("x-a", Some("2"))];
    let request = Request { url: "https://u:p@h:8443/a b?c#d", fields, ..POST };
    assert_eq!(
        request.lines(),
        [
            "POST /a%20b?c HTTP/1.1",
            "Host: h:8443",
            USER_AGENT,
            "Accept: */*",
            "X-A: 1",
            "x-a: 2",
            "Authorization: Basic dTpw",
            "Content-Type: application/json",
            "Content-Length: 5",
            "Connection: close",
        ]
    );
}

#[test]
fn host_comes_first_whatever_the_caller_gives() {
    let fields: Given<'_> = &[("X-A", Some("1")), ("host", Some("virtual.example"))];
    let lines = Request { fields, ..GET }.lines();
    assert_eq!(lines[1], "Host: virtual.example");
    assert_eq!(lines.len(), 5);
}

#[test]
fn singletons_are_sent_once_and_the_last_one_wins() {
    for name in ["Host", "User-Agent", "Authorization", "Content-Type", "Connection"] {
        let (lower, upper) = (name.to_lowercase(), name.to_uppercase());
        let fields: Given<'_> = &[(&lower, Some("a")), (name, Some("b")), (&upper, Some("c"))];
        let request = Request { url: "http://u:p@h/", fields, ..POST };
        assert_eq!(request.named(&[name]), [format!("{name}: c")]);
    }
}

#[test]
fn framing_fields_are_sent_once() {
    let names = ["Content-Length", "Transfer-Encoding"];
    let fields: Given<'_> = &[("content-length", Some("7")), ("CONTENT-LENGTH", Some("005"))];
    assert_eq!(Request { fields, ..POST }.named(&names), ["Content-Length: 5"]);
    let fields: Given<'_> =
        &[("transfer-encoding", Some("chunked")), ("Transfer-encoding", Some("gzip, Chunked"))];
    assert_eq!(Request { fields, ..POST }.named(&names), ["Transfer-Encoding: gzip, Chunked"]);
}

#[test]
fn body_length_is_announced_as_the_method_has_it() {
    let names = ["Content-Length", "Transfer-Encoding"];
    for (method, length, expected) in [
        ("GET", BodyLength::None, &[][..]),
        ("HEAD", BodyLength::None, &[]),
        ("DELETE", BodyLength::None, &[]),
        ("OPTIONS", BodyLength::None, &[]),
        ("POST", BodyLength::None, &["Content-Length: 0"]),
        ("PUT", BodyLength::None, &["Content-Length: 0"]),
        ("PATCH", BodyLength::None, &["Content-Length: 0"]),
        ("GET", BodyLength::Known(0), &["Content-Length: 0"]),
        ("DELETE", BodyLength::Known(3), &["Content-Length: 3"]),
        ("POST", BodyLength::Known(u64::MAX), &["Content-Length: 18446744073709551615"]),
        ("POST", BodyLength::Chunked, &["Transfer-Encoding: chunked"]),
        ("GET", BodyLength::Chunked, &["Transfer-Encoding: chunked"]),
    ] {
        assert_eq!(
            Request { method, length, ..GET }.named(&names),
            expected,
            "{method} {length:?}"
        );
    }
}

#[test]
fn omitted_defaults_are_not_sent() {
    for (name, left) in [
        ("user-agent", ["Host", "Authorization", "Content-Type", "Content-Length", "Connection"]),
        ("authorization", ["Host", "User-Agent", "Content-Type", "Content-Length", "Connection"]),
        ("content-type", ["Host", "User-Agent", "Authorization", "Content-Length", "Connection"]),
        ("connection", ["Host", "User-Agent", "Authorization", "Content-Type", "Content-Length"]),
    ] {
        let fields: Given<'_> = &[(name, Some("x")), (name, None)];
        let request = Request { url: "http://u:p@h/", fields, ..POST };
        let lines = request.lines().split_off(1);
        let names: Vec<_> = lines.iter().map(|line| line.split_once(':').unwrap().0).collect();
        assert_eq!(names, left, "{name}");
    }
}

#[test]
fn omitted_then_given_is_given() {
    let fields: Given<'_> = &[("User-Agent", None), ("user-agent", Some("me/1"))];
    assert_eq!(Request { fields, ..GET }.named(&["user-agent"]), ["User-Agent: me/1"]);
}

#[test]
fn host_and_framing_cannot_be_omitted() {
    let fields: Given<'_> =
        &[("Host", None), ("Content-Length", None), ("Transfer-Encoding", None), ("X-A", None)];
    assert_eq!(
        Request { fields, ..POST }.lines(),
        [
            "POST /p HTTP/1.1",
            "Host: h",
            USER_AGENT,
            "Content-Type: application/json",
            "Content-Length: 5",
            "Connection: close",
        ]
    );
    let request = Request { fields, length: BodyLength::Chunked, ..POST };
    assert_eq!(request.named(&["Transfer-Encoding"]), ["Transfer-Encoding: chunked"]);
}

#[test]
fn callers_authorization_beats_the_urls() {
    let fields: Given<'_> = &[("authorization", Some("Bearer t"))];
    let request = Request { url: "http://u:p@h/", fields, ..GET };
    assert_eq!(request.named(&["authorization"]), ["Authorization: Bearer t"]);
}

const SECRETS: Given<'_> = &[
    ("Authorization", Some("secret")),
    ("cookie", Some("secret")),
    ("Cookie", Some("secret")),
    ("PROXY-AUTHORIZATION", Some("secret")),
    ("Host", Some("virtual.example")),
    ("X-A", Some("b")),
];

#[test]
fn another_origin_sees_no_credentials() {
    let kept = Kept { credentials: false, content: true };
    let request = Request { url: "http://u:p@other/", fields: SECRETS, kept, ..POST };
    assert_eq!(
        request.lines(),
        [
            "POST / HTTP/1.1",
            "Host: other",
            USER_AGENT,
            "X-A: b",
            "Content-Type: application/json",
            "Content-Length: 5",
            "Connection: close",
        ]
    );
    assert_eq!(Request { fields: SECRETS, ..GET }.lines().len(), 9);
}

#[test]
fn credentials_of_the_url_alone_are_not_sent_to_another_origin() {
    let kept = Kept { credentials: false, content: true };
    let request = Request { url: "http://u:p@other/", kept, ..GET };
    assert_eq!(request.named(&["authorization"]), [""; 0]);
}

#[test]
fn without_content_its_fields_are_not_sent() {
    let fields: Given<'_> = &[
        ("Content-Type", Some("text/plain")),
        ("Content-Encoding", Some("gzip")),
        ("content-language", Some("en")),
        ("Content-Location", Some("/x")),
        ("Content-Disposition", Some("inline")),
    ];
    let kept = Kept { credentials: true, content: false };
    let request = Request { method: "GET", length: BodyLength::None, kept, fields, ..POST };
    assert_eq!(
        request.lines(),
        [
            "GET /p HTTP/1.1",
            "Host: h",
            USER_AGENT,
            "Content-Disposition: inline",
            "Connection: close",
        ]
    );
    assert_eq!(Request { fields, ..POST }.lines().len(), 10);
}

#[test]
fn without_content_the_callers_framing_is_not_sent() {
    let kept = Kept { credentials: true, content: false };
    for field in [("Content-Length", Some("5")), ("Transfer-Encoding", Some("chunked"))] {
        let head = text(|out| {
            Head {
                method: Method::GET,
                url: &Url::parse(b"http://h/")?,
                fields: Fields::new(&block(&[field])),
                kept,
                length: BodyLength::None,
                content_type: Some(b"text/plain"),
            }
            .write(out)
        });
        assert_eq!(
            head,
            format!("GET / HTTP/1.1\r\nHost: h\r\n{USER_AGENT}\r\nConnection: close\r\n\r\n")
        );
    }
}

#[test]
fn the_default_content_type_cannot_inject_a_line() {
    let head = Head {
        method: Method::GET,
        url: &Url::parse(b"http://h/").unwrap(),
        fields: Fields::new(b""),
        kept: GET.kept,
        length: BodyLength::None,
        content_type: None,
    };
    let injected = Head { content_type: Some(b"text/plain; charset=x\r\nX-Injected: 1"), ..head };
    assert_eq!(written(|out| injected.write(out)), Err(Error::InvalidFieldValue));
}
