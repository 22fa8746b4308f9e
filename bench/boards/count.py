"""Counts the instructions of calls on an emulated board."""

import contextlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from support import machine  # noqa: E402  it has to be found first

# What QEMU's clock is told to count, and how many instructions there are in so many ticks of time.ticks_cpu().
CLOCKS = {
    # An instruction takes 256 ns, a tick 40 ns: several of these in one of those, so that no instruction is lost.
    "m3": ("-icount shift=8", (40, 256)),
    "rv32": ("-icount shift=0", (1, 1)),
}


def calls(name, firmware):
    """The calls of calls.py on a board: the work, who does it, instructions."""
    icount, (of, ticks) = CLOCKS[name]
    program, rest = machine.COMMANDS[name].split(" ", 1)
    machine.COMMANDS[name] = f"{program} {icount} {rest}"
    with contextlib.closing(machine.Machine(name, firmware)) as board:
        out, err = board.run((HERE / "calls.py").read_text(), seconds=120)
    if err:
        raise RuntimeError(err.decode())
    for line in out.decode().splitlines():
        work, by, count = line.split("\t")
        yield work, by, round(int(count) * of / ticks)
