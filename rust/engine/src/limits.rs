//! Limits on what a peer may send, each of which a variable in the build's environment replaces; and the size of the
//! read-ahead.

/// The longest line of a response head, in bytes, its line end included. A folded field counts as
/// one line. `MREQUESTS_MAX_LINE` replaces it.
pub const MAX_LINE: usize = build_limit(option_env!("MREQUESTS_MAX_LINE"), 8192);

/// The longest response head, in bytes, the heads of interim responses before it included.
/// `MREQUESTS_MAX_HEAD` replaces it.
pub const MAX_HEAD: usize = build_limit(option_env!("MREQUESTS_MAX_HEAD"), 16384);

/// The most field lines in the head of a final response, skipped ones included.
/// `MREQUESTS_MAX_FIELDS` replaces it.
pub const MAX_FIELDS: usize = build_limit(option_env!("MREQUESTS_MAX_FIELDS"), 100);

/// The longest trailer section, in bytes; also the longest line with a chunk size and its
/// extensions. `MREQUESTS_MAX_TRAILERS` replaces it.
pub const MAX_TRAILERS: usize = build_limit(option_env!("MREQUESTS_MAX_TRAILERS"), 8192);

/// The size of the read-ahead of a response, in bytes. A common head fits.
pub const READ_AHEAD: usize = 512;

/// The decimal number `given`, or else `default`.
const fn build_limit(given: Option<&str>, default: usize) -> usize {
    let Some(text) = given else { return default };
    let number = usize::from_str_radix(text, 10);
    assert!(number.is_ok(), "the MREQUESTS_MAX_* variables take a decimal number");
    match number {
        Ok(n) => n,
        Err(_) => default,
    }
}
