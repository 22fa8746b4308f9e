//! A socket that blocks, and memory from the heap.

use mrequests_tls::{Direction, Scratch, Transport};
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::rc::Rc;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Socket(Rc<TcpStream>);

impl Socket {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(Rc::new(stream))
    }
}

impl Transport for Socket {
    type Error = io::ErrorKind;

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, io::ErrorKind> {
        (&*self.0).read(buf).map_err(|error| error.kind())
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, io::ErrorKind> {
        (&*self.0).write(buf).map_err(|error| error.kind())
    }

    fn is_retry(error: &io::ErrorKind) -> bool {
        matches!(error, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
    }

    fn wait(&mut self, _: Direction, error: io::ErrorKind) -> Result<(), io::ErrorKind> {
        Err(error)
    }
}

#[derive(Default)]
pub(crate) struct Heap(Vec<u8>);

impl Scratch for Heap {
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]> {
        assert!(self.0.is_empty(), "memory is taken once");
        self.0 = vec![0; len];
        Some(&mut self.0)
    }

    fn get(&self) -> &[u8] {
        &self.0
    }

    fn get_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}
