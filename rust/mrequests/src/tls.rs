//! TLS connections: the entry points `mrq_rs_tls_*` of `c_glue/mrequests_glue.h`, and the stream below.
//!
//! C lets one of them at a time at a connection (`busy` in `c_glue/tls_socket.c`), and none again
//! after one was left by an exception. What these frames have to drop are secrets that wipe
//! themselves: Ctrl-C on the unix port leaves them on the stack, as it leaves the stack itself.

use core::mem::{align_of, size_of};
use core::ptr::{self, NonNull};

use cty::c_void;
use micropython_sys as sys;
use micropython_sys::{MRQ_OK, mrq_buf_t, mrq_bytes_t, mrq_error_t, mrq_tls_config_t, mrq_tls_t};
use mrequests_engine::sink::Buffer;
use mrequests_tls::trust::identity::Identity;
use mrequests_tls::{
    Clock, Config, Connection, Direction, Error, FragmentLength, Kind, READ_OVERHEAD, Scratch,
    Suite, Transport, Trust,
};

use crate::memory::{Destination, GcBuf, Lent, lend, own};
use crate::tls_trust::trusted;

/// When this was compiled, in seconds since 1970 (`build.rs`).
const BUILT: u64 = match u64::from_str_radix(env!("MREQUESTS_BUILT"), 10) {
    Ok(seconds) => seconds,
    Err(_) => panic!("build.rs sets MREQUESTS_BUILT to a number"),
};

/// What C reported of the stream below: a code, its errno, and the exception where there is one.
#[derive(Debug, Clone, Copy)]
struct Failure {
    code: u8,
    number: i32,
    raised: *mut c_void,
}

impl Failure {
    fn check(code: u8, err: &mrq_error_t) -> Result<(), Self> {
        match code {
            MRQ_OK => Ok(()),
            _ => Err(Self { code, number: err.number, raised: err.raised }),
        }
    }

    fn report(self, err: &mut mrq_error_t) -> u8 {
        err.number = self.number;
        err.raised = self.raised;
        self.code
    }
}

/// An error without details.
const NO_ERROR: mrq_error_t = mrq_error_t {
    done: 0,
    total: 0,
    raised: ptr::null_mut(),
    text: mrq_bytes_t { data: ptr::null(), len: 0 },
    number: 0,
};

/// The stream below a connection.
#[derive(Clone, Copy)]
struct Below(NonNull<mrq_tls_t>);

impl Transport for Below {
    type Error = Failure;

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, Failure> {
        let mut err = NO_ERROR;
        let mut len = 0;
        // SAFETY: the connection is alive while its methods run, `buf` is valid. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_tls_receive(
                self.0.as_ptr(),
                buf.as_mut_ptr(),
                buf.len(),
                &raw mut len,
                &raw mut err,
            )
        };
        Failure::check(code, &err)?;
        Ok(len.min(buf.len()))
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, Failure> {
        let mut err = NO_ERROR;
        let mut len = 0;
        // SAFETY: the same.
        let code = unsafe {
            sys::mrq_try_tls_send(self.0.as_ptr(), lend(buf), &raw mut len, &raw mut err)
        };
        Failure::check(code, &err)?;
        Ok(len.min(buf.len()))
    }

    fn is_retry(error: &Failure) -> bool {
        error.code == sys::MRQ_ERROR_TRY_AGAIN
    }

    fn wait(&mut self, direction: Direction, error: Failure) -> Result<(), Failure> {
        let mut err = NO_ERROR;
        error.report(&mut err);
        let writing = matches!(direction, Direction::Write);
        // SAFETY: the connection is alive. Can raise; caught in C.
        let code = unsafe { sys::mrq_try_tls_wait(self.0.as_ptr(), writing, &raw mut err) };
        Failure::check(code, &err)
    }
}

impl Scratch for GcBuf {
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]> {
        self.resize(len).ok()
    }

    fn get(&self) -> &[u8] {
        self.as_slice()
    }

    fn get_mut(&mut self) -> &mut [u8] {
        self.as_mut_slice()
    }
}

/// What Rust keeps in a connection object. The buffers live as long as it is used: C frees them
/// when it has closed the connection.
type State = Connection<'static, Below>;

const _: () = assert!(align_of::<State>() <= sys::MRQ_TLS_ALIGN_SIZE);

fn state(tls: NonNull<mrq_tls_t>) -> *mut State {
    // SAFETY: the connection is alive. Does not raise.
    unsafe { sys::mrq_tls_state(tls.as_ptr()) }.cast()
}

/// Runs `f` on the state of a connection that `mrq_rs_tls_init` has made.
fn with<T>(tls: NonNull<mrq_tls_t>, f: impl FnOnce(&mut State) -> T) -> T {
    // SAFETY: initialised, and C lets nobody else at it meanwhile.
    f(unsafe { &mut *state(tls) })
}

/// What C wants of a connection; `None` where the host is no text.
///
/// # Safety
/// What `raw` points to stays as it is for the lifetime `'a`.
unsafe fn config_of<'a>(raw: &mrq_tls_config_t) -> Option<Config<'a>> {
    // SAFETY: the caller's promise.
    let lent = |bytes| unsafe { Lent::<'a>::from_raw(bytes) }.as_slice();
    let server_name = core::str::from_utf8(lent(raw.server_name)).ok()?;
    let (anchors, pins) = (lent(raw.anchors), lent(raw.pins));
    let trust = match raw.verify {
        false => Trust::Anyone,
        true => Trust::Verified { anchors: trusted(anchors, pins), pins },
    };
    let identity = lent(raw.identity);
    Some(Config {
        server_name: Some(server_name).filter(|name| !name.is_empty()),
        trust,
        clock: Clock { now: Some(raw.now).filter(|&now| now > 0), built: BUILT },
        max_fragment_length: FragmentLength::at_most(usize::from(raw.record_size)),
        identity: (!identity.is_empty()).then_some(Identity { blob: identity }),
    })
}

/// The number of `suite` is its place among those that are built in.
fn suite_at(number: u8) -> Suite {
    Suite::ALL.get(usize::from(number)).copied().unwrap_or_default()
}

/// The code for C, with the details in `err`.
fn report(error: Error<Failure>, err: &mut mrq_error_t) -> u8 {
    match error {
        Error::Transport(failure) | Error::Retry(failure) => failure.report(err),
        Error::Fault(fault) => {
            err.text = lend(fault.text().as_bytes());
            code_of(fault.kind())
        }
    }
}

fn code_of(kind: Kind) -> u8 {
    match kind {
        Kind::NoMemory => sys::MRQ_ERROR_NO_MEMORY,
        Kind::Configuration => sys::MRQ_ERROR_TLS_CONFIGURATION,
        Kind::Refused => sys::MRQ_ERROR_TLS_REFUSED,
        Kind::NotOffered => sys::MRQ_ERROR_TLS_NOT_OFFERED,
        Kind::Aborted => sys::MRQ_ERROR_TLS_ABORTED,
        Kind::Truncated => sys::MRQ_ERROR_TLS_TRUNCATED,
        Kind::TooLarge => sys::MRQ_ERROR_TLS_TOO_LARGE,
        // Those of the stream below have been reported.
        Kind::Protocol | Kind::Transport | Kind::Retry => sys::MRQ_ERROR_TLS_PROTOCOL,
    }
}

fn finish(result: Result<usize, Error<Failure>>, len: &mut usize, err: &mut mrq_error_t) -> u8 {
    match result {
        Ok(done) => {
            *len = done;
            MRQ_OK
        }
        Err(error) => report(error, err),
    }
}

/// What a connection object has to have room for.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_state_size() -> usize {
    size_of::<State>()
}

/// What a record needs of the read buffer besides its content.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_read_overhead() -> usize {
    READ_OVERHEAD
}

/// The least write buffer for a connection that is to be opened so.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_least_write_size(config: &mrq_tls_config_t) -> usize {
    // SAFETY: C keeps what the config points to during the call.
    unsafe { config_of(config) }.map_or(0, |config| mrequests_tls::least_write_buffer(&config))
}

/// Makes a connection's state.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_init(
    tls: NonNull<mrq_tls_t>,
    suite: u8,
    read_buffer: mrq_buf_t,
    write_buffer: mrq_buf_t,
) {
    // SAFETY: C gives the buffer to this connection, and frees it after its last use.
    let read = unsafe { own(read_buffer) };
    // SAFETY: the same.
    let write = unsafe { own(write_buffer) };
    // SAFETY: C made room for the state, aligned for it.
    unsafe { state(tls).write(State::new(suite_at(suite), Below(tls), read, write)) }
}

/// Handshake, with proof of who the server is.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_open(
    tls: NonNull<mrq_tls_t>,
    config: &mrq_tls_config_t,
    err: &mut mrq_error_t,
) -> u8 {
    // SAFETY: C keeps what the config points to during the call.
    let Some(asked) = (unsafe { config_of(config) }) else {
        return sys::MRQ_ERROR_INVALID_HOST;
    };
    // SAFETY: the same.
    let Ok(seed) = (unsafe { Lent::from_raw(config.seed) }).as_slice().try_into() else {
        return sys::MRQ_ERROR_NO_MEMORY;
    };
    let mut scratch = GcBuf::new();
    let result = with(tls, |connection| connection.open(&asked, seed, &mut scratch));
    scratch.free();
    finish(result.map(|()| 0), &mut 0, err)
}

/// Reads content.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_read(
    tls: NonNull<mrq_tls_t>,
    data: *mut u8,
    size: usize,
    len: &mut usize,
    err: &mut mrq_error_t,
) -> u8 {
    // What the stream below runs may look at the destination: it is written when that is over.
    if size > 0
        && let Err(error) = with(tls, State::receive)
    {
        return report(error, err);
    }
    // SAFETY: C passes a buffer that stays valid during the call.
    let destination = unsafe { Destination::new(data, size) };
    *len = destination.with(|buf| with(tls, |connection| connection.take(buf)));
    MRQ_OK
}

/// Writes content, all of it.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_write(
    tls: NonNull<mrq_tls_t>,
    bytes: Lent<'_>,
    len: &mut usize,
    err: &mut mrq_error_t,
) -> u8 {
    finish(with(tls, |connection| connection.write(bytes.as_slice())), len, err)
}

/// Tells the peer that there is no more.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_close(tls: NonNull<mrq_tls_t>) {
    with(tls, State::close);
}

/// Whether content is there that has been received and decrypted.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_has_pending(tls: NonNull<mrq_tls_t>) -> bool {
    with(tls, |connection| connection.has_pending())
}

/// The name of a cipher suite that is built in.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_suite_name(suite: u8) -> mrq_bytes_t {
    lend(Suite::ALL.get(usize::from(suite)).map_or(&[], |suite| suite.name().as_bytes()))
}

/// The number of the suite of that name.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_find_suite(name: Lent<'_>, number: &mut u8) -> bool {
    let wanted = str::from_utf8(name.as_slice()).ok().and_then(Suite::from_name);
    let found = (0..).zip(Suite::ALL).find(|(_, suite)| Some(**suite) == wanted);
    if let Some((place, _)) = found {
        *number = place;
    }
    found.is_some()
}
