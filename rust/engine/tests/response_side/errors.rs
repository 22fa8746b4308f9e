//! Errors as numbers and as texts.

use std::collections::BTreeSet;

use mrequests_engine::Error;
use mrequests_engine::error::text;

#[test]
fn each_number_is_one_error() {
    let last = Error::NoRoom as u8;
    let texts: BTreeSet<_> = (1..=last).map(text).collect();
    assert_eq!(texts.len(), usize::from(last));
    assert!(!texts.contains(&b""[..]));
    assert_eq!(text(last + 1), b"");
    assert_eq!(text(255), b"");
}

#[test]
fn each_error_has_its_own_text() {
    for (error, expected) in [
        (Error::InvalidMethod, "invalid method"),
        (Error::BodyMismatch, "body does not match Content-Length or Transfer-Encoding"),
        (Error::TrailersTooLarge, "trailers too large"),
        (Error::NoRoom, "memory allocation failed"),
    ] {
        assert_eq!(error.text(), expected.as_bytes());
        assert_eq!(text(error as u8), expected.as_bytes());
    }
}
