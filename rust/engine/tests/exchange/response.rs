//! A response in memory: reads the head and the content of a scripted peer.

use mrequests_engine::Error;
use mrequests_engine::content::{Extent, Next, Read};
use mrequests_engine::incoming::Incoming;

use crate::driver::Failure;

/// How many bytes each receive brings at most; repeated from the start when used up.
pub(crate) type Cuts<'a> = &'a [usize];

pub(crate) const AT_ONCE: Cuts<'static> = &[usize::MAX];
pub(crate) const BYTE_BY_BYTE: Cuts<'static> = &[1];

pub(crate) const EXTENTS: [Extent; 3] = [Extent::Some, Extent::Fill, Extent::Line];

/// A connection whose peer has sent everything. The bytes arrive in pieces.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    pub(crate) unread: &'a [u8],
    cuts: std::iter::Cycle<std::slice::Iter<'a, usize>>,
    /// The room of each receive.
    pub(crate) asked: Vec<usize>,
    end: Option<Failure>,
}

impl<'a> Connection<'a> {
    /// A connection that closes after `input`, or fails with `end`.
    pub(crate) fn new(input: &'a [u8], end: Option<Failure>, cuts: Cuts<'a>) -> Self {
        Self { unread: input, cuts: cuts.iter().cycle(), asked: Vec::new(), end }
    }

    /// Receives into `room`, which is not empty; 0 is the end.
    pub(crate) fn receive(&mut self, room: &mut [u8]) -> Result<usize, Failure> {
        assert!(!room.is_empty(), "nothing can be received into no room");
        self.asked.push(room.len());
        if let ([], Some(failure)) = (self.unread, self.end) {
            return Err(failure);
        }
        let cut = *self.cuts.next().unwrap();
        let (now, later) = self.unread.split_at(cut.min(room.len()).min(self.unread.len()));
        room[..now.len()].copy_from_slice(now);
        self.unread = later;
        Ok(now.len())
    }
}

/// A response on its connection.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) reason: Vec<u8>,
    pub(crate) fields: Vec<Vec<u8>>,
    pub(crate) incoming: Incoming,
    pub(crate) connection: Connection<'a>,
    failure: Option<Failure>,
    /// How often the engine may still be called: in proportion to the input.
    calls_left: usize,
}

impl<'a> Response<'a> {
    pub(crate) fn new(connection: Connection<'a>) -> Self {
        Self {
            status: 0,
            reason: Vec::new(),
            fields: Vec::new(),
            incoming: Incoming::new(),
            failure: None,
            calls_left: 100 + 20 * connection.unread.len(),
            connection,
        }
    }

    fn count_call(&mut self) {
        self.calls_left = self.calls_left.checked_sub(1).expect("progress");
    }

    /// Reads content; 0 is the end. A failure after content is returned by the next read, and by
    /// all later ones.
    pub(crate) fn read(&mut self, dst: &mut [u8], extent: Extent) -> Result<usize, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let mut read = Read::new(extent);
        if let Err(failure) = self.perform(dst, &mut read, usize::MAX) {
            self.failure = Some(failure);
            if read.done == 0 {
                return Err(failure);
            }
        }
        Ok(read.done)
    }

    /// Performs a read. Gives it up at the next receive after `most`; returns whether it was not.
    pub(crate) fn perform(
        &mut self,
        dst: &mut [u8],
        read: &mut Read,
        most: usize,
    ) -> Result<bool, Failure> {
        let ready = self.incoming.is_ready() || dst.is_empty();
        let mut receives = 0;
        loop {
            self.count_call();
            let end = match self.incoming.read(dst, read) {
                Ok(Next::Receive(room)) => {
                    assert!(!ready || read.done > 0, "there was no need to wait");
                    if receives == most {
                        return Ok(false);
                    }
                    receives += 1;
                    read.received = Some(self.connection.receive(room)?);
                    continue;
                }
                Ok(Next::Done) => Ok(true),
                Err(error) => Err(error),
            };
            assert!(ready || receives > 0);
            return end.map_err(|error| match error {
                Error::IncompleteBody => Failure::Incomplete {
                    done: self.incoming.content_received(),
                    total: self.incoming.content_expected(),
                },
                error => error.into(),
            });
        }
    }

    /// The content by reads of these sizes, repeated, and its end or failure.
    pub(crate) fn read_all(
        &mut self,
        sizes: &[usize],
        extent: Extent,
    ) -> (Vec<u8>, Result<(), Failure>) {
        let mut content = Vec::new();
        for &size in sizes.iter().cycle() {
            let mut dst = vec![0; size];
            match self.read(&mut dst, extent) {
                Ok(0) => {
                    assert_eq!(self.read(&mut dst, extent), Ok(0), "the end stays the end");
                    return (content, Ok(()));
                }
                Ok(len) => content.extend_from_slice(&dst[..len]),
                Err(failure) => {
                    assert_eq!(self.read(&mut dst, extent), Err(failure), "failures stay");
                    return (content, Err(failure));
                }
            }
            assert_eq!(self.incoming.content_received(), content.len() as u64);
        }
        unreachable!("there are sizes");
    }
}
