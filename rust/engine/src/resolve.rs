//! Resolution of URL references (RFC 3986 section 5), and adding a query to a URL.

use crate::Error;
use crate::ascii::cut;
use crate::percent::escape_target;
use crate::sink::{Buffer, Sink};
use crate::url::{Scheme, Url, check_line, cut_authority, cut_scheme, put_query};

/// Replaces the content of `out` by the absolute URL of `reference` relative to `base`, by the
/// strict algorithm of RFC 3986 section 5.2. [`Url::parse`] accepts the result.
///
/// Drops the fragment, and the userinfo of both: credentials never come from a redirect.
/// Percent-encodes characters not allowed in a URL, including a backslash, which is no separator.
///
/// Errors: those of [`Url::parse`] for the result, and those of `out`.
pub fn resolve(base: &Url<'_>, reference: &[u8], out: &mut impl Buffer) -> Result<(), Error> {
    check_line(reference)?;
    let (reference, _fragment) = cut(reference, b'#');
    let (scheme, rest) = cut_scheme(reference);
    let is_relative = scheme.is_none() && cut_authority(rest).is_none();
    let target = if is_relative {
        Url { target: rest, ..*base }
    } else {
        Url::after_scheme(scheme.map_or(Ok(base.scheme), Scheme::parse)?, rest)?
    };
    out.truncate(0);
    target.put_origin(out)?;
    let (path, query) = target.path_and_query();
    let (base_path, base_query) = base.path_and_query();
    if is_relative && path.is_empty() {
        escape_target(base_path, out)?;
        return put_query(query.or(base_query), out);
    }
    let directory = if path.starts_with(b"/") { None } else { directory(base_path) };
    put_path(directory, path, out)?;
    put_query(query, out)
}

/// Writes `url` without its fragment, with `encoded_query` as its query or appended to its query.
/// Errors: those of `out`.
pub fn with_query(url: &[u8], encoded_query: &[u8], out: &mut impl Sink) -> Result<(), Error> {
    let (url, _fragment) = cut(url, b'#');
    out.put(url)?;
    if encoded_query.is_empty() {
        return Ok(());
    }
    out.put(match cut(url, b'?') {
        (_, None) => b"?",
        (_, Some([] | [.., b'&'])) => b"",
        _ => b"&",
    })?;
    out.put(encoded_query)
}

/// Returns the segments of `path` that a relative path is appended to: all but the last. `None` if
/// there are none, as distinct from one empty segment.
fn directory(path: &[u8]) -> Option<&[u8]> {
    let [b'/', segments @ ..] = path else { return None };
    let end = segments.iter().rposition(|&b| b == b'/')?;
    segments.get(..end)
}

/// Writes `directory` and `path` as one path without dot segments (RFC 3986 section 5.2.4).
fn put_path(directory: Option<&[u8]>, path: &[u8], out: &mut impl Buffer) -> Result<(), Error> {
    if path.is_empty() {
        return Ok(());
    }
    let root = out.as_slice().len();
    if let Some(directory) = directory {
        put_segments(directory, root, out)?;
    }
    let segments = if let [b'/', segments @ ..] = path { segments } else { path };
    put_segments(segments, root, out)?;
    match segments {
        b"." | b".." | [.., b'/', b'.'] | [.., b'/', b'.', b'.'] => out.put(b"/"),
        _ => Ok(()),
    }
}

/// Writes each segment after a `/`. The segment `.` writes nothing; `..` removes the segment before
/// it, but nothing before the offset `root`.
fn put_segments(segments: &[u8], root: usize, out: &mut impl Buffer) -> Result<(), Error> {
    let mut rest = Some(segments);
    while let Some(segments) = rest {
        let (segment, after) = cut(segments, b'/');
        rest = after;
        match segment {
            b"." => {}
            b".." => {
                let written = out.as_slice();
                let parent = written.iter().rposition(|&b| b == b'/').unwrap_or(0);
                out.truncate(parent.max(root));
            }
            _ => {
                out.put(b"/")?;
                escape_target(segment, out)?;
            }
        }
    }
    Ok(())
}
