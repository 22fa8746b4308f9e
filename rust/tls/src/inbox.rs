//! The records that arrive on an open connection.
//!
//! The [`Guard`](crate::guard) hands up the content of each record, followed by its content type.

use crate::alert::{CLOSE_NOTIFY, USER_CANCELED};
use crate::error::Fault;
use crate::record::{
    ALERT, APPLICATION_DATA, HANDSHAKE, KEY_UPDATE, MAX_CONTENT, NEW_SESSION_TICKET,
};
use embedded_tls::read_buffer::ReadBuffer;

/// The result of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Application data, which is now pending, or a record that does not concern the caller.
    Record,
    /// The server's close_notify.
    End,
}

/// The state after the last record.
#[derive(Clone, Copy, Default)]
pub(crate) struct Inbox {
    /// Bytes of application data in the current record still to be taken.
    pub(crate) pending: usize,
    tickets: Tickets,
}

impl Inbox {
    /// Handles a record. Application data stays in it to be taken; all other content is consumed.
    pub(crate) fn look_at(&mut self, record: &mut ReadBuffer<'_>) -> Result<Seen, Fault> {
        let Some((content_type, content)) = record.peek_all().split_last() else {
            return Err(Fault::UnexpectedRecord);
        };
        if content.len() > MAX_CONTENT {
            return Err(Fault::RecordLength);
        }
        if *content_type == APPLICATION_DATA && self.tickets.between_messages() {
            self.pending = content.len();
            self.drop_if_empty(record);
            return Ok(Seen::Record);
        }
        record.pop_all();
        match *content_type {
            HANDSHAKE => self.tickets.pass(content),
            ALERT => take_alert(content),
            _ => Err(Fault::UnexpectedRecord),
        }
    }

    /// Copies pending data of a record to `buf`, as much as fits. Returns its length.
    pub(crate) fn take(&mut self, record: &mut ReadBuffer<'_>, buf: &mut [u8]) -> usize {
        let taken = record.pop(self.pending.min(buf.len()));
        if let Some(to) = buf.get_mut(..taken.len()) {
            to.copy_from_slice(taken);
        }
        self.pending = self.pending.saturating_sub(taken.len());
        self.drop_if_empty(record);
        taken.len()
    }

    /// Drops a record with nothing left except its content type.
    fn drop_if_empty(&self, record: &mut ReadBuffer<'_>) {
        if self.pending == 0 {
            record.pop_all();
        }
    }
}

fn take_alert(content: &[u8]) -> Result<Seen, Fault> {
    match content {
        [_, CLOSE_NOTIFY] => Ok(Seen::End),
        // A close_notify follows (RFC 8446 section 6.1).
        [_, USER_CANCELED] => Ok(Seen::Record),
        [_, description] => Err(Fault::Alert(*description)),
        _ => Err(Fault::MalformedMessage),
    }
}

/// Skips session tickets, in fragments of any size (RFC 8446 section 4.6.1).
#[derive(Clone, Copy, Default)]
struct Tickets {
    /// The bytes of the header seen so far, and the length left of the message.
    header_seen: u8,
    len: u32,
}

impl Tickets {
    const HEADER: u8 = 4;

    fn between_messages(&self) -> bool {
        self.header_seen == 0
    }

    fn pass(&mut self, mut content: &[u8]) -> Result<Seen, Fault> {
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
        Ok(Seen::Record)
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
