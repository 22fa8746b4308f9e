//! A request call of C: opens connections and gives the pieces of a body.

use core::ptr::{self, NonNull};

use micropython_sys as sys;
use mrequests_engine::url::{Scheme, Url};

use crate::failure::{Failure, Result, no_error};
use crate::memory::{Lent, lend};
use crate::response::Response;

/// The call in progress, on the stack of the C function that runs it.
#[derive(Clone, Copy)]
pub(crate) struct Call(NonNull<sys::mrq_call_t>);

impl Call {
    /// # Safety
    /// `raw` is a call that C keeps alive as long as this handle is used.
    pub(crate) unsafe fn new(raw: NonNull<sys::mrq_call_t>) -> Self {
        Self(raw)
    }

    /// Connects to the origin of `url`, whose text is `text`. `large`: several writes follow.
    pub(crate) fn open(self, url: &Url<'_>, text: &[u8], large: bool) -> Result<Response> {
        let mut err = no_error();
        let mut response = ptr::null_mut();
        let origin = sys::mrq_origin_t {
            host: lend(url.host),
            port: url.effective_port(),
            tls: matches!(url.scheme, Scheme::Https),
            large,
        };
        // SAFETY: the call is alive, the bytes are lent for the time of this. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_open(
                self.0.as_ptr(),
                &raw const origin,
                lend(text),
                &raw mut response,
                &raw mut err,
            )
        };
        Failure::check(code, &err)?;
        let response = NonNull::new(response).ok_or(Failure::Closed)?;
        // SAFETY: C made it ready, and holds it in the call from now on.
        Ok(unsafe { Response::new(response) })
    }

    /// The next bytes of the body; empty at its end. They are good until this is called again.
    pub(crate) fn next_piece<'a>(self) -> Result<&'a [u8]> {
        let mut err = no_error();
        let mut piece = lend(&[]);
        // SAFETY: the call is alive. Can raise; caught in C.
        let code =
            unsafe { sys::mrq_try_next_piece(self.0.as_ptr(), &raw mut piece, &raw mut err) };
        Failure::check(code, &err)?;
        // SAFETY: C keeps the piece until the next one is asked for, which its user lets go before.
        Ok(unsafe { Lent::from_raw(piece) }.as_slice())
    }

    pub(crate) fn rewind(self) -> Result<()> {
        let mut err = no_error();
        // SAFETY: the call is alive. Can raise; caught in C.
        let code = unsafe { sys::mrq_try_rewind(self.0.as_ptr(), &raw mut err) };
        Failure::check(code, &err)
    }

    pub(crate) fn note_redirect(self, status: u16, url: &[u8]) -> Result<()> {
        let mut err = no_error();
        // SAFETY: the call is alive, C copies the URL. Can raise; caught in C.
        let code =
            unsafe { sys::mrq_try_note_redirect(self.0.as_ptr(), status, lend(url), &raw mut err) };
        Failure::check(code, &err)
    }
}
