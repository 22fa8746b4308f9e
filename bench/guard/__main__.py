"""Checks that the instructions of calls on the emulated Cortex-M3, and the module's flash, have not grown.

usage: python3 bench/guard [--write] FIRMWARE    FIRMWARE: what tools/board.sh m3 has built and printed

Compares with figures.json, with 5 % of room; --write makes that anew. Figures belong to the compilers and the
MicroPython that the firmware was built with: those of others say nothing, and are not compared.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "boards"))

import count  # noqa: E402  it has to be found first

TABLE = HERE / "figures.json"
ROOM = 0.05


def measure(firmware):
    """All that is in the table."""
    build = pathlib.Path(firmware).parent
    rust, c = build / "mrequests" / "mrequests.o", sorted(build.glob("mrequests/c_glue/*.o"))
    return {
        "built with": [*comment(rust, "rustc"), *comment(c[0], "GCC"), micropython(build)],
        "instructions": dict(instructions(firmware)),
        "flash": {"Rust": size([rust]), "C": size(c), **functions(rust)},
    }


def comment(path, compiler):
    """What an object says of its compiler; it has words of several."""
    printed = run("arm-none-eabi-readelf", "-p", ".comment", path)
    return sorted(set(re.findall(rf"\] +({compiler}.*)", printed)))


def micropython(build):
    """Its interpreter takes a part of the instructions."""
    header = (build / "genhdr" / "mpversion.h").read_text()
    return "MicroPython " + re.search(r'MICROPY_GIT_TAG "(.+)"', header)[1]


def instructions(firmware):
    """Those of the calls of bench/boards, the raw script's left out."""
    for work, by, number in count.calls("m3", firmware):
        if by.startswith("mrequests"):
            yield f"{work}: {by}", number


def size(objects):
    """Bytes of code and constants, before the firmware is linked."""
    return sum(sum(map(int, line.split()[:2])) for line in run("arm-none-eabi-size", *objects).splitlines()[1:])


def functions(rust):
    """Those of http, in which growth would not show among all the Rust."""
    sizes = {"Rust, engine": 0, "Rust, its driver": 0}
    printed = run("arm-none-eabi-nm", "--print-size", "--demangle", rust)
    for size, name in re.findall(r"^\S+ (\S+) [tT] (.+)$", printed, re.MULTILINE):
        if "mrequests_engine::" in name:
            sizes["Rust, engine"] += int(size, 16)
        elif re.match(r"mrq_rs_|<?mrequests::", name):
            sizes["Rust, its driver"] += int(size, 16)
    return sizes


def run(*command):
    """What a command prints."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compare(title, now, before):
    """Prints what is to be said; returns how many figures have grown."""
    grown = 0
    for name in sorted(now.keys() | before.keys()):
        new, old = now.get(name), before.get(name)
        if new is None or old is None:
            print(f"{title}, {name}: {new}, was {old}: the table has to be written anew")
        elif abs(new - old) > old * ROOM:
            print(f"{title}, {name}: {new}, was {old}: {(new - old) / old:+.1%}")
            grown += new > old
    print(f"{title}: {len(now)} figures, {grown} grown by more than {ROOM:.0%}")
    return grown


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("firmware")
    arguments = parser.parse_args()
    now = measure(arguments.firmware)
    if arguments.write:
        TABLE.write_text(json.dumps(now, indent=2) + "\n")
        return 0
    before = json.loads(TABLE.read_text())
    if now["built with"] != before["built with"]:
        print(f"instructions and flash are not compared: {now['built with']} instead of {before['built with']}")
        return 0
    grown = sum([compare(title, now[title], before[title]) for title in ("instructions", "flash")])
    if grown:
        print("If it has to be: make guard")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
