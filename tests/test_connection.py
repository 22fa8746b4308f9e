"""A connection over sockets and TLS streams of any kind, and its socket's methods."""

import pytest

from support import memory_socket
from support.messages import chunked, response
from support.peer import KEEP
from support.snippets import errors
from support.tls_snippets import CONTEXT

EBADF, EIO, EINVAL = 9, 5, 22

# A library's sockets: they have methods like a stream's, but not MicroPython's stream protocol.
PLAIN = """
import sys
import socket as real
class Plain:
    closed = 0
    def __init__(self, *kind):
        self.sock = real.socket(*kind)
    def connect(self, address):
        self.sock.connect(address)
    def settimeout(self, seconds):
        self.sock.settimeout(seconds)
    def setsockopt(self, *option):
        self.sock.setsockopt(*option)
    def setblocking(self, flag):
        self.sock.setblocking(flag)
    def write(self, data):
        return self.sock.write(data)
    def close(self):
        Plain.closed += 1
        self.sock.close()
class Reads(Plain):
    def read(self, size):
        return self.sock.recv(size)
class ReadsInto(Plain):
    def readinto(self, buf):
        data = self.sock.recv(len(buf))
        buf[:len(data)] = data
        return len(data)
class Module:
    SOCK_STREAM = real.SOCK_STREAM
    getaddrinfo = real.getaddrinfo
    socket = ReadsInto
class Subclass(mrequests.Response):
    pass
sys.modules["socket"] = Module
"""

TEXT = b"first line\n" * 200 + b"last"

FRAMINGS = {
    "length": response(TEXT),
    "chunked": chunked(TEXT[:7], TEXT[7:500], TEXT[500:]),
    "close": response(TEXT, length=False),
}


class TestPlainSockets:
    """Sockets with the methods read() or readinto(), write() and close()."""

    @pytest.mark.parametrize("message", FRAMINGS.values(), ids=FRAMINGS.keys())
    @pytest.mark.parametrize("kind", ["Reads", "ReadsInto"])
    def test_http(self, mpy, peer, kind, message):
        server = peer([message, KEEP] if message != FRAMINGS["close"] else message)
        source = f"Module.socket = {kind}\nr = mrequests.get(url)\nshow(r.content, Plain.closed)"
        assert mpy(PLAIN + source, url=server.url) == (TEXT, 1)

    @pytest.mark.parametrize(
        "options", ["deadline=20", "timeout=20", "timeout=(20, 10)", "response_class=Subclass", "save_headers=True"]
    )
    def test_options(self, mpy, peer, options):
        server = peer([response(TEXT), KEEP])
        source = f"show(mrequests.get(url, {options}).content, Plain.closed)"
        assert mpy(PLAIN + source, url=server.url) == (TEXT, 1)

    @pytest.mark.parametrize("trust", ["verify=ca", "ssl_context=context(ca)"])
    @pytest.mark.parametrize("kind", ["Reads", "ReadsInto"])
    def test_built_in_tls(self, mpy, tls_peer, root, kind, trust):
        server = tls_peer(response(TEXT))
        source = CONTEXT + f"Module.socket = {kind}\nshow(mrequests.get(url, {trust}).content, Plain.closed)"
        assert mpy(PLAIN + source, url=server.at, ca=root.pem) == (TEXT, 1)

    @pytest.mark.needs("ssl")
    def test_tls_of_the_port(self, mpy, peer, server_tls):
        server = peer(response(TEXT), tls=server_tls)
        assert mpy(PLAIN + "show(mrequests.get(url).content, Plain.closed)", url=server.url) == (TEXT, 1)

    def test_body(self, mpy, peer):
        server = peer(response(b"hello"))
        body = bytes(range(250)) * 60
        source = "show(mrequests.post(url, data=body).content, Plain.closed)"
        assert mpy(PLAIN + source, url=server.url, body=body) == (b"hello", 1)
        assert server.request.body == body

    @pytest.mark.parametrize("write", ["self.sock.write(data[:7])", "self.sock.write(data) and None"])
    def test_short_writes(self, mpy, peer, write):
        """The rest of a short write is sent; a write that returns no number has written all."""
        server = peer(response(b"hello"))
        source = f"Plain.write = lambda self, data: {write}\nshow(mrequests.post(url, data=b'0123456789' * 30).content)"
        assert mpy(PLAIN + source, url=server.url) == b"hello"
        assert server.request.body == b"0123456789" * 30

    def test_tls_socket(self, mpy, tls_peer, root):
        server = tls_peer(response(TEXT))
        source = """
below = Reads()
below.connect(real.getaddrinfo("127.0.0.1", port)[0][-1])
s = context(ca).wrap_socket(below, server_hostname="localhost")
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
show(s.read(8), s.close(), Plain.closed)"""
        assert mpy(CONTEXT + PLAIN + source, port=server.port, ca=root.pem) == (b"HTTP/1.1", None, 1)

    def test_a_buffer_that_is_kept(self, mpy, peer):
        """A buffer of readinto() is empty after the call: its memory belongs to the response."""
        server = peer(response(TEXT))
        source = """
class Keeps(ReadsInto):
    kept = []
    def readinto(self, buf):
        self.kept.append(buf)
        return super().readinto(buf)
Module.socket = Keeps
content = mrequests.get(url).content
show(content, set(len(buf) for buf in Keeps.kept))"""
        assert mpy(PLAIN + source, url=server.url) == (TEXT, {0})


IMPOSSIBLE = {
    "readinto-more": ("readinto", "len(data) + 5000", EIO),
    "readinto-negative": ("readinto", "-5", EIO),
    "read-more": ("read", "b'x' * 5000", EIO),
    "write-more": ("write", "len(data) + 5000", EIO),
    "write-nothing": ("write", "0", EIO),
    "write-negative": ("write", "-1", EIO),
}


def test_impossible_lengths(mpy, peer):
    server = peer(response(TEXT), repeat=True)
    source = PLAIN + "def get(method, made):\n    Module.socket = type('Made', (Plain,), {method: made})\n"
    source += "    mrequests.get(url)\n"
    calls = {name: f"get({method!r}, lambda self, data: {made})" for name, (method, made, _) in IMPOSSIBLE.items()}
    raised = errors(mpy, list(calls.values()), source, url=server.url)
    assert {name: raised[call][1] for name, call in calls.items()} == {
        name: errno for name, (_, _, errno) in IMPOSSIBLE.items()
    }


@pytest.mark.parametrize("missing, kept", [("write", "readinto"), ("readinto", "write")])
def test_a_socket_without_a_method(mpy, peer, missing, kept):
    server = peer(response(TEXT))
    source = f"""
class Socket:
    def __init__(self, *kind):
        self.sock = ReadsInto(*kind)
        self.connect, self.close, self.{kept} = self.sock.connect, self.sock.close, self.sock.{kept}
Module.socket = Socket
raised = attempt(lambda: mrequests.get(url))
show(raised, Plain.closed)"""
    text = "[Errno 22] EINVAL: stream operation not supported"
    assert mpy(PLAIN + source, url=server.url) == (("OSError", EINVAL, text), 1)


class TestPlainStreams:
    """What wrap_socket() of a caller's context returns."""

    CONTEXTS = """
class Context:
    def __init__(self, kind):
        self.kind = kind
    def wrap_socket(self, sock, server_hostname=None):
        self.stream = self.kind()
        self.stream.sock = sock
        return self.stream
class Stream:
    closed = 0
    def write(self, data):
        return self.sock.write(data)
    def close(self):
        Stream.closed += 1
        self.sock.close()
class Reads(Stream):
    def read(self, size):
        return self.sock.recv(size)
class ReadsInto(Stream):
    def readinto(self, buf):
        data = self.sock.recv(len(buf))
        buf[:len(data)] = data
        return len(data)
"""

    @pytest.mark.parametrize("message", FRAMINGS.values(), ids=FRAMINGS.keys())
    @pytest.mark.parametrize("kind", ["Reads", "ReadsInto"])
    def test_content(self, mpy, peer, kind, message):
        server = peer(message)
        source = f"r = mrequests.get('https' + url[4:], ssl_context=Context({kind}))\nshow(r.content, Stream.closed)"
        assert mpy(self.CONTEXTS + source, url=server.url) == (TEXT, 1)

    @pytest.mark.parametrize("method", ["write", "readinto"])
    def test_exceptions_pass(self, mpy, peer, method):
        server = peer(response(b"hello"))
        raised, closed, leaked = mpy(
            self.CONTEXTS
            + f"""
def failing(self, data):
    raise RuntimeError("mine")
ReadsInto.{method} = failing
before = descriptors()
raised = attempt(lambda: mrequests.get("https" + url[4:], ssl_context=Context(ReadsInto)))
show(raised, Stream.closed, descriptors() - before)""",
            url=server.url,
        )
        assert (raised[0], raised[2], closed, leaked) == ("RuntimeError", "mine", 1, 0)


# A context that closes the given socket and returns another stream.
CLOSING = (
    memory_socket.SOURCE
    + """
Socket.script = script
class Context:
    def wrap_socket(self, sock, server_hostname=None):
        sock.close()
        return Socket()
"""
)


@pytest.mark.parametrize("limit", ["timeout=None", "timeout=(3, 4)", "deadline=5"])
def test_a_context_that_closes_the_socket(mpy, limit):
    """No timeout is set on a closed socket."""
    source = f"show(mrequests.get('https://host/', ssl_context=Context(), {limit}).content)"
    assert mpy(CLOSING + source, script=[[], [response(b"hello")]]) == b"hello"


def test_a_socket_that_closes_when_its_timeout_is_set(mpy):
    """The read after the close fails with an errno."""
    source = """
Socket.script = script
class Closing(mrequests.Response):
    def __init__(self, sock, stream, save_headers=False):
        super().__init__(sock, stream, save_headers)
        made.append(sock)
def settimeout(self, seconds):
    if made:
        made[0].close()
Socket.settimeout = settimeout
made = []
show(attempt(lambda: mrequests.get("http://host/", deadline=5, response_class=Closing)))
"""
    assert mpy(memory_socket.SOURCE + source, script=[[response(b"hello")]])[:2] == ("OSError", EBADF)


class TestTheSocketOfAResponse:
    """Response._sock, and the first argument of a response_class."""

    def test_methods_of_the_socket(self, mpy):
        source = """
Socket.script = script
Socket.own = lambda self: "own"
r = mrequests.get("http://host/")
r._sock.settimeout(5)
r._sock.setblocking(True)
r._sock.setblocking(False)
show(r._sock.own(), Socket.made[0].timeouts, r.content, r._sock)"""
        message = response(b"", "Content-Length: 5", length=False)
        shown = mpy(memory_socket.SOURCE + source, script=[[message, b"hello"]])
        assert shown == ("own", [5, None, 0], b"hello", None)

    def test_a_timeout_and_the_deadline(self, mpy):
        """A timeout set later replaces that of the call, and the deadline shortens both."""
        source = """
Socket.script = script
r = mrequests.get("http://host/", timeout=50, deadline=100)
r._sock.settimeout(20)
r.content
show(Socket.made[0].timeouts)"""
        message = response(b"", "Content-Length: 5", length=False)
        timeouts = mpy(memory_socket.SOURCE + source, script=[[message, b"hello"]])
        assert timeouts[0] == 50 and timeouts[-1] == 20

    def test_closed(self, mpy):
        """Closing the socket closes the response's connection, once."""
        source = """
Socket.script = script
r = mrequests.get("http://host/")
sock = r._sock
sock.close()
raised = attempt(lambda: r.read(5))
r.close()
sock.close()
show(raised, attempt(lambda: sock.settimeout(1))[1], r._sock, descriptors())"""
        message = response(b"", "Content-Length: 5", length=False)
        shown = mpy(memory_socket.SOURCE + source, script=[[message, b"hello"]])
        assert shown == (("OSError", EBADF, "[Errno 9] EBADF: response is closed"), EBADF, None, 0)
