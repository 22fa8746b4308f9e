//! Arbitrary input, with more delimiters than chance gives.

use proptest::collection::vec;
use proptest::prelude::*;

/// Delimiters and other bytes.
pub(crate) fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop::sample::select(b"/?#@:[]%\\&=+.,; \t\r\n\0\x7f\xffaA0gG-".to_vec());
    vec(prop_oneof![telling, any::<u8>()], 0..40)
}
