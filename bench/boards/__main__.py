"""Measures mrequests on emulated boards.

usage: build/venv/bin/python bench/boards PART...

calls    instructions of calls on Cortex-M3 and RV32, with a socket in memory
flash    flash and static RAM that the module adds, for each target and option
memory   stack and heap of calls on the Cortex-M3, with nginx
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import count  # noqa: E402  the tests' support has to be found first
import flash  # noqa: E402
import memory  # noqa: E402

PARTS = {"calls": count.tables, "flash": flash.tables, "memory": memory.tables}


def main(names):
    for name in names:
        for title, header, rows in PARTS[name]():
            print(f"\n{title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
            for row in rows:
                print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
