"""Callbacks may do as they like with the module and with the response they belong to."""

import pytest

from support.messages import chunked, response
from support.peer import KEEP


EBUSY = 16


def outcome(mpy, peer, source, *exchanges):
    """What a snippet shows, and the descriptors it leaves."""
    server = peer(*exchanges or [response(b"hello")], repeat=True)
    return mpy("before = descriptors()\n" + source + "\nshow(shown, descriptors() - before)", url=server.url)


def test_a_generator_that_makes_requests(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
def pieces():
    for _ in range(3):
        yield mrequests.get(url).content
shown = mrequests.post(url, data=pieces()).content""",
    )
    assert shown == (b"hello", 0)


def test_auth_that_makes_a_request(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
def token():
    return {"Authorization": "Bearer " + mrequests.get(url).text}
shown = mrequests.get(url, auth=token).content""",
    )
    assert shown == (b"hello", 0)


def test_add_header_that_makes_a_request(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
class R(mrequests.Response):
    def add_header(self, line):
        mrequests.get(url).content
shown = mrequests.get(url, response_class=R).content""",
    )
    assert shown == (b"hello", 0)


@pytest.mark.parametrize("read", ["self.read(5)", "self.read()", "self.content", "self.readinto(bytearray(5))"])
def test_add_header_that_reads(mpy, peer, read):
    """The content has not begun: it is refused, and the head goes on."""
    shown = outcome(
        mpy,
        peer,
        f"""
class R(mrequests.Response):
    def add_header(self, line):
        refused.append(attempt(lambda: {read})[1])
        super().add_header(line)
refused = []
r = mrequests.get(url, response_class=R, save_headers=True)
shown = r.content, len(r.headers), refused""",
        response(b"hello", "A: 1", "B: 2"),
    )
    assert shown == ((b"hello", 3, [EBUSY] * 3), 0)


def test_a_writer_that_makes_requests(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
class Writer:
    def write(self, data):
        mrequests.post(url, data=data).content
        return len(data)
shown = mrequests.get(url).saveinto(Writer())""",
    )
    assert shown == (5, 0)


CLOSERS = {
    "add_header": "def add_header(self, line):\n        self.close()",
    "readinto": "def readinto(self, buf, size=0):\n        self.close()\n        return super().readinto(buf, size)",
    "readinto-after": "def readinto(self, *a):\n        n = super().readinto(*a)\n        self.close()\n        return n",
    "read": "def read(self, *args):\n        self.close()\n        return super().read(*args)",
}


@pytest.mark.parametrize("use", ["r.content", "r.saveinto(io.BytesIO())", "r.json()", "list(r)"])
@pytest.mark.parametrize("method", CLOSERS.values(), ids=CLOSERS.keys())
@pytest.mark.parametrize("message", [response(b"[1]" * 500), chunked(b"[1]", b"[2]" * 500)], ids=["length", "chunked"])
def test_a_response_that_closes_itself(mpy, peer, message, method, use):
    """An OSError, or what came before, and nothing left open."""
    raised, leaked = outcome(
        mpy,
        peer,
        f"""
class R(mrequests.Response):
    {method}
def call():
    r = mrequests.get(url, response_class=R)
    try:
        {use}
    finally:
        r.close()
shown = attempt(call)""",
        [message, KEEP],
    )
    assert raised is None or raised[0] in ("OSError", "ValueError")
    assert leaked == 0


@pytest.mark.parametrize(
    "method, use",
    [
        ("def readinto(self, buf, size=0):\n        return len(self.content)", "r.content"),
        ("def readinto(self, buf, size=0):\n        return self.saveinto(io.BytesIO())", "r.saveinto(io.BytesIO())"),
        ("def read(self, *args):\n        return self.content", "r.content"),
        ("def add_header(self, line):\n        mrequests.get(url, response_class=R)", "r.content"),
    ],
    ids=["content", "saveinto", "read", "add_header"],
)
def test_endless_recursion_is_an_exception(mpy, peer, method, use):
    server = peer(response(b"hello"), repeat=True)
    raised = mpy(
        f"""
class R(mrequests.Response):
    {method}
def call():
    r = mrequests.get(url, response_class=R)
    {use}
show(attempt(call))""",
        url=server.url,
        heap="8m",
    )
    assert raised is not None and raised[0] in ("RuntimeError", "OSError", "MemoryError")


def test_a_writer_that_closes_the_response(mpy, peer):
    raised, leaked = outcome(
        mpy,
        peer,
        """
class Writer:
    def write(self, data):
        r.close()
        return len(data)
r = mrequests.get(url)
shown = attempt(lambda: r.saveinto(Writer(), chunk_size=100))""",
        [response(b"x" * 5000), KEEP],
    )
    assert raised[0] == "OSError"
    assert leaked == 0


def test_a_writer_that_reads_the_response(mpy, peer):
    """Every byte goes to one of them."""
    shown, leaked = outcome(
        mpy,
        peer,
        """
taken = []
class Writer:
    def write(self, data):
        taken.append(bytes(data))
        taken.append(r.read(10))
        return len(data)
r = mrequests.get(url)
r.saveinto(Writer(), chunk_size=20)
shown = b"".join(taken)""",
        [response(bytes(range(250)) * 2), KEEP],
    )
    assert shown == bytes(range(250)) * 2
    assert leaked == 0


def test_a_stream_that_closes_the_response_it_carries(mpy, peer):
    """A stream of the caller's, given by an ssl_context, that acts up while it is read."""
    raised, leaked = outcome(
        mpy,
        peer,
        """
class Stream(io.IOBase):
    reads = 0
    def __init__(self, sock):
        self.sock = sock
    def write(self, data):
        return self.sock.write(data)
    def readinto(self, buf):
        Stream.reads += 1
        if r is not None:
            r.close()
        return self.sock.readinto(buf)
    def ioctl(self, request, argument):
        if request == 4:
            self.sock.close()
        return 0
class Context:
    def wrap_socket(self, sock, server_hostname=None):
        return Stream(sock)
r = None
r = mrequests.get("https" + url[4:], ssl_context=Context())
shown = attempt(lambda: r.content)""",
        [response(b"", "Content-Length: 5000", length=False), b"x" * 5000, KEEP],
    )
    assert raised is None or raised[0] == "OSError"
    assert leaked == 0


def test_responses_side_by_side(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
responses = [mrequests.get(url) for _ in range(5)]
shown = [b"".join(r.read(1) for r in responses) for _ in range(5)]
for r in responses:
    r.close()""",
    )
    assert shown == ([b"hhhhh", b"eeeee", b"lllll", b"lllll", b"ooooo"], 0)
