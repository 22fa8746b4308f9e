//! What the benchmarks work on.

/// The head of a small file from nginx, as the benchmarks of calls get it.
const NGINX: &str = "\
HTTP/1.1 200 OK\r\n\
Server: nginx/1.22.1\r\n\
Date: Sun, 22 Nov 2026 08:00:00 GMT\r\n\
Content-Type: application/octet-stream\r\n\
Content-Length: 1024\r\n\
Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT\r\n\
Connection: close\r\n\
ETag: W/\"6921442a-400\"\r\n\
Cache-Control: public, max-age=604800, must-revalidate\r\n\
Vary: Accept-Encoding, Cookie\r\n\
X-Content-Type-Options: nosniff\r\n\
X-Frame-Options: SAMEORIGIN\r\n\
Accept-Ranges: bytes\r\n\
\r\n";

/// The head of an API behind a gateway; longer than the read-ahead.
const API: &str = "\
HTTP/1.1 200 OK\r\n\
Server: nginx/1.22.1\r\n\
Date: Sat, 22 Nov 2025 05:00:00 GMT\r\n\
Content-Type: application/json; charset=utf-8\r\n\
Content-Length: 1016\r\n\
Connection: keep-alive\r\n\
Last-Modified: Sat, 22 Nov 2025 04:12:45 GMT\r\n\
ETag: \"6921442a-3f8\"\r\n\
Cache-Control: public, max-age=3600\r\n\
Vary: Accept-Encoding, Origin\r\n\
X-Content-Type-Options: nosniff\r\n\
Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n\
Content-Security-Policy: default-src 'self'; img-src 'self' data:; frame-ancestors 'none'\r\n\
X-Request-Id: 0b9f3a52-6d1e-4c0a-8b53-1f0f0f6a7c11\r\n\
Accept-Ranges: bytes\r\n\
\r\n";

/// A head, and the number of its fields.
pub struct Head {
    pub bytes: Vec<u8>,
    pub fields: usize,
}

/// The head of so many bytes: the common one, an API's, or one of 8 kB.
pub fn head(len: usize) -> Head {
    let long = long();
    let heads = [NGINX, API, &long];
    let text = heads.into_iter().find(|head| head.len() == len).expect("a head of that length");
    Head { bytes: text.into(), fields: text.matches("\r\n").count() - 2 }
}

/// A head of 8 kB, in which a policy and cookies are longer than the read-ahead.
fn long() -> String {
    let mut head = API.strip_suffix("\r\n").unwrap_or(API).to_owned();
    let directives = "script-src 'self' https://static.example.org; ".repeat(24);
    head += &format!("Content-Security-Policy-Report-Only: {directives}\r\n");
    for number in 0..4 {
        let session = "0b9f3a526d1e4c0a".repeat(40);
        head += &format!("Set-Cookie: session{number}={session}; Path=/; HttpOnly\r\n");
    }
    while head.len() < 8100 {
        head += "X-Trace-Id: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    }
    head + "\r\n"
}

/// A chunked body as it is sent, its content, and where that is to go.
pub struct Body {
    pub sent: Vec<u8>,
    pub content: Vec<u8>,
    pub made: Vec<u8>,
}

/// A body of 64 kB in chunks of `size` bytes.
pub fn body(size: usize) -> Body {
    let content: Vec<u8> =
        (0..65536u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut sent = Vec::new();
    for chunk in content.chunks(size) {
        sent.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        sent.extend_from_slice(chunk);
        sent.extend_from_slice(b"\r\n");
    }
    sent.extend_from_slice(b"0\r\n\r\n");
    let made = vec![0; sent.len()];
    Body { sent, content, made }
}

pub const URL: &[u8] =
    b"https://api.example.org:8443/v2/stations/ZRH%20Kloten/measurements?from=2026-11-01&limit=100#latest";

/// Its request target.
pub const TARGET: &[u8] = b"/v2/stations/ZRH%20Kloten/measurements?from=2026-11-01&limit=100";

pub const BASE: &[u8] = b"http://api.example.org/v2/stations/zrh/measurements/latest";

pub const REFERENCE: &[u8] = b"../../../../v3/stations/./zrh/latest?format=json&unit=celsius";

/// What the reference means there.
pub const RESOLVED: &[u8] =
    b"http://api.example.org/v3/stations/zrh/latest?format=json&unit=celsius";

/// Mostly plain, as texts are.
pub const TEXT: &[u8] =
    b"The quick brown fox jumps over the lazy dog, 12 times; 100% of them at 20 \xc2\xb0C.";

pub const QUOTED: &[u8] =
    b"The%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog%2C%2012%20times%3B%20\
100%25%20of%20them%20at%2020%20%C2%B0C.";

pub const FORM: [(&[u8], &[u8]); 6] = [
    (b"station", b"ZRH Kloten"),
    (b"from", b"2026-11-01T00:00:00Z"),
    (b"to", b"2026-11-22T08:00:00Z"),
    (b"quantity", b"temperature,humidity"),
    (b"comment", b"caf\xc3\xa9 & cr\xc3\xa8me, 100%"),
    (b"limit", b"100"),
];

pub const ENCODED: &[u8] =
    b"station=ZRH+Kloten&from=2026-11-01T00%3A00%3A00Z&to=2026-11-22T08%3A00%3A00Z\
&quantity=temperature%2Chumidity&comment=caf%C3%A9+%26+cr%C3%A8me%2C+100%25&limit=100";

pub const FIELDS: [(&[u8], &[u8]); 4] = [
    (b"Accept", b"application/json"),
    (b"Accept-Language", b"de-CH, de;q=0.9, en;q=0.5"),
    (b"If-Modified-Since", b"Sun, 22 Nov 2026 07:00:00 GMT"),
    (b"X-Request-Id", b"0b9f3a52-6d1e-4c0a-8b53-1f0f0f6a7c11"),
];

/// The head of a request for the URL with these fields.
pub const REQUEST: &[u8] =
    b"GET /v2/stations/ZRH%20Kloten/measurements?from=2026-11-01&limit=100 HTTP/1.1\r\n\
Host: api.example.org:8443\r\n\
User-Agent: mrequests/0.1.0\r\n\
Accept: application/json\r\n\
Accept-Language: de-CH, de;q=0.9, en;q=0.5\r\n\
If-Modified-Since: Sun, 22 Nov 2026 07:00:00 GMT\r\n\
X-Request-Id: 0b9f3a52-6d1e-4c0a-8b53-1f0f0f6a7c11\r\n\
Connection: close\r\n\
\r\n";
