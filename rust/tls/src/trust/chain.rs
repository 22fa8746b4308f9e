//! Certificates in a row, each behind its length in three bytes (RFC 8446 section 4.4.2).

/// The first certificate and what follows it; `None` where it is cut off.
pub(super) fn split_first(chain: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[high, middle, low], rest) = chain.split_first_chunk()?;
    let length = u32::from_be_bytes([0, high, middle, low]);
    rest.split_at_checked(usize::try_from(length).ok()?)
}
