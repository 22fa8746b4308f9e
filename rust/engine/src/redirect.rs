//! Which redirects are followed, and how (RFC 9110 section 15.4).

use crate::Error;
use crate::request::Method;
use crate::resolve::resolve;
use crate::sink::Buffer;
use crate::url::{Scheme, Url};

/// What the next request has to change, its URL aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follow {
    /// The method becomes GET, and the content is not sent again.
    pub becomes_get: bool,
    /// The origin is another one: it must not see what was meant for the first.
    pub cross_origin: bool,
}

/// Whether the answer `status` with this Location to a `method` request for `base` is followed.
/// If so, `target` holds the absolute URL to ask for next, and nothing else.
///
/// Not followed (`None`) are: other statuses than 301, 302, 303, 307 and 308, an empty Location,
/// a 303 answer to GET, and the way from https to http.
///
/// Errors: those of [`resolve`].
pub fn follow(
    status: u16,
    method: Method<'_>,
    base: &[u8],
    location: &[u8],
    target: &mut impl Buffer,
) -> Result<Option<Follow>, Error> {
    let keeps_method = match status {
        303 if method.is(b"GET") => return Ok(None),
        301..=303 => method.is(b"HEAD"),
        307 | 308 => true,
        _ => return Ok(None),
    };
    if location.is_empty() {
        return Ok(None);
    }
    resolve(base, location, target)?;
    let (from, to) = (Url::parse(base)?, Url::parse(target.as_slice())?);
    if (from.scheme, to.scheme) == (Scheme::Https, Scheme::Http) {
        return Ok(None);
    }
    Ok(Some(Follow { becomes_get: !keeps_method, cross_origin: !from.same_origin(&to) }))
}
