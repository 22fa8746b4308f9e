//! The input of a property: parts between separators. A part is text, or sizes.

/// Separates the parts: the record separator of ASCII.
const SEPARATOR: u8 = 0x1e;

/// Takes the first part of `input`, up to a separator or the end.
pub(super) fn part<'i>(input: &mut &'i [u8]) -> &'i [u8] {
    let mut parts = input.splitn(2, |&b| b == SEPARATOR);
    let part = parts.next().unwrap_or_default();
    *input = parts.next().unwrap_or_default();
    part
}

/// A byte whose runs arrive at once, also byte by byte: this saves time.
const FILLER: u8 = b'x';

/// `bytes` with a long run in place of each of the first three 0xff, so that a short input is at the
/// limits of read-ahead and writes, too.
pub(super) fn expanded(bytes: &[u8]) -> Vec<u8> {
    let mut parts = bytes.splitn(4, |&b| b == 0xff);
    let mut expanded = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        expanded.resize(expanded.len() + 500, FILLER);
        expanded.extend_from_slice(part);
    }
    expanded
}

/// Takes the first byte of `bytes`; 0 if there is none.
pub(super) fn number(bytes: &mut &[u8]) -> u8 {
    let Some((&number, rest)) = bytes.split_first() else { return 0 };
    *bytes = rest;
    number
}

/// The size that a byte means: 1 to 2048, or all.
pub(super) fn size(byte: u8) -> usize {
    match byte {
        0 => usize::MAX,
        1..128 => byte.into(),
        128.. => (usize::from(byte) - 127) * 16,
    }
}

/// A byte for each size, repeated from the start when used up.
pub(super) type Sizes<'i> = &'i [u8];

pub(super) const AT_ONCE: Sizes<'static> = &[0];
pub(super) const BYTE_BY_BYTE: Sizes<'static> = &[1];

/// A connection whose peer has sent everything. The bytes arrive in pieces.
#[derive(Debug)]
pub(super) struct Peer<'i> {
    unread: &'i [u8],
    /// The number of bytes that arrived.
    pub(super) received: usize,
    sizes: Sizes<'i>,
    receives: usize,
    is_closed: bool,
}

impl<'i> Peer<'i> {
    pub(super) fn new(unread: &'i [u8], sizes: Sizes<'i>) -> Self {
        Self { unread, received: 0, sizes, receives: 0, is_closed: false }
    }

    /// The number of bytes that did not arrive yet.
    pub(super) fn len(&self) -> usize {
        self.unread.len()
    }

    /// Receives into `room`. Returns the number of bytes; 0 is the end.
    pub(super) fn receive(&mut self, room: &mut [u8]) -> usize {
        assert!(!room.is_empty(), "nothing can be received into no room");
        assert!(!self.is_closed, "received after the end");
        let size = match nth(self.sizes, self.receives) {
            1 => self.unread.iter().take_while(|&&b| b == FILLER).count().max(1),
            size => size,
        };
        let len = size.min(room.len()).min(self.unread.len());
        self.receives += 1;
        self.is_closed = len == 0;
        let (now, later) = self.unread.split_at(len);
        room[..len].copy_from_slice(now);
        self.unread = later;
        self.received += len;
        len
    }
}

/// The size number `index`. Without any, all.
pub(super) fn nth(sizes: Sizes<'_>, index: usize) -> usize {
    let byte = index.checked_rem(sizes.len()).map_or(0, |index| sizes[index]);
    size(byte)
}

/// The content of a chunked body without extensions and trailers, and with nothing behind it. `None`
/// for any other body.
pub(super) fn unchunked(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let size_len = raw.iter().position(|b| !b.is_ascii_hexdigit())?;
        let size = std::str::from_utf8(&raw[..size_len]).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        let (chunk, rest) = raw[size_len..].strip_prefix(b"\r\n")?.split_at_checked(size)?;
        content.extend_from_slice(chunk);
        raw = rest.strip_prefix(b"\r\n")?;
        if size == 0 {
            return raw.is_empty().then_some(content);
        }
    }
}
