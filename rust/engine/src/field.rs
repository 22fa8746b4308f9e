//! One field line (RFC 9110 section 5): its name, its value, the parts of the value.

use crate::ascii::trim_ows;

/// The response fields that the engine or its driver evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// `Content-Length` (RFC 9110 section 8.6).
    ContentLength,
    /// `Transfer-Encoding` (RFC 9112 section 6.1).
    TransferEncoding,
    /// `Content-Encoding` (RFC 9110 section 8.4).
    ContentEncoding,
    /// `Content-Type` (RFC 9110 section 8.3).
    ContentType,
    /// `Location` (RFC 9110 section 10.2.2).
    Location,
}

/// The names of the known fields. Their lengths differ.
const NAMES: [(&[u8], Known); 5] = [
    (b"location", Known::Location),
    (b"content-type", Known::ContentType),
    (b"content-length", Known::ContentLength),
    (b"content-encoding", Known::ContentEncoding),
    (b"transfer-encoding", Known::TransferEncoding),
];

/// Returns the field and the value of a field line, if the field is a [`Known`] one. The value
/// equals that of [`split`].
pub fn known(line: &[u8]) -> Option<(Known, &[u8])> {
    NAMES.iter().find_map(|&(known, field)| {
        let (name, rest) = line.split_at_checked(known.len())?;
        let value = rest.strip_prefix(b":")?;
        known.eq_ignore_ascii_case(name).then(|| (field, trim_ows(value)))
    })
}

/// Splits a field line at its first colon into name and value. Removes the whitespace around the
/// value and leaves the name unchanged. `None` without a colon.
pub fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&b| b == b':')?;
    let (name, rest) = line.split_at_checked(colon)?;
    Some((name, trim_ows(rest.get(1..)?)))
}

/// Iterates over the members of a comma-separated list (RFC 9110 section 5.6.1), without whitespace
/// around them and without empty ones. A comma in a quoted string separates, too.
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&b| b == b',').map(trim_ows).filter(|member| !member.is_empty())
}

/// Returns the `charset` parameter of a Content-Type (RFC 9110 section 8.3.2) without its quotes;
/// escapes are not decoded. `None` if the parameter is absent or empty.
pub fn charset(content_type: &[u8]) -> Option<&[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    let mut parts = content_type.split(move |&b| {
        quoted ^= b == b'"' && !escaped;
        escaped = quoted && b == b'\\' && !escaped;
        b == b';' && !quoted
    });
    parts.next(); // the media type
    parts.find_map(|parameter| {
        let equals = parameter.iter().position(|&b| b == b'=')?;
        let (name, value) = parameter.split_at_checked(equals)?;
        let value = match trim_ows(value.get(1..)?) {
            [b'"', inner @ .., b'"'] => inner,
            value => value,
        };
        (trim_ows(name).eq_ignore_ascii_case(b"charset") && !value.is_empty()).then_some(value)
    })
}
