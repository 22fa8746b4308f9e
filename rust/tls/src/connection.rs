//! A TLS connection.

use crate::alert::CLOSE_NOTIFY;
use crate::config::{Config, FragmentLength};
use crate::error::{Error, Fault};
use crate::evidence::Evidence;
use crate::filter::Filter;
use crate::inbox::{Inbox, Seen};
use crate::record::{ALERT, APPLICATION_DATA, MAX_CONTENT, MAX_EXPANSION};
use crate::session::Session;
#[cfg(feature = "aes128")]
use crate::suite::Aes128GcmSha256;
#[cfg(feature = "aes256")]
use crate::suite::Aes256GcmSha384;
#[cfg(feature = "chacha20")]
use crate::suite::ChaCha20Poly1305Sha256;
use crate::suite::Suite;
use crate::transport::{Scratch, Transport};
use embedded_tls::blocking::{MaxFragmentLength, TlsCipherSuite, TlsConfig, TlsConnection};
use rustls_pki_types::ServerName;
use sha2::digest::OutputSizeUser;
use sha2::digest::typenum::Unsigned;

/// The bytes of a read buffer besides the content of the largest record.
pub const READ_OVERHEAD: usize = MAX_EXPANSION;
/// The bytes of a write buffer besides the content of a record: the reserve of embedded-tls, the
/// header, and a content type.
pub const WRITE_OVERHEAD: usize = 128 + 5 + 1;
/// The minimum size of either buffer in bytes: a ClientHello with the longest name fits.
const MIN_BUFFER: usize = 512;

/// The minimum size in bytes of the write buffer for the messages of the handshake.
pub fn least_write_buffer(config: &Config<'_>) -> usize {
    // Header, message header, context of at most 255 bytes, three lengths, content type, tag.
    const CERTIFICATE_OVERHEAD: usize = 5 + 4 + 256 + 3 + 3 + 2 + 1 + 16;
    let leaf = config.identity.as_ref().and_then(|identity| identity.certificates().next());
    let certificate = leaf.map_or(0, |leaf| leaf.len().saturating_add(CERTIFICATE_OVERHEAD));
    certificate.max(MIN_BUFFER)
}

/// A TLS connection over a transport. `'b` is the lifetime of its record buffers.
pub struct Connection<'b, T: Transport> {
    transport: T,
    /// The suite and the buffers, until the connection is opened.
    parts: Option<(Suite, &'b mut [u8], &'b mut [u8])>,
    tls: Option<Tls<'b, T>>,
    state: State<T::Error>,
    inbox: Inbox,
    /// The maximum content of a sent record in bytes.
    fragment: usize,
}

#[allow(clippy::large_enum_variant, reason = "there is no allocator, and one suite as a rule")]
enum Tls<'b, T: Transport> {
    #[cfg(feature = "aes128")]
    Aes128(TlsConnection<'b, Filter<T>, Aes128GcmSha256>),
    #[cfg(feature = "aes256")]
    Aes256(TlsConnection<'b, Filter<T>, Aes256GcmSha384>),
    #[cfg(feature = "chacha20")]
    ChaCha20(TlsConnection<'b, Filter<T>, ChaCha20Poly1305Sha256>),
    #[cfg(any(test, fuzzing))]
    Null(TlsConnection<'b, Filter<T>, crate::support::null::Null>),
}

#[derive(Clone, Copy)]
enum State<E> {
    /// Not opened yet, or closed by this client.
    Idle,
    Open,
    /// The server sent a close_notify.
    Ended,
    Failed(Error<E>),
}

impl<'b, T: Transport + 'b> Connection<'b, T> {
    /// Creates a connection, which is opened by [`open`](Self::open).
    ///
    /// A buffer has the size of the largest record's content plus [`READ_OVERHEAD`] or
    /// [`WRITE_OVERHEAD`], and at least 512 bytes. A server sends up to 16 KiB in a record unless
    /// it supports `max_fragment_length`. See also [`least_write_buffer`].
    pub fn new(
        suite: Suite,
        transport: T,
        read_buffer: &'b mut [u8],
        write_buffer: &'b mut [u8],
    ) -> Self {
        Self {
            transport,
            parts: Some((suite, read_buffer, write_buffer)),
            tls: None,
            state: State::Idle,
            inbox: Inbox::default(),
            fragment: 0,
        }
    }

    /// Performs the handshake (RFC 8446 section 2) and authenticates the server.
    ///
    /// `seed` is 48 unpredictable bytes, new for each connection.
    pub fn open(
        &mut self,
        config: &Config<'_>,
        seed: &[u8; 48],
        scratch: &mut impl Scratch,
    ) -> Result<(), Error<T::Error>> {
        self.assemble(config)?;
        let opened = self.handshake(config, seed, scratch);
        self.settle(opened)
    }

    /// Creates the connection of embedded-tls, in a stack frame of its own.
    #[inline(never)]
    fn assemble(&mut self, config: &Config<'_>) -> Result<(), Fault> {
        let (suite, read_buffer, write_buffer) = self.parts.take().ok_or(Fault::NotOpen)?;
        if read_buffer.len() < MIN_BUFFER || write_buffer.len() < MIN_BUFFER {
            return Err(Fault::Buffers);
        }
        let largest = config.max_fragment_length.map_or(MAX_CONTENT, FragmentLength::size);
        self.fragment = write_buffer.len().saturating_sub(WRITE_OVERHEAD).min(largest);
        let transport = self.transport.clone();
        self.tls = Some(match suite {
            #[cfg(feature = "aes128")]
            Suite::Aes128GcmSha256 => Tls::Aes128(connect(transport, read_buffer, write_buffer)),
            #[cfg(feature = "aes256")]
            Suite::Aes256GcmSha384 => Tls::Aes256(connect(transport, read_buffer, write_buffer)),
            #[cfg(feature = "chacha20")]
            Suite::ChaCha20Poly1305Sha256 => {
                Tls::ChaCha20(connect(transport, read_buffer, write_buffer))
            }
            #[cfg(any(test, fuzzing))]
            Suite::Null => Tls::Null(connect(transport, read_buffer, write_buffer)),
        });
        Ok(())
    }

    #[inline(never)]
    fn handshake(
        &mut self,
        config: &Config<'_>,
        seed: &[u8; 48],
        scratch: &mut dyn Scratch,
    ) -> Result<(), Error<T::Error>> {
        let mut evidence = Evidence::new(config, seed, scratch);
        self.session()?.handshake(&tls_config(config), &mut evidence)?;
        // Alerts can be sent from here on.
        self.state = State::Open;
        evidence.prove()?;
        Ok(())
    }

    /// Reads available application data into `buf`, at least one byte.
    ///
    /// `Ok(0)`: the server sent close_notify, or `buf` is empty.
    pub fn read(&mut self, buf: &mut [u8]) -> Result<usize, Error<T::Error>> {
        if !buf.is_empty() {
            self.receive()?;
        }
        Ok(self.take(buf))
    }

    /// Waits for application data to [`take`](Self::take), or for the server's close_notify.
    pub fn receive(&mut self) -> Result<(), Error<T::Error>> {
        match self.state {
            State::Open => {}
            State::Ended => return Ok(()),
            State::Idle => return Err(Fault::NotOpen.into()),
            State::Failed(error) => return Err(error),
        }
        let received = self.fill_inbox();
        self.settle(received)
    }

    fn fill_inbox(&mut self) -> Result<(), Error<T::Error>> {
        while !self.has_pending() {
            let mut inbox = self.inbox;
            let seen = self.session()?.receive(&mut inbox);
            self.inbox = inbox;
            if seen? == Seen::End {
                self.state = State::Ended;
                break;
            }
        }
        Ok(())
    }

    /// Copies received data to `buf`, as much as fits. Does not use the transport.
    pub fn take(&mut self, buf: &mut [u8]) -> usize {
        if !self.has_pending() {
            return 0;
        }
        let mut inbox = self.inbox;
        let taken = self.session().map_or(0, |session| session.take(&mut inbox, buf));
        self.inbox = inbox;
        taken
    }

    /// Sends all of `buf` in one or more records. Returns its length.
    ///
    /// After a failure of the transport nothing more can be sent, but data that the server sent
    /// before can be read: it may have responded early.
    pub fn write(&mut self, buf: &[u8]) -> Result<usize, Error<T::Error>> {
        match self.state {
            // The server may end its side first (RFC 8446 section 6.1).
            State::Open | State::Ended => {}
            State::Idle => return Err(Fault::NotOpen.into()),
            State::Failed(error) => return Err(error),
        }
        for content in buf.chunks(self.fragment.max(1)) {
            match self.send(APPLICATION_DATA, content) {
                Err(error @ Error::Transport(_)) => return Err(error),
                sent => self.settle(sent)?,
            }
        }
        Ok(buf.len())
    }

    /// Whether there is data to [`take`](Self::take).
    pub fn has_pending(&self) -> bool {
        self.inbox.pending > 0
    }

    /// Sends close_notify (RFC 8446 section 6.1), unless the server sent it or the connection
    /// failed. Ignores errors.
    pub fn close(&mut self) {
        if let State::Open = self.state {
            const WARNING: u8 = 1;
            let _ = self.send(ALERT, &[WARNING, CLOSE_NOTIFY]);
        }
        self.state = State::Idle;
        self.inbox = Inbox::default();
    }

    fn send(&mut self, content_type: u8, content: &[u8]) -> Result<(), Error<T::Error>> {
        self.session()?.send(content_type, content)
    }

    /// Makes an error final unless it is [`Error::Retry`], and sends an alert for it.
    fn settle<R>(&mut self, result: Result<R, Error<T::Error>>) -> Result<R, Error<T::Error>> {
        if let Err(error) = result {
            self.fail(error);
        }
        result
    }

    #[inline(never)]
    fn fail(&mut self, error: Error<T::Error>) {
        if let Error::Retry(_) = error {
            return;
        }
        if let (State::Open, Error::Fault(fault)) = (self.state, error)
            && let Some(description) = fault.alert()
        {
            const FATAL: u8 = 2;
            let _ = self.send(ALERT, &[FATAL, description]);
        }
        self.state = State::Failed(error);
        self.inbox = Inbox::default();
    }

    fn session(&mut self) -> Result<&mut (dyn Session<T::Error> + 'b), Fault> {
        Ok(match self.tls.as_mut().ok_or(Fault::NotOpen)? {
            #[cfg(feature = "aes128")]
            Tls::Aes128(session) => session,
            #[cfg(feature = "aes256")]
            Tls::Aes256(session) => session,
            #[cfg(feature = "chacha20")]
            Tls::ChaCha20(session) => session,
            #[cfg(any(test, fuzzing))]
            Tls::Null(session) => session,
        })
    }
}

fn connect<'b, T, S>(
    transport: T,
    read_buffer: &'b mut [u8],
    write_buffer: &'b mut [u8],
) -> TlsConnection<'b, Filter<T>, S>
where
    T: Transport,
    S: TlsCipherSuite + 'static,
{
    let hash_len = <S::Hash as OutputSizeUser>::OutputSize::U8;
    let filter = Filter::new(transport, S::CODE_POINT, hash_len, read_buffer.len());
    TlsConnection::new(filter, read_buffer, write_buffer)
}

#[inline(never)]
fn tls_config<'c>(config: &Config<'c>) -> TlsConfig<'c> {
    let mut tls = TlsConfig::new();
    if cfg!(feature = "rsa") {
        tls = tls.enable_rsa_signatures();
    }
    if let Some(name) = config.server_name.and_then(indicated_name) {
        tls = tls.with_server_name(name);
    }
    match config.max_fragment_length {
        Some(length) => tls.with_max_fragment_length(match length {
            FragmentLength::Bytes512 => MaxFragmentLength::Bits9,
            FragmentLength::Bytes1024 => MaxFragmentLength::Bits10,
            FragmentLength::Bytes2048 => MaxFragmentLength::Bits11,
            FragmentLength::Bytes4096 => MaxFragmentLength::Bits12,
        }),
        None => tls,
    }
}

/// The name to send as server name indication: a DNS name without its trailing dot (RFC 6066
/// section 3).
fn indicated_name(name: &str) -> Option<&str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    matches!(ServerName::try_from(name), Ok(ServerName::DnsName(_))).then_some(name)
}
