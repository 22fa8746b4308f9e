"""The least free heap in which a call completes, on an emulated Cortex-M3: 32-bit, with lwIP.

The workers are those of the unix port. Their bytecode and their buffer of 4 kB do not count.
"""

import contextlib
import pathlib
import shutil
import tempfile

import memory
from measure import Failed

from support.board import Board
from support.machine import Machine

# A head of 8 kB is left out: the script's buffer for it would not count. So are larger bodies, which a board cannot
# have in memory, and which take no more of it in pieces.
ITEMS = (
    *("get1k", "post1k", "json1k", "lines1k", "stream1m", "save1m", "chunk4k", "chunk4k-read", "chunk100"),
    *("tls1k", "tls1k-rsa"),
)

# The firmware has no TLS but our own.
COLUMNS = {"mrequests": ("http", "https"), "requests": ("http",), "raw": ("http",)}

BEFORE = """
sys.argv[:] = {arguments!r}
import common
import {worker} as worker
take = common.Take()
"""

JOB = "assert worker.{kind}({url!r}, take) == {size}"

# Enough free heap for every call. The board's heap also holds the worker.
PLENTY = 64 << 10
HEAP = "256k"


class Heap(contextlib.ExitStack):
    """Measures on a separate board, with the compiled `workers` in its directory. `with` ends the board."""

    def __init__(self, firmware, workers, payload):
        super().__init__()
        directory = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(workers, directory, dirs_exist_ok=True)
        shutil.copy(payload, directory)
        machine = Machine("m3", firmware)
        self.callback(machine.close)
        self.board = Board(machine, directory)

    def __call__(self, column, item, url):
        arguments = ["", item.kind, url, "run", "1", *column.option]
        before = BEFORE.format(arguments=arguments, worker=column.worker)
        job = JOB.format(kind=item.kind, url=url, size=len(item.body))

        def completes(room):
            result = self.board.run(
                memory.JOB.format(before=before, job=job, room=room), timeout=60, heap=HEAP, check=False
            )
            # With too little heap, the call may raise any exception.
            if result.err and room >= PLENTY:
                raise Failed(result.err.strip().splitlines()[-1])
            return None if result.err else result.shown[0]

        return memory.smallest(completes)


def measures(column, item):
    scheme = "https" if item.is_https else "http"
    return item.name in ITEMS and scheme in COLUMNS.get(column.name, ())
