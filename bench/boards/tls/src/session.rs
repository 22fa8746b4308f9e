//! A recorded session: fields behind their lengths (four bytes, little endian).

use mrequests_tls::trust::identity::Identity;
use mrequests_tls::{Clock, Config, FragmentLength, Suite, Trust};

/// The same for each run, so that the client says the same again.
pub const SEED: &[u8; 48] = b"not random at all: the ClientHello is the same!!";
/// The client writes this, then reads it once without and once with a record before it.
pub const CONTENT: usize = 16384;

pub struct Session<'a> {
    pub name: &'a [u8],
    /// The suite's place among those that are built in.
    pub suite: &'a [u8],
    /// Seconds since 1970.
    pub now: &'a [u8],
    pub anchors: &'a [u8],
    pub identity: &'a [u8],
    /// All that the server sent.
    pub received: &'a [u8],
}

impl<'a> Session<'a> {
    pub fn fields(&self) -> [&'a [u8]; 6] {
        [self.name, self.suite, self.now, self.anchors, self.identity, self.received]
    }

    /// Takes a session from the front of a recording; `None` at its end.
    pub fn split_first(recording: &mut &'a [u8]) -> Option<Self> {
        let mut field = || {
            let (length, rest) = recording.split_first_chunk()?;
            let (field, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            *recording = rest;
            Some(field)
        };
        let name = field().filter(|name| !name.is_empty())?;
        Some(Self {
            name,
            suite: field()?,
            now: field()?,
            anchors: field()?,
            identity: field()?,
            received: field()?,
        })
    }

    pub fn suite(&self) -> Suite {
        Suite::ALL[usize::from(self.suite[0])]
    }

    pub fn config(&self, verified: bool) -> Config<'a> {
        let anchors = Some(self.anchors);
        let seconds = u64::from_le_bytes(self.now.try_into().expect("eight bytes"));
        Config {
            server_name: Some("localhost"),
            trust: if verified { Trust::Verified { anchors, pins: &[] } } else { Trust::Anyone },
            clock: Clock { now: Some(seconds), built: 0 },
            max_fragment_length: None::<FragmentLength>,
            identity: (!self.identity.is_empty()).then_some(Identity { blob: self.identity }),
        }
    }
}
