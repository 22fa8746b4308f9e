//! What arrives on an open connection, record by record.
//!
//! The [`Guard`](crate::guard) hands up each record's content with its content type behind it.

use crate::alert::{CLOSE_NOTIFY, USER_CANCELED};
use crate::error::Fault;
use crate::record::{
    ALERT, APPLICATION_DATA, HANDSHAKE, KEY_UPDATE, MAX_CONTENT, NEW_SESSION_TICKET,
};
use embedded_tls::read_buffer::ReadBuffer;

/// What was taken from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// So many bytes of application data.
    Data(usize),
    /// Nothing that concerns the caller.
    Nothing,
    /// The server's close_notify.
    Closed,
}

/// The state behind the last record.
#[derive(Clone, Copy, Default)]
pub(crate) struct Inbox {
    /// Application data of the record that is still to be taken.
    pub(crate) pending: usize,
    tickets: Tickets,
}

impl Inbox {
    /// Takes application data into `buf`, which is not empty, or another record whole.
    pub(crate) fn take(
        &mut self,
        record: &mut ReadBuffer<'_>,
        buf: &mut [u8],
    ) -> Result<Taken, Fault> {
        let Some((content_type, content)) = record.peek_all().split_last() else {
            return Err(Fault::UnexpectedRecord);
        };
        if content.len() > MAX_CONTENT {
            return Err(Fault::RecordLength);
        }
        if *content_type == APPLICATION_DATA && self.tickets.between_messages() {
            return Ok(self.take_data(record, content.len(), buf));
        }
        record.pop_all();
        match *content_type {
            HANDSHAKE => self.tickets.pass(content),
            ALERT => take_alert(content),
            _ => Err(Fault::UnexpectedRecord),
        }
    }

    fn take_data(&mut self, record: &mut ReadBuffer<'_>, len: usize, buf: &mut [u8]) -> Taken {
        let taken = record.pop(len.min(buf.len()));
        if let Some(to) = buf.get_mut(..taken.len()) {
            to.copy_from_slice(taken);
        }
        self.pending = len.saturating_sub(taken.len());
        if self.pending == 0 {
            record.pop_all();
        }
        match taken.len() {
            0 => Taken::Nothing,
            len => Taken::Data(len),
        }
    }
}

fn take_alert(content: &[u8]) -> Result<Taken, Fault> {
    match content {
        [_, CLOSE_NOTIFY] => Ok(Taken::Closed),
        // A close_notify follows (RFC 8446 section 6.1).
        [_, USER_CANCELED] => Ok(Taken::Nothing),
        [_, description] => Err(Fault::Alert(*description)),
        _ => Err(Fault::MalformedMessage),
    }
}

/// Session tickets, which are passed over, in pieces of any size (RFC 8446 section 4.6.1).
#[derive(Clone, Copy, Default)]
struct Tickets {
    /// How much of the header was seen, and what it said.
    header_seen: u8,
    len: u32,
}

impl Tickets {
    const HEADER: u8 = 4;

    fn between_messages(&self) -> bool {
        self.header_seen == 0
    }

    fn pass(&mut self, mut content: &[u8]) -> Result<Taken, Fault> {
        if content.is_empty() {
            return Err(Fault::UnexpectedMessage);
        }
        while let Some((byte, rest)) = content.split_first() {
            if self.header_seen == Self::HEADER {
                content = self.pass_body(content);
            } else {
                self.pass_header(*byte)?;
                content = rest;
            }
            if self.header_seen == Self::HEADER && self.len == 0 {
                self.header_seen = 0;
            }
        }
        Ok(Taken::Nothing)
    }

    fn pass_header(&mut self, byte: u8) -> Result<(), Fault> {
        if self.header_seen == 0 {
            match byte {
                NEW_SESSION_TICKET => self.len = 0,
                KEY_UPDATE => return Err(Fault::KeyUpdate),
                _ => return Err(Fault::UnexpectedMessage),
            }
        } else {
            self.len = self.len << 8 | u32::from(byte);
        }
        self.header_seen = self.header_seen.saturating_add(1);
        Ok(())
    }

    fn pass_body<'c>(&mut self, content: &'c [u8]) -> &'c [u8] {
        let len = usize::try_from(self.len).unwrap_or(usize::MAX).min(content.len());
        self.len = self.len.saturating_sub(u32::try_from(len).unwrap_or(u32::MAX));
        content.get(len..).unwrap_or_default()
    }
}
