//! The entry points that only convert: fields, URLs, forms, text.
//!
//! C passes buffers that are all zero or were last written here, and bytes that stay as they are
//! during the call. "As declared" refers to that.

use micropython_sys::{MRQ_OK, mrq_buf_t, mrq_bytes_t, mrq_url_t};
use mrequests_engine::percent::{self, SafeSet};
use mrequests_engine::request::{self, Method};
use mrequests_engine::sink::{Buffer, Sink};
use mrequests_engine::url::{self, Url};
use mrequests_engine::{Error, auth, field, form, redirect, resolve, text};

use crate::failure::code_of;
use crate::gc_buf::{GcBuf, borrow, lend};

/// Appends a checked field line.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_put_field(
    fields: *mut mrq_buf_t,
    name: mrq_bytes_t,
    value: mrq_bytes_t,
) -> u8 {
    // SAFETY: as declared.
    unsafe { write(fields, |out| request::push_field(out, borrow(name), borrow(value))) }
}

/// Appends a note that a default field is not sent.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_omit_field(fields: *mut mrq_buf_t, name: mrq_bytes_t) -> u8 {
    // SAFETY: as declared.
    unsafe { write(fields, |out| request::push_omitted(out, borrow(name))) }
}

/// Writes the value of an Authorization field.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_basic(
    user: mrq_bytes_t,
    password: mrq_bytes_t,
    out: *mut mrq_buf_t,
) -> u8 {
    // SAFETY: as declared.
    let (user, password) = unsafe { (borrow(user), borrow(password)) };
    // SAFETY: as declared.
    unsafe { write(out, |out| auth::basic(user.iter().copied(), password.iter().copied(), out)) }
}

/// Splits a URL as `parse_url()` does.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_split_url(text: mrq_bytes_t, parts: *mut mrq_url_t) -> u8 {
    // SAFETY: as declared.
    match url::split(unsafe { borrow(text) }) {
        Ok(split) => {
            let parts_of = mrq_url_t {
                scheme: lend(split.scheme.unwrap_or_default()),
                host: lend(split.host.unwrap_or_default()),
                path: lend(split.path),
                port: split.port.unwrap_or(0),
                slash: split.slash,
            };
            // SAFETY: as declared.
            unsafe { parts.write(parts_of) };
            MRQ_OK
        }
        Err(error) => code_of(error),
    }
}

/// Checks that a URL can be requested; gives its port.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_check_url(text: mrq_bytes_t, port: *mut u16) -> u8 {
    // SAFETY: as declared.
    match Url::parse(unsafe { borrow(text) }) {
        Ok(url) => {
            // SAFETY: as declared.
            unsafe { port.write(url.effective_port()) };
            MRQ_OK
        }
        Err(error) => code_of(error),
    }
}

/// Writes a URL with a query added.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_add_query(
    text: mrq_bytes_t,
    query: mrq_bytes_t,
    out: *mut mrq_buf_t,
) -> u8 {
    // SAFETY: as declared.
    unsafe { write(out, |out| resolve::with_query(borrow(text), borrow(query), out)) }
}

/// Writes a URL without fragment and credentials.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_public_url(text: mrq_bytes_t, out: *mut mrq_buf_t) -> u8 {
    // SAFETY: as declared.
    unsafe { write(out, |out| Url::parse(borrow(text))?.put_public(out)) }
}

/// Applies the redirect rules.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_redirect(
    status: u16,
    method: mrq_bytes_t,
    base: mrq_bytes_t,
    location: mrq_bytes_t,
    target: *mut mrq_buf_t,
    follow: *mut bool,
    becomes_get: *mut bool,
) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(target, |target| {
            let method = Method::parse(borrow(method))?;
            let found = redirect::follow(status, &method, borrow(base), borrow(location), target)?;
            follow.write(found.is_some());
            becomes_get.write(found.is_some_and(|found| found.becomes_get));
            Ok(())
        })
    }
}

/// Writes a method with its letters in upper case.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_method(method: mrq_bytes_t, out: *mut mrq_buf_t) -> u8 {
    // SAFETY: as declared.
    unsafe { write(out, |out| out.put(Method::parse(borrow(method))?.as_bytes())) }
}

/// The value of a field line if it has this name.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_field_value(
    line: mrq_bytes_t,
    name: mrq_bytes_t,
    value: *mut mrq_bytes_t,
) -> bool {
    // SAFETY: as declared.
    match unsafe { (field::split(borrow(line)), borrow(name)) } {
        (Some((found, text)), name) if found.eq_ignore_ascii_case(name) => {
            // SAFETY: as declared.
            unsafe { value.write(lend(text)) };
            true
        }
        _ => false,
    }
}

/// Name and value of a field line.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_split_field(
    line: mrq_bytes_t,
    name: *mut mrq_bytes_t,
    value: *mut mrq_bytes_t,
) -> bool {
    // SAFETY: as declared.
    let Some((found, text)) = field::split(unsafe { borrow(line) }) else {
        return false;
    };
    // SAFETY: as declared.
    unsafe { name.write(lend(found)) };
    // SAFETY: as declared.
    unsafe { value.write(lend(text)) };
    true
}

/// Percent-encodes.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_quote(
    text: mrq_bytes_t,
    safe: mrq_bytes_t,
    plus: bool,
    out: *mut mrq_buf_t,
) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(out, |out| {
            percent::quote(borrow(text), &SafeSet::UNRESERVED.with(borrow(safe)), plus, out)
        })
    }
}

/// Undoes percent-encoding.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_unquote(text: mrq_bytes_t, plus: bool, out: *mut mrq_buf_t) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(out, |out| percent::decoded(borrow(text), plus).try_for_each(|b| out.put(&[b])))
    }
}

/// Appends one pair to a form.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_put_pair(
    form: *mut mrq_buf_t,
    name: mrq_bytes_t,
    value: mrq_bytes_t,
    safe: mrq_bytes_t,
) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(form, |out| {
            let first = out.as_slice().is_empty();
            form::push_pair(
                out,
                first,
                borrow(name),
                borrow(value),
                &SafeSet::UNRESERVED.with(borrow(safe)),
                true,
            )
        })
    }
}

/// The next pair of a query from `offset` on.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_next_pair(
    query: mrq_bytes_t,
    separator: u8,
    offset: *mut usize,
    name: *mut mrq_bytes_t,
    value: *mut mrq_bytes_t,
) -> bool {
    // SAFETY: as declared.
    let (text, start) = unsafe { (borrow(query), offset.read()) };
    let mut pairs = form::pairs(text.get(start..).unwrap_or_default(), separator);
    let Some((found, content)) = pairs.next() else {
        return false;
    };
    let nothing = mrq_bytes_t { data: core::ptr::null(), len: 0 };
    // SAFETY: as declared.
    unsafe { offset.write(text.len() - pairs.rest().len()) };
    // SAFETY: as declared.
    unsafe { name.write(lend(found)) };
    // SAFETY: as declared.
    unsafe { value.write(content.map_or(nothing, lend)) };
    true
}

/// Writes text as UTF-8.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_to_utf8(bytes: mrq_bytes_t, latin1: bool, out: *mut mrq_buf_t) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(out, |out| match latin1 {
            true => text::put_latin1(borrow(bytes), out),
            false => text::put_lossy(borrow(bytes), out),
        })
    }
}

/// Writes UTF-8 one byte a character.
#[unsafe(no_mangle)]
unsafe extern "C" fn mrq_rs_from_utf8(bytes: mrq_bytes_t, limit: u8, out: *mut mrq_buf_t) -> u8 {
    // SAFETY: as declared.
    unsafe {
        write(out, |out| match text::put_single_byte(borrow(bytes), limit, out)? {
            true => Ok(()),
            false => Err(Error::InvalidFieldValue),
        })
    }
}

/// Runs `f` on a buffer of C's.
unsafe fn write(buf: *mut mrq_buf_t, f: impl FnOnce(&mut GcBuf<'_>) -> Result<(), Error>) -> u8 {
    // SAFETY: as declared.
    let mut out = unsafe { GcBuf::new(&mut *buf) };
    match f(&mut out) {
        Ok(()) => MRQ_OK,
        Err(error) => code_of(error),
    }
}
