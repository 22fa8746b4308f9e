//! Values of fields: the charset of a Content-Type (RFC 9110 section 8.3), values that are joined.

use mrequests_engine::field::{charset, separator};

#[test]
fn values() {
    let table: &[(&str, Option<&str>)] = &[
        ("text/html; charset=utf-8", Some("utf-8")),
        ("text/html;charset=utf-8", Some("utf-8")),
        ("Text/HTML;Charset=\"utf-8\"", Some("utf-8")),
        ("text/html; charset=\"utf-8\"", Some("utf-8")),
        ("text/html; CHARSET=ISO-8859-1 ; x=y", Some("ISO-8859-1")),
        ("text/html; x=y;\tcharset = latin1", Some("latin1")),
        ("text/html; charset=a; charset=b", Some("a")),
        ("text/html;; charset=a;", Some("a")),
        ("; charset=a", Some("a")),
        ("multipart/x; b=\"; charset=no\"; charset=yes", Some("yes")),
        ("multipart/x; b=\"\\\"; charset=no\"; charset=yes", Some("yes")),
        ("multipart/x; b=\"\\\\\"; charset=yes", Some("yes")),
        ("multipart/x; b=a\\; charset=yes", Some("yes")),
        ("text/html; charset=\"a;b\"", Some("a;b")),
        ("text/html; charset=a=b", Some("a=b")),
        ("multipart/x; b=\\\"; charset=no", None),
        ("text/html; charset='a'", Some("'a'")),
        ("text/html; charset=\"", Some("\"")),
        ("text/html; charset=; charset=b", Some("b")),
        ("text/html; charset=\"\"", None),
        ("text/html; charset=", None),
        ("text/html; charset", None),
        ("text/html; xcharset=a; charset2=b", None),
        ("text/html; x=\"charset=a", None),
        ("charset=utf-8", None),
        ("text/html", None),
        ("", None),
    ];
    for (content_type, expected) in table {
        let found = charset(content_type.as_bytes()).map(|v| str::from_utf8(v).unwrap());
        assert_eq!(found, *expected, "{content_type:?}");
    }
}

#[test]
fn values_are_joined_except_cookies() {
    for (name, expected) in
        [("Vary", ", "), ("set-cookie2", ", "), ("", ", "), ("set-cookie", ""), ("Set-Cookie", "")]
    {
        assert_eq!(separator(name.as_bytes()), expected.as_bytes(), "{name}");
    }
}
