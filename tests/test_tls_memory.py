"""TLS on a nearly full heap, with a collector that runs at every allocation, in threads, and re-entered."""

import pytest

from support.messages import response
from support.peer import EARLY
from support.snippets import STARVED
from support.tls_snippets import CONTEXT, ENOMEM, echo

OPERATIONS = {
    "get": "got = mrequests.get(url, verify=ca).content",
    "context": "got = mrequests.get(url, ssl_context=context(ca, record_size=4096)).content",
    "pin": "got = mrequests.get(url, verify=pin).content",
    "set-ca": "mrequests.set_ca(ca)\n    got = mrequests.get(url).content",
    "client-certificate": "got = mrequests.get(url, verify=ca, cert=(pem, key)).content",
}


@pytest.fixture
def names(tls_peer, root, identity):
    server = tls_peer(response(b"hello"), repeat=True)
    return {
        "url": server.at,
        "port": server.port,
        "ca": root.pem,
        "pin": "sha256:" + identity.pin.hex(),
        "pem": identity.pem,
        "key": identity.key_pem,
    }


@pytest.mark.parametrize("source", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_collector_at_every_turn(mpy, names, source):
    """The collector finds every live object, even if it runs at every allocation."""
    shown = mpy(
        CONTEXT
        + f"""
def once():
    {source}
    return got
gc.threshold(1)
results = [once() for _ in range(2)]
gc.threshold(-1)
show(results)
""",
        heap="200k",
        **names,
    )
    assert shown == [b"hello"] * 2


@pytest.mark.parametrize("source", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_no_memory_at_any_point(mpy, names, source):
    """With free memory from none to enough: MemoryError or the right result, and no socket stays open."""
    outcomes, leaked = mpy(
        CONTEXT
        + f"""
def once():
    {source}
    return got
"""
        + STARVED
        + """
outcomes = []
before = descriptors()
left = 0
while left < 400:
    outcome = starved(left)
    gc.collect()
    if outcome not in outcomes:
        outcomes.append(outcome)
    left += 3 if left < 60 else 11
gc.collect()
outcomes.append(once())
gc.collect()
show(outcomes, descriptors() - before)
""",
        heap="120k",
        **names,
    )
    assert all(outcome in ("MemoryError", b"hello") for outcome in outcomes)
    assert outcomes[-1] == b"hello"
    assert "MemoryError" in outcomes
    assert leaked <= 1  # a response that waits for the collector


def test_collector_at_every_turn_of_a_socket(mpy, names):
    source = """
gc.threshold(1)
with tls(port, ca) as s:
    s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
    show(s.readline(), s.read()[-5:])
"""
    assert mpy(CONTEXT + source, heap="200k", **names) == (b"HTTP/1.1 200 OK\r\n", b"hello")


def test_a_small_heap(mpy, names):
    """A call fits a heap of 32 kB on a 64-bit machine."""
    source = "gc.collect()\nshow(mrequests.get(url, ssl_context=context(ca, record_size=4096)).content)"
    assert mpy(CONTEXT + source, heap="32k", **names) == b"hello"


@pytest.mark.needs("threads")
def test_threads(mpy, names):
    """The unix port has no GIL: connections share no state except read-only anchors."""
    shown = mpy(
        CONTEXT
        + """
import _thread
THREADS, CALLS = 4, 10
results = [None] * THREADS
locks = [_thread.allocate_lock() for _ in range(THREADS)]
mrequests.set_ca(ca)

def worker(number):
    wrong = []
    for call in range(CALLS):
        try:
            got = mrequests.get(url, verify=ca if call % 2 else None).content
        except Exception as error:
            got = repr(error)
        if got != b"hello":
            wrong.append(got)
    results[number] = wrong
    locks[number].release()

for lock in locks:
    lock.acquire()
_thread.stack_size(256 * 1024)
for number in range(THREADS):
    _thread.start_new_thread(worker, (number,))
for lock in locks:
    lock.acquire()
show(results)
""",
        heap="8m",
        timeout=40,
        **names,
    )
    assert shown == [[]] * 4


@pytest.mark.needs("threads")
def test_threads_with_small_stacks(mpy, names):
    """A stack too small for the handshake raises an error and does not crash."""
    kinds = mpy(
        CONTEXT
        + """
import _thread
results = []
lock = _thread.allocate_lock()
def worker():
    results.append(attempt(lambda: mrequests.get(url, verify=ca).content))
    lock.release()
for size in (16, 20, 24, 28, 32, 40, 48, 64, 128):
    _thread.stack_size(size * 1024)
    lock.acquire()
    _thread.start_new_thread(worker, ())
    lock.acquire()
    lock.release()
show([each and each[:2] for each in results])
""",
        **names,
    )
    assert set(kinds) <= {None, ("RuntimeError", None), ("OSError", ENOMEM)}
    assert kinds[0] is not None and kinds[-1] is None


# Streams written in Python that call back into the TLS socket.

STREAM = """
class Stream(io.IOBase):
    def __init__(self, below):
        self.below = below
        self.outer = None
        self.results = []
    def readinto(self, buf):
        self.meddle()
        return self.below.readinto(buf)
    def write(self, buf):
        return self.below.write(buf)
    def ioctl(self, request, argument):
        if request == 4:
            self.below.close()
        return 0
    def meddle(self):
        if self.outer:
            outer, self.outer = self.outer, None
            self.results.append(attempt(lambda: ACTION))
below = Stream(connect(port))
s = context(ca).wrap_socket(below, server_hostname="localhost")
s.write(b"hello")
below.outer = s
"""


@pytest.mark.parametrize("action", ["outer.read(1)", "outer.readinto(bytearray(1))", "outer.write(b'x')"])
def test_reentered(mpy, tls_peer, root, action):
    """A call during a read raises, and the read continues."""
    server = tls_peer([EARLY, echo])
    shown = mpy(
        CONTEXT + STREAM.replace("ACTION", action) + "show(s.read(5), below.results)", port=server.port, ca=root.pem
    )
    assert shown[0] == b"hello"
    assert shown[1][0][0] == "OSError"


def test_closed_from_within(mpy, tls_peer, root):
    """Closing during a read makes the read fail; its buffers stay allocated."""
    server = tls_peer([EARLY, echo])
    shown = mpy(
        CONTEXT
        + STREAM.replace("ACTION", "outer.close()")
        + """
raised = attempt(lambda: s.read(5))
gc.collect()
junk = [bytearray(1000) for _ in range(50)]
show(raised and raised[0], attempt(lambda: s.read(1))[0], attempt(s.close))
""",
        port=server.port,
        ca=root.pem,
    )
    assert shown == ("OSError", "OSError", None)


@pytest.mark.parametrize("change", ["c.load_verify_locations(ca)", "c.load_pin(pin)", "c.load_cert_chain(pem, key)"])
def test_context_changed_from_within(mpy, names, change):
    """A handshake keeps the anchors, pins and keys of its start, even if the context replaces them."""
    shown = mpy(
        CONTEXT
        + f"""
class Stream(io.IOBase):
    junk = None
    def readinto(self, buf):
        if self.junk is None:
            for _ in range(10):
                {change}
            self.junk = [bytearray(b"\\xff" * 700) for _ in range(300)]
        return below.readinto(buf)
    def write(self, buf):
        return below.write(buf)
    def ioctl(self, request, argument):
        return 0
c = context(ca)
c.load_pin(pin)
c.load_cert_chain(pem, key)
below = connect(port)
s = c.wrap_socket(Stream(), server_hostname="localhost")
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
show(s.readline())
""",
        **names,
    )
    assert shown == b"HTTP/1.1 200 OK\r\n"
