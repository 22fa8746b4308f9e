"""TLSSocket as a stream, for protocols other than HTTP."""

import pytest

from support.peer import EARLY
from support.steps import HONEST, answer, sealed, until
from support.tls13 import APPLICATION_DATA
from support.tls_snippets import CONTEXT, ECONNRESET, echo, run

TEXT = b'{"a": [1, 2]}\nsecond line\nlast'


READS = {
    "read": ("s.read(13)", TEXT[:13]),
    "read-all": ("s.read()", TEXT),
    "read-minus-one": ("s.read(-1)", TEXT),
    "read-more-than-there-is": ("s.read(1000)", TEXT),
    "read-nothing": ("s.read(0)", b""),
    "byte-by-byte": ("[s.read(1) for _ in range(3)]", [b"{", b'"', b"a"]),
    "readline": ("[s.readline() for _ in range(4)]", [b'{"a": [1, 2]}\n', b"second line\n", b"last", b""]),
    "readinto": ("s.readinto(b), bytes(b)", (5, TEXT[:5])),
    "readinto-size": ("s.readinto(b, 3), bytes(b)", (3, TEXT[:3] + b"\0\0")),
    "json": ("json.load(io.BytesIO(s.readline()))", {"a": [1, 2]}),
    "end": ("len(s.read()), s.read(1), s.read(), s.readline(), s.readinto(b)", (len(TEXT), b"", b"", b"", 0)),
}


@pytest.mark.parametrize("pace", ["whole", "bytes"])
@pytest.mark.parametrize("source, expected", READS.values(), ids=READS.keys())
def test_reading(mpy, tls_peer, root, source, expected, pace):
    """Reads work with one record, and with one record per byte."""
    server = tls_peer([EARLY, TEXT], pace=pace)
    assert run(mpy, server, root, f"b = bytearray(5)\nshow({source})") == expected


def test_json_from_the_stream(mpy, tls_peer, root):
    server = tls_peer([EARLY, b'{"a": [1, 2]}'])
    assert run(mpy, server, root, "show(json.load(s))") == {"a": [1, 2]}


WRITES = {
    "bytes": "b'hello'",
    "bytearray": "bytearray(b'hello')",
    "memoryview": "memoryview(b'xhellox')[1:6]",
    "str": "'hello'",
}


@pytest.mark.parametrize("data", WRITES.values(), ids=WRITES.keys())
def test_writing(mpy, tls_peer, root, data):
    server = tls_peer([EARLY, echo])
    assert run(mpy, server, root, f"show(s.write({data}), s.read(5))") == (5, b"hello")


def test_writing_nothing(mpy, tls_peer, root):
    server = tls_peer([EARLY, echo])
    assert run(mpy, server, root, "show(s.write(b''), s.write(b'x'), s.read(1))") == (0, 1, b"x")


@pytest.mark.parametrize("write_size", [512, 1024, 4096, 16384])
def test_a_write_of_many_records(mpy, tls_peer, root, write_size):
    server = tls_peer([EARLY, echo])
    shown = mpy(
        CONTEXT + "s = tls(port, ca, write_size=size)\nd = bytes(range(250)) * 100\n"
        "show(s.write(d), s.read(len(d)) == d)\ns.close()",
        port=server.port,
        ca=root.pem,
        size=write_size,
    )
    assert shown == (25000, True)


def test_a_conversation(mpy, tls_peer, root):
    server = tls_peer([EARLY, echo])
    source = "show(all(s.write(b'%d\\n' % n) and s.readline() == b'%d\\n' % n for n in range(100)))"
    assert run(mpy, server, root, source)


class TestClosing:
    def test_with(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        shown = mpy(
            CONTEXT
            + """
before = descriptors()
with tls(port, ca) as s:
    s.write(b"hello")
    got = s.read(5)
show(got, descriptors() - before, attempt(lambda: s.read(1))[0], attempt(lambda: s.write(b"x"))[0])
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == (b"hello", 0, "OSError", "OSError")

    def test_more_than_once(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        assert run(mpy, server, root, "s.close()\ns.close()\nshow(attempt(s.close))") is None

    def test_close_notify_is_sent(self, mpy, hostile, root):
        """close() sends close_notify, so the server can tell the end from a truncation."""
        server = hostile((*HONEST[:8], lambda s: s.drain()))
        run(mpy, server, root, "s.write(b'hello')\nshow(0)")
        assert server.closed_by_client.wait(5)
        assert server.records[-1] == (21, b"\x01\x00")
        assert server.application_data == b"hello"

    def test_cut(self, mpy, hostile, root):
        """An end without close_notify is an error, after the data before it is read."""
        server = hostile(until(answer, sealed(APPLICATION_DATA, b"first")))
        shown = run(
            mpy,
            server,
            root,
            "s.write(b'\\r\\n\\r\\n')\nshow(s.read(5), [attempt(lambda: s.read(1))[:2] for _ in range(2)])",
        )
        assert shown == (b"first", [("OSError", ECONNRESET)] * 2)

    def test_writing_after_the_servers_end(self, mpy, tls_peer, root):
        """The client may write after the server's close_notify (RFC 8446 section 6.1)."""
        server = tls_peer([EARLY, b"end"])
        assert run(mpy, server, root, "show(s.read(), s.write(b'x'))") == (b"end", 1)

    def test_a_socket_that_was_closed_below(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        shown = mpy(
            CONTEXT
            + """
below = connect(port)
s = context(ca).wrap_socket(below, server_hostname="localhost")
below.close()
show(attempt(lambda: s.write(b"x"))[0], attempt(lambda: s.read(1))[0], attempt(s.close))
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown[:2] == ("OSError", "OSError")


class TestSocket:
    """Attributes and methods of the underlying socket."""

    @pytest.mark.needs("fileno")
    def test_attributes(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        assert run(mpy, server, root, "show(s.fileno() > 2, s.settimeout(5), s.setblocking(True))") == (
            True,
            None,
            None,
        )

    def test_attributes_that_are_none(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        source = "try:\n    s.nothing\nexcept AttributeError:\n    show(True)"
        assert run(mpy, server, root, source)

    @pytest.mark.parametrize("name", ["send", "sendall", "sendto", "recv", "recvfrom", "recv_into", "makefile"])
    def test_nothing_goes_around_the_encryption(self, mpy, tls_peer, root, name):
        """TLSSocket does not expose the socket's own methods to send and receive."""
        server = tls_peer([EARLY, echo])
        assert run(mpy, server, root, f"show(hasattr(s, {name!r}))") is False

    def test_attributes_after_close(self, mpy, tls_peer, root):
        server = tls_peer([EARLY, echo])
        source = (
            "s.close()\nshow([attempt(lambda: getattr(s, name)) and True for name in ('settimeout', 'fileno', 'read')])"
        )
        assert run(mpy, server, root, source) == [True, True, None]

    def test_a_stream_that_is_no_socket(self, mpy, tls_peer, root):
        """wrap_socket() accepts any stream, such as one written in Python."""
        server = tls_peer([EARLY, echo])
        shown = mpy(
            CONTEXT
            + """
class Stream(io.IOBase):
    def __init__(self, below):
        self.below = below
    def readinto(self, buf):
        return self.below.readinto(buf)
    def write(self, buf):
        return self.below.write(buf)
    def ioctl(self, request, argument):
        if request == 4:
            self.below.close()
        return 0
before = descriptors()
s = context(ca).wrap_socket(Stream(connect(port)), server_hostname="localhost")
show(s.write(b"hello"), s.read(5), s.close(), descriptors() - before)
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == (5, b"hello", None, 0)

    def test_a_subclass_of_a_native_stream(self, mpy, tls_peer, root):
        """TLSSocket reads and writes the native part, and calls the subclass's close()."""
        server = tls_peer([EARLY, echo])
        shown = mpy(
            CONTEXT
            + """
closed = []
class Socket(socket.socket):
    def close(self):
        closed.append(1)
        super().close()
below = Socket()
below.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
s = context(ca).wrap_socket(below, server_hostname="localhost")
show(s.write(b"hello"), s.read(5), s.close(), closed)
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == (5, b"hello", None, [1])

    @pytest.mark.parametrize("method", ["readinto", "write"])
    def test_exceptions_of_the_stream_pass(self, mpy, tls_peer, root, method):
        server = tls_peer([EARLY, echo])
        raised = mpy(
            CONTEXT
            + f"""
class Stream(io.IOBase):
    def readinto(self, buf):
        return below.readinto(buf)
    def write(self, buf):
        return below.write(buf)
    def ioctl(self, request, argument):
        return 0
class Failing(Stream):
    def {method}(self, buf):
        raise RuntimeError("mine")
below = connect(port)
show(attempt(lambda: context(ca).wrap_socket(Failing(), server_hostname="localhost")))
""",
            port=server.port,
            ca=root.pem,
        )
        assert (raised[0], raised[2]) == ("RuntimeError", "mine")

    def test_it_can_be_wrapped_again(self, mpy, tls_peer, root):
        """One context serves several connections."""
        server = tls_peer(*[[EARLY, b"hello"]] * 3)
        shown = mpy(
            CONTEXT
            + """
c, got = context(ca), []
for _ in range(3):
    with c.wrap_socket(connect(port), server_hostname="localhost") as s:
        got.append(s.read(5))
show(got)
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == [b"hello"] * 3
