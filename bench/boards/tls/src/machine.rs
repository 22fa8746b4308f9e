//! The bare machine: qemu's mps2-an385, a Cortex-M3. It runs with `-icount shift=6`: each instruction takes 64 ns.

use core::arch::asm;
use core::fmt::{self, Write};
use core::hint::black_box;
use core::panic::PanicInfo;
use core::{ptr, slice};

const STACK_TOP: usize = 0x2040_0000;
/// The pattern painted below the caller's stack; overwritten words count as used.
const PAINTED: usize = 64 * 1024;
const PAINT: u32 = 0xa5a5_5a5a;
/// Timer 0 of the CMSDK: counts down, once in 40 ns.
const TIMER: usize = 0x4000_0000;
/// Where qemu puts the recording: see run.sh.
const RECORDING: usize = 0x2100_0000;
const RECORDING_SIZE: usize = 16 << 20;

unsafe extern "C" {
    fn reset() -> !;
}

#[repr(C)]
struct Vectors {
    stack: usize,
    reset: unsafe extern "C" fn() -> !,
    others: [extern "C" fn() -> !; 14],
}

#[used]
#[unsafe(link_section = ".vectors")]
static VECTORS: Vectors = Vectors { stack: STACK_TOP, reset, others: [fault; 14] };

extern "C" fn fault() -> ! {
    panic!("a processor fault")
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    const RUN_TIME_ERROR: usize = 0x20023;
    print(format_args!("{info}\n"));
    exit(RUN_TIME_ERROR)
}

/// A call of the debugger, that is qemu (Arm's semihosting).
fn call_host(operation: usize, argument: usize) {
    // SAFETY: the operations used here read only the memory that the argument points to.
    unsafe { asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument) }
}

fn exit(reason: usize) -> ! {
    call_host(0x18, reason);
    unreachable!("qemu has ended")
}

/// Ends the run, successfully.
pub fn finish() -> ! {
    const APPLICATION_EXIT: usize = 0x20026;
    exit(APPLICATION_EXIT)
}

struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            call_host(0x03, &raw const byte as usize);
        }
        Ok(())
    }
}

pub fn print(text: fmt::Arguments<'_>) {
    let _ = Console.write_fmt(text);
}

/// The recording, and zeros behind it.
pub fn recording() -> &'static [u8] {
    // SAFETY: memory of the board, which nobody writes to.
    unsafe { slice::from_raw_parts(RECORDING as *const u8, RECORDING_SIZE) }
}

pub fn start_timer() {
    for (register, value) in [(8, u32::MAX), (4, u32::MAX), (0, 1)] {
        // SAFETY: reload, value and control register of the timer.
        unsafe { ptr::write_volatile((TIMER + register) as *mut u32, value) }
    }
}

fn ticks() -> u32 {
    // SAFETY: the timer's value.
    u32::MAX - unsafe { ptr::read_volatile((TIMER + 4) as *const u32) }
}

/// The cost of a measured call.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    pub instructions: u32,
    /// Bytes below the caller's frame.
    pub stack: usize,
}

/// Runs `f`: up to 2600 million instructions.
#[inline(never)]
pub fn measure(f: &mut dyn FnMut()) -> Cost {
    let top: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) top) };
    let bottom = top - PAINTED;
    // Functions called in the loop use some words below, unless they are inlined.
    for at in (bottom..top - 64).step_by(4) {
        // SAFETY: below the stack pointer, where nobody keeps anything.
        unsafe { ptr::write_volatile(at as *mut u32, PAINT) }
    }
    let before = ticks();
    black_box(f)();
    let ticks = ticks().wrapping_sub(before);
    // SAFETY: as above.
    let is_painted = |at: &usize| unsafe { ptr::read_volatile(*at as *const u32) } == PAINT;
    let lowest = (bottom..top).step_by(4).find(|at| !is_painted(at)).unwrap_or(top);
    Cost { instructions: (u64::from(ticks) * 40 / 64) as u32, stack: top - lowest }
}
