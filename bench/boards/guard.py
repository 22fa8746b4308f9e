"""Checks that instructions of calls on the emulated Cortex-M3, and the module's flash, have not grown.

usage: build/venv/bin/python bench/boards/guard.py [--write] FIRMWARE    FIRMWARE: printed by tools/tested.sh m3

All figures are ratios of two parts of the same firmware, so a new compiler changes both parts:
- instructions of a call of mrequests : instructions of a script without it, in the same interpreter
- flash of the module : flash of all the rest of the firmware
guard.json has the ratios, --write makes it again.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests"))

import count
import flash

TABLE = pathlib.Path(__file__).with_name("guard.json")
BINUTILS = "arm-none-eabi-"

# Firmware of rustc 1.95 with its own core library and of rustc 1.96 with core compiled from source differs by up to
# 1.8 % in instructions and 1 % in flash.
# GCC 14 with rustc 1.99 makes the script slower: its ratios of instructions are up to 14 % lower. So the table is
# written with GCC 12, and none of these compilers fails without a change of the code.
TOLERANCE = 0.05

# The work of the script that a call is compared with, if not its own: this one mostly moves a body. Calls without a
# script for their work are compared with the GET of 1 kB.
SCRIPTS = {"64 kB in chunks of 4 kB": "1 MB"}


def measure(firmware):
    """All ratios of the table: {title: {name: ratio}}."""
    return {"instructions": instructions(firmware), "flash": sizes(firmware)}


def instructions(firmware):
    """Calls of mrequests : scripts."""
    counts, scripts = {}, {}
    for work, by, number in count.calls("m3", firmware):
        if by.startswith("mrequests"):
            counts[work] = number
        else:
            scripts[work] = number
    get = scripts["GET of 1 kB"]
    return {work: round(number / scripts.get(SCRIPTS.get(work, work), get), 3) for work, number in counts.items()}


def sizes(firmware):
    """Parts of the module : the rest of the firmware. HTTP is a part, or its growth would not show beside TLS."""
    build = firmware.parent
    rust, c = build / "mrequests" / "mrequests.o", sorted(build.glob("mrequests/c_glue/**/*.o"))
    parts = {"Rust": of_objects([rust]), "C": of_objects(c), "Rust, HTTP": of_http(rust)}
    rest = flash.of_file(firmware, BINUTILS)[0] - parts["Rust"] - parts["C"]
    return {name: round(size / rest, 4) for name, size in parts.items()}


def of_objects(objects):
    """Bytes of code and constants, before the firmware is linked."""
    return sum(sum(map(int, line.split()[:2])) for line in printed("size", *objects).splitlines()[1:])


def of_http(rust):
    """Bytes of the functions of engine and driver."""
    symbols = re.findall(r"^\S+ (\S+) [tT] (.+)$", printed("nm", "--print-size", "--demangle", rust), re.MULTILINE)
    return sum(int(size, 16) for size, name in symbols if re.match(r"<*(mrq_rs_|mrequests::|mrequests_engine::)", name))


def printed(tool, *arguments):
    return subprocess.run([BINUTILS + tool, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def compare(title, now, before):
    """Prints the differences; returns how many there are to act on."""
    wrong = 0
    for name in sorted(now.keys() | before.keys()):
        new, old = now.get(name), before.get(name)
        if new is None or old is None:
            print(f"{title}, {name}: {new}, was {old}: only one of the table and the firmware has it")
            wrong += 1
        else:
            has_grown = new > old * (1 + TOLERANCE)
            print(f"{title}, {name}: {new}, was {old}: {new / old - 1:+.1%}{', has grown' if has_grown else ''}")
            wrong += has_grown
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("firmware", type=pathlib.Path)
    arguments = parser.parse_args()
    now = measure(arguments.firmware)
    if arguments.write:
        TABLE.write_text(json.dumps(now, indent=2) + "\n")
        return 0
    before = json.loads(TABLE.read_text())
    wrong = sum(compare(title, now[title], before[title]) for title in now)
    if wrong:
        print(f"{wrong} ratios are more than {TOLERANCE:.0%} above bench/boards/guard.json. To accept that: make guard")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
