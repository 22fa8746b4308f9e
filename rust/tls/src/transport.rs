//! The caller's part of a connection: a byte stream, and memory.

/// The operation to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Bytes from the peer.
    Read,
    /// Room for bytes to the peer.
    Write,
}

/// A handle of the byte stream below. Clones refer to the same stream.
pub trait Transport: Clone {
    /// The error of the stream.
    type Error: Copy;

    /// Reads at least one byte. `Ok(0)`: the peer closed the stream.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Self::Error>;

    /// Writes at least one byte, never `Ok(0)`.
    fn write(&mut self, buf: &[u8]) -> Result<usize, Self::Error>;

    /// Whether the operation can be repeated later: it would have blocked, or it timed out.
    fn is_retry(error: &Self::Error) -> bool;

    /// Waits for the stream after an error for which [`is_retry`](Self::is_retry) holds, within a
    /// record. An error ends the connection.
    fn wait(&mut self, direction: Direction, error: Self::Error) -> Result<(), Self::Error>;
}

/// Memory for the certificates of the server during the handshake.
pub trait Scratch {
    /// Allocates exactly `len` bytes; called once. `None`: not enough memory.
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]>;
    /// The allocated memory; empty before [`allocate`](Self::allocate).
    fn get(&self) -> &[u8];
    /// The allocated memory; empty before [`allocate`](Self::allocate).
    fn get_mut(&mut self) -> &mut [u8];
}
