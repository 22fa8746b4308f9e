"""Callbacks may call the module, and may use or close the response that calls them."""

import pytest

from support.messages import chunked, response
from support.peer import KEEP
from support.snippets import errors

EBADF = 9
EBUSY = 16


def outcome(mpy, peer, source, *exchanges):
    """Returns the values that a snippet shows, and the number of descriptors it leaves open."""
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
    """A read before the content begins is refused, and reading the head continues."""
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
    "readinto-after": (
        "def readinto(self, *args):\n        n = super().readinto(*args)\n        self.close()\n        return n"
    ),
    "read": "def read(self, *args):\n        self.close()\n        return super().read(*args)",
}


@pytest.mark.parametrize("method", CLOSERS.values(), ids=CLOSERS.keys())
@pytest.mark.parametrize("message", [response(b"[1]" * 500), chunked(b"[1]", b"[2]" * 500)], ids=["length", "chunked"])
def test_a_response_that_closes_itself(mpy, peer, message, method):
    """EBADF, and no socket stays open. Iteration does not call the methods that close the response."""
    server = peer([message, KEEP], repeat=True)
    raised = errors(
        mpy,
        ["use(lambda r: r.content)", "use(lambda r: r.saveinto(io.BytesIO()))", "use(lambda r: r.json())", "use(list)"],
        f"""
class R(mrequests.Response):
    {method}
def use(how):
    r = mrequests.get(url, response_class=R)
    try:
        how(r)
    finally:
        r.close()""",
        url=server.url,
    )
    iterated = raised.pop("use(list)")
    assert (iterated is None) == (method != CLOSERS["add_header"])
    assert {each[:2] for each in [*raised.values(), iterated] if each} == {("OSError", EBADF)}
    assert None not in raised.values()


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
    assert raised[0] == "RuntimeError"


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
    """Each byte reaches either the writer or the read, once."""
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
    """The stream of an ssl_context calls back into the response while it is read."""
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
    assert raised[:2] == ("OSError", EBADF)
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


# The bytearray argument that a callback of request() changes, and the body that is sent or the error.
CHANGED = {
    "large-body": ("post(secure, data=given, ssl_context=Context())", b"A" * 3000, "ValueError"),
    "small-body": ("post(secure, data=given, ssl_context=Context())", b"A" * 30, "ValueError"),
    "body-between-writes": ("post(secure, data=given, ssl_context=Slow())", b"A" * 3000, "ValueError"),
    "url": ("get(given, auth=lambda: change({'X': '1'}))", None, "ValueError"),
    "form-name": ("post(url, data=[(given, Value())])", b"A" * 300, b"A" * 300 + b"=value"),
    "body-that-was-sent": ("post(url, data=given, response_class=R)", b"A" * 3000, b"A" * 3000),
}


@pytest.mark.parametrize("call, given, outcome", CHANGED.values(), ids=CHANGED.keys())
def test_a_bytearray_that_is_changed_during_the_call(mpy, peer, call, given, outcome):
    """The request holds the bytes as given, or is not complete; never other bytes of the heap."""
    server = peer(response(b"hello"))
    raised = mpy(
        f"""
def change(value):
    given.extend(b"B" * 100000)
    kept.extend(bytearray(b"SECRET" * 500) for _ in range(50))
    return value
class Context:
    def wrap_socket(self, sock, server_hostname=None):
        return change(sock)
class Slow:
    def wrap_socket(self, sock, server_hostname=None):
        self.sock, self.readinto, self.close = sock, sock.readinto, sock.close
        return self
    def write(self, data):
        return self.sock.write(data if data[:4] == b"POST" else change(data[:10]))
class R(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        change(None)
class Value:
    def __str__(self):
        return change("value")
kept = []
given = bytearray(given)
secure = "https" + url[4:]
show(attempt(lambda: mrequests.{call}))""",
        given=given or (server.url + "a").encode(),
        url=server.url,
    )
    complete = [request.body for request in server.requests if request.complete]
    assert raised[0] == outcome if raised else complete == [outcome]
    assert not (raised and complete)
    assert all(b"SECRET" not in request.head + request.body for request in server.requests)


@pytest.mark.parametrize("method", ["read(0)", "content", "_parse_header(b'Content-Length: 3')"])
def test_init_that_reads_before_the_head(mpy, peer, method):
    """Calls before the head arrives leave the head intact."""
    shown = outcome(
        mpy,
        peer,
        f"""
class R(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        if "{method}" != "content":
            self.{method}
r = mrequests.get(url, response_class=R)
shown = r.status_code, r.content""",
    )
    assert shown == ((200, b"hello"), 0)


def test_a_response_is_made_after_the_body_is_sent(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
class R(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        order.append("response")
def body():
    yield b"a"
    order.append("body")
order = []
r = mrequests.post(url, data=body(), response_class=R)
shown = r.status_code, r.content, order""",
    )
    assert shown == ((200, b"hello", ["body", "response"]), 0)


def test_add_header_that_closes_still_gets_all_of_the_head(mpy, peer):
    shown = outcome(
        mpy,
        peer,
        """
class R(mrequests.Response):
    def add_header(self, line):
        seen.append(line)
        self.close()
        refused.append(attempt(lambda: self.content)[1])
seen, refused = [], []
raised = attempt(lambda: mrequests.get(url, response_class=R))
shown = len(seen) if raised is None else None, refused""",
        response(b"hello", "A: 1", "B: 2"),
    )
    assert shown == ((3, [EBADF] * 3), 0)


def test_add_header_that_initialises_anew(mpy, peer):
    """Calling __init__ from add_header keeps the response in place, and its connection is closed."""
    shown = outcome(
        mpy,
        peer,
        """
class R(mrequests.Response):
    def add_header(self, line):
        super().__init__(None, None)
        kept.extend(bytearray(500) for _ in range(20))
        gc.collect()
kept = []
for _ in range(20):
    attempt(lambda: mrequests.get(url, response_class=R))
    kept.clear()
shown = True""",
        response(b"hello", *(f"X-{n}: {n}" for n in range(20))),
    )
    assert shown == (True, 0)


@pytest.mark.parametrize("how, got", [("r.content", b"changed changed "), ("r.saveinto(io.BytesIO())", 16)])
def test_readinto_that_changes_the_size_of_its_buffer(mpy, peer, how, got):
    shown = outcome(
        mpy,
        peer,
        f"""
class R(mrequests.Response):
    calls = 0
    def readinto(self, buf, size=0):
        self.calls += 1
        if self.calls > 1:
            return 0
        if isinstance(buf, bytearray):
            buf[:] = b"changed " * 1000
        return 16
r = mrequests.get(url, response_class=R)
shown = {how}""",
    )
    assert shown[0] == got


def test_a_writer_that_changes_the_buffer(mpy, peer):
    shown, leaked = outcome(
        mpy,
        peer,
        """
class Writer:
    def write(self, data):
        taken.append(bytes(data))
        buf.extend(bytes(1000))
        others.extend(bytearray(100) for _ in range(20))
        return len(data)
taken, others, buf = [], [], bytearray(100)
r = mrequests.get(url)
r.saveinto(Writer(), buf=buf)
shown = b"".join(taken)""",
        [response(bytes(range(250)) * 20), KEEP],
    )
    assert shown == bytes(range(250)) * 20
    assert leaked == 0
