//! The redirect rules (RFC 9110 section 15.4).

use crate::Error;
use crate::request::Method;
use crate::resolve::resolve;
use crate::sink::Buffer;
use crate::url::{Scheme, Url};

/// The changes of the next request besides its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follow {
    /// The method becomes GET, and the content is not sent again.
    pub becomes_get: bool,
    /// The origin differs: the credentials for the first one must not be sent to it.
    pub cross_origin: bool,
}

/// Decides whether to follow the response `status` with this Location to a `method` request for
/// `base`. If it is followed, `target` holds the absolute URL of the next request, and nothing
/// else.
///
/// Not followed (`None`) are statuses other than 301, 302, 303, 307 and 308, an empty Location, a
/// 303 response to GET, and a redirect from https to http.
///
/// Errors: those of [`Url::parse`] for `base`, and those of [`resolve`].
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
    let from = Url::parse(base)?;
    resolve(&from, location, target)?;
    let to = Url::parse(target.as_slice())?;
    if (from.scheme, to.scheme) == (Scheme::Https, Scheme::Http) {
        return Ok(None);
    }
    Ok(Some(Follow { becomes_get: !keeps_method, cross_origin: !from.same_origin(&to) }))
}
