//! Sequences of certificates, each after its length in three bytes (RFC 8446 section 4.4.2).

/// Splits off the first certificate. `None` if it is truncated.
pub(super) fn split_first(chain: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[high, middle, low], rest) = chain.split_first_chunk()?;
    let length = u32::from_be_bytes([0, high, middle, low]);
    rest.split_at_checked(usize::try_from(length).ok()?)
}
