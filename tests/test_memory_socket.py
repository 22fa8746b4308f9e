"""The module over a socket in memory, on every target: boards without a network run this file and test_helpers.py."""

import json
import textwrap

import pytest

from support import memory_socket
from support.memory_socket import WAYS
from support.messages import chunked, redirect, response

ECONNABORTED, ECONNRESET, ETIMEDOUT, ECONNREFUSED = 103, 104, 110, 111

SCRIPTED = memory_socket.SOURCE + "Socket.script = script\n"

TEXT = b"first line\nsecond line, a little longer\n\nlast, without an end"


def script(connections):
    """Converts a test's connections, each bytes or a list of bytes and errnos, to Socket.script."""
    return [each if isinstance(each, list) else [each] for each in connections]


@pytest.fixture
def memory(mpy):
    """Returns the values that a snippet shows. Each further argument is a connection."""
    return lambda source, *connections, **names: mpy(SCRIPTED + source, script=script(connections), **names)


@pytest.fixture
def refused(mpy):
    """Returns the error that a snippet raises; fails if a socket stays open."""
    return lambda source, *connections, **names: mpy.error(source, before=SCRIPTED, script=script(connections), **names)


def cut(message, size):
    """Cuts a message into pieces."""
    return [message[i : i + size] for i in range(0, len(message), size)]


# The socket cuts the message: a list of pieces would take more heap.
CUT_UP = """
readinto = Socket.readinto
Socket.readinto = lambda self, buf: readinto(self, memoryview(buf)[:size])
"""

FRAMINGS = [response(TEXT), chunked(TEXT[:20], TEXT[20:]), chunked(*cut(TEXT, 1)), response(TEXT, length=False)]


@pytest.mark.parametrize("size", [5000, 7, 1])
@pytest.mark.parametrize("way", WAYS)
def test_body(memory, way, size):
    source = f"""
{CUT_UP}
def content(r):
{textwrap.indent(WAYS[way].strip(), "    ")}
    return body
def outcome():
    r = mrequests.get('http://host/')
    return r.status_code, content(r), descriptors()
show([outcome() for _ in range(count)])
"""
    assert memory(source, *FRAMINGS, size=size, count=len(FRAMINGS)) == [(200, TEXT, 0)] * len(FRAMINGS)


@pytest.mark.parametrize(
    "message",
    [
        response(status="204 No Content", length=False),
        response(),
        chunked(),
        response(b"", "Content-Length: 5", status="304 Not Modified", length=False),
    ],
    ids=["204", "empty", "empty-chunked", "304"],
)
def test_no_body(memory, message):
    source = "r = mrequests.get('http://host/')\nshow(r.content, r.text, descriptors())"
    assert memory(source, [message, ETIMEDOUT]) == (b"", "", 0)


def test_what_is_sent(memory):
    source = """
r = mrequests.get("http://joe:secret@host:8080/a b", params={"q": "1&2"}, headers={"X-A": 5})
show(Socket.made[0].address, Socket.made[0].sent)
"""
    address, sent = memory(source, response())
    line, *fields = sent.split(b"\r\n")
    assert address == ("host", 8080)
    assert line == b"GET /a%20b?q=1%262 HTTP/1.1"
    credentials = b"Authorization: Basic am9lOnNlY3JldA=="
    assert {b"Host: host:8080", b"X-A: 5", b"Connection: close", credentials} <= set(fields)
    assert fields[-2:] == [b"", b""]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_json_body(memory, method):
    value = {"text": "z\u00fcrich", "numbers": [1, -2, None, True]}
    source = f"r = mrequests.{method}('http://host/', json=value)\nshow(Socket.made[0].sent, r.json())"
    sent, answer = memory(source, response(b'{"ok": [1]}'), value=value)
    head, body = sent.split(b"\r\n\r\n")
    assert head.startswith(method.upper().encode() + b" / HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json" in head
    assert b"\r\nContent-Length: %d" % len(body) in head
    assert json.loads(body) == value
    assert answer == {"ok": [1]}


@pytest.mark.parametrize(
    "data, body",
    [
        ("b'\\x00\\xff'", b"\x00\xff"),
        ("'\u20ac'", "\u20ac".encode()),
        ("{'a b': 'c&d'}", b"a+b=c%26d"),
        ("io.BytesIO(b'abc')", b"abc"),
        ("(b'x' * n for n in range(4))", b"1\r\nx\r\n2\r\nxx\r\n3\r\nxxx\r\n0\r\n\r\n"),
    ],
    ids=["bytes", "str", "form", "stream", "generator"],
)
def test_other_bodies(memory, data, body):
    source = f"mrequests.post('http://host/', data={data})\nshow(Socket.made[0].sent)"
    assert memory(source, response()).split(b"\r\n\r\n", 1)[1] == body


def test_redirect(memory):
    """A redirect to another host opens a new connection and sends no credentials."""
    source = """
r = mrequests.get("http://host/a/b", auth=("u", "p"), max_redirects=2)
authorized = [b"Authorization" in s.sent for s in Socket.made]
show(r.url, r.content, [s.address for s in Socket.made], authorized, descriptors())
"""
    shown = memory(source, redirect("../c?d"), redirect("//other:81/e"), response(b"there"))
    addresses = [("host", 80), ("host", 80), ("other", 81)]
    assert shown == ("http://other:81/e", b"there", addresses, [True, True, False], 0)


def test_redirect_that_sends_the_body_again(memory):
    source = "r = mrequests.post('http://host/', data=b'body')\nshow([s.sent[-4:] for s in Socket.made], r.status_code)"
    assert memory(source, redirect("/x", status="307 Again"), response()) == ([b"body"] * 2, 200)


def test_too_many_redirects(refused):
    raised = refused("mrequests.get('http://host/')", redirect("/a"), redirect("/b"), redirect("/c"))
    assert (raised.kind, raised.text) == ("ValueError", "Maximum redirection count exceeded.")


TRUNCATED = {
    "5 of 100 bytes": response(b"hello", "Content-Length: 100", length=False),
    "5 bytes": response(b"9\r\nhello", "Transfer-Encoding: chunked", length=False),
}


@pytest.mark.parametrize("way", WAYS)
def test_truncated(memory, way):
    source = f"""
def content(r):
{textwrap.indent(WAYS[way].strip(), "    ")}
def outcome():
    r = mrequests.get('http://host/')
    return attempt(lambda: content(r)), descriptors()
show([outcome() for _ in range(2)])
"""
    text = "[Errno 103] ECONNABORTED: incomplete body: "
    shown = memory(source, *(cut(message, 11) for message in TRUNCATED.values()))
    assert shown == [(("OSError", ECONNABORTED, text + received), 0) for received in TRUNCATED]


HEADS = {
    "garbage": b"garbage\r\n\r\n",
    "no-status": b"HTTP/1.1 OK\r\n\r\n",
    "space-before-the-colon": b"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n",
    "negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "overflowing-length": b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\n",
    "other-coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "endless-line": b"HTTP/1.1 200 OK\r\nA: " + b"a" * 9000,
    "many-fields": b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 200 + b"\r\n",
}


# The class of each exception, and the number of open sockets.
KINDS = """
def kind(call):
    return attempt(call)[0], descriptors()
"""


@pytest.mark.parametrize("size", [5000, 1])
def test_malformed_head(memory, size):
    source = CUT_UP + KINDS + "show([kind(lambda: mrequests.get('http://host/')) for _ in script[:]])"
    shown = memory(source, *HEADS.values(), size=size)
    assert dict(zip(HEADS, shown, strict=True)) == dict.fromkeys(HEADS, ("ValueError", 0))


CHUNKS = [b"xyz\r\n", b"-1\r\nx", b"1" + b"0" * 16 + b"\r\n", b"2\r\nabc\r\n"]


def test_malformed_chunk(memory):
    messages = [response(coded, "Transfer-Encoding: chunked", length=False) for coded in CHUNKS]
    source = KINDS + "show([kind(lambda: mrequests.get('http://host/').content) for _ in script[:]])"
    assert memory(source, *messages) == [("ValueError", 0)] * len(CHUNKS)


@pytest.mark.parametrize(
    "script, errno",
    [
        ([], ECONNRESET),
        ([b"HTTP/1.1 200 OK\r\nA"], ECONNRESET),
        ([ECONNRESET], ECONNRESET),
        ([ETIMEDOUT], ETIMEDOUT),
        ([response(b"", "Content-Length: 5", length=False), ETIMEDOUT], ETIMEDOUT),
        ([response(b"5\r\nab", "Transfer-Encoding: chunked", length=False), ECONNRESET], ECONNRESET),
        (["refused"], ECONNREFUSED),
    ],
    ids=["closed", "in-the-head", "reset", "timeout", "timeout-in-the-body", "reset-in-a-chunk", "refused"],
)
def test_errors_of_the_socket(refused, script, errno):
    raised = refused("mrequests.get('http://host/').content", script)
    assert (raised.kind, raised.errno) == ("OSError", errno)


@pytest.mark.parametrize(
    "limits, timeouts",
    [
        ("timeout=5", [5]),
        ("timeout=0.5", [0.5]),
        ("timeout=(1, 2)", [1, 2]),
        ("timeout=(None, 2)", [2]),
        ("timeout=(2, None)", [2, None]),
        ("timeout=None", []),
    ],
)
def test_timeouts_are_passed_on(memory, limits, timeouts):
    source = f"mrequests.get('http://host/', {limits}).content\nshow(Socket.made[0].timeouts)"
    assert memory(source, response(b"hello")) == timeouts


def test_deadline_lessens_the_timeouts(memory):
    source = "mrequests.get('http://host/', timeout=30, deadline=20).content\nshow(Socket.made[0].timeouts)"
    timeouts = memory(source, cut(response(b"hello"), 9))
    assert timeouts and all(0 < seconds <= 20 for seconds in timeouts)


def test_saved_to_a_sink(memory):
    """save() writes pieces of at most the given size, without a copy of the whole body."""
    source = """
class Sink:
    def __init__(self, size):
        self.taken = bytearray(size)
        self.sizes = []
    def write(self, data):
        at = sum(self.sizes)
        self.taken[at : at + len(data)] = data
        self.sizes.append(len(data))
        return len(data)
sink = Sink(1000)
n = mrequests.get("http://host/").saveinto(sink, chunk_size=100)
show(n, max(sink.sizes), bytes(sink.taken))
"""
    body = bytes(range(250)) * 4
    n, largest, taken = memory(source, cut(chunked(*cut(body, 300)), 250))
    assert (n, taken) == (1000, body)
    assert largest <= 100


def test_fields_of_the_response(memory):
    source = """
r = mrequests.get("http://host/", save_headers=True)
show(list(r.headers), r.headers["CONTENT-TYPE"], r.headers.get_all("set-cookie"), r.charset, r.text)
"""
    fields = "Content-Type: text/plain; charset=latin-1", "Set-Cookie: a=1", "Set-Cookie: b=2"
    lines, kind, cookies, charset, text = memory(source, response(b"z\xfcrich", *fields))
    assert lines == [line.encode() for line in (*fields, "Content-Length: 6")]
    assert (kind, cookies) == (b"text/plain; charset=latin-1", [b"a=1", b"b=2"])
    assert (charset, text) == ("latin-1", "z\u00fcrich")


def test_subclass(memory):
    source = """
class R(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.seen = []
    def add_header(self, line):
        self.seen.append(line)
        self._parse_header(line)
    def readinto(self, buf, size=0):
        n = super().readinto(buf, size)
        self.seen.append(n)
        return n
r = mrequests.get("http://host/", response_class=R)
show(r.content, r.seen[0], sum(r.seen[2:]))
"""
    assert memory(source, response(b"hello", "X-A: 1")) == (b"hello", b"X-A: 1\r\n", 5)


def test_exceptions_of_callbacks_pass(refused):
    """The caller gets the exception of a callback, and the socket is closed."""
    source = """
def pieces():
    yield b"one"
    raise RuntimeError("no more today")
mrequests.post("http://host/", data=pieces())
"""
    raised = refused(source, response())
    assert (raised.kind, raised.text) == ("RuntimeError", "no more today")


def test_a_response_that_nobody_closes_is_closed_when_it_is_collected(memory):
    source = """
def once():
    mrequests.get("http://host/")
for _ in range(8):
    once()
gc.collect()
show(descriptors())
"""
    # A stale pointer on the stack may keep one response alive.
    assert memory(source, *[response(b"hello")] * 8) <= 1


@pytest.mark.needs("speed")
def test_collector_at_every_turn(memory):
    source = """
gc.threshold(1)
got = [mrequests.post("http://host/", json=[n]).json() for n in range(3)]
gc.threshold(-1)
show(got)
"""
    assert memory(source, *(cut(chunked(b"[%d" % n, b"]"), 10) for n in range(3))) == [[0], [1], [2]]


@pytest.mark.needs("speed")
def test_200_calls_do_not_grow_the_heap(memory):
    source = """
message, bad = script
def once(message):
    script.append([message])
    try:
        mrequests.get("http://host/", save_headers=True).content
    except ValueError:
        pass
    Socket.made.pop()
def used():
    gc.collect()
    return gc.mem_alloc()
def many(count):
    for _ in range(count):
        once(message[0])
        once(bad[0])
script.clear()
many(5)
before = used()
many(100)
show(used() - before)
"""
    # A stale pointer on the stack may keep a response alive.
    assert memory(source, chunked(b"hello", b"world"), b"garbage\r\n\r\n") < 1500
