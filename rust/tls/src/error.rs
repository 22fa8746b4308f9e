//! The errors of a connection, and their texts.

use crate::alert;
use crate::trust::error::CertificateError;

/// The reason of a failed operation. All except [`Error::Retry`] end the connection. A transport
/// failure during a write ends only sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The transport failed with this error.
    Transport(E),
    /// No record has arrived yet; this is the error of the transport. No data is lost: try again
    /// later.
    Retry(E),
    /// Any other failure.
    Fault(Fault),
}

/// Every failure except those of the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server's certificate was refused.
    Certificate(CertificateError),
    /// The server completed the handshake without Certificate or CertificateVerify.
    NoProof,

    /// The server answered the ClientHello with an alert that refuses all offers in it.
    Declined(u8),
    /// The server chose TLS 1.2 or older.
    OldVersion,
    /// The server sent a HelloRetryRequest.
    HelloRetry,
    /// The server chose a group that was not offered.
    OtherGroup,
    /// The server chose a cipher suite that was not offered.
    OtherSuite,

    /// The server ended the connection with this alert.
    Alert(u8),

    /// The peer does not speak TLS.
    NotTls,
    /// A record type that is not allowed at this point.
    UnexpectedRecord,
    /// A record length that is not allowed.
    RecordLength,
    /// A record that failed authentication.
    BadRecord,
    /// A handshake message that is not allowed at this point.
    UnexpectedMessage,
    /// A malformed handshake message.
    MalformedMessage,
    /// The server's Finished does not match the handshake.
    BadFinished,
    /// The server sent a KeyUpdate, which is not supported.
    KeyUpdate,

    /// The connection ended without close_notify of the server.
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
    /// The client's certificate or key is invalid.
    Identity,
    /// The connection was not opened, was opened before, or was closed.
    NotOpen,
}

/// The classes of errors that a caller distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The transport failed.
    Transport,
    /// Try again later.
    Retry,
    /// The server's certificate, name or key was refused.
    Refused,
    /// The server requires a feature that this client lacks: another TLS implementation may have
    /// it.
    NotOffered,
    /// The server ended the connection with an alert.
    Aborted,
    /// The server violated the protocol.
    Protocol,
    /// The connection was truncated.
    Truncated,
    /// The buffers are too small for the messages of this connection.
    TooLarge,
    /// Out of memory.
    NoMemory,
    /// The caller made a mistake.
    Configuration,
}

impl<E> Error<E> {
    /// The class of the error.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Transport(_) => Kind::Transport,
            Self::Retry(_) => Kind::Retry,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// The text for the user.
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
    /// The class of the error.
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

    /// The text for the user. `trust/error.rs` and `alert.rs` have those for certificates and
    /// alerts.
    pub fn text(self) -> &'static str {
        match self {
            Self::Certificate(error) => error.text(),
            Self::NoProof => "server did not prove its identity",
            Self::Declined(alert::PROTOCOL_VERSION) => {
                "server does not offer TLS 1.3 (alert protocol_version)"
            }
            Self::Declined(_) => {
                "server has no key exchange, cipher suite or certificate in common with this client (alert handshake_failure)"
            }
            Self::OldVersion => "server does not offer TLS 1.3",
            Self::HelloRetry => {
                "server requires a key exchange other than P-256 (HelloRetryRequest)"
            }
            Self::OtherGroup => "server chose a key exchange other than P-256",
            Self::OtherSuite => "server chose a cipher suite that was not offered",
            Self::Alert(description) => alert::text(description),
            Self::NotTls => "server does not speak TLS",
            Self::UnexpectedRecord => "unexpected TLS record",
            Self::RecordLength => "invalid TLS record length",
            Self::BadRecord => "TLS record fails authentication",
            Self::UnexpectedMessage => "unexpected TLS handshake message",
            Self::MalformedMessage => "malformed TLS handshake message",
            Self::BadFinished => "TLS handshake verification failed (Finished)",
            Self::KeyUpdate => "server sent KeyUpdate, which is not supported",
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

    /// The alert to send to the server, if any (RFC 8446 section 6.2).
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
