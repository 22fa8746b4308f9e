//! The requests of a call, as a strict server reads them.

use mrequests_engine::ascii::{is_token, trim_ows};
use mrequests_engine::auth::put_basic;
use mrequests_engine::call::{Body, Request};
use mrequests_engine::field::list;
use mrequests_engine::url::Url;

use super::super::input::unchunked;
use super::super::written::written;
use super::{Done, Hop};

/// A name and a value; no value omits the default field.
pub(super) type Given<'i> = (&'i [u8], Option<&'i [u8]>);

type Field = (Vec<u8>, Vec<u8>);

const SINGLETONS: [&str; 7] = [
    "host",
    "user-agent",
    "authorization",
    "content-type",
    "content-length",
    "transfer-encoding",
    "connection",
];
const CREDENTIALS: [&str; 2] = ["cookie", "proxy-authorization"];
const CONTENT: [&str; 3] = ["content-encoding", "content-language", "content-location"];

/// The request that is expected.
struct Expected<'i> {
    request: &'i Request<'i>,
    given: &'i [Given<'i>],
    content: &'i [u8],
    /// All requests so far had the same origin.
    has_credentials: bool,
    /// No redirect has dropped the content.
    has_content: bool,
}

/// Checks what was sent to each peer of a call.
pub(super) fn check_requests(
    request: &Request<'_>,
    given: &[Given<'_>],
    content: &[u8],
    done: &Done,
) {
    let mut expected =
        Expected { request, given, content, has_credentials: true, has_content: true };
    for (index, hop) in done.hops.iter().enumerate() {
        match index.checked_sub(1) {
            None => assert_eq!(hop.url, request.url),
            Some(before) => expected.redirect(&done.hops[before], hop),
        }
        expected.check(hop);
    }
}

impl Expected<'_> {
    fn is_head(&self) -> bool {
        self.has_content && is(self.request.method, "head")
    }

    fn redirect(&mut self, from: &Hop, to: &Hop) {
        let status = from.status.as_ref().unwrap().0;
        assert!(matches!(status, 301 | 302 | 303 | 307 | 308));
        assert!(to.tls || !from.tls, "from https to http");
        let origin = |hop: &Hop| (hop.tls, hop.host.to_ascii_lowercase(), hop.port);
        self.has_credentials &= origin(from) == origin(to);
        self.has_content &= status > 303 || self.is_head();
    }

    fn check(&self, hop: &Hop) {
        let url = Url::parse(&hop.url).unwrap();
        let origin = (&hop.host[..], hop.port, if hop.tls { &b"https"[..] } else { b"http" });
        assert_eq!(origin, (url.host, url.effective_port(), url.scheme.name()));
        let Some(message) = Message::parse(&hop.sent) else { return assert!(!hop.is_sent) };

        let method = if self.has_content { self.request.method } else { b"GET" };
        assert_eq!(message.method, method.to_ascii_uppercase());
        assert_eq!(Ok(message.target), written(|out| url.put_target(out)).as_deref());
        assert_eq!(message.fields, self.fields(&url, &message));
        let content = if self.has_content { self.content } else { b"" };
        let coding = message.value("transfer-encoding");
        if let Some(coding) = coding {
            assert!(list(coding).last().is_some_and(|last| is(last, "chunked")));
        }
        let is_chunked = coding.is_some();
        let length = message.value("content-length");
        assert!(!is_chunked || length.is_none());
        if !hop.is_sent {
            assert!(is_chunked || content.starts_with(message.body));
        } else if is_chunked {
            assert_eq!(unchunked(message.body).as_deref(), Some(content));
        } else {
            assert_eq!(message.body, content);
            assert_eq!(message.body.len() as u64, length.map_or(0, decimal));
        }
    }

    /// The last entry of `name`. `None`: there is none.
    fn last(&self, name: &str) -> Option<Option<&[u8]>> {
        let entry = self.given.iter().rev().find(|(other, _)| is(other, name));
        entry.map(|(_, value)| value.map(trim_ows))
    }

    /// The fields in their order.
    fn fields(&self, url: &Url<'_>, message: &Message<'_>) -> Vec<Field> {
        let own_host = written(|out| url.put_host(out)).unwrap();
        let host = self.last("host").flatten().filter(|_| self.has_credentials);
        // It has the version.
        let product = message.value("user-agent").filter(|value| value.starts_with(b"mrequests/"));
        let mut fields = vec![field("Host", host.unwrap_or(&own_host))];
        let agent = self.last("user-agent").unwrap_or(Some(product.unwrap_or_default()));
        fields.extend(agent.map(|value| field("User-Agent", value)));
        fields.extend(self.given.iter().filter_map(|(name, value)| {
            let is_one_of = |names: &[&str]| names.iter().any(|other| is(name, other));
            let is_dropped = is_one_of(&SINGLETONS)
                || !self.has_credentials && is_one_of(&CREDENTIALS)
                || !self.has_content && is_one_of(&CONTENT);
            Some((name.to_vec(), trim_ows(value.filter(|_| !is_dropped)?).to_vec()))
        }));
        if self.has_credentials {
            fields.extend(self.authorization());
        }
        if self.has_content {
            let has_body = !matches!(self.request.body, Body::None)
                || self.last("content-length").flatten().is_some();
            let default = Some(self.request.content_type);
            let default = default.filter(|default| has_body && !default.is_empty());
            let content_type = self.last("content-type").unwrap_or(default);
            fields.extend(content_type.map(|value| field("Content-Type", value)));
        }
        fields.extend(self.framing());
        let connection = self.last("connection").unwrap_or(Some(b"close"));
        fields.extend(connection.map(|value| field("Connection", value)));
        fields
    }

    fn authorization(&self) -> Option<Field> {
        if let Some(value) = self.last("authorization") {
            return value.map(|value| field("Authorization", value));
        }
        let (user, password) = Url::parse(self.request.url).unwrap().credentials()?;
        let line = written(|out| put_basic(user, password, true, out)).unwrap();
        Some(split(line.strip_suffix(b"\r\n").unwrap()))
    }

    /// The field that frames the body.
    fn framing(&self) -> Option<Field> {
        if !self.has_content {
            return None;
        }
        if let Some(coding) = self.last("transfer-encoding").flatten() {
            return Some(field("Transfer-Encoding", coding));
        }
        let announced = self.last("content-length").flatten().map(decimal);
        let expects_content = ["post", "put", "patch"].iter().any(|m| is(self.request.method, m));
        let length = match self.request.body {
            _ if announced.is_some() => announced,
            Body::None => expects_content.then_some(0),
            Body::Bytes(bytes) => Some(bytes.len() as u64),
            Body::Pieces(None) => return Some(field("Transfer-Encoding", b"chunked")),
            Body::Pieces(length) => length,
        };
        length.map(|length| field("Content-Length", length.to_string().as_bytes()))
    }
}

/// A request whose head is complete.
struct Message<'m> {
    method: &'m [u8],
    target: &'m [u8],
    fields: Vec<Field>,
    body: &'m [u8],
}

impl<'m> Message<'m> {
    /// Panics unless the head is a request line, field lines and an empty line.
    fn parse(sent: &'m [u8]) -> Option<Self> {
        let end = sent.windows(4).position(|four| four == b"\r\n\r\n")? + 2;
        let mut lines = sent[..end].split_inclusive(|&b| b == b'\n').map(|line| {
            let line = line.strip_suffix(b"\r\n").expect("each line has its end");
            assert!(!line.contains(&b'\r') && !line.contains(&0));
            line
        });
        let mut words = lines.next().unwrap().split(|&b| b == b' ');
        let mut word = || words.next().unwrap();
        let (method, target, version) = (word(), word(), word());
        assert!(is_token(method) && version == b"HTTP/1.1" && words.next().is_none());
        assert!(target.starts_with(b"/") && target.iter().all(u8::is_ascii_graphic));
        let fields: Vec<_> = lines.map(split).collect();
        for name in SINGLETONS {
            let count = fields.iter().filter(|(other, _)| is(other, name)).count();
            assert!(count == 1 || name != "host" && count == 0, "{count} {name}");
        }
        Some(Self { method, target, fields, body: &sent[end + 2..] })
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(other, _)| is(other, name)).map(|(_, value)| &value[..])
    }
}

/// Whether `text` is `name`, which is in lower case.
fn is(text: &[u8], name: &str) -> bool {
    text.eq_ignore_ascii_case(name.as_bytes())
}

fn field(name: &str, value: &[u8]) -> Field {
    (name.as_bytes().to_vec(), value.to_vec())
}

/// Name and value of a field line.
fn split(line: &[u8]) -> Field {
    let colon = line.iter().position(|&b| b == b':').expect("a field has a colon");
    let (name, value) = line.split_at(colon);
    assert!(is_token(name), "{line:?}");
    (name.to_vec(), value.strip_prefix(b": ").expect("a space follows the colon").to_vec())
}

fn decimal(text: &[u8]) -> u64 {
    std::str::from_utf8(text).unwrap().parse().unwrap()
}
