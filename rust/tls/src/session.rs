//! A connection of embedded-tls with any cipher suite.

use crate::error::{Error, Fault};
use crate::evidence::{Evidence, Provider};
use crate::filter::Filter;
use crate::inbox::{Inbox, Seen};
use crate::transport::Transport;
use crate::trust::CertificateError;
use embedded_tls::TlsError;
use embedded_tls::blocking::{TlsCipherSuite, TlsConfig, TlsConnection, TlsContext};

/// The operations that differ by suite. The rest of [`Connection`](crate::Connection) is the same
/// for all suites.
pub(crate) trait Session<E> {
    /// Performs the handshake of RFC 8446 section 2. Does not authenticate the server.
    fn handshake(
        &mut self,
        config: &TlsConfig<'_>,
        evidence: &mut Evidence<'_>,
    ) -> Result<(), Error<E>>;

    /// Waits for a record. None must be pending.
    fn receive(&mut self, inbox: &mut Inbox) -> Result<Seen, Error<E>>;

    /// Copies pending data to `buf`, as much as fits. Data must be pending: then the transport is
    /// not used.
    fn take(&mut self, inbox: &mut Inbox, buf: &mut [u8]) -> usize;

    /// Sends a record. The content must leave a byte free in the write buffer.
    fn send(&mut self, content_type: u8, content: &[u8]) -> Result<(), Error<E>>;
}

impl<T, S> Session<T::Error> for TlsConnection<'_, Filter<T>, S>
where
    T: Transport,
    S: TlsCipherSuite + 'static,
{
    #[inline(never)]
    fn handshake(
        &mut self,
        config: &TlsConfig<'_>,
        evidence: &mut Evidence<'_>,
    ) -> Result<(), Error<T::Error>> {
        let provider = Provider::<S>::new(evidence);
        match self.open(TlsContext::new(config, provider)) {
            Ok(()) => Ok(()),
            Err(error) => Err(explain(self, evidence.fault, error)),
        }
    }

    fn receive(&mut self, inbox: &mut Inbox) -> Result<Seen, Error<T::Error>> {
        let error = match self.read_buffered() {
            Ok(mut record) => return inbox.look_at(&mut record).map_err(Error::Fault),
            Err(error) => error,
        };
        Err(explain(self, None, error))
    }

    fn take(&mut self, inbox: &mut Inbox, buf: &mut [u8]) -> usize {
        match self.read_buffered() {
            Ok(mut record) => inbox.take(&mut record, buf),
            Err(_) => 0,
        }
    }

    fn send(&mut self, content_type: u8, content: &[u8]) -> Result<(), Error<T::Error>> {
        let sent = self
            .write(content)
            .and_then(|_| self.write(&[content_type]))
            .and_then(|_| self.flush());
        sent.map_err(|error| explain(self, None, error))
    }
}

/// Converts an error of embedded-tls. The filter or the evidence may know the cause.
#[inline(never)]
fn explain<T, S>(
    connection: &mut TlsConnection<'_, Filter<T>, S>,
    fault: Option<Fault>,
    error: TlsError,
) -> Error<T::Error>
where
    T: Transport,
    S: TlsCipherSuite + 'static,
{
    // embedded-tls gives access to its transport only by a copy.
    let (reader, _) = connection.split();
    let failure = match error {
        TlsError::Io(_) => reader.as_ref().failure(),
        _ => None,
    };
    failure.unwrap_or(Error::Fault(fault.unwrap_or(fault_of(error))))
}

fn fault_of(error: TlsError) -> Fault {
    match error {
        TlsError::CryptoError => Fault::BadRecord,
        TlsError::InvalidSignature => Fault::BadFinished,
        TlsError::InvalidSignatureScheme => {
            Fault::Certificate(CertificateError::UnsupportedAlgorithm)
        }
        TlsError::InsufficientSpace | TlsError::EncodeError => Fault::WriteBufferTooSmall,
        _ => Fault::MalformedMessage,
    }
}
