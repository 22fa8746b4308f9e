//! `http` and `https` URLs (RFC 3986 section 3, RFC 9110 section 4.2).

use crate::Error;
use crate::ascii::{cut, decimal, equal_in_any_case, is_one_line};
use crate::percent::{SafeSet, escape_target, hex_pair};
use crate::sink::{Buffer, Sink, put_decimal};

/// The characters of a registered name, with the `%` of its escapes (RFC 3986 section 3.2.2).
const REG_NAME: SafeSet = SafeSet::UNRESERVED.with(b"!$&'()*+,;=%");

/// The characters of an IPv6 address (RFC 3986 section 3.2.2).
const IPV6: SafeSet = SafeSet::NONE.with(b"0123456789ABCDEFabcdef:.");

/// The characters of an IPv6 zone, with the `%` of its escapes (RFC 6874 section 2).
const ZONE: SafeSet = SafeSet::UNRESERVED.with(b"%");

/// The scheme of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

impl Scheme {
    /// The port of a URL that names none: 80 or 443 (RFC 9110 section 4.2).
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// The scheme in lower case.
    pub const fn name(self) -> &'static [u8] {
        match self {
            Self::Http => b"http",
            Self::Https => b"https",
        }
    }

    pub(crate) fn parse(text: &[u8]) -> Result<Self, Error> {
        if equal_in_any_case(text, b"http") {
            Ok(Self::Http)
        } else if equal_in_any_case(text, b"https") {
            Ok(Self::Https)
        } else {
            Err(Error::UnsupportedScheme)
        }
    }
}

/// An absolute `http` or `https` URL without its fragment. All parts are unchanged and still
/// percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Url<'a> {
    /// The scheme.
    pub scheme: Scheme,
    /// The part of the authority before the last `@`.
    pub userinfo: Option<&'a [u8]>,
    /// The host, never empty. An IPv6 address has no brackets, but may have a zone after a `%`.
    pub host: &'a [u8],
    /// Whether the host is an IPv6 address.
    pub is_ipv6: bool,
    /// The port, if given.
    pub port: Option<u16>,
    /// The path and the query: empty, or beginning with `/` or `?`.
    pub target: &'a [u8],
}

impl<'a> Url<'a> {
    /// Parses an absolute URL (RFC 3986 section 3). The scheme may be in any case.
    ///
    /// Errors: [`Error::InvalidUrl`] if it is not absolute or contains CR, LF or NUL,
    /// [`Error::UnsupportedScheme`], [`Error::InvalidHost`], [`Error::InvalidPort`].
    pub fn parse(text: &'a [u8]) -> Result<Self, Error> {
        check_line(text)?;
        let (scheme, rest) = cut_scheme(text);
        Self::after_scheme(Scheme::parse(scheme.ok_or(Error::InvalidUrl)?)?, rest)
    }

    /// Parses the part of a URL after the scheme and its colon. Errors: those of [`Url::parse`].
    pub(crate) fn after_scheme(scheme: Scheme, text: &'a [u8]) -> Result<Self, Error> {
        let (authority, rest) = cut_authority(text).ok_or(Error::InvalidUrl)?;
        let (target, _fragment) = cut(rest, b'#');
        let url = Self::with_authority(scheme, authority, target);
        match &url {
            Ok(found) if !found.has_valid_authority() => Err(Error::InvalidHost),
            _ => url,
        }
    }

    /// Splits an authority (RFC 3986 section 3.2), of which the port alone is checked.
    fn with_authority(
        scheme: Scheme,
        authority: &'a [u8],
        target: &'a [u8],
    ) -> Result<Self, Error> {
        let (userinfo, host_and_port) = match authority.iter().rposition(|&b| b == b'@') {
            Some(at) => {
                (authority.get(..at), authority.get(at.wrapping_add(1)..).unwrap_or_default())
            }
            None => (None, authority),
        };
        let (host, is_ipv6, port) = match host_and_port {
            [b'[', rest @ ..] => match cut(rest, b']') {
                (host, Some([])) => (host, true, None),
                (host, Some([b':', port @ ..])) => (host, true, Some(port)),
                _ => return Err(Error::InvalidHost),
            },
            _ => {
                let (host, port) = cut(host_and_port, b':');
                (host, false, port)
            }
        };
        let port = match port {
            None | Some([]) => None,
            Some(digits) => Some(parse_port(digits)?),
        };
        Ok(Self { scheme, userinfo, host, is_ipv6, port, target })
    }

    fn has_valid_authority(&self) -> bool {
        let is_host =
            if self.is_ipv6 { is_ipv6_address(self.host) } else { is_reg_name(self.host) };
        // Other parsers end the authority at a backslash, and would connect to another host.
        is_host && cut(self.userinfo.unwrap_or_default(), b'\\').1.is_none()
    }

    /// The path, which is empty or begins with `/`, and the query after the `?`, if there is one.
    pub fn path_and_query(&self) -> (&'a [u8], Option<&'a [u8]>) {
        cut(self.target, b'?')
    }

    /// The port to connect to.
    pub fn effective_port(&self) -> u16 {
        self.port.unwrap_or(self.scheme.default_port())
    }

    /// Whether the host is an IPv4 or IPv6 address, not a name.
    pub fn is_address(&self) -> bool {
        self.is_ipv6 || self.host.iter().all(|&b| b == b'.' || b.is_ascii_digit())
    }

    /// Whether both have the same origin (RFC 9110 section 4.3.1): scheme, host and port.
    pub fn same_origin(&self, other: &Url<'_>) -> bool {
        self.scheme == other.scheme
            && equal_in_any_case(self.host, other.host)
            && self.effective_port() == other.effective_port()
    }

    /// Writes the value of the Host field (RFC 9110 section 7.2). Omits the scheme's default port,
    /// and the zone of an IPv6 address, which has a meaning on this host only (RFC 6874 section 4).
    /// Errors: those of `out`.
    pub fn put_host(&self, out: &mut impl Sink) -> Result<(), Error> {
        let port = self.port.filter(|&port| port != self.scheme.default_port());
        let host = if self.is_ipv6 { cut(self.host, b'%').0 } else { self.host };
        put_host_and_port(host, self.is_ipv6, port, out)
    }

    /// Writes the start of a URL without userinfo: scheme, host, and the port if given. Errors:
    /// those of `out`.
    pub(crate) fn put_origin(&self, out: &mut impl Sink) -> Result<(), Error> {
        out.put(self.scheme.name())?;
        out.put(b"://")?;
        put_host_and_port(self.host, self.is_ipv6, self.port, out)
    }

    /// Writes the request target in origin-form (RFC 9112 section 3.2.1), percent-encoded where
    /// necessary and never empty. Errors: those of `out`.
    pub fn put_target(&self, out: &mut impl Sink) -> Result<(), Error> {
        out.put(if self.target.starts_with(b"/") { b"" } else { b"/" })?;
        escape_target(self.target, out)
    }

    /// Writes the URL without userinfo and fragment, percent-encoded where necessary. Errors: those
    /// of `out`.
    pub fn put_public(&self, out: &mut impl Sink) -> Result<(), Error> {
        self.put_origin(out)?;
        self.put_target(out)
    }

    /// User and password, still percent-encoded. `None` if both are empty.
    pub fn credentials(&self) -> Option<(&'a [u8], &'a [u8])> {
        let (user, password) = cut(self.userinfo?, b':');
        let password = password.unwrap_or_default();
        (!user.is_empty() || !password.is_empty()).then_some((user, password))
    }
}

/// Writes `?` and the query, percent-encoded where necessary, if there is one.
pub(crate) fn put_query(query: Option<&[u8]>, out: &mut impl Sink) -> Result<(), Error> {
    let Some(query) = query else { return Ok(()) };
    out.put(b"?")?;
    escape_target(query, out)
}

fn put_host_and_port(
    host: &[u8],
    is_ipv6: bool,
    port: Option<u16>,
    out: &mut impl Sink,
) -> Result<(), Error> {
    out.put(if is_ipv6 { b"[" } else { b"" })?;
    out.put(host)?;
    out.put(if is_ipv6 { b"]" } else { b"" })?;
    let Some(port) = port else { return Ok(()) };
    out.put(b":")?;
    put_decimal(out, u64::from(port))
}

/// The parts of a URL reference, as `parse_url()` returns them in Python. [`split`] makes them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Split<'a> {
    /// The length of the scheme, at the start of the output. 0 if missing, and without an authority.
    pub scheme_len: usize,
    /// The host, without the brackets of an IPv6 address. Empty if missing.
    pub host: &'a [u8],
    /// The port, if given.
    pub port: Option<u16>,
    /// The start of path, query and fragment in the output.
    pub path_start: usize,
}

/// Replaces the content of `out` by a URL reference of any scheme without its userinfo, the scheme
/// in lower case, with a `/` after the authority. Returns its parts. Without an authority the whole
/// reference is the path.
///
/// Errors: [`Error::InvalidUrl`] if it contains CR, LF or NUL, [`Error::InvalidHost`] if a bracket
/// is not closed or is followed by anything except a port, [`Error::InvalidPort`], and those of
/// `out`.
pub fn split<'a>(url: &'a [u8], out: &mut impl Buffer) -> Result<Split<'a>, Error> {
    check_line(url)?;
    out.truncate(0);
    let (scheme, rest) = cut_scheme(url);
    let mut parts = Split::default();
    let mut path = url;
    if let Some((authority, after)) = cut_authority(rest) {
        let Url { host, is_ipv6, port, .. } = Url::with_authority(Scheme::Http, authority, after)?;
        parts.host = host;
        parts.port = port;
        path = after;
        parts.scheme_len = scheme.unwrap_or_default().len();
        // The scheme, a colon and two slashes.
        let rest_len = authority.len().wrapping_add(path.len());
        for b in url.iter().take(url.len().wrapping_sub(rest_len)) {
            out.put(&[b.to_ascii_lowercase()])?;
        }
        put_host_and_port(host, is_ipv6, port, out)?;
        parts.path_start = out.as_slice().len();
        if !path.starts_with(b"/") {
            out.put(b"/")?;
        }
    }
    out.put(path)?;
    Ok(parts)
}

fn parse_port(digits: &[u8]) -> Result<u16, Error> {
    decimal(digits)
        .and_then(|n| u16::try_from(n).ok())
        .filter(|&port| port != 0)
        .ok_or(Error::InvalidPort)
}

fn is_reg_name(host: &[u8]) -> bool {
    let mut rest = host;
    while let (_, Some(after)) = cut(rest, b'%') {
        if hex_pair(after).is_none() {
            return false;
        }
        rest = after;
    }
    REG_NAME.has_all_of(host)
}

/// Whether `host` has the characters of an IPv6 address, with or without a zone. Name resolution
/// checks the rest.
fn is_ipv6_address(host: &[u8]) -> bool {
    let (address, zone) = cut(host, b'%');
    cut(address, b':').1.is_some()
        && IPV6.has_all_of(address)
        && zone.is_none_or(|zone| ZONE.has_all_of(zone))
}

/// Refuses CR, LF and NUL.
pub(crate) fn check_line(url: &[u8]) -> Result<(), Error> {
    if is_one_line(url) { Ok(()) } else { Err(Error::InvalidUrl) }
}

/// Splits off the scheme and its colon, if there is one (RFC 3986 section 3.1).
pub(crate) fn cut_scheme(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let is_scheme_char = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    match cut(text, b':') {
        (scheme @ [first, others @ ..], Some(rest))
            if first.is_ascii_alphabetic() && others.iter().all(is_scheme_char) =>
        {
            (Some(scheme), rest)
        }
        _ => (None, text),
    }
}

/// Splits off `//` and the authority. `None` without `//`.
pub(crate) fn cut_authority(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let [b'/', b'/', text @ ..] = text else { return None };
    let end = text.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(text.len());
    text.split_at_checked(end)
}
