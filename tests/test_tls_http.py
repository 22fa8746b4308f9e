"""HTTP over our own TLS works as without TLS."""

import ast
import json
import signal

import pytest

from support.messages import chunked, response
from support.peer import hang
from support.reading import WAYS
from support.runner import MARK
from support.steps import (
    HONEST,
    alert,
    answer,
    client_flight,
    close_notify,
    pause,
    request,
    reset,
    sealed,
    silence,
    until,
)
from support.tls13 import APPLICATION_DATA
from support.tls_snippets import CONTEXT, ECONNABORTED, ECONNRESET

TEXT = b"first line\n" * 100 + b"last"

BODIES = {
    "length": response(TEXT),
    "chunked": chunked(TEXT[:7], TEXT[7:500], TEXT[500:]),
    "to-the-close": response(TEXT, length=False),
}


@pytest.mark.parametrize("message", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("way", WAYS)
def test_ways_of_reading(mpy, tls_peer, root, message, way):
    server = tls_peer(message)
    shown = mpy(f"r = mrequests.get(url, verify=ca)\n{WAYS[way]}\nshow(body)", url=server.at, ca=root.pem)
    assert shown == TEXT


@pytest.mark.parametrize("pace", ["bytes", "random", "lines"])
def test_records_of_any_size(mpy, tls_peer, root, pace):
    """Records split heads and chunks at any place."""
    server = tls_peer(chunked(b"hello ", b"world", fields=("X-A: " + "a" * 100,)), pace=pace)
    shown = mpy(
        "r = mrequests.get(url, verify=ca, save_headers=True)\nshow(r.content, len(r.headers['x-a']))",
        url=server.at,
        ca=root.pem,
    )
    assert shown == (b"hello world", 100)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
def test_methods(mpy, tls_peer, root, method):
    server = tls_peer(response(b"" if method == "head" else b"hello"))
    shown = mpy(f"show(mrequests.{method}(url, verify=ca).status_code)", url=server.at, ca=root.pem)
    assert shown == 200
    assert server.request.method == method.upper()


SENT = {
    "bytes": ("data=b'x' * 100", b"x" * 100),
    "large": ("data=b'x' * 100_000", b"x" * 100_000),
    "json": ("json={'a': [1, 2]}", b'{"a": [1, 2]}'),
    "form": ("data={'a': 'b c'}", b"a=b+c"),
    "generator": ("data=(b'piece' for _ in range(3))", b"piece" * 3),
    "stream": ("data=io.BytesIO(b'stream')", b"stream"),
}


@pytest.mark.parametrize("data, body", SENT.values(), ids=SENT.keys())
def test_bodies_that_are_sent(mpy, tls_peer, root, data, body):
    server = tls_peer(response(b"thanks"))
    assert mpy(f"show(mrequests.post(url, verify=ca, {data}).content)", url=server.at, ca=root.pem) == b"thanks"
    sent = server.request.body
    assert (json.loads(sent) if "json" in data else sent) == (json.loads(body) if "json" in data else body)


class TestEnds:
    """A truncated body differs from a complete one (RFC 9112 section 8), whatever its framing."""

    def get(self, mpy, hostile, root, *steps):
        server = hostile(until(answer, *steps))
        return mpy("show(attempt(lambda: mrequests.get(url, verify=ca).content))", url=server.url, ca=root.pem)

    def test_cut_before_the_head(self, mpy, hostile, root):
        assert self.get(mpy, hostile, root)[:2] == ("OSError", ECONNRESET)

    def test_cut_in_the_head(self, mpy, hostile, root):
        steps = sealed(APPLICATION_DATA, b"HTTP/1.1 200 OK\r\nContent-")
        assert self.get(mpy, hostile, root, steps)[:2] == ("OSError", ECONNRESET)

    def test_cut_in_a_body_to_the_close(self, mpy, hostile, root):
        """Only close_notify marks the end of a body without length."""
        steps = sealed(APPLICATION_DATA, response(b"some of it", length=False))
        raised = self.get(mpy, hostile, root, steps)
        assert raised[:2] == ("OSError", ECONNRESET)
        assert "close_notify" in raised[2]

    @pytest.mark.parametrize("ending", [[], [sealed(21, b"\x01\x00")]], ids=["cut", "close_notify"])
    def test_short_body(self, mpy, hostile, root, ending):
        steps = sealed(APPLICATION_DATA, response(b"some", "Content-Length: 100", length=False))
        raised = self.get(mpy, hostile, root, steps, *ending)
        assert raised[:2] == ("OSError", ECONNABORTED if ending else ECONNRESET)

    @pytest.mark.parametrize("body", [response(b"hello"), chunked(b"hel", b"lo")], ids=["length", "chunked"])
    def test_cut_behind_a_whole_body(self, mpy, hostile, root, body):
        """A complete body needs no close_notify: many servers close without it."""
        assert self.get(mpy, hostile, root, sealed(APPLICATION_DATA, body)) is None

    def test_what_came_before_is_delivered(self, mpy, hostile, root):
        server = hostile(until(answer, sealed(APPLICATION_DATA, response(b"some", length=False))))
        shown = mpy(
            "r = mrequests.get(url, verify=ca)\nshow(r.read(4), attempt(lambda: r.read(4))[1])",
            url=server.url,
            ca=root.pem,
        )
        assert shown == (b"some", ECONNRESET)


class TestEarlyAnswers:
    """Servers that answer or close before they have read the request."""

    POST = "mrequests.post(url, data=(b'x' * 10_000 for _ in range(300)), verify=ca, timeout=10).content"

    @pytest.mark.parametrize("last", [close_notify, silence], ids=["closing", "reading-on"])
    def test_answer(self, mpy, hostile, root, last):
        server = hostile((*until(request), answer, last))
        assert mpy(f"show({self.POST})", url=server.url, ca=root.pem) == b"hello"

    ENDLESS = "mrequests.post(url, data=(b'x' * 10_000 for _ in range(10_000)), timeout=10, CONTEXT).content"

    @pytest.mark.needs("process")  # lwIP drops received data when a connection is reset
    @pytest.mark.parametrize("trust", ["verify=ca", "ssl_context=context(ca)", "ssl_context=context(ca), deadline=15"])
    def test_answer_and_reset(self, mpy, hostile, root, trust):
        """The server resets with the body unread: the write fails, but the call returns the answer."""
        server = hostile((*until(request), answer, pause(0.2), reset))
        source = CONTEXT + f"show({self.ENDLESS.replace('CONTEXT', trust)})"
        assert mpy(source, url=server.url, ca=root.pem) == b"hello"

    @pytest.mark.needs("process")
    def test_alert_and_reset(self, mpy, hostile, root):
        """After a reset the call raises the server's alert, not the error of the failed write."""
        server = hostile((*until(request), alert(80), pause(0.2), reset))
        raised = mpy.error(self.ENDLESS.replace("CONTEXT", "verify=ca"), url=server.url, ca=root.pem)
        assert raised.errno == ECONNABORTED
        assert "internal_error" in raised.text

    @pytest.mark.thorough  # the buffers of QEMU and of the host hold megabytes
    def test_reset_without_an_answer(self, mpy, hostile, root):
        server = hostile((*until(request), pause(0.2), reset))
        raised = mpy.error(self.ENDLESS.replace("CONTEXT", "verify=ca"), url=server.url, ca=root.pem)
        assert (raised.kind, raised.errno) == ("OSError", ECONNRESET)

    def test_alert(self, mpy, hostile, root):
        """The call raises the server's alert, not the error of the failed write."""
        server = hostile((*until(request), alert(116)))
        raised = mpy.error(self.POST, url=server.url, ca=root.pem)
        assert raised.errno == ECONNABORTED
        assert "certificate_required" in raised.text

    def test_answer_before_the_clients_finished(self, mpy, hostile, root):
        """A server may send data before the client's Finished (RFC 8446 section 4.4.4)."""
        server = hostile((*until(client_flight), answer, client_flight, request, close_notify))
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.url, ca=root.pem) == b"hello"


class TestClosing:
    def test_close_says_so(self, mpy, hostile, root):
        """Closing with an unread body sends a close_notify and closes the socket."""

        def more(s):
            s.send_record(APPLICATION_DATA, response(b"x" * 100, "Content-Length: 1000", length=False))

        server = hostile(until(answer, more, silence))
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url, verify=ca)\nr.close()\nr.close()\n"
            "show(descriptors() - before)",
            url=server.url,
            ca=root.pem,
        )
        assert shown == 0
        assert server.closed_by_client.wait(5)
        assert server.records[-1] == (21, b"\x01\x00")

    def test_the_end_of_the_body_closes(self, mpy, tls_peer, root):
        server = tls_peer(response(b"hello"))
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url, verify=ca)\nr.content\nshow(descriptors() - before)",
            url=server.at,
            ca=root.pem,
        )
        assert shown == 0

    @pytest.mark.thorough
    def test_dropped_responses_are_closed_when_they_are_collected(self, mpy, tls_peer, root):
        server = tls_peer([response(b"hello"), hang], repeat=True)
        shown = mpy(
            CONTEXT
            + """
c = context(ca, record_size=4096)
before, most = descriptors(), 0
for n in range(40):
    mrequests.get(url, ssl_context=c)
    if n % 10 == 9:
        gc.collect()
        most = max(most, descriptors() - before)
show(most)
""",
            url=server.at,
            ca=root.pem,
        )
        assert shown <= 3

    def test_the_collector_sends_nothing(self, mpy, tls_peer, root):
        """A finaliser sends no close_notify: sending may block, and may run Python code on swept objects."""
        server = tls_peer([hang], repeat=True)
        sent, closed = mpy(
            CONTEXT
            + """
class Stream(io.IOBase):
    def __init__(self, below):
        self.below = below
    def readinto(self, buf):
        return self.below.readinto(buf)
    def write(self, buf):
        counts[0] += collecting[0]
        return self.below.write(buf)
    def ioctl(self, request, argument):
        counts[1] += request == 4
        return 0
counts, collecting = [0, 0], [0]
def collect():
    collecting[0] = 1
    gc.collect()
    collecting[0] = 0
def drop(c):
    # Room for the response in front of the socket: the collector comes to it first.
    room = [bytearray(1000) for _ in range(4)]
    s = c.wrap_socket(Stream(connect(port)), server_hostname="localhost")
    room = None
    collect()
    mrequests.Response(s, s)
c = context(ca, record_size=1024)
for _ in range(8):
    drop(c)
collect()
show(counts)
""",
            port=server.port,
            ca=root.pem,
        )
        assert sent == 0
        assert closed >= 6  # a stale pointer on the stack may keep one response alive

    def test_dropped_sockets_are_closed_when_they_are_collected(self, mpy, tls_peer, root):
        server = tls_peer([hang], repeat=True)
        shown = mpy(
            CONTEXT
            + """
c = context(ca, record_size=4096)
before = descriptors()
for n in range(20):
    c.wrap_socket(connect(port), server_hostname="localhost")
gc.collect()
show(descriptors() - before)
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown <= 2


# Ctrl-C.

INTERRUPTED = """
before = descriptors()
try:
    {call}
    outcome = "no exception"
except KeyboardInterrupt:
    outcome = "KeyboardInterrupt"
show(outcome, descriptors() - before)
sys.stdin.read()
"""

BLOCKED = {
    "before-the-hello": 1,
    "after-the-hello": 2,
    "before-the-certificate": 4,
    "before-finished": 6,
    "before-the-answer": 9,
}


@pytest.mark.needs("process")
@pytest.mark.parametrize("steps", BLOCKED.values(), ids=BLOCKED.keys())
def test_interrupted(mpy, hostile, root, steps):
    """KeyboardInterrupt reaches the script, and the socket is closed."""
    reached = []

    def wait(s):
        reached.append(s)
        s.drain()

    server = hostile((*HONEST[:steps], wait))
    call = "mrequests.get(url, verify=ca)"
    process = mpy.popen(INTERRUPTED.format(call=call), url=server.url, ca=root.pem)
    try:
        while not reached:
            server.stopping.wait(0.01)
        server.stopping.wait(0.1)  # time for the call to block
        process.send_signal(signal.SIGINT)
        line = process.stdout.readline()
        closed = server.closed_by_client.wait(5)
    finally:
        out, err = process.communicate("", 10)
    assert line.startswith(MARK), line + out + err
    assert ast.literal_eval(line.removeprefix(MARK)) == ("KeyboardInterrupt", 0)
    assert closed
