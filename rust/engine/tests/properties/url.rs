//! URLs: what is accepted stays what it is, and no redirect leads where it must not.

use mrequests_engine::Error;
use mrequests_engine::percent::escape_target;
use mrequests_engine::redirect::{Follow, follow};
use mrequests_engine::request::Method;
use mrequests_engine::resolve::{resolve, with_query};
use mrequests_engine::sink::Buffer;
use mrequests_engine::url::{Scheme, Url, split};

use super::input::{number, part};
use super::written::{Written, written};

/// The parts of `input`: a byte for the kind of redirect, a URL, and a reference, which is also a
/// query.
pub fn url(mut input: &[u8]) {
    let kind = usize::from(number(&mut part(&mut input)));
    let base = part(&mut input);
    check_split(base);
    check_split(input);
    let Ok(url) = Url::parse(base) else { return };
    check_parts(&url);
    check_written(&url, base);
    check_query(&url, base, input);
    check_resolved(&url, input);
    check_redirect(kind, &url, base, input);
}

fn is_graphic(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_graphic)
}

fn is_line(bytes: &[u8]) -> bool {
    !bytes.iter().any(|b| matches!(b, b'\r' | b'\n' | 0))
}

/// What a split URL is written as has the same parts.
fn check_split(text: &[u8]) {
    let (mut once, mut twice) = (Written::default(), Written::default());
    let Ok(parts) = split(text, &mut once) else { return };
    let path = &once.as_slice()[parts.path_start..];
    assert!(is_line(path) && (parts.host.is_empty() || path.starts_with(b"/")));
    assert_eq!(split(once.as_slice(), &mut twice), Ok(parts));
    assert_eq!(once.as_slice(), twice.as_slice());
}

/// The parts are safe where they are sent.
fn check_parts(url: &Url<'_>) {
    let target = written(|out| url.put_target(out)).unwrap();
    assert!(target.starts_with(b"/") && is_graphic(&target) && !target.contains(&b'#'));
    let host = written(|out| url.put_host(out)).unwrap();
    assert!(!url.host.is_empty() && is_graphic(&host));
    assert!(!host.iter().any(|b| b"/?#@\\".contains(b)));
    if let Some((user, password)) = url.credentials() {
        assert!(is_line(user) && is_line(password) && !user.contains(&b':'));
    }
}

/// A written URL is parsed to the same parts, and stays as it is.
fn check_written(url: &Url<'_>, text: &[u8]) {
    let public = written(|out| url.put_public(out)).unwrap();
    assert!(is_graphic(&public));
    let again = Url::parse(&public).unwrap();
    let target = written(|out| url.put_target(out)).unwrap();
    let expected = Url { userinfo: None, target: &target, ..*url };
    assert_eq!(again, expected);
    assert_eq!(written(|out| again.put_public(out)).as_deref(), Ok(&public[..]));

    let mut out = Written::default();
    let parts = split(text, &mut out).unwrap();
    assert_eq!(&out.as_slice()[..parts.scheme_len], url.scheme.name());
    assert_eq!((parts.host, parts.port), (url.host, url.port));
    let path = out.as_slice()[parts.path_start..].split(|&b| b == b'#').next().unwrap_or_default();
    assert_eq!(written(|out| escape_target(path, out)), Ok(target));
}

/// A query that is added ends the URL, and changes nothing else.
fn check_query(url: &Url<'_>, text: &[u8], query: &[u8]) {
    let query: Vec<u8> = query.iter().copied().filter(|b| is_line(&[*b]) && *b != b'#').collect();
    let text = written(|out| with_query(text, &query, out)).unwrap();
    let with = Url::parse(&text).unwrap();
    assert_eq!(
        (with.scheme, with.userinfo, with.host, with.port),
        (url.scheme, url.userinfo, url.host, url.port)
    );
    assert!(with.target.starts_with(url.target) && with.target.ends_with(&query));
    assert!(with.target.len() <= url.target.len() + 1 + query.len());
    assert!(query.is_empty() || with.path_and_query().1.is_some());
}

/// Resolution gives an absolute URL, with the path that RFC 3986 section 5.2 describes.
fn check_resolved(base: &Url<'_>, reference: &[u8]) {
    let result = written(|out| resolve(base, reference, out));
    let mut small = heapless::Vec::<u8, 24>::new();
    match resolve(base, reference, &mut small) {
        Err(Error::NoRoom) => {}
        small_result => assert_eq!(result.as_deref(), small_result.map(|()| &small[..]).as_deref()),
    }
    let Ok(text) = result else { return };
    let url = Url::parse(&text).unwrap();
    assert!(url.userinfo.is_none() && is_graphic(&text) && !text.contains(&b'#'));
    assert_eq!(written(|out| resolve(&url, b"", out)).as_deref(), Ok(&text[..]));
    check_path(base, reference, &url);
}

/// Compares path and query with those of RFC 3986 section 5.2.2.
fn check_path(base: &Url<'_>, reference: &[u8], result: &Url<'_>) {
    let reference = reference.split(|&b| b == b'#').next().unwrap_or_default();
    let absolute = [base.scheme.name(), b":", reference].concat();
    let other = Url::parse(if reference.starts_with(b"//") { &absolute } else { reference });
    let (base_path, base_query) = base.path_and_query();
    let (path, query, origin) = if let Ok(url) = &other {
        let (path, query) = url.path_and_query();
        (remove_dot_segments(&escaped(path)), query, url)
    } else {
        let (path, query) = match reference.iter().position(|&b| b == b'?') {
            Some(len) => (&reference[..len], Some(&reference[len + 1..])),
            None => (reference, None),
        };
        match path {
            b"" => (escaped(base_path), query.or(base_query), base),
            [b'/', ..] => (remove_dot_segments(&escaped(path)), query, base),
            _ => {
                let directory = base_path.iter().rposition(|&b| b == b'/').unwrap_or(0);
                let merged = [&base_path[..directory], b"/", path].concat();
                (remove_dot_segments(&escaped(&merged)), query, base)
            }
        }
    };
    assert_eq!(
        (result.scheme, result.host, result.port),
        (origin.scheme, origin.host, origin.port)
    );
    let query = query.map(escaped);
    assert_eq!(result.path_and_query(), (path.as_bytes(), query.as_deref().map(str::as_bytes)));
}

fn escaped(bytes: &[u8]) -> String {
    String::from_utf8(written(|out| escape_target(bytes, out)).unwrap()).unwrap()
}

/// RFC 3986 section 5.2.4, step by step as it stands there.
fn remove_dot_segments(path: &str) -> String {
    let (mut input, mut output) = (path.to_string(), String::new());
    while !input.is_empty() {
        if let Some(rest) = input.strip_prefix("../").or(input.strip_prefix("./")) {
            input = rest.into();
        } else if input.starts_with("/./") || input == "/." {
            input = format!("/{}", input.get(3..).unwrap_or(""));
        } else if input.starts_with("/../") || input == "/.." {
            input = format!("/{}", input.get(4..).unwrap_or(""));
            output.truncate(output.rfind('/').unwrap_or(0));
        } else if input == "." || input == ".." {
            input.clear();
        } else {
            let end = input[1..].find('/').map_or(input.len(), |end| end + 1);
            output.push_str(&input[..end]);
            input = input[end..].into();
        }
    }
    output
}

/// Compares a redirect with RFC 9110 section 15.4, and with what this client refuses to do.
fn check_redirect(kind: usize, url: &Url<'_>, base: &[u8], location: &[u8]) {
    let status = [301, 302, 303, 307, 308, 300, 304, 200][kind % 8];
    let method = [&b"GET"[..], b"head", b"POST"][kind / 8 % 3];
    let mut target = Written::default();
    let followed = follow(status, Method::parse(method).unwrap(), base, location, &mut target);
    let is_redirect = matches!(status, 301 | 302 | 307 | 308) || status == 303 && method != b"GET";
    if location.is_empty() || !is_redirect {
        return assert_eq!(followed, Ok(None));
    }
    let resolved = written(|out| resolve(url, location, out));
    let text = match (followed, &resolved) {
        (Ok(_), Ok(text)) => text,
        (result, _) => return assert_eq!(result.map(|_| ()), resolved.map(|_| ())),
    };
    let to = Url::parse(text).unwrap();
    if (url.scheme, to.scheme) == (Scheme::Https, Scheme::Http) {
        return assert_eq!(followed, Ok(None));
    }
    let origin = |url: &Url<'_>| (url.scheme, url.host.to_ascii_lowercase(), url.effective_port());
    let expected = Follow {
        becomes_get: status < 307 && method != b"head",
        cross_origin: origin(url) != origin(&to),
    };
    assert_eq!((followed, target.as_slice()), (Ok(Some(expected)), &text[..]));
}
