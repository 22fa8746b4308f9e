//! SEQUENCE { INTEGER, INTEGER } in strict DER, the structure of both Ecdsa-Sig-Value (RFC 3279
//! section 2.2.3) and RSAPublicKey (RFC 8017 appendix A.1.1).

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// Returns the two numbers, big-endian without leading zeros. Both have to be positive.
pub(crate) fn integers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (content, after) = element(SEQUENCE, der)?;
    let (first, rest) = positive(content)?;
    let (second, rest) = positive(rest)?;
    (rest.is_empty() && after.is_empty()).then_some((first, second))
}

fn positive(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (content, rest) = element(INTEGER, input)?;
    match content {
        [0, number @ ..] if number.first()? & 0x80 != 0 => Some((number, rest)),
        [0x01..=0x7f, ..] => Some((content, rest)),
        _ => None,
    }
}

/// Returns the content of an element, and the bytes after the element. The length has to be in its
/// shortest form.
fn element(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match input.strip_prefix(&[tag])? {
        [length @ 0..=0x7f, rest @ ..] => (u16::from(*length), rest),
        [0x81, length @ 0x80..=0xff, rest @ ..] => (u16::from(*length), rest),
        [0x82, high @ 0x01..=0xff, low, rest @ ..] => (u16::from_be_bytes([*high, *low]), rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(length))
}
