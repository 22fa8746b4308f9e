//! The filter between the transport and embedded-tls, which checks the header of each record.

use crate::alert::{HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY, PROTOCOL_VERSION};
use crate::error::{Error, Fault};
use crate::guard::{Note, Phase};
use crate::hello;
use crate::record::{
    ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEADER, HEARTBEAT, MAX_CONTENT,
    MAX_EXPANSION, MIN_CIPHERTEXT,
};
use crate::transport::{Direction, Transport};
use embedded_io::{ErrorKind, ErrorType, Read, Write};

/// The type of the server's next record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// A plaintext ServerHello or alert.
    Hello,
    /// An encrypted record.
    Encrypted(Phase),
}

/// The part of a record that embedded-tls reads next.
#[derive(Clone, Copy)]
enum Part {
    Header,
    /// The body of a record of that content type.
    Body(u8),
}

/// The transport as embedded-tls uses it. A failure is final. After a failed write nothing more is
/// written, but data that the server sent before can be read.
#[derive(Clone)]
pub(crate) struct Filter<T: Transport> {
    transport: T,
    /// The offered cipher suite, and the length of its hash in bytes.
    suite: u16,
    hash_len: u8,
    /// The size of the read buffer in bytes.
    largest: usize,
    expected: Expected,
    part: Part,
    saw_change_cipher_spec: bool,
    /// The reason of a failed read, behind the error kind returned to embedded-tls.
    failure: Option<Error<T::Error>>,
    /// The reason of a failed write. Nothing is written after it: the next record would reuse the
    /// nonce of the truncated one.
    unsent: Option<Error<T::Error>>,
}

impl<T: Transport> Filter<T> {
    pub(crate) fn new(transport: T, suite: u16, hash_len: u8, largest: usize) -> Self {
        Self {
            transport,
            suite,
            hash_len,
            largest,
            expected: Expected::Hello,
            part: Part::Header,
            saw_change_cipher_spec: false,
            failure: None,
            unsent: None,
        }
    }

    /// The error behind an I/O error of embedded-tls.
    pub(crate) fn failure(&self) -> Option<Error<T::Error>> {
        self.failure.or(self.unsent)
    }

    /// Reads the next part: embedded-tls reads the header and the body of a record separately.
    fn next_part(&mut self, buf: &mut [u8]) -> Result<usize, Error<T::Error>> {
        match self.part {
            Part::Header => {
                let (header, _) = buf.split_first_chunk_mut().ok_or(Fault::RecordLength)?;
                self.header(header)?;
                Ok(HEADER)
            }
            Part::Body(content_type) => {
                self.fill(buf)?;
                self.body(content_type, buf)?;
                Ok(buf.len())
            }
        }
    }

    /// Reads the header of the next record for embedded-tls.
    fn header(&mut self, header: &mut [u8; HEADER]) -> Result<(), Error<T::Error>> {
        loop {
            self.first_bytes(header)?;
            let [content_type, major, _, high, low] = *header;
            let len = usize::from(u16::from_be_bytes([high, low]));
            let is_tls = matches!(content_type, CHANGE_CIPHER_SPEC..=HEARTBEAT) && major == 3;
            if self.expected == Expected::Hello && !is_tls {
                return Err(Fault::NotTls.into());
            }
            if content_type == CHANGE_CIPHER_SPEC {
                self.drop_change_cipher_spec(len)?;
                continue;
            }
            self.check_header(content_type, len)?;
            if let Expected::Encrypted(phase) = self.expected {
                let [first, second] = Note { phase, finished: self.hash_len }.bytes();
                *header = [content_type, first, second, high, low];
            }
            self.part = Part::Body(content_type);
            return Ok(());
        }
    }

    fn check_header(&self, content_type: u8, len: usize) -> Result<(), Fault> {
        let lengths = match (self.expected, content_type) {
            (Expected::Hello, HANDSHAKE) => 1..=MAX_CONTENT,
            (Expected::Hello, ALERT) => 2..=2,
            (Expected::Encrypted(_), APPLICATION_DATA) => {
                MIN_CIPHERTEXT..=MAX_CONTENT.saturating_add(MAX_EXPANSION)
            }
            _ => return Err(Fault::UnexpectedRecord),
        };
        if !lengths.contains(&len) {
            return Err(Fault::RecordLength);
        }
        if len > self.largest {
            return Err(Fault::RecordTooLarge);
        }
        Ok(())
    }

    /// Drops a change_cipher_spec record, sent for the sake of middleboxes (RFC 8446 appendix D.4).
    /// Allows one, in the handshake.
    fn drop_change_cipher_spec(&mut self, len: usize) -> Result<(), Error<T::Error>> {
        let open = self.expected == Expected::Encrypted(Phase::Open);
        if open || self.saw_change_cipher_spec || len != 1 {
            return Err(Fault::UnexpectedRecord.into());
        }
        self.saw_change_cipher_spec = true;
        let mut body = [0];
        self.fill(&mut body)?;
        if body != [1] {
            return Err(Fault::UnexpectedRecord.into());
        }
        Ok(())
    }

    fn body(&mut self, content_type: u8, body: &[u8]) -> Result<(), Fault> {
        self.part = Part::Header;
        match self.expected {
            Expected::Hello => {
                if content_type == ALERT {
                    return Err(answered_with_alert(body));
                }
                hello::check(body, self.suite)?;
                self.expected = Expected::Encrypted(Phase::First);
            }
            Expected::Encrypted(Phase::First) => {
                self.expected = Expected::Encrypted(Phase::Handshake);
            }
            Expected::Encrypted(_) => {}
        }
        Ok(())
    }

    /// Fills `buf` with the start of a record. On an open connection it returns a temporary error
    /// of the transport if no byte has arrived; no data is lost then.
    fn first_bytes(&mut self, buf: &mut [u8]) -> Result<(), Error<T::Error>> {
        let read = loop {
            match self.transport.read(buf) {
                Ok(read) => break read,
                Err(error) if T::is_retry(&error) => {
                    if self.expected == Expected::Encrypted(Phase::Open) {
                        return Err(Error::Retry(error));
                    }
                    self.wait(Direction::Read, error)?;
                }
                Err(error) => return Err(Error::Transport(error)),
            }
        };
        if read == 0 {
            return Err(Fault::Truncated.into());
        }
        self.fill(buf.get_mut(read..).unwrap_or_default())
    }

    fn fill(&mut self, mut buf: &mut [u8]) -> Result<(), Error<T::Error>> {
        while !buf.is_empty() {
            match self.transport.read(buf) {
                Ok(0) => return Err(Fault::Truncated.into()),
                Ok(read) => buf = buf.get_mut(read..).unwrap_or_default(),
                Err(error) if T::is_retry(&error) => self.wait(Direction::Read, error)?,
                Err(error) => return Err(Error::Transport(error)),
            }
        }
        Ok(())
    }

    fn send(&mut self, mut buf: &[u8]) -> Result<(), Error<T::Error>> {
        while !buf.is_empty() {
            match self.transport.write(buf) {
                Ok(0) => return Err(Fault::Truncated.into()),
                Ok(written) => buf = buf.get(written..).unwrap_or_default(),
                Err(error) if T::is_retry(&error) => self.wait(Direction::Write, error)?,
                Err(error) => return Err(Error::Transport(error)),
            }
        }
        Ok(())
    }

    fn wait(&mut self, direction: Direction, error: T::Error) -> Result<(), Error<T::Error>> {
        self.transport.wait(direction, error).map_err(Error::Transport)
    }
}

/// Classifies an alert in place of a ServerHello: some alerts refuse all offers.
fn answered_with_alert(body: &[u8]) -> Fault {
    let &[_, description] = body else {
        return Fault::RecordLength;
    };
    match description {
        HANDSHAKE_FAILURE | PROTOCOL_VERSION | INSUFFICIENT_SECURITY => {
            Fault::Declined(description)
        }
        _ => Fault::Alert(description),
    }
}

impl<T: Transport> ErrorType for Filter<T> {
    type Error = ErrorKind;
}

impl<T: Transport> Read for Filter<T> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ErrorKind> {
        match self.failure {
            None | Some(Error::Retry(_)) => self.failure = None,
            Some(_) => return Err(ErrorKind::Other),
        }
        self.next_part(buf).map_err(|error| {
            self.failure = Some(error);
            ErrorKind::Other
        })
    }
}

impl<T: Transport> Write for Filter<T> {
    fn write(&mut self, buf: &[u8]) -> Result<usize, ErrorKind> {
        match self.failure {
            None | Some(Error::Retry(_)) => self.failure = None,
            Some(Error::Transport(_) | Error::Fault(Fault::Truncated)) => {
                return Err(ErrorKind::Other);
            }
            // An alert for the server's mistake can still be sent.
            Some(Error::Fault(_)) => {}
        }
        if self.unsent.is_some() {
            return Err(ErrorKind::Other);
        }
        if let Expected::Encrypted(_) = self.expected {
            // The client's answer ends the server's flight.
            self.expected = Expected::Encrypted(Phase::Open);
            if buf.first() != Some(&APPLICATION_DATA) {
                // Drops plaintext alerts of embedded-tls, which are malformed.
                return Ok(buf.len());
            }
        }
        self.send(buf).map_err(|error| {
            self.unsent = Some(error);
            ErrorKind::Other
        })?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
