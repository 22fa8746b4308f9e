//! The configuration of a connection.

use crate::record::MAX_CONTENT;
use crate::trust::identity::Identity;

/// The configuration that a connection is opened with.
pub struct Config<'a> {
    /// The host: a DNS name or an IP address. Only a name is sent to the server (RFC 6066 section
    /// 3).
    pub server_name: Option<&'a str>,
    /// The servers to trust.
    pub trust: Trust<'a>,
    /// The current time.
    pub clock: Clock,
    /// The maximum length of records to negotiate (RFC 6066 section 4). Each handshake message of
    /// the server has to fit into one record.
    pub max_fragment_length: Option<FragmentLength>,
    /// The client's certificate, for servers that request one. embedded-tls sends only the leaf:
    /// the server must have the intermediate certificates.
    pub identity: Option<Identity<'a>>,
}

/// The servers to trust.
#[derive(Clone, Copy)]
pub enum Trust<'a> {
    /// Any server: the connection is encrypted, but the peer is not authenticated.
    Anyone,
    /// A server that proves its identity by the anchors, by the pins, or by both.
    Verified {
        /// A set of trust anchors (see [`crate::trust::anchors`]). `None`: only the pins decide.
        anchors: Option<&'a [u8]>,
        /// SHA-256 digests of public keys (see [`crate::trust::pin`]), 32 bytes each.
        pins: &'a [u8],
    },
}

/// The current time as far as known, in seconds since 1970-01-01.
#[derive(Clone, Copy)]
pub struct Clock {
    /// The time of the clock, if there is one.
    pub now: Option<u64>,
    /// The time of the build. A clock behind it has not been set.
    pub built: u64,
}

/// The maximum fragment lengths (RFC 6066 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentLength {
    /// 512 bytes.
    Bytes512,
    /// 1024 bytes.
    Bytes1024,
    /// 2048 bytes.
    Bytes2048,
    /// 4096 bytes.
    Bytes4096,
}

impl FragmentLength {
    /// The largest length that fits a buffer for records of `size` bytes. `None` if every record
    /// fits.
    pub fn at_most(size: usize) -> Option<Self> {
        match size {
            MAX_CONTENT.. => None,
            4096.. => Some(Self::Bytes4096),
            2048.. => Some(Self::Bytes2048),
            1024.. => Some(Self::Bytes1024),
            _ => Some(Self::Bytes512),
        }
    }

    /// The length in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::Bytes512 => 512,
            Self::Bytes1024 => 1024,
            Self::Bytes2048 => 2048,
            Self::Bytes4096 => 4096,
        }
    }
}
