//! Bodies of responses: any cut, and any sequence of reads, gives the same content and the same end.

use mrequests_engine::Error;
use mrequests_engine::content::{Extent, Next, Read};
use mrequests_engine::incoming::{Event, Incoming};

use super::input::{AT_ONCE, BYTE_BY_BYTE, Peer, expanded, number, part, size, unchunked};
use super::written::Written;

const STATUSES: [&str; 6] = [
    "HTTP/1.1 200\n",
    "HTTP/1.0 200\n",
    "HTTP/1.1 101\n",
    "HTTP/1.1 204\n",
    "HTTP/1.1 304\n",
    "HTTP/1.9 999\n",
];

/// Receives a response. Its parts: a byte for the kind of response and then its fields, the cuts,
/// the accesses to its content, the body.
pub fn body(mut input: &[u8]) {
    let mut fields = part(&mut input);
    let kind = usize::from(number(&mut fields));
    let (cuts, accesses) = (part(&mut input), part(&mut input));
    let to_head = kind / STATUSES.len() % 8 == 7;
    let status = STATUSES[kind % STATUSES.len()].as_bytes();
    let body = expanded(input);
    let raw = [status, fields, b"\n\n", &body].concat();

    let by_bytes = Peer::new(&raw, BYTE_BY_BYTE);
    let Ok(single) = receive(by_bytes, to_head, &[SOME]) else { return };
    assert!(single.content.len() < single.received, "more than was received");
    if raw.len() - single.head_len == body.len() {
        single.check(&body, to_head || matches!(kind % STATUSES.len(), 2..5));
    }
    assert!(!single.is_reusable || single.end == Ok(()));
    for (cuts, accesses) in [(cuts, &Access::all(accesses)[..]), (AT_ONCE, &[ALL])] {
        let received = receive(Peer::new(&raw, cuts), to_head, accesses).unwrap();
        assert_eq!((&received.content, received.end), (&single.content, single.end));
        // Otherwise bytes behind the body were received, too.
        let is_exact = received.received == single.received;
        assert!(is_exact || single.end.is_err() || received.received > single.received);
        assert_eq!(received.is_reusable, single.is_reusable && is_exact);
    }
}

/// Receives a head and begins the body.
fn begin(incoming: &mut Incoming, peer: &mut Peer<'_>, to_head: bool) -> Result<(), Error> {
    incoming.begin_head(false);
    let mut long = Written::default();
    loop {
        match incoming.poll_head(&mut long)? {
            Event::NeedMore => match peer.receive(incoming.room()) {
                0 => return Err(Error::NoResponse),
                len => incoming.received(len),
            },
            Event::End => return incoming.begin_body(to_head),
            _ => {}
        }
    }
}

/// A way to get at content.
#[derive(Debug, Clone, Copy)]
enum Access {
    Take(usize),
    TakeLine,
    /// A read of this size, which is given up at the next receive after this many.
    Read(usize, Extent, usize),
}

/// Reads that receive once.
const SOME: Access = Access::Read(ROOM, Extent::Some, usize::MAX);
/// Reads that receive as much as they can.
const ALL: Access = Access::Read(ROOM, Extent::Fill, usize::MAX);

impl Access {
    fn all(bytes: &[u8]) -> Vec<Self> {
        let access = |bytes: &[u8]| {
            let (most, size) = (usize::from(bytes[0] / 8), size(bytes[1]).min(ROOM));
            let most = if most == 31 { usize::MAX } else { most };
            match bytes[0] % 8 {
                0 | 1 => Self::Take(size),
                2 | 3 => Self::TakeLine,
                4 | 5 => Self::Read(size, Extent::Some, most),
                6 => Self::Read(size, Extent::Fill, most),
                _ => Self::Read(size, Extent::Line, most),
            }
        };
        let progress = Self::Read(17, Extent::Some, 1);
        bytes.chunks_exact(2).take(8).map(access).chain([progress]).collect()
    }
}

#[derive(Debug)]
struct Received {
    /// The number of bytes that were received for the head.
    head_len: usize,
    is_chunked: bool,
    content_length: Option<u64>,
    content: Vec<u8>,
    end: Result<(), Error>,
    /// The number of bytes that were received.
    received: usize,
    is_reusable: bool,
}

impl Received {
    /// Compares the content with that of `body`, as the framing says.
    fn check(&self, body: &[u8], has_none: bool) {
        let expected = match (self.is_chunked, self.content_length) {
            _ if has_none => (b"".to_vec(), Ok(())),
            (true, _) => match unchunked(body) {
                Some(content) => (content, Ok(())),
                None => return,
            },
            (false, None) => (body.to_vec(), Ok(())),
            (false, Some(len)) => match body.get(..len as usize) {
                Some(content) => (content.to_vec(), Ok(())),
                None => (body.to_vec(), Err(Error::IncompleteBody)),
            },
        };
        assert_eq!((&self.content, self.end), (&expected.0, expected.1));
    }
}

/// Receives a response by these accesses, repeated. Errors: those of its head.
fn receive(mut peer: Peer<'_>, to_head: bool, accesses: &[Access]) -> Result<Received, Error> {
    let content = Vec::with_capacity(peer.len());
    let mut incoming = Incoming::new();
    begin(&mut incoming, &mut peer, to_head)?;
    let head_len = peer.received;
    let mut reader = Reader { incoming, peer, content, room: [0; ROOM] };
    let end = accesses.iter().cycle().find_map(|&access| reader.access(access)).unwrap();
    Ok(Received {
        head_len,
        is_chunked: reader.incoming.is_chunked(),
        content_length: reader.incoming.content_length(),
        end,
        received: reader.peer.received,
        is_reusable: reader.incoming.is_reusable(),
        content: reader.content,
    })
}

/// The size of the largest read.
const ROOM: usize = 2048;

struct Reader<'i> {
    incoming: Incoming,
    peer: Peer<'i>,
    content: Vec<u8>,
    room: [u8; ROOM],
}

impl Reader<'_> {
    /// Gets at content. Returns the end of it.
    fn access(&mut self, access: Access) -> Option<Result<(), Error>> {
        let was_done = self.incoming.is_done();
        let end = match access {
            Access::Take(size) => {
                let len = self.incoming.take(&mut self.room[..size]);
                self.content.extend_from_slice(&self.room[..len]);
                assert_eq!(self.incoming.is_done(), was_done, "only a read ends the body");
                None
            }
            Access::TakeLine => {
                let line = self.incoming.take_line();
                assert!(line.is_empty() || is_line(line));
                self.content.extend_from_slice(line);
                assert_eq!(self.incoming.is_done(), was_done, "only a read ends the body");
                None
            }
            Access::Read(size, extent, most) => self.read(size, extent, most),
        };
        let len = self.content.len() as u64;
        assert_eq!(self.incoming.content_received(), len);
        let expected = self.incoming.remaining().map(|left| len + left);
        assert_eq!(self.incoming.content_expected(), expected);
        if end == Some(Ok(())) {
            assert!(self.incoming.is_done() && expected == Some(len));
        }
        end
    }

    fn read(&mut self, size: usize, extent: Extent, most: usize) -> Option<Result<(), Error>> {
        let Self { incoming, peer, content, room } = self;
        let dst = &mut room[..size];
        let mut read = Read::new(extent);
        let is_ready = incoming.is_ready();
        let mut receives = 0;
        let result = loop {
            match incoming.read(dst, &mut read) {
                Ok(Next::Receive(room)) => {
                    assert!(!is_ready || read.done > 0, "there was no need to receive");
                    if receives == most {
                        break None;
                    }
                    receives += 1;
                    read.received = Some(peer.receive(room));
                }
                Ok(Next::Done) => break Some(Ok(())),
                Err(error) => break Some(Err(error)),
            }
        };
        assert!(is_ready || receives > 0 || result.is_none(), "there was need to receive");
        let read = &dst[..read.done];
        content.extend_from_slice(read);
        if result != Some(Ok(())) {
            return result;
        }
        let is_whole = match extent {
            Extent::Some => !read.is_empty(),
            Extent::Fill => read.len() == size,
            Extent::Line => read.len() == size || is_line(read),
        };
        assert!(is_whole || incoming.is_done());
        let before_last = &read[..read.len().saturating_sub(1)];
        assert!(extent != Extent::Line || !before_last.contains(&b'\n'));
        read.is_empty().then_some(Ok(()))
    }
}

/// Whether `text` is one line with its end.
fn is_line(text: &[u8]) -> bool {
    text.iter().position(|&b| b == b'\n') == text.len().checked_sub(1)
}
