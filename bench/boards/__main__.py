"""What calls cost on boards: an emulated Cortex-M3 and RV32, with a socket in memory.

usage: build/venv/bin/python bench/boards

Prints a table in Markdown, in thousands of instructions. QEMU lets its clock go by instructions, so that each run
gives the same. Neither a network nor its driver is in the figures, but the copy of what is received is. The raw
script is what the same work takes with a socket, readinto() and find(), by hand.
"""

import contextlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support import machine  # noqa: E402  it has to be found first

HERE = pathlib.Path(__file__).resolve().parent

# What QEMU's clock is told to count, and how many instructions there are in so many ticks of time.ticks_cpu().
BOARDS = {
    "m3": ("Cortex-M3", "-icount shift=6", (40, 64)),  # an instruction takes 64 ns, a tick 40 ns
    "rv32": ("RV32IMAC", "-icount shift=0", (1, 1)),
}


def firmware(name):
    """Builds the firmware of a board, without TLS."""
    options = os.environ | {"MREQUESTS_TLS": "0"}
    command = ["tools/board.sh", name]
    return subprocess.run(command, cwd=ROOT, env=options, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def counts(name):
    """The lines that calls.py prints on a board: the work, who does it, ticks."""
    _, icount, _ = BOARDS[name]
    program, rest = machine.COMMANDS[name].split(" ", 1)
    machine.COMMANDS[name] = f"{program} {icount} {rest}"
    with contextlib.closing(machine.Machine(name, firmware(name))) as board:
        out, err = board.run((HERE / "calls.py").read_text(), seconds=120)
    if err:
        raise RuntimeError(err.decode())
    for line in out.decode().split("\r\n"):
        if line:
            yield line.split("\t")


def main():
    table = {}
    for name, (_, _, (of, ticks)) in BOARDS.items():
        for work, by, count in counts(name):
            table.setdefault((work, by), {})[name] = int(count) * of / ticks
    print(f"| Work | By | {' | '.join(title for title, *_ in BOARDS.values())} |")
    print(f"|---|---|{'---:|' * len(BOARDS)}")
    for (work, by), figures in table.items():
        print(f"| {work} | {by} | {' | '.join(f'{figures[name] / 1000:.1f}' for name in BOARDS)} |")


if __name__ == "__main__":
    main()
