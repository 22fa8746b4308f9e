"""Much data, and many connections."""

import hashlib

import pytest

from support.messages import response
from support.peer import EARLY
from support.snippets import USED
from support.tls_snippets import CONTEXT, digest_of, echo, run


class TestMuchData:
    SIZE = 10_000_000

    def test_down(self, mpy, tls_peer, root):
        """10 MB in records of 16 kB."""
        data = bytes(range(256)) * 40 + b"odd"
        count = self.SIZE // len(data)
        server = tls_peer([response(b"", f"Content-Length: {len(data) * count}", length=False) + data * count])
        shown = mpy(
            """
        import hashlib
        digest, total, b = hashlib.sha256(), 0, bytearray(4096)
        r = mrequests.get(url, verify=ca)
        while True:
            n = r.readinto(b)
            if not n:
                break
            digest.update(memoryview(b)[:n])
            total += n
        show(total, digest.digest())
        """,
            url=server.at,
            ca=root.pem,
            timeout=50,
        )
        assert shown == (len(data) * count, hashlib.sha256(data * count).digest())

    @pytest.mark.thorough
    def test_up(self, mpy, tls_peer, root):
        """The server answers with the digest of the data it received."""
        server = tls_peer([EARLY, lambda connection: digest_of(connection, self.SIZE)])
        shown = run(
            mpy,
            server,
            root,
            """
import hashlib
digest, block = hashlib.sha256(), bytes(range(250)) * 160
for _ in range(250):
    s.write(block)
    digest.update(block)
show(s.read(32) == digest.digest())
""",
            timeout=50,
        )
        assert shown

    def test_records_of_a_byte(self, mpy, tls_peer, root):
        server = tls_peer(response(b"0123456789" * 60), pace="bytes")
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.at, ca=root.pem) == b"0123456789" * 60


@pytest.mark.thorough
class TestManyConnections:
    GROWTH = (
        USED
        + """
def many(count):
    for _ in range(count):
        once()
many(5)
descriptors_before, memory_before = descriptors(), used()
many(count)
show(descriptors() - descriptors_before, used() - memory_before)
"""
    )

    @pytest.mark.parametrize("end", ["s.close()", "s.read(); s.close()"], ids=["closed", "read-to-the-end"])
    def test_sockets(self, mpy, tls_peer, root, end):
        server = tls_peer(*[[EARLY, b"hello"]] * 105)
        wrap = "s = c.wrap_socket(connect(port), server_hostname='localhost')"
        once = f"c = context(ca)\ndef once():\n    {wrap}\n    {end}\n"
        shown = mpy(CONTEXT + once + self.GROWTH, port=server.port, ca=root.pem, count=100, timeout=50)
        assert shown[0] == 0
        assert shown[1] < 2000

    def test_calls(self, mpy, tls_peer, root):
        server = tls_peer(response(b"hello"), repeat=True)
        once = "def once():\n    mrequests.get(url, verify=ca).content\n"
        shown = mpy(once + self.GROWTH, url=server.at, ca=root.pem, count=200, timeout=50)
        assert shown[0] == 0
        assert shown[1] < 2000

    def test_a_small_heap(self, mpy, tls_peer, root):
        """Repeated connections with records of 4 kB on a small heap."""
        server = tls_peer(response(b"hello"), repeat=True)
        once = "c = context(ca, record_size=4096)\ndef once():\n    mrequests.get(url, ssl_context=c).content\n"
        shown = mpy(CONTEXT + once + self.GROWTH, url=server.at, ca=root.pem, count=30, heap="64k", timeout=50)
        assert shown[0] == 0

    def test_side_by_side(self, mpy, tls_peer, root):
        """Connections share no state."""
        server = tls_peer(*[[EARLY, echo]] * 10)
        shown = mpy(
            CONTEXT
            + """
c = context(ca, record_size=4096)
all = [c.wrap_socket(connect(port), server_hostname="localhost") for _ in range(10)]
for n, s in enumerate(all):
    s.write(b"number %d" % n)
show([s.read(8) for s in reversed(all)])
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == [b"number %d" % n for n in reversed(range(10))]


def test_without_memory(mpy, figures, tls_peer, root):
    """A heap too small for the buffers: MemoryError, and no socket stays open."""
    server = tls_peer(response())
    raised = mpy(
        CONTEXT + "show(tried(context(ca), port), tried(context(ca), port))",
        port=server.port,
        ca=root.pem,
        heap=figures.heap_without_room,
    )
    assert [each[0] for each in raised] == ["MemoryError"] * 2
