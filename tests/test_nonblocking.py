"""Reads of a connection that does not block: where nothing is there yet, the next read goes on and nothing is lost."""

import json

import pytest

from support import memory_socket
from support.messages import chunked, redirect, response
from support.peer import hang, pause

EBADF, EAGAIN, ETIMEDOUT = 9, 11, 110

TEXT = b"first line\nsecond line, a little longer\n\nlast, without an end"
LINES = TEXT.splitlines(keepends=True)

FRAMINGS = {
    "length": response(TEXT),
    "chunked": chunked(TEXT[:20], TEXT[20:]),
    "close": response(TEXT, length=False),
}

MEMORY = (
    memory_socket.SOURCE
    + """
Socket.script = script
# Calls until there is a result. `waits` counts the calls that found nothing yet.
waits = 0
def patiently(call):
    global waits
    while True:
        try:
            got = call()
            if got is not None:
                return got
        except OSError as error:
            if error.errno != 11:
                raise
        waits += 1
def refused(call):
    global waits
    waits += attempt(call)[1] == 11
def each(call):
    got = []
    while True:
        piece = patiently(call)
        if not piece:
            return got
        got.append(bytes(piece))
def into(size):
    buf = bytearray(size)
    n = r.readinto(buf)
    return n and memoryview(buf)[:n] if n is not None else None
"""
)


def slowly(message, size):
    """The head at once, then the body in pieces of a size, each some time after the last.

    Two reads in a row find nothing: a read() with some content tries again.
    """
    head, body = message.split(b"\r\n\r\n", 1)
    pieces = [head + b"\r\n\r\n"]
    for start in range(0, len(body), size):
        pieces += [None, None, body[start : start + size]]
    return [*pieces, None, None]


# Ways to read all content, as a list of pieces.
WAYS = {
    "read": "each(lambda: r.read(10))",
    "read-one": "each(lambda: r.read(1))",
    "read-all": "each(lambda: r.read(-1))",
    "readinto": "each(lambda: into(10))",
    "readinto-large": "each(lambda: into(2000))",
    "readline": "each(r.readline)",
    "readline-limit": "each(lambda: r.readline(4))",
    "readlines": "sum((patiently(r.readlines) for _ in range(200)), [])",
    "content": "[patiently(lambda: r.content)]",
    "text": "[patiently(lambda: r.text).encode()]",
    "content-then-read": "refused(lambda: r.content) or [patiently(lambda: r.read(30)), patiently(lambda: r.content)]",
    "line-then-read": "refused(lambda: next(r)) or [patiently(lambda: r.read(1))] + each(r.readline)",
    "line-then-readinto": "refused(lambda: next(r)) or [bytes(patiently(lambda: into(3)))] + each(lambda: r.read(7))",
}


@pytest.mark.parametrize("size", [7, 1, 1000])
@pytest.mark.parametrize("framing", FRAMINGS)
def test_nothing_is_lost(mpy, framing, size):
    script = [slowly(FRAMINGS[framing], size) for _ in WAYS]
    source = "shown = []\n" + "".join(
        f"r = mrequests.get('http://host/')\nwaits = 0\ngot = {way}\nshown.append((b''.join(got), waits > 0))\n"
        for way in WAYS.values()
    )
    shown = mpy(MEMORY + source + "show(shown, descriptors())", script=script)
    assert dict(zip(WAYS, shown[0], strict=True)) == dict.fromkeys(WAYS, (TEXT, True))
    assert shown[1] == 0


@pytest.mark.parametrize("size", [7, 1, 1000])
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("iterator, lines", [("r", LINES), ("r.iter_lines()", TEXT.splitlines())], ids=["r", "lines"])
def test_lines_are_whole(mpy, framing, size, iterator, lines):
    source = f"""
r = mrequests.get("http://host/")
iterator = iter({iterator})
show([patiently(lambda: next(iterator)) for _ in range({len(lines)})], waits > 0)"""
    assert mpy(MEMORY + source, script=[slowly(FRAMINGS[framing], size)]) == (lines, True)


@pytest.mark.parametrize("size", [7, 1, 1000])
def test_iter_content(mpy, size):
    """A piece has what is there; where nothing is, the iterator raises EAGAIN and can be used again."""
    source = """
r = mrequests.get("http://host/")
pieces = r.iter_content(20)
show(b"".join(each(lambda: next(pieces, b""))), waits > 0)"""
    assert mpy(MEMORY + source, script=[slowly(FRAMINGS["chunked"], size)]) == (TEXT, True)


VALUE = {"a": [1, 2, {"b": "z\u00fc"}], "c": None}


@pytest.mark.parametrize("timeout", ["timeout=(5, 0)", "timeout=(5, 0), deadline=50"])
@pytest.mark.parametrize("make", [response, lambda body: chunked(body[:5], body[5:])], ids=["length", "chunked"])
def test_json(mpy, make, timeout):
    source = f"r = mrequests.get('http://host/', {timeout})\nshow(patiently(r.json), waits > 0, descriptors())"
    script = [slowly(make(json.dumps(VALUE).encode()), 7)]
    assert mpy(MEMORY + source, script=script) == (VALUE, True, 0)


def test_json_of_a_connection_that_should_block(mpy):
    """What was parsed is lost: the response is closed, and later reads do not report a complete body."""
    source = """
r = mrequests.get("http://host/")
show([attempt(r.json)[1] for _ in range(2)], descriptors())"""
    assert mpy(MEMORY + source, script=[slowly(response(b"[1, 2, 3]"), 3)]) == ([EAGAIN, EBADF], 0)


class TestRequest:
    """request() needs the head: it raises EAGAIN and closes the connection."""

    @pytest.mark.parametrize("head", [[], [b"HTTP/1.1 200 OK\r\nA"]], ids=["nothing", "part"])
    @pytest.mark.parametrize("before", [[], [[redirect("/there")]]], ids=["first", "redirected"])
    def test_head(self, mpy, head, before):
        script = [*before, [*head, None, response(b"hello")]]
        source = "show(attempt(lambda: mrequests.get('http://host/', timeout=(5, 0)))[:2], descriptors())"
        assert mpy(MEMORY + source, script=script) == (("OSError", EAGAIN), 0)

    def test_send(self, mpy):
        source = """
Socket.write = lambda self, data: None
show(attempt(lambda: mrequests.get("http://host/", timeout=(5, 0)))[:2], descriptors())"""
        assert mpy(MEMORY + source, script=[[response(b"hello")]]) == (("OSError", EAGAIN), 0)

    def test_head_of_a_slow_server(self, mpy, peer):
        server = peer([pause(0.5), response(b"hello")])
        raised = mpy.error("mrequests.get(url, timeout=(5, 0))", url=server.url)
        assert (raised.kind, raised.errno) == ("OSError", EAGAIN)


@pytest.mark.parametrize(
    "use", ["r.save('saved')", "r.saveinto(io.BytesIO())", "r.saveinto(io.BytesIO(), chunk_size=3)"]
)
def test_saving_closes(mpy, use):
    source = f"""
r = mrequests.get("http://host/")
show([attempt(lambda: {use})[1], attempt(lambda: r.read(1))[1]], descriptors())"""
    assert mpy(MEMORY + source, script=[slowly(FRAMINGS["length"], 7)]) == ([EAGAIN, EBADF], 0)


METHODS = {
    "read": "def read(self, *args):\n        return super().read(*args)",
    "readinto": "def readinto(self, *args):\n        return super().readinto(*args)",
}


@pytest.mark.parametrize("first", [0, 12], ids=["nothing", "part"])
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
@pytest.mark.parametrize("use", ["content", "saveinto(io.BytesIO())"])
def test_overridden_methods(mpy, method, use, first):
    """A composite method raises EAGAIN and closes the connection, also where the overridden one returns a part."""
    source = f"""
class R(mrequests.Response):
    {method}
r = mrequests.get("http://host/", response_class=R, timeout=(5, 0))
show(attempt(lambda: r.{use})[:2], attempt(lambda: r.readline())[1], descriptors())"""
    message = response(TEXT)
    cut = len(message) - len(TEXT) + first
    script = [[message[:cut], None, None, message[cut:]]]
    assert mpy(MEMORY + source, script=script) == (("OSError", EAGAIN), EBADF, 0)


def test_poll_with_content_that_was_put_back(mpy):
    source = """
import select
r = mrequests.get("http://host/")
raised = attempt(lambda: r.content)
p = select.poll()
p.register(r, select.POLLIN)
show(raised[1], len(p.poll(0)), r.read(100), len(p.poll(0)))"""
    script = [[response(TEXT)[:-50], None, None, TEXT[-50:]]]
    assert mpy(MEMORY + source, script=script) == (EAGAIN, 1, TEXT[:-50], 0)


def test_a_deadline_ends_it(mpy):
    source = """
r = mrequests.get("http://host/", timeout=(5, 0), deadline=0.3)
first = r.read(5)
time.sleep(0.35)
show(first, attempt(lambda: r.read(5))[:2])"""
    script = [[response(b"", "Content-Length: 10", length=False), None, b"hello"]]
    assert mpy(MEMORY + source, script=script) == (None, ("OSError", ETIMEDOUT))


# Real sockets that are switched to non-blocking mode behind the head.
REAL = """
r = mrequests.get(url{options})
r._sock.setblocking(False)
def wait(call):
    while True:
        got = call()
        if got is not None:
            return got
        time.sleep(0.02)
nothing = r.read(10), r.readinto(bytearray(10)), r.readline()
got = b""
while len(got) < {size}:
    got += wait(lambda: r.read(10))
show(nothing, got, r.read(1), r._sock)
"""

LENGTH = response(b"", "Content-Length: 17", length=False)
BODIES = {
    "length": [LENGTH, pause(0.4), b"first", pause(0.2), b" then second", hang],
    "chunked": [chunked()[:-5], pause(0.4), b"5\r\nfirst\r\n", pause(0.2), b"c\r\n then second\r\n0\r\n\r\n", hang],
    "close": [response(b"", length=False), pause(0.4), b"first", pause(0.2), b" then second"],
}


class TestSockets:
    @pytest.mark.parametrize("steps", BODIES.values(), ids=BODIES.keys())
    @pytest.mark.parametrize("options", ["", ", timeout=5", ", deadline=20"])
    def test_http(self, mpy, peer, steps, options):
        source = REAL.format(options=options, size=17) if steps != BODIES["close"] else CLOSE.format(options=options)
        assert mpy(source, url=peer(steps).url) == ((None,) * 3, b"first then second", b"", None)

    @pytest.mark.parametrize("steps", [BODIES["length"], BODIES["chunked"]], ids=["length", "chunked"])
    def test_built_in_tls(self, mpy, tls_peer, root, steps):
        source = REAL.format(options=", verify=ca", size=17)
        assert mpy(source, url=tls_peer(steps).at, ca=root.pem) == ((None,) * 3, b"first then second", b"", None)

    @pytest.mark.needs("ssl")
    @pytest.mark.parametrize("steps", [BODIES["length"], BODIES["chunked"]], ids=["length", "chunked"])
    def test_tls_of_the_port(self, mpy, peer, server_tls, steps):
        source = REAL.format(options="", size=17)
        assert mpy(source, url=peer(steps, tls=server_tls).url) == ((None,) * 3, b"first then second", b"", None)


# The end of the connection is the end of the body.
CLOSE = REAL.replace("r.read(1), r._sock", "wait(lambda: r.read(1)), r._sock").replace("{size}", "17")
