//! Why a connection ends, and what is said about it.

use crate::alert;
use crate::trust::error::CertificateError;

/// Why an operation failed. All but [`Error::Retry`] end the connection; a write that the transport
/// fails ends what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The transport failed, and said this.
    Transport(E),
    /// No record is there yet, and the transport said this. Nothing is lost: try again later.
    Retry(E),
    /// Anything else.
    Fault(Fault),
}

/// Everything that can go wrong besides the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server is not who it should be.
    Certificate(CertificateError),
    /// The server completed the handshake without proving that it has a certificate's key.
    NoProof,

    /// The server answered the ClientHello with an alert that says: nothing in it will do.
    Declined(u8),
    /// The server speaks TLS 1.2 or older.
    OldVersion,
    /// The server asks for another ClientHello.
    HelloRetry,
    /// The server chose a group that was not offered.
    OtherGroup,
    /// The server chose a cipher suite that was not offered.
    OtherSuite,

    /// The server gave up, with this alert.
    Alert(u8),

    /// The peer does not speak TLS.
    NotTls,
    /// A record of a kind that has no place here.
    UnexpectedRecord,
    /// A record of a length that no record has.
    RecordLength,
    /// A record that was not made with the connection's keys.
    BadRecord,
    /// A handshake message that has no place here.
    UnexpectedMessage,
    /// A handshake message that is none.
    MalformedMessage,
    /// The server's Finished does not fit what was said before it.
    BadFinished,
    /// The server changes its keys, which is not supported.
    KeyUpdate,

    /// The connection ended without the server's close_notify.
    Truncated,

    /// A record is larger than the read buffer.
    RecordTooLarge,
    /// A handshake message does not fit into one record.
    MessageTooLarge,
    /// A client message does not fit into the write buffer.
    WriteBufferTooSmall,

    /// No memory for the server's certificates.
    NoMemory,

    /// The buffers are too small for any connection.
    Buffers,
    /// The client's certificate or key is none.
    Identity,
    /// The connection was not opened, is opened for the second time, or was closed.
    NotOpen,
}

/// What errors have in common for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The transport failed.
    Transport,
    /// Try again later.
    Retry,
    /// The server's certificate, name or key was refused.
    Refused,
    /// The server wants what this client does not have: another TLS may do.
    NotOffered,
    /// The server gave up.
    Aborted,
    /// The server broke the protocol.
    Protocol,
    /// The connection ended too early.
    Truncated,
    /// The buffers are too small for what the server sends.
    TooLarge,
    /// Out of memory.
    NoMemory,
    /// The caller's mistake.
    Configuration,
}

impl<E> Error<E> {
    /// What kind of error it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Transport(_) => Kind::Transport,
            Self::Retry(_) => Kind::Retry,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// What to tell people.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Transport(_) => "the connection failed",
            Self::Retry(_) => "no data yet",
            Self::Fault(fault) => fault.text(),
        }
    }
}

impl<E> From<Fault> for Error<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Fault {
    /// What kind of error it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Certificate(_) | Self::NoProof => Kind::Refused,
            Self::Declined(_)
            | Self::OldVersion
            | Self::HelloRetry
            | Self::OtherGroup
            | Self::OtherSuite => Kind::NotOffered,
            Self::Alert(_) => Kind::Aborted,
            Self::NotTls
            | Self::UnexpectedRecord
            | Self::RecordLength
            | Self::BadRecord
            | Self::UnexpectedMessage
            | Self::MalformedMessage
            | Self::BadFinished
            | Self::KeyUpdate => Kind::Protocol,
            Self::Truncated => Kind::Truncated,
            Self::RecordTooLarge | Self::MessageTooLarge | Self::WriteBufferTooSmall => {
                Kind::TooLarge
            }
            Self::NoMemory => Kind::NoMemory,
            Self::Buffers | Self::Identity | Self::NotOpen => Kind::Configuration,
        }
    }

    /// What to tell people. All texts but those of certificates and alerts are here.
    pub fn text(self) -> &'static str {
        match self {
            Self::Certificate(error) => error.text(),
            Self::NoProof => "server did not prove who it is",
            Self::Declined(alert::PROTOCOL_VERSION) => {
                "server does not offer TLS 1.3 (alert protocol_version)"
            }
            Self::Declined(_) => {
                "server has no key exchange, cipher suite or certificate in common with us (alert handshake_failure)"
            }
            Self::OldVersion => "server does not offer TLS 1.3",
            Self::HelloRetry => {
                "server asks for another key exchange than P-256 (HelloRetryRequest)"
            }
            Self::OtherGroup => "server chose another key exchange than P-256",
            Self::OtherSuite => "server chose another cipher suite",
            Self::Alert(description) => alert::text(description),
            Self::NotTls => "server does not speak TLS",
            Self::UnexpectedRecord => "unexpected TLS record",
            Self::RecordLength => "TLS record of an invalid length",
            Self::BadRecord => "TLS record fails authentication",
            Self::UnexpectedMessage => "unexpected TLS handshake message",
            Self::MalformedMessage => "malformed TLS handshake message",
            Self::BadFinished => "TLS handshake was tampered with (Finished)",
            Self::KeyUpdate => "server changes its keys (KeyUpdate), which is not supported",
            Self::Truncated => "connection closed without close_notify",
            Self::RecordTooLarge => "TLS record larger than the read buffer",
            Self::MessageTooLarge => "TLS handshake message larger than a record",
            Self::WriteBufferTooSmall => "TLS write buffer too small for the handshake",
            Self::NoMemory => "no memory for the server's certificates",
            Self::Buffers => "TLS buffers too small",
            Self::Identity => "invalid client certificate or key",
            Self::NotOpen => "TLS connection is not open",
        }
    }

    /// The alert to send for it (RFC 8446 section 6.2), if it is for the server to know.
    pub(crate) fn alert(self) -> Option<u8> {
        match self {
            Self::Certificate(_) => Some(alert::BAD_CERTIFICATE),
            Self::NoProof | Self::UnexpectedRecord | Self::UnexpectedMessage => {
                Some(alert::UNEXPECTED_MESSAGE)
            }
            Self::BadRecord => Some(alert::BAD_RECORD_MAC),
            Self::RecordLength | Self::RecordTooLarge => Some(alert::RECORD_OVERFLOW),
            Self::MalformedMessage => Some(alert::DECODE_ERROR),
            Self::KeyUpdate => Some(alert::INTERNAL_ERROR),
            _ => None,
        }
    }
}
