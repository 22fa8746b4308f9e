"""Selects the figures of each client, and their order."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import heap
import measure

HOW = {
    "instructions": "instructions of the client in a call, without the kernel's: callgrind, difference of runs",
    "system calls": "system calls of the client in a call: strace, difference of runs",
    "allocated": "bytes allocated on MicroPython's heap in a call (64-bit): gc.mem_alloc() with the collector off",
    "heap": "least free heap in bytes with which a call completes, besides a buffer of 4 kB: Cortex-M3, emulated, lwIP",
    "wall": "wall time of a call, relative to mrequests: quotients within a round, median (least to most)",
    "cpu": "CPU time of a call with the kernel's, relative to mrequests: the same",
}

COUNTS = {
    "instructions": measure.instructions,
    "system calls": measure.system_calls,
    "allocated": measure.allocated,
}
CLOCKS = ("wall", "cpu")

# Times are relative to this column. Without it, no time is measured.
BASE = "mrequests"


@dataclass(frozen=True)
class Chosen:
    """The selected items, columns and figures."""

    columns: list
    items: list
    urls: dict

    def pairs(self):
        return [(column, item) for item in self.items for column in self.columns if column.measures(item)]


def take(chosen, options, programs, servers):
    """All figures: {item: {column: {figure: value}}}. A text in place of a figure says why it is missing."""
    results = {item.name: {} for item in chosen.items}
    for column, item in chosen.pairs():
        results[item.name][column.name] = {}

    def put(column, item, name, value):
        results[item.name][column.name][name] = value
        print(f"{item.name} {column.name} {name}: {value}", file=sys.stderr, flush=True)

    able = checked(chosen, put, options.jobs)
    for name in options.figures:
        if name in COUNTS:
            take_counts(name, able, put, chosen.urls, options.jobs)
    if "heap" in options.figures:
        with heap.Heap(programs.board, programs.workers, servers.payload) as figure:
            for column, item in able:
                if heap.measures(column, item):
                    put(column, item, "heap", attempt(figure, column, item, chosen.urls))
    if not set(CLOCKS).isdisjoint(options.figures):
        for item in chosen.items:
            take_clocks(item, [column for column, other in able if other is item], put, chosen.urls, options.rounds)
    return results


def attempt(figure, column, item, urls):
    try:
        return figure(column, item, item.url(urls))
    except measure.Failed as reason:
        return str(reason)


def checked(chosen, put, jobs):
    """The pairs for which the client delivers the sent body."""
    able = []
    pairs = chosen.pairs()
    with ThreadPoolExecutor(jobs) as pool:
        reasons = pool.map(lambda pair: attempt(measure.check, pair[0], pair[1].to_check, chosen.urls), pairs)
        for (column, item), reason in zip(pairs, reasons, strict=True):
            if not reason:
                able.append((column, item))
            elif reason != measure.MISSING:
                put(column, item, "failed", reason)
    return able


def take_counts(name, pairs, put, urls, jobs):
    """Figures that do not depend on the load of the machine."""
    pairs = [(column, item) for column, item in pairs if column.is_micropython or name != "allocated"]
    with ThreadPoolExecutor(jobs) as pool:
        values = pool.map(lambda pair: attempt(COUNTS[name], *pair, urls), pairs)
        for (column, item), value in zip(pairs, values, strict=True):
            put(column, item, name, value)


def take_clocks(item, columns, put, urls, rounds):
    if BASE not in [column.name for column in columns]:
        return
    seconds = measure.clocks(columns, item, urls, rounds)
    for column in columns:
        for name in CLOCKS:
            put(column, item, name, measure.relative(seconds[column.name][name], seconds[BASE][name]))
