//! Arbitrary input, with more delimiters than chance gives.

use proptest::collection::vec;
use proptest::prelude::*;

/// Delimiters and other bytes.
pub(crate) fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::sample::select(b"/?#@:[]%\\&=+.,; \t\r\n\0\x7f\xffaA0gG-".to_vec());
    vec(prop_oneof![telling, any::<u8>()], 0..40)
}

/// Mostly resembles a URL or a reference.
pub(crate) fn any_url() -> impl Strategy<Value = Vec<u8>> {
    let start = prop::sample::select(vec![
        "http://",
        "https://",
        "http://u:p@h",
        "http://h/",
        "http://[::1",
        "//",
        "/",
        "",
    ]);
    let clean = "[a-z0-9/?.:@%=&;-]{0,30}".prop_map(String::into_bytes);
    (start, prop_oneof![1 => any_bytes(), 2 => clean])
        .prop_map(|(start, rest)| [start.as_bytes(), &rest].concat())
}
