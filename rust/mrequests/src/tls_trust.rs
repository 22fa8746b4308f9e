//! The entry points for trust anchors, pins and client certificates.

use micropython_sys as sys;
use micropython_sys::{MRQ_OK, mrq_anchor_reader_t, mrq_error_t};
use mrequests_engine::Error::NoRoom;
use mrequests_engine::sink::{Buffer, Sink};
use mrequests_tls::trust::anchors::{self, Anchor, Anchors};
use mrequests_tls::trust::error::InputError;
use mrequests_tls::trust::input::{self, Output};
use mrequests_tls::trust::{identity, identity::Identity, pem, pin};

use crate::error::{report, report_error};
use crate::memory::{GcBuf, Lent, room};

/// The trust anchors built into the firmware.
#[cfg(feature = "ca-file")]
use mrequests_ca_bundle::ANCHORS as BUNDLE;
#[cfg(not(feature = "ca-file"))]
const BUNDLE: &[u8] = &[];

/// The effective anchors: the caller's, or else the firmware's. `None` if pins decide alone.
pub(crate) fn trusted<'a>(anchors: &'a [u8], pins: &[u8]) -> Option<&'a [u8]> {
    match (anchors, pins) {
        ([], []) => Some(BUNDLE),
        ([], _) => None,
        _ => Some(anchors),
    }
}

/// Lets `read` append to `out` and returns the code for C. Restores `out` on a failure.
fn finish<T>(
    out: &mut GcBuf,
    read: impl FnOnce(&mut Output<'_>) -> Result<T, InputError>,
    err: &mut mrq_error_t,
) -> u8 {
    let len = out.as_slice().len();
    let Err(error) = read(&mut |bytes| out.put(bytes).is_ok()) else {
        return MRQ_OK;
    };
    out.truncate(len);
    report_input(error, err)
}

fn report_input(error: InputError, err: &mut mrq_error_t) -> u8 {
    match error {
        InputError::NoRoom => report_error(NoRoom, err),
        _ => report(sys::MRQ_ERROR_VALUE, error.text().as_bytes(), err),
    }
}

/// Whether text has the prefix of a pin.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_is_pin(text: Lent<'_>) -> bool {
    pin::is_pin(text.as_slice())
}

/// Whether text contains PEM.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_is_pem(text: Lent<'_>) -> bool {
    pem::is_pem(text.as_slice())
}

/// Whether the firmware has trust anchors of its own.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_has_bundle() -> bool {
    !BUNDLE.is_empty()
}

/// Reads the complete certificates (PEM or DER) in a piece of input.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_read_anchors(
    reader: &mut mrq_anchor_reader_t,
    piece: Lent<'_>,
    at_end: bool,
    done: &mut usize,
    err: &mut mrq_error_t,
) -> u8 {
    match read_anchors(reader, piece.as_slice(), at_end) {
        Ok(read) => {
            *done = read;
            MRQ_OK
        }
        Err(error) => report_input(error, err),
    }
}

/// Returns the number of bytes that are done.
fn read_anchors(
    reader: &mut mrq_anchor_reader_t,
    piece: &[u8],
    at_end: bool,
) -> Result<usize, InputError> {
    if !reader.has_begun {
        // Its form is known from two bytes.
        if piece.len() < 2 && !at_end {
            return Ok(0);
        }
        reader.has_begun = true;
        reader.is_der = input::is_der(piece);
    }
    // SAFETY: C passes memory that nothing else uses during the call.
    let anchors = unsafe { room(reader.anchors, reader.alloc) };
    let mut free = anchors.get_mut(reader.len..).unwrap_or_default();
    let mut out = |bytes: &[u8]| put(&mut free, bytes).is_some();
    let out: Option<&mut Output<'_>> = if reader.anchors.is_null() { None } else { Some(&mut out) };
    let amount = anchors::append_complete(piece, reader.is_der, at_end, out)?;
    reader.len = reader.len.saturating_add(amount.output);
    if at_end && reader.len == 0 { Err(InputError::NoCertificate) } else { Ok(amount.input) }
}

/// Writes to the front of `free` and removes it. `None` if there is no room.
fn put(free: &mut &mut [u8], bytes: &[u8]) -> Option<()> {
    free.split_off_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(())
}

/// Writes the anchor at the index `number` as a certificate for another TLS implementation. Skips
/// anchors with conditions, which such a certificate cannot state.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_anchor(
    anchors: Lent<'_>,
    number: usize,
    certificate: &mut GcBuf,
    err: &mut mrq_error_t,
) -> u8 {
    let set = trusted(anchors.as_slice(), &[]).unwrap_or_default();
    let mut usable = Anchors::new(set).filter(Anchor::is_unconditional);
    let Some(anchor) = usable.nth(number) else {
        return MRQ_OK;
    };
    finish(certificate, |out| anchors::certificate(&anchor, out), err)
}

/// Parses a pin and appends its digest.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_add_pin(pin: Lent<'_>, pins: &mut GcBuf, err: &mut mrq_error_t) -> u8 {
    let Some(digest) = pin::parse(pin.as_slice()) else {
        let text = b"invalid pin: expected sha256: with 64 hex digits or base64";
        return report(sys::MRQ_ERROR_VALUE, text, err);
    };
    pins.put(&digest).map_or_else(|error| report_error(error, err), |()| MRQ_OK)
}

/// Reads a client's certificates and key into `identity`, which is empty.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_identity(
    certificates: Lent<'_>,
    key: Lent<'_>,
    identity: &mut GcBuf,
    err: &mut mrq_error_t,
) -> u8 {
    let code =
        finish(identity, |out| identity::parse(certificates.as_slice(), key.as_slice(), out), err);
    let fits = || Identity { blob: identity.as_slice() }.key_fits();
    if code == MRQ_OK && !fits() {
        return report_input(InputError::OtherKey, err);
    }
    code
}
