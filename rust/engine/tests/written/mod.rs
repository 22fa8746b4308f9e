//! Collects the output of the request side in memory.

use mrequests_engine::Error;
use mrequests_engine::auth::put_basic;
use mrequests_engine::resolve;
use mrequests_engine::sink::{Buffer, Sink};
use mrequests_engine::url::Url;

/// A buffer without bounds.
#[derive(Default)]
pub(crate) struct Written(Vec<u8>);

impl Sink for Written {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

impl Buffer for Written {
    fn as_slice(&self) -> &[u8] {
        &self.0
    }

    fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }
}

/// The output of `write`.
pub(crate) fn written(
    write: impl FnOnce(&mut Written) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut out = Written::default();
    write(&mut out).map(|()| out.0)
}

/// The output of `write` as text. Panics if `write` fails.
#[allow(dead_code)] // not in every test crate
pub(crate) fn text(write: impl FnOnce(&mut Written) -> Result<(), Error>) -> String {
    String::from_utf8(written(write).unwrap()).unwrap()
}

/// [`resolve::resolve`] for a base that is not parsed.
#[allow(dead_code)] // not in every test crate
pub(crate) fn resolve(base: &[u8], reference: &[u8], out: &mut impl Buffer) -> Result<(), Error> {
    resolve::resolve(&Url::parse(base)?, reference, out)
}

/// The value of the Authorization line of these credentials.
#[allow(dead_code)] // not in every test crate
pub(crate) fn basic(user: &[u8], password: &[u8], escaped: bool) -> String {
    let line = text(|out| put_basic(user, password, escaped, out));
    let value = line.strip_prefix("Authorization: ").unwrap();
    value.strip_suffix("\r\n").unwrap().to_owned()
}
