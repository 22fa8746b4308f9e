"""What calls cost on boards: an emulated Cortex-M3 and RV32, with a socket in memory.

usage: build/venv/bin/python bench/boards

Prints a table in Markdown, in thousands of instructions. QEMU lets its clock go by instructions, so that each run
gives the same. Neither a network nor its driver is in the figures, but the copy of what is received is. The raw
script is what the same work takes with a socket, readinto() and find(), by hand.
"""

import os
import pathlib
import subprocess

import count

ROOT = pathlib.Path(__file__).resolve().parents[2]

BOARDS = {"m3": "Cortex-M3", "rv32": "RV32IMAC"}


def firmware(name):
    """Builds the firmware of a board, without TLS."""
    options = os.environ | {"MREQUESTS_TLS": "0"}
    command = ["tools/board.sh", name]
    return subprocess.run(command, cwd=ROOT, env=options, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def main():
    table = {}
    for name in BOARDS:
        for work, by, instructions in count.calls(name, firmware(name)):
            table.setdefault((work, by), {})[name] = instructions
    print(f"| Work | By | {' | '.join(BOARDS.values())} |")
    print(f"|---|---|{'---:|' * len(BOARDS)}")
    for (work, by), figures in table.items():
        print(f"| {work} | {by} | {' | '.join(f'{figures[name] / 1000:.1f}' for name in BOARDS)} |")


if __name__ == "__main__":
    main()
