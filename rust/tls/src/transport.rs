//! What a connection needs from its caller: a byte stream, and memory.

/// Whether one waits to read or to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Bytes from the peer.
    Read,
    /// Room for bytes to the peer.
    Write,
}

/// A handle of the byte stream below: every clone of it stands for the same stream.
pub trait Transport: Clone {
    /// What the stream says when it fails.
    type Error: Copy;

    /// Reads at least one byte. `Ok(0)`: the peer closed the stream.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Self::Error>;

    /// Writes at least one byte, never `Ok(0)`.
    fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error>;

    /// Whether the operation may be tried again later: it would have blocked, or it timed out.
    fn is_retry(error: &Self::Error) -> bool;

    /// Waits for the stream after an error that [`is_retry`](Self::is_retry), where a record is
    /// half read or half written. An error ends the connection.
    fn wait(&mut self, direction: Direction, error: Self::Error) -> Result<(), Self::Error>;
}

/// Memory for what the server presents, for the time of the handshake.
pub trait Scratch {
    /// Takes exactly `len` bytes, once. `None`: there is not that much.
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]>;
    /// What was taken; empty before that.
    fn get(&self) -> &[u8];
    /// What was taken; empty before that.
    fn get_mut(&mut self) -> &mut [u8];
}
