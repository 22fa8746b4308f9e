"""Checks that the engine's instructions and the module's flash have not grown.

usage: python3 bench/guard [--write] FIRMWARE    FIRMWARE: what tools/board.sh m3 has built and printed

Compares with figures.json, with 5 % of room; --write makes that anew. Figures belong to their compilers: those
of others say nothing, and are not compared.
"""

import argparse
import json
import pathlib
import platform
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "micro"))

import callgrind  # noqa: E402  it has to be found first

TABLE = HERE / "figures.json"
ROOM = 0.05


def instructions():
    """Of the benchmarks of bench/micro."""
    program = callgrind.build(others=False)
    figures = {f"{bench.work}: {bench.by}": bench.own for bench in callgrind.count(program)}
    return {"compilers": [platform.machine(), *compilers("readelf", program, "rustc")], "figures": figures}


def flash(firmware):
    """Bytes of code and constants, before the firmware is linked."""
    objects = pathlib.Path(firmware).parent / "mrequests"
    rust, c = [objects / "mrequests.o"], sorted(objects.glob("c_glue/*.o"))
    figures = {"Rust": size(rust), "C": size(c), **functions(rust[0])}
    return {"compilers": compilers("arm-none-eabi-readelf", rust[0], "rustc", c[0], "GCC"), "figures": figures}


def size(objects):
    printed = subprocess.run(["arm-none-eabi-size", *objects], check=True, stdout=subprocess.PIPE, text=True).stdout
    return sum(sum(map(int, line.split()[:2])) for line in printed.splitlines()[1:])


def functions(rust):
    """Those of http, in which growth would not show among all the Rust."""
    nm = ["arm-none-eabi-nm", "--print-size", "--demangle", rust]
    printed = subprocess.run(nm, check=True, stdout=subprocess.PIPE, text=True).stdout
    sizes = {"Rust, engine": 0, "Rust, its driver": 0}
    for size, name in re.findall(r"^\S+ (\S+) [tT] (.+)$", printed, re.MULTILINE):
        if "mrequests_engine::" in name:
            sizes["Rust, engine"] += int(size, 16)
        elif re.match(r"mrq_rs_|<?mrequests::", name):
            sizes["Rust, its driver"] += int(size, 16)
    return sizes


def compilers(readelf, *objects_and_names):
    """The compilers of objects, as these tell; an object has words of several."""
    found = []
    for path, name in zip(objects_and_names[::2], objects_and_names[1::2]):
        comment = subprocess.run([readelf, "-p", ".comment", path], check=True, stdout=subprocess.PIPE, text=True).stdout
        found += sorted(set(re.findall(rf"\] +({name}.*)", comment)))
    return found


def compare(title, now, before):
    """Prints what is to be said; returns how many figures have grown."""
    if now["compilers"] != before["compilers"]:
        print(f"{title}: not compared, {now['compilers']} instead of {before['compilers']}")
        return 0
    grown = 0
    for name in sorted(now["figures"].keys() | before["figures"].keys()):
        new, old = now["figures"].get(name), before["figures"].get(name)
        if new is None or old is None:
            print(f"{title}, {name}: {new}, was {old}: the table has to be written anew")
        elif abs(new - old) > old * ROOM:
            print(f"{title}, {name}: {new}, was {old}: {(new - old) / old:+.1%}")
            grown += new > old
    print(f"{title}: {len(now['figures'])} figures, {grown} grown by more than {ROOM:.0%}")
    return grown


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("firmware")
    arguments = parser.parse_args()
    now = {"instructions": instructions(), "flash": flash(arguments.firmware)}
    if arguments.write:
        TABLE.write_text(json.dumps(now, indent=2) + "\n")
        return 0
    before = json.loads(TABLE.read_text())
    grown = sum([compare(title, now[title], before[title]) for title in now])
    if grown:
        print("If it has to be: python3 bench/guard --write FIRMWARE")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
