"""Shared by the Python workers: the command line, the loops that read a body, and the counts of a run.

usage: micropython -m WORKER KIND URL MODE CALLS [OPTION]

A worker has a function for each kind of call that it can make, named after it, which is given the URL and a Take, and
returns the number of body bytes. The worker prints one line of JSON. This file is for CPython and for boards too.
"""

import gc
import json
import os
import sys
import time
from binascii import crc32

PIECE = 4096

# For readinto(): shared by all clients, so that none allocates a buffer.
buffer = bytearray(PIECE)
view = memoryview(buffer)

# A board has no environment, but a directory for these.
getenv = getattr(os, "getenv", {}.get)

# The directory of downloads.
FILE = getenv("BENCH_FILE") or "saved"


class Take:
    """Reads a body and discards it."""

    def whole(self, content):
        return len(content)

    def pieces(self, readinto, start=0, received=0):
        """buffer[start:received] has the beginning of the body."""
        size = received - start
        while True:
            count = readinto(buffer)
            if not count:
                return size
            size += count

    def piece(self, count):
        """Takes the next bytes of the body from the buffer."""
        return count

    def reads(self, read):
        size = 0
        while True:
            piece = read(PIECE)
            if not piece:
                return size
            size += len(piece)

    def lines(self, lines, ends=0):
        """`ends`: the bytes that each line end has, if the lines come without theirs."""
        size = 0
        for line in lines:
            size += len(line) + ends
        return size

    def document(self, value):
        """Takes parsed JSON, which has the size of its text."""
        return value["size"]

    def saved(self, size):
        """The body is in FILE. `size` is None from a client that does not say how much it wrote."""
        return os.stat(FILE)[6] if size is None else size


class Check(Take):
    """Reads a body and computes its checksum."""

    crc = 0

    def whole(self, content):
        self.crc = crc32(content, self.crc)
        return len(content)

    def pieces(self, readinto, start=0, received=0):
        self.crc = crc32(view[start:received], self.crc)
        return super().pieces(lambda buffer: self.piece(readinto(buffer)), start, received)

    def piece(self, count):
        self.crc = crc32(view[:count], self.crc)
        return count

    def reads(self, read):
        def checked(size):
            piece = read(size)
            self.crc = crc32(piece, self.crc)
            return piece

        return super().reads(checked)

    def lines(self, lines, ends=0):
        def checked():
            for line in lines:
                self.whole(line + b"\n" * ends)
                yield line

        return super().lines(checked(), ends)

    def document(self, value):
        # As servers.py writes it.
        items = ", ".join(
            f'{{"id": {item["id"]}, "name": "{item["name"]}", "value": {item["value"]}}}' for item in value["items"]
        )
        return self.whole(f'{{"size":{value["size"]},"items":[{items}]}}'.encode())

    def saved(self, size):
        with open(FILE, "rb") as file:
            return self.pieces(file.readinto)


def each_line(readline):
    """Iterates over the lines of a stream."""
    while True:
        line = readline()
        if not line:
            break
        yield line


def payload():
    """The body of a POST."""
    with open(getenv("BENCH_PAYLOAD") or "payload.json", "rb") as file:
        return file.read()


def main(names):
    """`names` has the worker's functions by their names."""
    kind, url, mode, calls = sys.argv[1:5]
    result = MODES[mode](names[kind], url, int(calls)) if kind in names else {"missing": kind}
    print(json.dumps(result))


def repeat(call, url, calls, take):
    size = 0
    for _ in range(calls):
        size += call(url, take)
    return size


def run(call, url, calls):
    """Makes calls for a tool that counts from outside the process."""
    return {"bytes": repeat(call, url, calls, Take())}


def check(call, url, calls):
    take = Check()
    return {"bytes": repeat(call, url, calls, take), "crc": take.crc}


# CPython's name, else that of MicroPython's unix port.
cpu_time = getattr(time, "process_time", None) or getattr(time, "clock", None)


def clocks(call, url, calls):
    """Seconds of wall time and of CPU time, the kernel's included."""
    take = Take()
    repeat(call, url, 2, take)
    wall, cpu = time.time_ns(), cpu_time()
    size = repeat(call, url, calls, take)
    return {"bytes": size, "cpu": cpu_time() - cpu, "wall": (time.time_ns() - wall) / 1e9}


def allocated(call, url, calls):
    """Bytes allocated on the heap, with the collector off."""
    take = Take()
    repeat(call, url, 2, take)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    size = repeat(call, url, calls, take)
    return {"bytes": size, "allocated": gc.mem_alloc() - before}


MODES = {"run": run, "check": check, "clocks": clocks, "allocated": allocated}
