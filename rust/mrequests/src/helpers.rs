//! The entry points for conversions: fields, URLs, forms, text.
//!
//! A reference parameter is a C pointer that is valid and, if mutable, not used elsewhere during
//! the call: C passes the addresses of its own locals.

use core::ptr;

use micropython_sys::{MRQ_ENCODING_UNKNOWN, mrq_bytes_t, mrq_url_t};
use mrequests_engine::percent::{self, SafeSet};
use mrequests_engine::request::{self, Method};
use mrequests_engine::sink::{Buffer, Sink};
use mrequests_engine::text::Encoding;
use mrequests_engine::url::{self, Url};
use mrequests_engine::{auth, field, form, redirect, resolve, text};

use crate::error::status;
use crate::memory::{GcBuf, Lent, lend};

/// Checks a field and appends its line.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_put_field(fields: &mut GcBuf, name: Lent<'_>, value: Lent<'_>) -> u8 {
    status(request::push_field(fields, name.as_slice(), value.as_slice()))
}

/// Appends a line that omits a default field.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_omit_field(fields: &mut GcBuf, name: Lent<'_>) -> u8 {
    status(request::push_omitted(fields, name.as_slice()))
}

/// Appends the line of an Authorization field for Basic authentication.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_put_basic(fields: &mut GcBuf, user: Lent<'_>, password: Lent<'_>) -> u8 {
    status(auth::put_basic(user.as_slice(), password.as_slice(), false, fields))
}

/// Writes a URL without credentials, and its parts. `absolute`: it is a target of requests.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_split_url(
    text: Lent<'_>,
    absolute: bool,
    out: &mut GcBuf,
    parts: &mut mrq_url_t,
) -> u8 {
    status(url::split(text.as_slice(), out).and_then(|split| {
        let port = if absolute {
            Url::parse(text.as_slice())?.effective_port()
        } else {
            split.port.unwrap_or(0)
        };
        parts.scheme_len = split.scheme_len;
        parts.host = lend(split.host);
        parts.path_start = split.path_start;
        parts.port = port;
        Ok(())
    }))
}

/// Writes a URL with a query added.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_add_query(text: Lent<'_>, query: Lent<'_>, out: &mut GcBuf) -> u8 {
    status(resolve::with_query(text.as_slice(), query.as_slice(), out))
}

/// Writes a URL without fragment and credentials.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_public_url(text: Lent<'_>, out: &mut GcBuf) -> u8 {
    status(Url::parse(text.as_slice()).and_then(|url| url.put_public(out)))
}

/// Applies the redirect rules.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_redirect(
    code: u16,
    method: Lent<'_>,
    base: Lent<'_>,
    location: Lent<'_>,
    target: &mut GcBuf,
    becomes_get: &mut bool,
) -> u8 {
    let found = Method::parse(method.as_slice()).and_then(|method| {
        redirect::follow(code, method, base.as_slice(), location.as_slice(), target)
    });
    status(found.map(|found| match found {
        Some(follow) => *becomes_get = follow.becomes_get,
        None => target.truncate(0),
    }))
}

/// Writes a method in upper case.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_method(method: Lent<'_>, out: &mut GcBuf) -> u8 {
    status(Method::parse(method.as_slice()).and_then(|method| method.put(out)))
}

/// Writes the value of a field line to `value`. Returns whether the line has this name.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_field_value(line: Lent<'_>, name: Lent<'_>, value: &mut mrq_bytes_t) -> bool {
    match field::split(line.as_slice()) {
        Some((found, text)) if found.eq_ignore_ascii_case(name.as_slice()) => {
            *value = lend(text);
            true
        }
        _ => false,
    }
}

/// Splits a field line. Returns whether it has a colon.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_split_field(
    line: Lent<'_>,
    name: &mut mrq_bytes_t,
    value: &mut mrq_bytes_t,
) -> bool {
    let Some((found, text)) = field::split(line.as_slice()) else {
        return false;
    };
    *name = lend(found);
    *value = lend(text);
    true
}

/// Returns the text that joins the values of a field.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_separator(name: Lent<'_>) -> mrq_bytes_t {
    lend(field::separator(name.as_slice()))
}

/// Percent-encodes text.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_quote(text: Lent<'_>, safe: Lent<'_>, plus: bool, out: &mut GcBuf) -> u8 {
    let safe = SafeSet::UNRESERVED.with(safe.as_slice());
    status(percent::quote(text.as_slice(), &safe, plus, out))
}

/// Decodes percent-encoded text.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_unquote(text: Lent<'_>, plus: bool, out: &mut GcBuf) -> u8 {
    status(percent::decoded(text.as_slice(), plus).try_for_each(|b| out.put(&[b])))
}

/// Appends one pair to a form.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_put_pair(
    form: &mut GcBuf,
    name: Lent<'_>,
    value: Lent<'_>,
    safe: Lent<'_>,
) -> u8 {
    let first = form.as_slice().is_empty();
    let safe = SafeSet::UNRESERVED.with(safe.as_slice());
    status(form::push_pair(form, first, name.as_slice(), value.as_slice(), &safe))
}

/// Reads the pair of a query at `offset` and advances `offset`. Returns whether there was one.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_next_pair(
    query: Lent<'_>,
    separator: u8,
    offset: &mut usize,
    name: &mut mrq_bytes_t,
    value: &mut mrq_bytes_t,
) -> bool {
    let query = query.as_slice();
    let mut pairs = form::pairs(query.get(*offset..).unwrap_or_default(), separator);
    let Some((found, content)) = pairs.next() else {
        return false;
    };
    *offset = query.len() - pairs.rest().len();
    *name = lend(found);
    *value = content.map_or(mrq_bytes_t { data: ptr::null(), len: 0 }, lend);
    true
}

/// Returns the encoding of a name.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_encoding(name: Lent<'_>) -> u8 {
    Encoding::named(name.as_slice()).map_or(MRQ_ENCODING_UNKNOWN, |encoding| encoding as u8)
}

/// Converts ISO-8859-1 (`latin1`) or malformed UTF-8 to UTF-8.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_to_utf8(bytes: Lent<'_>, latin1: bool, out: &mut GcBuf) -> u8 {
    let put = if latin1 { text::put_latin1 } else { text::put_lossy };
    status(put(bytes.as_slice(), out))
}

/// Converts UTF-8 to the encoding of one byte for each character that ends with `limit`.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_from_utf8(bytes: Lent<'_>, limit: u8, out: &mut GcBuf) -> u8 {
    status(text::put_single_byte(bytes.as_slice(), limit, out))
}
