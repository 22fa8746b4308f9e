use micropython_sys::*;

use super::heap::Heap;
use super::{EMPTY, explained, seen, text, written};

/// The output of a function that writes to a buffer.
fn output(write: impl FnOnce(&mut mrq_buf_t) -> u8) -> String {
    let mut out = EMPTY;
    assert_eq!(write(&mut out), MRQ_OK);
    written(&out).to_owned()
}

#[test]
fn convert() {
    let _heap = Heap::new();
    let url = "http://user:password@h/a?b=c#d";
    assert_eq!(output(|out| c!(mrq_rs_method(text("get"), out))), "GET");
    assert_eq!(
        output(|out| c!(mrq_rs_put_basic(out, text("a"), text("b")))),
        "Authorization: Basic YTpi\r\n"
    );
    assert_eq!(output(|out| c!(mrq_rs_public_url(text(url), out))), "http://h/a?b=c");
    assert_eq!(
        output(|out| c!(mrq_rs_add_query(text("http://h/"), text("a=b"), out))),
        "http://h/?a=b"
    );
    assert_eq!(output(|out| c!(mrq_rs_quote(text("a /ü"), text("/"), true, out))), "a+/%C3%BC");
    assert_eq!(output(|out| c!(mrq_rs_unquote(text("a+%C3%BC"), false, out))), "a+ü");
    assert_eq!(output(|out| c!(mrq_rs_to_utf8(text("ü"), false, out))), "ü");
    assert_eq!(output(|out| c!(mrq_rs_from_utf8(text("a"), 0x7f, out))), "a");
    assert_eq!(
        output(|out| {
            c!(mrq_rs_put_pair(out, text("a"), text("b"), text("")));
            c!(mrq_rs_put_pair(out, text("c"), text(" "), text("")))
        }),
        "a=b&c=+"
    );
}

#[test]
fn fail() {
    let _heap = Heap::new();
    let mut out = EMPTY;
    let code = c!(mrq_rs_from_utf8(text("ü"), 0x7f, &mut out));
    let error = (MRQ_ERROR_UNICODE, "character not representable in the encoding");
    assert_eq!(explained(code, None), error);
    let code = c!(mrq_rs_put_field(&mut out, text("X-Test"), text("a\r\nb")));
    assert_eq!(explained(code, None), (MRQ_ERROR_VALUE, "invalid header value"));
}

#[test]
fn follow_redirects() {
    let _heap = Heap::new();
    let mut target = EMPTY;
    let mut redirect = |status, location| {
        let mut becomes_get = false;
        let code = c!(mrq_rs_redirect(
            status,
            text("POST"),
            text("https://h/a/b"),
            text(location),
            &mut target,
            &mut becomes_get,
        ));
        (code, written(&target).to_owned(), becomes_get)
    };
    assert_eq!(redirect(303, "c"), (MRQ_OK, "https://h/a/c".into(), true));
    assert_eq!(redirect(307, "d"), (MRQ_OK, "https://h/a/d".into(), false));
    assert_eq!(redirect(307, "http://h/"), (MRQ_OK, String::new(), false));
    assert_eq!(redirect(200, "c"), (MRQ_OK, String::new(), false));
}

#[test]
fn split() {
    let (mut name, mut value) = (text(""), text(""));
    assert!(c!(mrq_rs_split_field(text("a: b"), &mut name, &mut value)));
    assert_eq!((seen(name), seen(value)), ("a", "b"));
    assert!(!c!(mrq_rs_split_field(text("a"), &mut name, &mut value)));
    assert!(c!(mrq_rs_field_value(text("Name: c"), text("name"), &mut value)));
    assert_eq!(seen(value), "c");
    assert!(!c!(mrq_rs_field_value(text("Name: c"), text("names"), &mut value)));

    let query = "a=b&c";
    let mut offset = 0;
    let mut next = || c!(mrq_rs_next_pair(text(query), b'&', &mut offset, &mut name, &mut value));
    assert!(next());
    assert!(next());
    assert!(!next());
    assert_eq!(seen(name), "c");
    assert!(value.data.is_null());
}

#[test]
fn url() {
    let _heap = Heap::new();
    let mut out = EMPTY;
    let empty = mrq_url_t { scheme_len: 9, host: text("x"), path_start: 9, port: 1 };
    let mut split = |url, absolute| {
        let mut parts = empty;
        let code = c!(mrq_rs_split_url(text(url), absolute, &mut out, &mut parts));
        let written = written(&out).to_owned();
        (code, parts.scheme_len, seen(parts.host), parts.port, parts.path_start, written)
    };
    let url = "http://h/a#b".to_owned();
    assert_eq!(split("HTTP://u:p@h/a#b", true), (MRQ_OK, 4, "h", 80, 8, url.clone()));
    assert_eq!(split("HTTP://u:p@h/a#b", false), (MRQ_OK, 4, "h", 0, 8, url));
    assert_eq!(split("//h:81", false), (MRQ_OK, 0, "h", 81, 6, "//h:81/".into()));
    assert_eq!(split("a", false), (MRQ_OK, 0, "", 0, 0, "a".into()));
    assert_ne!(split("a", true).0, MRQ_OK);
}

#[test]
fn names() {
    assert_eq!(c!(mrq_rs_encoding(text("UTF-8"))), MRQ_ENCODING_UTF8);
    assert_eq!(c!(mrq_rs_encoding(text("us-ascii"))), MRQ_ENCODING_ASCII);
    assert_eq!(c!(mrq_rs_encoding(text("Latin-1"))), MRQ_ENCODING_LATIN1);
    assert_eq!(c!(mrq_rs_encoding(text("cp437"))), MRQ_ENCODING_UNKNOWN);
    assert_eq!(seen(c!(mrq_rs_separator(text("vary")))), ", ");
    assert_eq!(seen(c!(mrq_rs_separator(text("set-cookie")))), "");
}
