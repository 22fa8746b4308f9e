"""Counts the instructions of calls on emulated boards, with a socket in memory.

QEMU's clock runs by instructions, so each run gives the same figures. They include the copy of received bytes, but no
network and no driver. The raw script does the same work by hand, with a socket, readinto() and find().
"""

import contextlib
import pathlib

from firmware import built
from support import machine

CALLS = pathlib.Path(__file__).with_name("calls.py")
BOARDS = {"m3": "Cortex-M3", "rv32": "RV32IMAC"}

# The option that sets QEMU's clock, and how many instructions there are in how many ticks of time.ticks_cpu().
CLOCKS = {
    # An instruction takes 256 ns, a tick 40 ns: ticks are finer than instructions, so none is lost.
    "m3": ("-icount shift=8", (40, 256)),
    "rv32": ("-icount shift=0", (1, 1)),
}


def calls(name, firmware):
    """The calls of calls.py on a board: the work, who does it, instructions."""
    icount, (of, ticks) = CLOCKS[name]
    program, rest = machine.COMMANDS[name].split(" ", 1)
    machine.COMMANDS[name] = f"{program} {icount} {rest}"
    with contextlib.closing(machine.Machine(name, firmware)) as board:
        out, err = board.run(CALLS.read_text(), seconds=120)
    if err:
        raise RuntimeError(err.decode())
    for line in out.decode().splitlines():
        work, by, count = line.split("\t")
        yield work, by, round(int(count) * of / ticks)


def tables():
    """One table, in thousands of instructions."""
    counts = {}
    for name in BOARDS:
        for work, by, instructions in calls(name, built("tools/board.sh", name, MREQUESTS_TLS="0")):
            counts.setdefault((work, by), []).append(f"{instructions / 1000:.1f}")
    rows = ((*what, *figures) for what, figures in counts.items())
    yield "Thousands of instructions in a call:", ("Work", "By", *BOARDS.values()), rows
