//! What a connection is asked for.

use crate::record::MAX_CONTENT;
use crate::trust::identity::Identity;

/// What a connection is opened with.
pub struct Config<'a> {
    /// The host: a DNS name, or an IP address. Only names are sent to the server (RFC 6066 section 3).
    pub server_name: Option<&'a str>,
    /// Whom to trust.
    pub trust: Trust<'a>,
    /// What is known of the time.
    pub clock: Clock,
    /// The length of records to ask for (RFC 6066 section 4), and not to exceed. Each handshake
    /// message of the server has to fit into one record.
    pub max_fragment_length: Option<FragmentLength>,
    /// The client's certificate, for servers that ask for one. embedded-tls sends the leaf alone:
    /// the server has to have what is between it and the CA.
    pub identity: Option<Identity<'a>>,
}

/// Whom to trust.
#[derive(Clone, Copy)]
pub enum Trust<'a> {
    /// Anyone: the connection is encrypted, but the peer may be anybody.
    Anyone,
    /// Who proves to be the server named, by the anchors given, by the pins given, or by both.
    Verified {
        /// A set of trust anchors (see [`crate::trust::anchors`]), or none: the pins decide.
        anchors: Option<&'a [u8]>,
        /// Any number of SHA-256 digests of public keys (see [`crate::trust::pin`]), 32 bytes each.
        pins: &'a [u8],
    },
}

/// What is known of the time, in seconds since 1970-01-01.
#[derive(Clone, Copy)]
pub struct Clock {
    /// What the clock says, if there is one.
    pub now: Option<u64>,
    /// When this was built: a clock that is behind has not been set.
    pub built: u64,
}

/// The maximum fragment lengths that can be asked for (RFC 6066 section 4).
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
    /// The longest that a buffer for records of `size` bytes takes; `None` where any record fits.
    pub fn at_most(size: usize) -> Option<Self> {
        match size {
            MAX_CONTENT.. => None,
            4096.. => Some(Self::Bytes4096),
            2048.. => Some(Self::Bytes2048),
            1024.. => Some(Self::Bytes1024),
            _ => Some(Self::Bytes512),
        }
    }

    /// The size in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::Bytes512 => 512,
            Self::Bytes1024 => 1024,
            Self::Bytes2048 => 2048,
            Self::Bytes4096 => 4096,
        }
    }
}
