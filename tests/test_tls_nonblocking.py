"""TLSSocket with poll, without blocking, and under asyncio."""

import pytest

from support.peer import EARLY, hang, pause
from support.steps import after, client_flight, ticket
from support.tls_snippets import CONTEXT, digest_of, echo, run


class TestPoll:
    """poll() reports unread tickets as readable, so these servers send none."""

    POLL = "import select\np = select.poll()\np.register(s, select.POLLIN)\n"

    def test_nothing_there(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, pause(0.5), b"late", hang], tickets=0)
        source = (
            self.POLL
            + "a = p.poll(50)\nb = p.poll(5000)\nshow(len(a), len(b), b[0][1] & select.POLLIN != 0, s.read(4))"
        )
        assert run(mpy, server, root, source) == (0, 1, True, b"late")

    def test_what_was_read_ahead(self, mpy, tls_peer, root):
        """poll() reports the buffered rest of a record, even if the socket has no data."""
        server = tls_peer([EARLY, b"x" * 100, hang], tickets=0)
        source = "s.read(10)\n" + self.POLL + "a = p.poll(0)\ns.read(90)\nshow(len(a), len(p.poll(50)))"
        assert run(mpy, server, root, source) == (1, 0)

    def test_writable(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, hang], tickets=0)
        poll = "import select\np = select.poll()\np.register(s, select.POLLOUT)\n"
        source = poll + "show(p.poll(1000)[0][1] == select.POLLOUT)"
        assert run(mpy, server, root, source)

    def test_end(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, b""], tickets=0)
        assert run(mpy, server, root, self.POLL + "show(len(p.poll(5000)), s.read(1))") == (1, b"")


class TestNonBlocking:
    def test_read(self, mpy, tls_peer, root):
        """Reads return None without data, as with a socket."""
        server = tls_peer([EARLY, pause(0.5), b"late", hang])
        shown = run(
            mpy,
            server,
            root,
            """
s.setblocking(False)
b = bytearray(4)
nothing = s.read(4), s.readinto(b), s.readline()
got = b""
while len(got) < 4:
    got += s.read(4) or b""
    time.sleep(0.01)
show(nothing, got, s.read(1))
""",
        )
        assert shown == ((None, None, None), b"late", None)

    def test_behind_a_ticket(self, mpy, hostile, root):
        server = hostile(after(client_flight, ticket, ticket))
        shown = run(
            mpy,
            server,
            root,
            "time.sleep(0.1)\ns.setblocking(False)\na = s.read(1), s.read(1)\ns.setblocking(True)\n"
            "s.write(b'\\r\\n\\r\\n')\nshow(a, s.read(8))",
        )
        assert shown == ((None, None), b"HTTP/1.1")

    def test_handshake(self, mpy, tls_peer, root):
        """The handshake completes over a non-blocking socket."""
        server = tls_peer([EARLY, b"hello"])
        shown = mpy(
            CONTEXT
            + """
below = connect(port)
below.setblocking(False)
s = context(ca).wrap_socket(below, server_hostname="localhost")
got = b""
while len(got) < 5:
    got += s.read(5) or b""
show(got)
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == b"hello"

    def test_write_to_a_full_socket(self, mpy, tls_peer, root):
        """Each record is sent completely and in order, or not at all."""
        server = tls_peer([EARLY, pause(0.3), lambda connection: digest_of(connection, 3_000_000)])
        shown = run(
            mpy,
            server,
            root,
            """
import hashlib
sent = hashlib.sha256()
s.setblocking(False)
block = bytes(range(250)) * 40
left = 3_000_000
while left:
    data = memoryview(block)[:min(left, len(block))]
    n = s.write(data)
    if n is None:
        time.sleep(0.01)
        continue
    sent.update(data[:n])
    left -= n
s.setblocking(True)
show(s.read(32) == sent.digest())
""",
            timeout=40,
        )
        assert shown

    @pytest.mark.needs("asyncio")
    def test_asyncio(self, mpy, tls_peer, root):
        """asyncio's Stream reads and writes a TLSSocket."""
        server = tls_peer([EARLY, pause(0.1), b"line\nmore", echo])
        shown = run(
            mpy,
            server,
            root,
            """
import asyncio
s.setblocking(False)
ticks = 0
async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep_ms(10)
async def main():
    task = asyncio.create_task(tick())
    stream = asyncio.StreamReader(s)
    line, more = await stream.readline(), await stream.readexactly(4)
    stream.write(b"hello")
    await stream.drain()
    return line, more, await stream.readexactly(5)
show(asyncio.run(main()), ticks > 2)
""",
        )
        assert shown == ((b"line\n", b"more", b"hello"), True)

    @pytest.mark.needs("asyncio")
    def test_asyncio_open_connection(self, mpy, tls_peer, root):
        """asyncio.open_connection() wraps a socket that is still connecting, so the handshake comes later."""
        server = tls_peer([EARLY, b"line\nmore", echo])
        shown = mpy(
            CONTEXT
            + """
import asyncio
async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context(ca), server_hostname="localhost")
    line, more = await reader.readline(), await reader.readexactly(4)
    writer.write(b"hello")
    await writer.drain()
    got = await reader.readexactly(5)
    writer.close()
    await writer.wait_closed()
    return line, more, got
show(asyncio.run(main()))
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == (b"line\n", b"more", b"hello")
