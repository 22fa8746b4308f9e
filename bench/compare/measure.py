"""The figures: how each is taken.

Counts of a call are differences of runs with different numbers of calls, so that start and end of the process are
not in them.
"""

import json
import os
import re
import subprocess
import tempfile
import zlib

# Two differences that are further apart than this are no figure.
LINEAR = 0.05

CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
STRACE = ("strace", "-f", "-c", "-U", "calls,name", "-o")


class Failed(Exception):
    """A worker did not do what it was asked for: the reason."""


def work(column, item, url, mode, calls, heap=None, prefix=(), timeout=300):
    """Runs a worker to its end. Returns what it printed, and what was said on stderr."""
    command = [*prefix, *column.command(item, url, mode, calls, heap or item.heap)]
    try:
        done = subprocess.run(
            command, env=os.environ | column.environment, capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"not done within {timeout} s") from None
    if done.returncode != 0:
        raise Failed((done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1])
    result = json.loads(done.stdout.splitlines()[-1])
    if "missing" in result:
        raise Failed("no such call")
    if result["bytes"] != calls * len(item.body):
        raise Failed(f"{result['bytes']} bytes instead of {calls * len(item.body)}")
    return result, done.stderr


def check(column, item, url):
    """One call has to deliver the body, byte for byte."""
    result, _ = work(column, item, url, "check", 1, heap="80M")
    if result["crc"] != zlib.crc32(item.body):
        raise Failed("wrong bytes")


def instructions(column, item, url):
    """Instructions of the process in a call, the kernel's left out: callgrind."""

    def count(calls):
        _, said = work(column, item, url, "run", calls, prefix=CALLGRIND)
        return int(re.search(r"Collected : (\d+)", said)[1])

    return per_call(count, item.calls)


def system_calls(column, item, url):
    """System calls in a call: strace."""

    def count(calls):
        with tempfile.NamedTemporaryFile("r") as summary:
            work(column, item, url, "run", calls, prefix=(*STRACE, summary.name))
            return int(re.search(r"(\d+) +total", summary.read())[1])

    return per_call(count, item.calls)


def per_call(count, step):
    """The mean of two differences, which have to agree."""
    one, two, three = (count(step * times) for times in (1, 2, 3))
    first, second = (two - one) / step, (three - two) / step
    if abs(first - second) > LINEAR * max(first, second):
        raise Failed(f"not linear: {first:.0f}, then {second:.0f}")
    return (first + second) / 2


def allocated(column, item, url):
    """Bytes allocated in a call on MicroPython's heap: gc.mem_alloc() with the collector off."""
    calls = 5
    result, _ = work(column, item, url, "allocated", calls, heap="1024M")
    return result["allocated"] / calls
