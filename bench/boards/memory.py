"""Stack and heap of calls on the emulated Cortex-M3, against nginx."""

import contextlib
import functools
import pathlib
import tempfile

import trustme

from firmware import built
from support.board import Board
from support.certificates import intermediate, root as root_certificate, server
from support.machine import Machine
from support.servers import Nginx
from support.tls_servers import TlsNginx

# Runs before a measured call: `r` is an open response, `sink` the destination of reads.
OPEN = """
r = mrequests.get(http + "/1k.bin", save_headers=True)
"""
CA = """
mrequests.set_ca("ca.pem")
"""

# Name, setup, the call.
CALLS = (
    ("get(), http", "", 'keep.append(mrequests.get(http + "/1k.bin"))'),
    (
        "get(), with all arguments",
        "",
        (
            'keep.append(mrequests.get(http + "/1k.bin", params={"a": "b c"}, headers={"X-A": "1"}, '
            'auth=("joe", "secret"), save_headers=True))'
        ),
    ),
    ("get(), a redirect followed", "", 'keep.append(mrequests.get(http + "/moved/1k.bin"))'),
    ("post(), JSON", "", 'keep.append(mrequests.post(http + "/host", json={"celsius": [20.5, 21.0]}))'),
    ("get(), https, unverified", "", 'keep.append(mrequests.get(https + "/1k.bin"))'),
    ("get(), https, verified", CA, 'keep.append(mrequests.get(https + "/1k.bin"))'),
    ("content", OPEN, "r.content"),
    ("text", OPEN, "r.text"),
    ("json()", 'r = mrequests.get(http + "/data.json")', "r.json()"),
    ("read(100)", OPEN, "r.read(100)"),
    ("readinto()", OPEN, "r.readinto(buffer)"),
    ("save()", OPEN, 'r.save("saved", buffer)'),
    ("headers", OPEN, 'r.headers["content-type"]'),
    ("close()", OPEN, "r.close()"),
    ("urlencode()", "", 'mrequests.urlencode.urlencode({"a": "b c", "d": 1})'),
)

STACK = """
import board
keep = []
buffer = bytearray(512)
{before}
def nothing():
    abs(1)
def call():
    {call}
show(board.stack_peak(call) - board.stack_peak(nothing))
"""

RESPONSE = """
{before}
def allocated(save_headers):
    gc.collect()
    before = gc.mem_alloc()
    r = mrequests.get({url}, save_headers=save_headers)
    gc.collect()
    after = gc.mem_alloc()
    r.close()
    return after - before
allocated(False)
show(allocated({save_headers}))
"""

RESPONSES = (
    ("http", "", 'http + "/1k.bin"', False),
    ("http, save_headers=True (6 fields)", "", 'http + "/1k.bin"', True),
    ("https, verified", CA, 'https + "/1k.bin"', False),
)

# Name, setup, the call that has to complete.
JOBS = (
    ("GET of 1 kB, content", "", 'assert len(mrequests.get(http + "/1k.bin").content) == 1024'),
    (
        "stream of 1 MB to a sink, readinto() with 512 B",
        "buffer = bytearray(512)",
        'assert drain(mrequests.get(http + "/1m.bin"), buffer) == 1 << 20',
    ),
    (
        "1 MB saved to a file, save() with 512 B",
        "buffer = bytearray(512)",
        'assert mrequests.get(http + "/1m.bin").save("saved", buffer) == 1 << 20',
    ),
    ("https GET of 1 kB, verified, content", CA, 'assert len(mrequests.get(https + "/1k.bin").content) == 1024'),
)

JOB = """
def drain(r, buffer):
    done = 0
    while True:
        n = r.readinto(buffer)
        if not n:
            return done
        done += n
def job():
    {job}
def fill(hogs):
    # All that is free, in pieces that get smaller.
    size, count = 32768, 0
    while size >= 16:
        try:
            hogs[count] = bytearray(size)
            count += 1
        except MemoryError:
            size //= 2
{before}
hogs = [None] * 256
room = bytearray({room})
gc.collect()
fill(hogs)
room = None
gc.collect()
free = gc.mem_free()
job()
hogs = None
show(free)
"""


class HttpsNginx(TlsNginx):
    """The same files as over http."""

    files = Nginx.files


def tables():
    """Three tables, in bytes."""
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        board = measured(stack, built("tools/board.sh", "m3"), directory)
        title = "Stack below the interpreter's own, with lwIP's where a call waits for the network:"
        yield title, ("Call", "Stack"), stacks(board)
        yield "Heap of an open response, with its socket:", ("Response", "Heap"), responses(board)
        yield "Smallest free heap in which a call completes:", ("Call", "Free heap"), jobs(board)


def measured(stack, path, directory):
    """A board with servers, of which one is verified by a chain with an intermediate certificate. `stack` ends them."""
    for name in ("board", "http", "https"):
        (directory / name).mkdir()
    authority = root_certificate()
    (directory / "board" / "ca.pem").write_bytes(authority.pem)
    http = Nginx(directory / "http", trustme.CA())
    stack.callback(http.stop)
    https = HttpsNginx(directory / "https", {"tls13": (server(intermediate(authority)), "ssl_protocols TLSv1.3;")})
    stack.callback(https.stop)
    machine = Machine("m3", path)
    stack.callback(machine.close)
    return Measured(Board(machine, directory / "board"), {"http": http.url, "https": https.url("tls13")})


class Measured:
    """A board, and the names that its snippets find."""

    def __init__(self, board, names):
        self.board = board
        self.names = names

    def __call__(self, source, **options):
        return self.board(source, timeout=60, **options, **self.names)

    def completes(self, source):
        """Returns the snippet's output, None if it runs out of memory."""
        result = self.board.run(source, timeout=60, heap="96k", check=False, **self.names)
        if result.err and "MemoryError" not in result.err and "ENOMEM" not in result.err:
            raise RuntimeError(result.err)
        return None if result.err else result.shown[0]


def stacks(board):
    for name, before, call in CALLS:
        yield name, board(STACK.format(before=before, call=call))


def responses(board):
    for name, before, url, save_headers in RESPONSES:
        yield name, board(RESPONSE.format(before=before, url=url, save_headers=save_headers))


def jobs(board):
    for name, before, job in JOBS:
        yield name, smallest(functools.partial(free_in, board, before, job))


def free_in(board, before, job, room):
    return board.completes(JOB.format(before=before, job=job, room=room))


def smallest(completes, step=64):
    """The least sufficient free heap, in one piece, in steps of 64 bytes. `completes` returns the free heap."""
    fails, enough = 0, 1024
    while (free := completes(enough * step)) is None:
        fails, enough = enough, enough * 2
    while enough - fails > 1:
        middle = (fails + enough) // 2
        shown = completes(middle * step)
        if shown is None:
            fails = middle
        else:
            enough, free = middle, shown
    return free
