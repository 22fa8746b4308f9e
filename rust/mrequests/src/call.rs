//! A request call of C, which opens connections and provides the pieces of a body.

use core::ptr::{self, NonNull};

use micropython_sys as sys;
use mrequests_engine::url::{Scheme, Url};

use crate::failure::{Failure, Result};
use crate::memory::{Lent, lend};
use crate::response::Response;

/// The call in progress, on the stack of the C function that runs it, and the place for the details
/// of a failure.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    raw: NonNull<sys::mrq_call_t>,
    err: NonNull<sys::mrq_error_t>,
}

impl Call {
    /// # Safety C keeps both alive while this handle is used, and nothing else uses `err`
    /// meanwhile.
    pub(crate) unsafe fn new(
        raw: NonNull<sys::mrq_call_t>,
        err: NonNull<sys::mrq_error_t>,
    ) -> Self {
        Self { raw, err }
    }

    /// Connects to the origin of `url`, whose text is `text`. `large`: several writes follow.
    pub(crate) fn open(self, url: &Url<'_>, text: &[u8], large: bool) -> Result<Response> {
        let origin = sys::mrq_origin_t {
            host: lend(url.host),
            port: url.effective_port(),
            tls: matches!(url.scheme, Scheme::Https),
            large,
        };
        let mut incoming = ptr::null_mut();
        // SAFETY: the call is alive, the bytes are lent for this call. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_open(
                self.raw.as_ptr(),
                &raw const origin,
                lend(text),
                &raw mut incoming,
                self.err.as_ptr(),
            )
        };
        Failure::check(code)?;
        let incoming = NonNull::new(incoming).ok_or(Failure::CLOSED)?;
        // SAFETY: C initialised the response, and the call holds it from now on.
        Ok(unsafe { Response::new(incoming, self.err) })
    }

    /// Returns the next bytes of the body; empty at its end. They are valid until the next call.
    pub(crate) fn next_piece<'a>(self) -> Result<&'a [u8]> {
        let mut piece = lend(&[]);
        // SAFETY: the call is alive. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_next_piece(self.raw.as_ptr(), &raw mut piece, self.err.as_ptr())
        };
        Failure::check(code)?;
        // SAFETY: C keeps the piece until the next one is requested; its user drops it before.
        Ok(unsafe { Lent::from_raw(piece) }.as_slice())
    }

    pub(crate) fn rewind(self) -> Result<()> {
        // SAFETY: the call is alive. Can raise; caught in C.
        Failure::check(unsafe { sys::mrq_try_rewind(self.raw.as_ptr(), self.err.as_ptr()) })
    }

    pub(crate) fn note_redirect(self, status: u16, url: &[u8]) -> Result<()> {
        // SAFETY: the call is alive, C copies the URL. Can raise; caught in C.
        Failure::check(unsafe {
            sys::mrq_try_note_redirect(self.raw.as_ptr(), status, lend(url), self.err.as_ptr())
        })
    }
}
