"""What mrequests takes of a board: flash, static RAM, stack, heap.

usage: python bench/sizes [flash] [memory]

Prints tables in Markdown. `flash` builds firmware with and without mrequests for each target and option; `memory`
runs calls against a real nginx on the emulated Cortex-M3. `make sizes` does all of it.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import flash  # noqa: E402  the tests' support has to be found first
import memory  # noqa: E402

PARTS = {"flash": flash.tables, "memory": memory.tables}


def main(names):
    for name in names or PARTS:
        for title, header, rows in PARTS[name](ROOT):
            print(f"\n{title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
            for row in rows:
                print(f"| {' | '.join(map(str, row))} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
