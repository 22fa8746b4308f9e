//! On the board: plays recorded sessions to the client, and prints their cost as a table.
#![no_std]
#![no_main]

mod machine;
#[allow(dead_code, reason = "each half uses its part of it")]
mod session;

use core::mem::size_of;
use machine::{Cost, finish, measure, print, recording, start_timer};
use mrequests_tls::{Connection, Direction, READ_OVERHEAD, Scratch, Transport};
use session::{CONTENT, SEED, Session};

macro_rules! println {
    ($($format:tt)*) => { print(format_args!("{}\n", format_args!($($format)*))) };
}

/// The rest of the server's bytes.
struct Wire {
    received: &'static [u8],
}

/// As small as the handle that firmware has.
#[derive(Clone, Copy)]
struct Handle(*mut Wire);

impl Transport for Handle {
    type Error = ();

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ()> {
        // SAFETY: the wire outlives the connection, and nobody else uses it meanwhile.
        let wire = unsafe { &mut *self.0 };
        let (now, later) = wire.received.split_at(buf.len().min(wire.received.len()));
        buf[..now.len()].copy_from_slice(now);
        wire.received = later;
        Ok(now.len())
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ()> {
        Ok(buf.len())
    }

    fn is_retry(_: &()) -> bool {
        false
    }

    fn wait(&mut self, _: Direction, _: ()) -> Result<(), ()> {
        Err(())
    }
}

struct Memory {
    bytes: [u8; 16384],
    taken: usize,
}

impl Memory {
    const fn new() -> Self {
        Self { bytes: [0; 16384], taken: 0 }
    }
}

impl Scratch for Memory {
    fn allocate(&mut self, len: usize) -> Option<&mut [u8]> {
        self.taken = len;
        self.bytes.get_mut(..len)
    }

    fn get(&self) -> &[u8] {
        &self.bytes[..self.taken]
    }

    fn get_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.taken]
    }
}

struct Costs {
    open: Cost,
    /// The first record, and the tickets before it.
    first_read: Cost,
    read: Cost,
    write: Cost,
    close: Cost,
    scratch: usize,
}

#[inline(never)]
fn play(session: &Session<'static>, verified: bool) -> Costs {
    let mut wire = Wire { received: session.received };
    let (mut read_buffer, mut write_buffer) = ([0; 16384 + READ_OVERHEAD], [0; 1024]);
    let mut memory = Memory::new();
    let mut content = [0; CONTENT];
    let config = session.config(verified);
    let handle = Handle(&raw mut wire);
    let mut connection =
        Connection::new(session.suite(), handle, &mut read_buffer, &mut write_buffer);
    let open = measure(&mut || {
        connection.open(&config, SEED, &mut memory).expect("it was recorded so");
    });
    let mut read = || {
        measure(&mut || {
            let mut left = &mut content[..];
            while !left.is_empty() {
                let len = connection.read(left).expect("it was recorded so");
                left = &mut left[len..];
            }
        })
    };
    let (first_read, read) = (read(), read());
    assert!(content.iter().all(|byte| *byte == b'.'), "not what was sent");
    let write = measure(&mut || {
        connection.write(&content).expect("nothing is wrong with the wire");
    });
    let close = measure(&mut || connection.close());
    Costs { open, first_read, read, write, close, scratch: memory.taken }
}

fn print_row(session: &Session<'static>) {
    let anyone = play(session, false);
    let costs = play(session, true);
    let name = str::from_utf8(session.name).expect("a literal");
    let suite = session.suite().name();
    let (open, check) = (
        costs.open.instructions / 10_000,
        costs.open.instructions.saturating_sub(anyone.open.instructions) / 10_000,
    );
    println!(
        "| {name} | {suite} | {}.{:02} | {}.{:02} | {} | {} | {} | {} | {} | {} | {} | {} |",
        open / 100,
        open % 100,
        check / 100,
        check % 100,
        costs.read.instructions / CONTENT as u32,
        costs.write.instructions / CONTENT as u32,
        costs.open.stack,
        anyone.open.stack,
        costs.first_read.stack.max(costs.read.stack),
        costs.write.stack,
        costs.close.stack,
        costs.scratch,
    );
}

#[unsafe(no_mangle)]
extern "C" fn reset() -> ! {
    start_timer();
    println!("{}\n", env!("RUSTC_VERSION"));
    println!(
        "A connection is {} bytes, besides its buffers.\n",
        size_of::<Connection<'_, Handle>>()
    );
    println!(
        "| server's chain | suite | open, M instr. | of it check | read, instr./byte | write, instr./byte | open, bytes of stack | \
         without check | read | write | close | memory for the chain |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut recording = recording();
    while let Some(session) = Session::split_first(&mut recording) {
        print_row(&session);
    }
    finish()
}
