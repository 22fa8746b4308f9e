//! Redirects, request by request.

use mrequests_engine::Error;
use mrequests_engine::content::Extent;

use crate::driver::{Body, Client, Failure, GET, POST, Request, Sent};
use crate::response::{AT_ONCE, BYTE_BY_BYTE};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

fn redirect(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} \r\nContent-Length: 3\r\nLocation: {location}\r\n\r\nold")
}

/// The requests sent to peers with these answers, and the final status. Each peer gets a request.
fn exchange<T: AsRef<str>>(request: &Request, answers: &[T]) -> (Vec<Sent>, Result<u16, Failure>) {
    let run = |cuts| {
        let answers = answers.iter().map(|answer| answer.as_ref().as_bytes());
        let mut client = Client::new(answers, cuts);
        let outcome = client.perform(request).map(|response| response.status);
        assert_eq!(client.peers_left(), 0, "{outcome:?}");
        (client.sent(), outcome)
    };
    let expected = run(AT_ONCE);
    for cuts in [BYTE_BY_BYTE, &[7], &[90, 1]] {
        assert_eq!(run(cuts), expected, "{cuts:?}");
    }
    expected
}

/// The first request and the one that a redirect to `location` leads to.
fn follow(request: &Request, status: u16, location: &str) -> [Sent; 2] {
    let (sent, outcome) = exchange(request, &[&redirect(status, location), OK]);
    assert_eq!(outcome, Ok(200), "{status} to {location}");
    sent.try_into().unwrap()
}

/// The outcome of a request whose first answer is delivered or refused.
fn stay(request: &Request, answer: &str) -> Result<u16, Failure> {
    exchange(request, &[answer]).1
}

fn has(sent: &Sent, name: &str) -> bool {
    sent.head.iter().any(|line| line.starts_with(&format!("{name}: ")))
}

const WITH_SECRETS: Request = Request {
    url: "http://user:secret@h/",
    fields: &[
        ("Cookie", Some("secret")),
        ("Proxy-Authorization", Some("secret")),
        ("Host", Some("virtual")),
        ("X-A", Some("1")),
    ],
    ..GET
};

#[test]
fn same_origin_sees_all_again() {
    for location in ["/b", "b", "//h/b", "http://h/b", "HTTP://H:80/b", "http://me:too@h/b"] {
        for status in [301, 302, 307, 308] {
            let [first, second] = follow(&WITH_SECRETS, status, location);
            assert_eq!(first.head[0], "GET / HTTP/1.1");
            assert_eq!(second.head[0], "GET /b HTTP/1.1");
            assert_eq!(second.head[1..], first.head[1..], "{location}");
            assert!(second.head.contains(&"Authorization: Basic dXNlcjpzZWNyZXQ=".to_owned()));
            assert_eq!(first.head.len(), 8);
        }
    }
}

#[test]
fn another_origin_sees_no_secrets() {
    for (location, origin, host) in [
        ("http://other/b", "http other 80", "other"),
        ("//other/b", "http other 80", "other"),
        ("//sub.h/b", "http sub.h 80", "sub.h"),
        ("http://h:8080/b", "http h 8080", "h:8080"),
        ("https://h/b", "https h 443", "h"),
        ("https://h:80/b", "https h 80", "h:80"),
        ("http://[::1]/b", "http ::1 80", "[::1]"),
        ("http://user:secret@other/b", "http other 80", "other"),
    ] {
        for status in [301, 302, 307, 308] {
            let [_, second] = follow(&WITH_SECRETS, status, location);
            assert_eq!(second.origin, origin);
            assert_eq!(
                second.head,
                [
                    "GET /b HTTP/1.1",
                    &format!("Host: {host}"),
                    concat!("User-Agent: mrequests/", env!("CARGO_PKG_VERSION")),
                    "X-A: 1",
                    "Connection: close",
                ],
                "{location}"
            );
        }
    }
}

#[test]
fn callers_authorization_is_a_secret_too() {
    let fields = &[("authorization", Some("Bearer secret"))];
    let request = Request { fields, ..GET };
    assert!(has(&follow(&request, 302, "/b")[1], "Authorization"));
    assert!(!has(&follow(&request, 302, "//other/")[1], "Authorization"));
}

#[test]
fn secrets_stay_away_for_good() {
    // To another origin, within it, back, and within the first one.
    let locations = ["http://other/", "/b", "http://h/", "/b"];
    let mut answers = locations.map(|location| redirect(302, location)).to_vec();
    answers.push(OK.to_owned());
    let (sent, _) = exchange(&Request { max_redirects: Some(4), ..WITH_SECRETS }, &answers);
    for name in ["Authorization", "Cookie", "Proxy-Authorization", "Host: virtual"] {
        let told = |one: &Sent| one.head.iter().any(|line| line.starts_with(name));
        assert_eq!(sent.iter().map(told).collect::<Vec<_>>(), [true, false, false, false, false]);
    }
}

#[test]
fn credentials_never_come_from_a_location() {
    for location in ["http://me:too@h/", "http://me:too@other/", "//me:too@h/"] {
        assert!(!has(&follow(&GET, 302, location)[1], "Authorization"));
    }
}

#[test]
fn method_and_body_by_status() {
    for (method, becomes_get) in
        [("POST", true), ("PUT", true), ("PATCH", true), ("DELETE", true), ("HEAD", false)]
    {
        for status in STATUSES {
            let [first, second] = follow(&Request { method, ..POST }, status, "/b");
            assert_eq!((first.head.len(), first.body.as_str()), (6, "hello"));
            if becomes_get && status < 307 {
                let get = follow(&GET, 301, "/b")[1].clone();
                assert_eq!(second, get, "{method} {status}");
            } else {
                let target = format!("{method} /b HTTP/1.1");
                let same = [&[target], &first.head[1..]].concat();
                assert_eq!((&second.head, &*second.body), (&same, "hello"), "{method} {status}");
            }
        }
    }
}

#[test]
fn fields_of_the_content_go_with_it() {
    let fields = &[
        ("content-type", Some("text/html")),
        ("Content-Encoding", Some("gzip")),
        ("Transfer-Encoding", Some("gzip, chunked")),
        ("X-A", Some("1")),
    ];
    let request = Request { fields, body: Body::Pieces(&[b"hello"], None), ..POST };
    let [first, second] = follow(&request, 302, "/b");
    assert_eq!(first.body, "5\r\nhello\r\n0\r\n\r\n");
    assert!(has(&first, "Content-Type") && has(&first, "Transfer-Encoding"));
    assert_eq!(second.body, "");
    assert_eq!(second.head, follow(&Request { fields: &fields[3..], ..GET }, 302, "/b")[1].head);

    let [first, second] = follow(&request, 308, "/b");
    assert_eq!((&first.head[1..], &first.body), (&second.head[1..], &second.body));

    let request = Request { fields: &[("content-length", Some("5"))], ..POST };
    assert!(!has(&follow(&request, 302, "/b")[1], "Content-Length"));
    assert!(has(&follow(&request, 307, "/b")[1], "Content-Length"));
}

#[test]
fn dropped_body_does_not_come_back() {
    let answers = [&redirect(302, "/b"), &redirect(307, "/c"), OK];
    let (sent, _) = exchange(&Request { max_redirects: Some(2), ..POST }, &answers);
    assert_eq!(sent[2].head[0], "GET /c HTTP/1.1");
    assert_eq!((&sent[2].head[1..], sent[2].body.as_str()), (&sent[1].head[1..], ""));
}

#[test]
fn body_goes_to_another_origin_too() {
    let [_, second] = follow(&POST, 307, "//other/b");
    assert_eq!((second.origin.as_str(), second.body.as_str()), ("http other 80", "hello"));
    assert!(has(&second, "Content-Type") && has(&second, "Content-Length"));
}

#[test]
fn head_stays_head() {
    for status in STATUSES {
        let request = Request { method: "head", ..GET };
        let [_, second] = follow(&request, status, "/b");
        assert_eq!(second.head[0], "HEAD /b HTTP/1.1");
    }
    // A redirect in answer to HEAD has no body either.
    let moved = redirect(302, "/b");
    let mut client = Client::new([moved.as_bytes(), OK.as_bytes()], AT_ONCE);
    let response = client.perform(&Request { method: "HEAD", ..GET }).unwrap();
    assert!(response.incoming.is_done());
}

#[test]
fn not_followed() {
    for (url, status, location) in [
        ("http://h/", 303, "/b"),
        ("https://h/", 302, "http://h/b"),
        ("https://h/", 307, "http://h:443/b"),
        ("http://h/", 302, ""),
        ("http://h/", 300, "/b"),
        ("http://h/", 304, "/b"),
        ("http://h/", 305, "/b"),
        ("http://h/", 306, "/b"),
        ("http://h/", 309, "/b"),
        ("http://h/", 200, "/b"),
        ("http://h/", 201, "/b"),
    ] {
        for max_redirects in [None, Some(0), Some(1)] {
            let request = Request { url, max_redirects, ..GET };
            assert_eq!(stay(&request, &redirect(status, location)), Ok(status), "{url} {location}");
        }
    }
    for status in STATUSES {
        let without = format!("HTTP/1.1 {status} \r\n\r\n");
        assert_eq!(stay(&GET, &without), Ok(status));
        assert_eq!(stay(&POST, &without), Ok(status));
    }
}

#[test]
fn callers_own_business() {
    for status in STATUSES {
        for location in ["/b", "//other/", "ftp://h/", "http://", "http://h:0/"] {
            let request = Request { max_redirects: None, ..GET };
            assert_eq!(stay(&request, &redirect(status, location)), Ok(status));
        }
    }
}

#[test]
fn delivered_redirect_keeps_its_body() {
    let moved = redirect(303, "/b");
    let mut client = Client::new([moved.as_bytes()], AT_ONCE);
    let mut response = client.perform(&GET).unwrap();
    assert_eq!(response.read_all(&[100], Extent::Fill), (b"old".to_vec(), Ok(())));
}

#[test]
fn as_many_as_allowed() {
    let too_many = Err(Failure::Engine(Error::TooManyRedirects));
    for max in 0..4 {
        let request = Request { max_redirects: Some(max), ..GET };
        for hops in 0..=max {
            let mut answers = vec![redirect(302, "/b"); hops as usize];
            answers.push(OK.to_owned());
            assert_eq!(exchange(&request, &answers).1, Ok(200), "{hops} of {max}");
        }
        let answers = vec![redirect(302, "/b"); max as usize + 1];
        assert_eq!(exchange(&request, &answers).1, too_many);
        // The last response is a redirect that is not followed.
        let mut answers = vec![redirect(302, "/b"); max as usize];
        answers.push(redirect(303, "/b"));
        assert_eq!(exchange(&request, &answers).1, Ok(303));
    }
}

#[test]
fn each_target_is_relative_to_the_one_before() {
    let locations = [
        "/a/b?x",
        "c",
        "?q",
        "../d#f",
        "//other:81/e/",
        "./f g",
        "",
        "https://h",
        "/../g",
        "//h:443",
    ];
    let mut answers: Vec<_> = locations
        .iter()
        .filter(|location| !location.is_empty())
        .map(|location| redirect(302, location))
        .collect();
    answers.push(OK.to_owned());
    let (sent, outcome) = exchange(&Request { max_redirects: Some(9), ..GET }, &answers);
    assert_eq!(outcome, Ok(200));
    let asked: Vec<_> = sent
        .iter()
        .map(|one| format!("{} {}", one.origin, one.head[0].split(' ').nth(1).unwrap()))
        .collect();
    assert_eq!(
        asked,
        [
            "http h 80 /",
            "http h 80 /a/b?x",
            "http h 80 /a/c",
            "http h 80 /a/c?q",
            "http h 80 /d",
            "http other 81 /e/",
            "http other 81 /e/f%20g",
            "https h 443 /",
            "https h 443 /g",
            "https h 443 /",
        ]
    );
}

#[test]
fn location_in_any_form() {
    let long = format!("/{}", "b".repeat(2000));
    for (lines, target) in [
        ("location:/b\r\n", "/b"),
        ("LOCATION: \t /b \t\r\n", "/b"),
        ("Location:\r\n /b\r\n", "/b"),
        ("Location: /a\r\nlocation: /b\r\n", "/b"),
        ("Location: /a b\"\u{e9}\r\n", "/a%20b%22%C3%A9"),
        ("Location: /b\n", "/b"),
        (&format!("Location: {long}\r\n"), &long),
        (&format!("Set-Cookie: {long}\r\nLocation: {long}\r\nSet-Cookie: {long}\r\n"), &long),
        (&format!("Location: {long}\r\nLocation: /b\r\n"), "/b"),
        (&format!("Location: /b\r\nLocation: {long}\r\n"), &long),
    ] {
        let answer = format!("HTTP/1.1 302 \r\n{lines}\r\n");
        for keep_all in [false, true] {
            let (sent, _) = exchange(&Request { keep_all, ..GET }, &[&answer, OK]);
            assert_eq!(sent[1].head[0], format!("GET {target} HTTP/1.1"));
        }
    }
}

#[test]
fn location_of_an_interim_response_is_none() {
    let answer = "HTTP/1.1 103 \r\nLocation: /b\r\n\r\nHTTP/1.1 302 \r\n\r\n";
    assert_eq!(stay(&GET, answer), Ok(302));
}

#[test]
fn bad_locations_are_refused() {
    for (location, error) in [
        ("http://", Error::InvalidHost),
        ("http:", Error::InvalidUrl),
        ("http://a b/", Error::InvalidHost),
        ("http://h\\@other/", Error::InvalidHost),
        ("//h:99999/", Error::InvalidPort),
        ("ftp://h/", Error::UnsupportedScheme),
        ("javascript:alert(1)", Error::UnsupportedScheme),
    ] {
        for status in [301, 307] {
            assert_eq!(stay(&GET, &redirect(status, location)), Err(Failure::Engine(error)));
        }
    }
}

#[test]
fn nothing_is_sent_where_the_request_is_wrong() {
    for (request, error) in [
        (Request { method: "GE T", ..GET }, Error::InvalidMethod),
        (Request { url: "/b", ..GET }, Error::InvalidUrl),
        (Request { fields: &[("a b", Some(""))], ..GET }, Error::InvalidFieldName),
        (Request { fields: &[("a", Some("\n"))], ..GET }, Error::InvalidFieldValue),
        (Request { fields: &[("content-length", Some("4"))], ..POST }, Error::BodyMismatch),
        (Request { content_type: "a\r\nb", ..POST }, Error::InvalidFieldValue),
    ] {
        let (sent, outcome) = exchange::<&str>(&request, &[]);
        assert_eq!((sent, outcome), (vec![], Err(Failure::Engine(error))), "{request:?}");
    }
}

#[test]
fn default_content_type_is_that_of_a_body() {
    let request = Request { body: Body::None, ..POST };
    let (sent, _) = exchange(&request, &[OK]);
    assert!(!has(&sent[0], "Content-Type"));
    assert!(has(&sent[0], "Content-Length"));
    let (sent, _) = exchange(&POST, &[OK]);
    assert!(has(&sent[0], "Content-Type"));
}
