"""The figures: how each is taken.

Counts of a call are differences of runs with different numbers of calls, so that start and end of the process are
not in them.
"""

import contextlib
import functools
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import zlib

# The largest relative distance of two differences that agree.
LINEAR = 0.05

# The reason of a worker that has no function for the kind of call.
MISSING = "no such call"

CALLGRIND = ("valgrind", "--tool=callgrind")
STRACE = ("strace", "-f", "-c", "-U", "calls,name", "-o")


class Failed(Exception):
    """A worker failed, for the given reason."""


def work(column, item, url, mode, calls, heap=None, prefix=(), timeout=300):
    """Runs a worker to its end. Returns its stdout and stderr."""
    command = [*prefix, *column.command(item, url, mode, calls, heap or item.heap)]
    # Downloads go to memory, so that no disk is measured.
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:
        environment = os.environ | column.environment | {"BENCH_FILE": file.name, "no_proxy": "127.0.0.1"}
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"not done within {timeout} s") from None
    if done.returncode != 0:
        raise Failed((done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1])
    result = json.loads(done.stdout.splitlines()[-1])
    if "missing" in result:
        raise Failed(MISSING)
    if result["bytes"] != calls * len(item.body):
        raise Failed(f"{result['bytes']} bytes instead of {calls * len(item.body)}")
    return result, done.stderr


def check(column, item, url):
    """Checks that one call delivers the body, byte for byte."""
    result, _ = work(column, item, url, "check", 1, heap="80M")
    if result["crc"] != zlib.crc32(item.body):
        raise Failed("wrong bytes")


def instructions(column, item, url):
    """Instructions of the process in a call, the kernel's left out: callgrind."""
    if column.is_desktop:
        return marked_instructions(column, item, url)

    def count(calls):
        _, said = work(column, item, url, "run", calls, prefix=(*CALLGRIND, "--callgrind-out-file=/dev/null"))
        return int(re.search(r"Collected : (\d+)", said)[1])

    return per_call(count, item.calls)


def marked_instructions(column, item, url):
    """A worker that starts slowly marks its calls for callgrind, in two halves."""
    calls = max(1, item.calls // 5)
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "counts"
        options = (*CALLGRIND, "--instr-atstart=no", f"--callgrind-out-file={out}")
        work(column, item, url, "counted", 2 * calls, prefix=options)
        written = [file.read_text() for file in sorted(out.parent.glob("counts.*"))]
    halves = [int(re.search(r"^totals: (\d+)", text, re.MULTILINE)[1]) for text in written]
    return agreed(*(half / calls for half in halves))


def system_calls(column, item, url):
    """System calls in a call: strace."""

    def count(calls):
        with tempfile.NamedTemporaryFile("r") as summary:
            work(column, item, url, "run", calls, prefix=(*STRACE, summary.name))
            return int(re.search(r"(\d+) +total", summary.read())[1])

    return per_call(count, item.calls)


def per_call(count, calls):
    """The mean of two differences, which have to agree. Where they do not, makes more calls: the collector runs
    once in several calls.
    """
    count = functools.cache(count)

    def from_steps_of(step):
        return agreed(*((count(times * step + step) - count(times * step)) / step for times in (1, 2)))

    for step in (calls, 2 * calls, 4 * calls):
        with contextlib.suppress(Failed):
            return from_steps_of(step)
    return from_steps_of(8 * calls)


def agreed(first, second):
    """The mean of two measurements of one figure."""
    if abs(first - second) > LINEAR * max(first, second):
        raise Failed(f"not linear: {first:.0f}, then {second:.0f}")
    return (first + second) / 2


def allocated(column, item, url):
    """Bytes allocated in a call on MicroPython's heap: gc.mem_alloc() with the collector off."""
    calls = 5
    result, _ = work(column, item, url, "allocated", calls, heap="1024M")
    return result["allocated"] / calls


def clocks(columns, item, urls, rounds):
    """Seconds of wall and of CPU in a call, of several columns in turn: {column: {"wall": [...], "cpu": [...]}}.

    The order is another one in each round.
    """
    seconds = {column.name: {"wall": [], "cpu": []} for column in columns}
    for _ in range(rounds):
        for column in random.sample(columns, len(columns)):
            result, _ = work(column, item, item.url(urls), "clocks", item.timed)
            for name, values in seconds[column.name].items():
                values.append(result[name] / item.timed)
    return seconds


def relative(seconds, base):
    """Quotients within each round of the values and of the base's: median, least and most."""
    quotients = [value / of_base for value, of_base in zip(seconds, base, strict=True)]
    return {"median": statistics.median(quotients), "least": min(quotients), "most": max(quotients)}
