//! URLs, quoting and redirects with arbitrary input.
#![allow(clippy::unwrap_used)]

mod any_bytes;
mod written;

use any_bytes::{any_bytes, any_url};
use mrequests_engine::Error;
use mrequests_engine::form::{pairs, push_pair};
use mrequests_engine::percent::{SafeSet, decoded, escape_target, quote};
use mrequests_engine::redirect::follow;
use mrequests_engine::request::Method;
use mrequests_engine::resolve::with_query;
use mrequests_engine::sink::Buffer;
use mrequests_engine::url::{Url, split};
use proptest::collection::vec;
use proptest::prelude::*;
use written::{Written, basic, resolve, written};

/// Base64, encoded through a string of bits.
fn reference_base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> =
        ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    let mut text = String::new();
    for start in (0..bits.len()).step_by(6) {
        let six = format!("{:0<6}", bits.chars().skip(start).take(6).collect::<String>());
        text.push(alphabet[usize::from_str_radix(&six, 2).unwrap()]);
    }
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// RFC 3986 section 5.2.4, step by step as it stands there.
fn reference_remove_dot_segments(path: &str) -> String {
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(
        a in any_bytes(), b in any_bytes(), url in any_url(), status in 299..310u16, plus: bool,
    ) {
        let set = SafeSet::NONE.with(&a);
        let _ = decoded(&a, plus).count();
        let _ = pairs(&a, b'&').count();
        let _ = split(&a, &mut Written::default());
        let _ = split(&url, &mut Written::default());
        let _ = Url::parse(&a);
        let _ = written(|out| push_pair(out, plus, &a, &b, &set));
        let _ = written(|out| resolve(&a, &b, out));
        let _ = written(|out| resolve(&url, &b, out));
        let _ = written(|out| with_query(&a, &b, out));
        let _ = written(|out| follow(status, Method::GET, &url, &a, out).map(|_| ()));
    }

    #[test]
    fn quoted_is_decoded_again(
        text in vec(any::<u8>(), 0..60), safe in any_bytes(), plus: bool,
    ) {
        // A safe `%` or, in forms, a safe `+` would be ambiguous.
        let safe: Vec<u8> = safe.into_iter().filter(|b| !b"%+".contains(b)).collect();
        let quoted = written(|out| quote(&text, &SafeSet::NONE.with(&safe), plus, out)).unwrap();
        prop_assert_eq!(decoded(&quoted, plus).collect::<Vec<_>>(), text);
    }

    #[test]
    fn escaped_targets_are_printable_mean_the_same_and_stay_as_they_are(text in any_bytes()) {
        let once = written(|out| escape_target(&text, out)).unwrap();
        let unsafe_bytes = b"\"<>\\^`{|}";
        let is_safe = |b: &u8| b.is_ascii_graphic() && !unsafe_bytes.contains(b);
        prop_assert!(once.iter().all(is_safe));
        prop_assert!(decoded(&once, false).eq(decoded(&text, false)));
        prop_assert_eq!(&written(|out| escape_target(&once, out)).unwrap(), &once);
    }

    #[test]
    fn forms_come_back(form in vec((vec(any::<u8>(), 0..8), vec(any::<u8>(), 0..8)), 0..6)) {
        let query = written(|out| {
            form.iter().enumerate().try_for_each(|(index, (name, value))| {
                push_pair(out, index == 0, name, value, &SafeSet::UNRESERVED)
            })
        });
        let decode = |text: &[u8]| decoded(text, true).collect::<Vec<_>>();
        let back: Vec<_> = pairs(&query.unwrap(), b'&')
            .map(|(name, value)| (decode(name), decode(value.unwrap())))
            .collect();
        prop_assert_eq!(back, form);
    }

    #[test]
    fn base64_is_as_the_reference_has_it(
        user in vec(any::<u8>(), 0..40), password in vec(any::<u8>(), 0..40),
    ) {
        let expected = reference_base64(&[&user[..], b":", &password].concat());
        prop_assert_eq!(basic(&user, &password, false), format!("Basic {expected}"));
    }

    #[test]
    fn a_host_never_breaks_its_line(text in any_url()) {
        if let Ok(url) = Url::parse(&text) {
            let host = written(|out| url.put_host(out)).unwrap();
            let is_safe = |b: &u8| b.is_ascii_graphic() && !b"/?#@\\".contains(b);
            prop_assert!(!host.is_empty() && host.iter().all(is_safe));
        }
    }

    #[test]
    fn split_and_parse_agree(text in any_url()) {
        if let Ok(url) = Url::parse(&text) {
            let mut out = Written::default();
            let parts = split(&text, &mut out).unwrap();
            prop_assert_eq!(&out.as_slice()[..parts.scheme_len], url.scheme.name());
            prop_assert_eq!((parts.host, parts.port), (url.host, url.port));
            let slash = if url.target.starts_with(b"/") { &b""[..] } else { b"/" };
            let expected = [slash, url.target].concat();
            prop_assert_eq!(out.as_slice()[parts.path_start..].split(|&b| b == b'#').next(), Some(&expected[..]));
        }
    }

    #[test]
    fn a_written_url_has_the_same_parts(text in prop_oneof![any_url(), any_bytes()]) {
        let (mut once, mut twice) = (Written::default(), Written::default());
        if let Ok(parts) = split(&text, &mut once) {
            prop_assert_eq!(parts, split(once.as_slice(), &mut twice).unwrap());
            prop_assert_eq!(once.as_slice(), twice.as_slice());
        }
    }

    #[test]
    fn what_resolve_accepts_is_a_url(
        base in any_url(), reference in prop_oneof![any_url(), any_bytes()],
    ) {
        if let Ok(target) = written(|out| resolve(&base, &reference, out)) {
            let url = Url::parse(&target).unwrap();
            prop_assert_eq!(url.userinfo, None);
            prop_assert!(target.iter().all(|b| b.is_ascii_graphic() && *b != b'#'));
            prop_assert_eq!(&written(|out| resolve(&target, b"", out)).unwrap(), &target);
        }
    }

    #[test]
    fn paths_are_resolved_as_the_rfc_does(
        base in "(/(a|b|\\.|\\.\\.|)){1,6}",
        reference in "/?((a|\\.|\\.\\.|\\.\\.\\.|)/){0,6}(a|\\.|\\.\\.|)",
    ) {
        prop_assume!(!reference.is_empty() && !reference.starts_with("//"));
        let merged = if reference.starts_with('/') {
            reference.clone()
        } else {
            [&base[..=base.rfind('/').unwrap()], &reference].concat()
        };
        let expected = format!("http://h{}", reference_remove_dot_segments(&merged));
        let base = format!("http://h{base}");
        let target = written(|out| resolve(base.as_bytes(), reference.as_bytes(), out));
        prop_assert_eq!(String::from_utf8(target.unwrap()).unwrap(), expected);
    }

    #[test]
    fn too_little_room_is_told(base in any_url(), reference in any_url()) {
        let mut small = heapless::Vec::<u8, 16>::new();
        let whole = written(|out| resolve(&base, &reference, out));
        match resolve(&base, &reference, &mut small) {
            Err(Error::NoRoom) => {}
            Err(error) => prop_assert_eq!(whole, Err(error)),
            Ok(()) => prop_assert_eq!(whole.as_deref(), Ok(small.as_slice())),
        }
    }
}
