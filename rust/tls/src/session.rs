//! A connection of embedded-tls, whatever its cipher suite.

use crate::error::{Error, Fault};
use crate::evidence::{Evidence, Provider};
use crate::filter::Filter;
use crate::inbox::{Inbox, Seen};
use crate::transport::Transport;
use crate::trust::CertificateError;
use embedded_tls::TlsError;
use embedded_tls::blocking::{TlsCipherSuite, TlsConfig, TlsConnection, TlsContext};

/// What [`Connection`](crate::Connection) needs. All else in it is the same for every suite.
pub(crate) trait Session<E> {
    /// The handshake of RFC 8446 section 2. The server is not proven behind it.
    fn handshake(
        &mut self,
        config: &TlsConfig<'_>,
        evidence: &mut Evidence<'_>,
    ) -> Result<(), Error<E>>;

    /// Waits for a record, where none is pending.
    fn receive(&mut self, inbox: &mut Inbox) -> Result<Seen, Error<E>>;

    /// Takes what is pending, as much as `buf` holds. There has to be something: the transport is not asked then.
    fn take(&mut self, inbox: &mut Inbox, buf: &mut [u8]) -> usize;

    /// Sends a record. The content fits into the write buffer, with a byte to spare.
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

/// What an error of embedded-tls is about: the filter or the evidence may know more.
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
    // The one way to what a connection of embedded-tls stands on: a copy of it.
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
