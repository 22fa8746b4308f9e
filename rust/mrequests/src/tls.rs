//! TLS connections: the entry points `mrq_rs_tls_*` of `c_glue/mrequests_glue.h`, and the stream
//! below them.
//!
//! C runs one of them at a time on a connection (`busy` in `c_glue/tls/socket.c`), and none after
//! an exception has left one. The destructors of these frames wipe secrets. Ctrl-C on the unix port
//! jumps over them and leaves the secrets on the stack.

use core::mem::{align_of, size_of};
use core::ptr::NonNull;

use micropython_sys as sys;
use micropython_sys::{MRQ_OK, mrq_bytes_t, mrq_error_t, mrq_tls_config_t, mrq_tls_t};
use mrequests_engine::Error::{InvalidHost, NoRoom};
use mrequests_engine::sink::Buffer;
use mrequests_tls::trust::identity::Identity;
use mrequests_tls::{
    Clock, Config, Connection, Direction, Error, FragmentLength, Kind, READ_OVERHEAD, Scratch,
    Suite, Transport, Trust,
};

use crate::error::{report, report_error};
use crate::memory::{GcBuf, Lent, lend, room};
use crate::tls_trust::trusted;

/// The date of the build in seconds since 1970-01-01, from `build.rs`.
const BUILT: u64 = match u64::from_str_radix(env!("MREQUESTS_BUILT"), 10) {
    Ok(seconds) => seconds,
    Err(_) => panic!("build.rs sets MREQUESTS_BUILT to a number"),
};

/// The stream below a connection. Its errors are the codes of C.
#[derive(Clone, Copy)]
struct Below(NonNull<mrq_tls_t>);

impl Transport for Below {
    type Error = u8;

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, u8> {
        let mut len = 0;
        // SAFETY: the connection is alive while its methods run, `buf` is valid. Can raise; caught in C.
        let code = unsafe {
            sys::mrq_try_tls_receive(self.0.as_ptr(), buf.as_mut_ptr(), buf.len(), &raw mut len)
        };
        check(code)?;
        Ok(len.min(buf.len()))
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, u8> {
        let mut len = 0;
        // SAFETY: the same.
        let code = unsafe { sys::mrq_try_tls_send(self.0.as_ptr(), lend(buf), &raw mut len) };
        check(code)?;
        Ok(len.min(buf.len()))
    }

    fn is_retry(code: &u8) -> bool {
        *code == sys::MRQ_ERROR_AGAIN
    }

    fn wait(&mut self, direction: Direction, _: u8) -> Result<(), u8> {
        let writing = matches!(direction, Direction::Write);
        // SAFETY: the connection is alive. Can raise; caught in C.
        check(unsafe { sys::mrq_try_tls_wait(self.0.as_ptr(), writing) })
    }
}

fn check(code: u8) -> Result<(), u8> {
    if code == MRQ_OK { Ok(()) } else { Err(code) }
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

/// The state that Rust keeps in a connection object. Its buffers live as long as it is used: C
/// frees them after it has closed the connection.
type State = Connection<'static, Below>;

const _: () = assert!(align_of::<State>() <= sys::MRQ_TLS_ALIGN_SIZE);

fn state(tls: NonNull<mrq_tls_t>) -> *mut State {
    // SAFETY: the connection is alive. Does not raise.
    unsafe { sys::mrq_tls_state(tls.as_ptr()) }.cast()
}

/// Runs `f` on the state of a connection that `mrq_rs_tls_init` initialised.
fn with<T>(tls: NonNull<mrq_tls_t>, f: impl FnOnce(&mut State) -> T) -> T {
    // SAFETY: the state is initialised, and C runs nothing else on it meanwhile.
    f(unsafe { &mut *state(tls) })
}

/// Converts the configuration of C; the second value is its seed. `None` if the host is not UTF-8.
fn config_of(raw: &mrq_tls_config_t) -> Option<(Config<'_>, &[u8])> {
    // SAFETY: C keeps what the configuration points to during the call.
    let lent = |bytes| unsafe { Lent::from_raw(bytes) }.as_slice();
    let server_name = core::str::from_utf8(lent(raw.server_name)).ok()?;
    let (anchors, pins) = (lent(raw.anchors), lent(raw.pins));
    let trust = match raw.verify {
        false => Trust::Anyone,
        true => Trust::Verified { anchors: trusted(anchors, pins), pins },
    };
    let identity = lent(raw.identity);
    let config = Config {
        server_name: Some(server_name).filter(|name| !name.is_empty()),
        trust,
        clock: Clock { now: Some(raw.now).filter(|&now| now > 0), built: BUILT },
        max_fragment_length: FragmentLength::at_most(usize::from(raw.record_size)),
        identity: (!identity.is_empty()).then_some(Identity { blob: identity }),
    };
    Some((config, lent(raw.seed)))
}

/// The suite at the index `number` of [`Suite::ALL`], or else the default suite.
fn suite_at(number: u8) -> Suite {
    Suite::ALL.get(usize::from(number)).copied().unwrap_or_default()
}

/// Writes kind and text of an error. Returns the kind.
fn report_tls(error: Error<u8>, err: &mut mrq_error_t) -> u8 {
    match error {
        // C knows the errno or the exception.
        Error::Transport(code) | Error::Retry(code) => report(code, b"", err),
        Error::Fault(fault) => match kind_of(fault.kind()) {
            sys::MRQ_ERROR_MEMORY => report_error(NoRoom, err),
            kind => report(kind, fault.text().as_bytes(), err),
        },
    }
}

fn kind_of(kind: Kind) -> u8 {
    match kind {
        Kind::NoMemory => sys::MRQ_ERROR_MEMORY,
        Kind::Configuration => sys::MRQ_ERROR_VALUE,
        Kind::Refused => sys::MRQ_ERROR_REFUSED,
        Kind::NotOffered => sys::MRQ_ERROR_NOT_OFFERED,
        Kind::Aborted => sys::MRQ_ERROR_ABORTED,
        Kind::Truncated => sys::MRQ_ERROR_RESET,
        Kind::TooLarge => sys::MRQ_ERROR_TOO_LARGE,
        // `report_tls` has handled failures of the stream below.
        Kind::Protocol | Kind::Transport | Kind::Retry => sys::MRQ_ERROR_IO,
    }
}

fn finish(result: Result<usize, Error<u8>>, len: &mut usize, err: &mut mrq_error_t) -> u8 {
    match result {
        Ok(done) => {
            *len = done;
            MRQ_OK
        }
        Err(error) => report_tls(error, err),
    }
}

/// The size of a connection's state in bytes.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_state_size() -> usize {
    size_of::<State>()
}

/// The bytes that a record takes in the read buffer besides its content.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_read_overhead() -> usize {
    READ_OVERHEAD
}

/// The least size in bytes of the write buffer for this configuration.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_least_write_size(config: &mrq_tls_config_t) -> usize {
    config_of(config).map_or(0, |(config, _)| mrequests_tls::least_write_buffer(&config))
}

/// Initialises the state of a connection.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_init(
    tls: NonNull<mrq_tls_t>,
    suite: u8,
    read_buffer: GcBuf,
    write_buffer: GcBuf,
) {
    let connection =
        State::new(suite_at(suite), Below(tls), read_buffer.leak(), write_buffer.leak());
    // SAFETY: C allocated the state with its size and alignment.
    unsafe { state(tls).write(connection) }
}

/// Performs the handshake and authenticates the server.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_open(
    tls: NonNull<mrq_tls_t>,
    config: &mrq_tls_config_t,
    err: &mut mrq_error_t,
) -> u8 {
    let Some((config, seed)) = config_of(config) else {
        return report_error(InvalidHost, err);
    };
    let Ok(seed) = seed.try_into() else {
        return report_error(NoRoom, err);
    };
    let mut scratch = GcBuf::new();
    let result = with(tls, |connection| connection.open(&config, seed, &mut scratch));
    scratch.free();
    finish(result.map(|()| 0), &mut 0, err)
}

/// Reads application data into `data`. A `len` of 0 is the end of the connection.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_read(
    tls: NonNull<mrq_tls_t>,
    data: *mut u8,
    size: usize,
    len: &mut usize,
    err: &mut mrq_error_t,
) -> u8 {
    // The stream below may run Python code that reads the destination, so write to it afterwards.
    if size > 0
        && let Err(error) = with(tls, State::receive)
    {
        return report_tls(error, err);
    }
    // SAFETY: C passes a buffer that stays valid during the call.
    let destination = unsafe { room(data, size) };
    *len = with(tls, |connection| connection.take(destination));
    MRQ_OK
}

/// Writes all of `bytes` as application data.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_write(
    tls: NonNull<mrq_tls_t>,
    bytes: Lent<'_>,
    len: &mut usize,
    err: &mut mrq_error_t,
) -> u8 {
    finish(with(tls, |connection| connection.write(bytes.as_slice())), len, err)
}

/// Sends a close_notify alert.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_close(tls: NonNull<mrq_tls_t>) {
    with(tls, State::close);
}

/// Whether decrypted application data is pending.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_has_pending(tls: NonNull<mrq_tls_t>) -> bool {
    with(tls, |connection| connection.has_pending())
}

/// The name of a built-in cipher suite; empty if there is none of this number.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_suite_name(suite: u8) -> mrq_bytes_t {
    lend(Suite::ALL.get(usize::from(suite)).map_or(&[], |suite| suite.name().as_bytes()))
}

/// Writes the number of the suite `name` to `number`. Returns whether the suite is built in.
#[unsafe(no_mangle)]
extern "C" fn mrq_rs_tls_find_suite(name: Lent<'_>, number: &mut u8) -> bool {
    let wanted = str::from_utf8(name.as_slice()).ok().and_then(Suite::from_name);
    let found = (0..).zip(Suite::ALL).find(|(_, suite)| Some(**suite) == wanted);
    if let Some((place, _)) = found {
        *number = place;
    }
    found.is_some()
}
