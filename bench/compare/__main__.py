"""Compares mrequests with other HTTP clients, side by side on the same local servers.

usage: bench/compare [--items NAMES] [--columns NAMES] [--figures NAMES] [--rounds N] [--output FILE] ...

Names are separated by commas; without them all are meant. `make bench` runs it.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[1:1] = [str(ROOT / "tests"), str(ROOT / "bench" / "boards")]

import build  # noqa: E402  the tests' support has to be found first
import columns  # noqa: E402
import figures  # noqa: E402
import table  # noqa: E402
from items import ITEMS  # noqa: E402
from servers import Servers  # noqa: E402
from versions import versions  # noqa: E402


def main():
    options = parse()
    # Servers are stopped at a SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mrequests-bench-")))
        needs_board = "heap" in options.figures and not options.serve
        programs = build.programs(directory, options.interpreter, needs_board and (options.board or build.board()))
        servers = stack.enter_context(Servers(directory))
        os.environ["BENCH_PAYLOAD"] = str(servers.payload)
        chosen = figures.Chosen(
            pick(columns.columns(programs), options.columns), pick(ITEMS, options.items), servers.urls
        )
        if options.serve:
            show_commands(chosen)
            return
        results = figures.take(chosen, options, programs, servers)
        report = {
            "versions": versions(programs),
            "figures": {name: figures.HOW[name] for name in options.figures},
            "items": {item.name: item.title for item in chosen.items},
            "columns": {column.name: column.title for column in chosen.columns},
            "results": results,
        }
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(json.dumps(report, indent=1) + "\n")
    print(table.markdown(report))


def parse():
    def names(text):
        return text.split(",")

    def absolute(path):
        return pathlib.Path(path).resolve()

    parser = argparse.ArgumentParser(prog="bench/compare", description="Compares HTTP clients side by side.")
    parser.add_argument("--items", type=names, help="the items to measure: see items.py")
    parser.add_argument("--columns", type=names, help="the clients: see columns.py")
    parser.add_argument("--figures", type=names, default=list(figures.HOW), help=", ".join(figures.HOW))
    parser.add_argument("--rounds", type=int, default=5, help="how often time is taken")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="counts that are taken at the same time")
    parser.add_argument("--interpreter", type=absolute, help="a unix port with mrequests; else it is built")
    parser.add_argument("--board", type=absolute, help="a firmware for the Cortex-M3; else it is built")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "build" / "bench.json")
    parser.add_argument("--serve", action="store_true", help="only start the servers, and print the workers' commands")
    return parser.parse_args()


def pick(all_of_them, names):
    """Selects by name; without names, all."""
    by_name = {each.name: each for each in all_of_them}
    return [by_name[name] for name in names or by_name]


def show_commands(chosen):
    """Serves for a profiler or a debugger until the end of the input."""
    for column, item in chosen.pairs():
        variables = {"BENCH_FILE": "/dev/shm/saved", "BENCH_PAYLOAD": os.environ["BENCH_PAYLOAD"]} | column.environment
        command = column.command(item, item.url(chosen.urls), "run", item.calls, item.heap)
        print(" ".join([*(f"{name}={value}" for name, value in variables.items()), *map(str, command)]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
