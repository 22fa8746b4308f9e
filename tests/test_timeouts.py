"""timeout= and deadline=. Bounds are generous: the machine may be busy."""

import socket
import time

import pytest

from support.messages import redirect, response
from support.peer import EARLY, drip, endless, hang, pause

ETIMEDOUT = 110


def timed_out(mpy, call, **names):
    """Runs a call that must raise ETIMEDOUT; returns its duration in seconds."""
    started = time.monotonic()
    raised = mpy.error(call, **names)
    assert (raised.kind, raised.errno) == ("OSError", ETIMEDOUT)
    return time.monotonic() - started


HANGS = {
    "no-answer": [hang],
    "in-the-status-line": [b"HTTP/1.1 200 ", hang],
    "in-the-fields": [b"HTTP/1.1 200 OK\r\nContent-", hang],
    "after-100": [b"HTTP/1.1 100 Continue\r\n\r\n", hang],
    "in-the-body": [response(b"some", "Content-Length: 100", length=False), hang],
    "in-a-chunk": [response(b"5\r\nhel", "Transfer-Encoding: chunked", length=False), hang],
    "in-the-trailers": [response(b"5\r\nhello\r\n0\r\n", "Transfer-Encoding: chunked", length=False), hang],
    "before-the-close": [response(b"some", length=False), hang],
}


LIMITS = ["timeout=0.15", "deadline=0.15"]
MORE_LIMITS = ["timeout=(5, 0.15)", "timeout=5, deadline=0.15", "timeout=0.15, deadline=5"]
WAITS = [(steps, limit) for steps in HANGS for limit in LIMITS] + [
    (steps, limit) for steps in ("no-answer", "in-the-body") for limit in MORE_LIMITS
]


@pytest.mark.parametrize("steps, limit", WAITS, ids=["-".join(wait) for wait in WAITS])
def test_hang(mpy, peer, steps, limit):
    server = peer(HANGS[steps])
    assert 0.12 < timed_out(mpy, f"mrequests.get(url, {limit}).content", url=server.url) < 4


DRIPS = {
    "head": [drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 500, 0.02)],
    "informational": [drip(b"HTTP/1.1 100 C\r\n\r\n" * 50, 0.02)],
    "body": [response(b"", "Content-Length: 1000", length=False), drip(b" " * 1000, 0.02)],
    "chunks": [response(b"", "Transfer-Encoding: chunked", length=False), drip(b"1\r\n \r\n" * 200, 0.02)],
    "trailers": [response(b"0\r\n", "Transfer-Encoding: chunked", length=False), drip(b"X-A: 1\r\n" * 200, 0.02)],
    "close": [response(b"", length=False), drip(b" " * 1000, 0.02)],
}


READS = ["saveinto(io.BytesIO())", "json()", "read(-1)"]
SLOW_READS = [(steps, "content") for steps in DRIPS] + [(steps, read) for steps in ("body", "chunks") for read in READS]


@pytest.mark.parametrize("steps, read", SLOW_READS, ids=["-".join(slow) for slow in SLOW_READS])
def test_deadline_outlasts_a_drip(mpy, peer, steps, read):
    server = peer(DRIPS[steps])
    source = f"mrequests.get(url, timeout=5, deadline=0.25).{read}"
    assert 0.2 < timed_out(mpy, source, url=server.url) < 4


def test_timeout_alone_lets_a_drip_through(mpy, peer):
    """timeout limits each operation, not the whole call."""
    message = response(b"hello")
    server = peer([step for n in range(0, len(message), 9) for step in (pause(0.25), message[n : n + 9])])
    assert mpy("show(mrequests.get(url, timeout=1).content)", url=server.url) == b"hello"


@pytest.mark.parametrize(
    "limits",
    [
        "timeout=5",
        "timeout=(5, 5)",
        "timeout=(None, 5)",
        "timeout=5.5",
        "timeout=None",
        "deadline=5",
        "deadline=None",
        "timeout=5, deadline=5.0",
    ],
)
def test_in_time(mpy, peer, limits):
    server = peer([pause(0.05), response(b"hello")])
    assert mpy(f"show(mrequests.get(url, {limits}).content)", url=server.url) == b"hello"


def test_timeout_goes_on_after_the_head(mpy, peer):
    server = peer([response(b"some", "Content-Length: 100", length=False), hang])
    shown = mpy(
        """
    r = mrequests.get(url, timeout=0.3)
    first = r.read(4)
    show(first, attempt(lambda: r.read(1))[:2])
    """,
        url=server.url,
    )
    assert shown == (b"some", ("OSError", ETIMEDOUT))


def test_deadline_goes_on_after_the_head(mpy, peer):
    server = peer([response(b"some", "Content-Length: 100", length=False), drip(b"x" * 96, 0.03)])
    got, raised = mpy(
        """
    r = mrequests.get(url, deadline=0.5)
    got = b""
    raised = None
    while raised is None and len(got) < 100:
        def step():
            global got
            got += r.read(1)
        raised = attempt(step)
    show(got, raised)
    """,
        url=server.url,
    )
    assert raised[:2] == ("OSError", ETIMEDOUT)
    assert got.startswith(b"some") and len(got) < 100


def test_deadline_spans_redirects(mpy, peer):
    server = peer([pause(0.2), redirect("/again")], repeat=True)
    assert 0.35 < timed_out(mpy, "mrequests.get(url, timeout=5, deadline=0.5, max_redirects=100)", url=server.url) < 4
    assert len(server.requests) < 10


def test_timeout_is_for_each_redirect(mpy, peer):
    server = peer(*[[pause(0.3), redirect("/again")]] * 3, [pause(0.3), response(b"there")])
    assert mpy("show(mrequests.get(url, timeout=1, max_redirects=3).content)", url=server.url) == b"there"


@pytest.mark.parametrize("limit", ["timeout=0.3", "deadline=0.4"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param("b'x' * 16_000_000", marks=pytest.mark.needs("memory"), id="bytes"),
        pytest.param("(b'x' * 10_000 for _ in range(5000))", id="generator"),
    ],
)
def test_sending_to_a_peer_that_does_not_read(mpy, peer, data, limit):
    def deaf(connection):
        connection.wait(30)

    server = peer([EARLY, deaf])
    assert timed_out(mpy, f"mrequests.post(url, data={data}, {limit})", url=server.url, heap="40m") < 15


@pytest.fixture
def full_listener():
    """The address of a listener with a full backlog: connecting to it hangs."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = listener.getsockname()
    waiting = []
    for _ in range(8):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(address)
        waiting.append(sock)
    time.sleep(0.05)
    yield "http://{}:{}/".format(*address)
    for sock in [*waiting, listener]:
        sock.close()


@pytest.mark.parametrize("limit", ["timeout=0.3", "timeout=(0.3, None)", "timeout=(0.3, 5)", "deadline=0.3"])
def test_connect(mpy, full_listener, limit):
    assert 0.25 < timed_out(mpy, f"mrequests.get(url, {limit})", url=full_listener) < 4


def test_timeout_of_zero_is_non_blocking(mpy, figures, peer):
    server = peer(response())
    raised = mpy.error("mrequests.get(url, timeout=0)", url=server.url)
    assert raised.kind == "OSError"
    assert raised.errno in figures.not_waiting


@pytest.mark.parametrize("limit", ["timeout=0.3", "deadline=0.4", "timeout=5, deadline=0.4"])
def test_handshake_that_hangs(mpy, peer, limit):
    server = peer([EARLY, hang])
    assert timed_out(mpy, f"mrequests.get('https' + base[4:], {limit})", base=server.url) < 4


def test_handshake_that_drips(mpy, peer):
    """The server sends its hello one byte at a time."""
    record = b"\x16\x03\x03\x10\x00\x02\x00\x0f\xfc" + b"\x03\x03" + b"r" * 4000
    server = peer([EARLY, drip(record, 0.02)])
    assert 0.35 < timed_out(mpy, "mrequests.get('https' + base[4:], timeout=5, deadline=0.4)", base=server.url) < 4


def test_tls_body_that_drips(mpy, peer, server_tls):
    server = peer([response(b"", "Content-Length: 1000", length=False), drip(b"a" * 1000, 0.02)], tls=server_tls)
    assert timed_out(mpy, "mrequests.get(url, timeout=5, deadline=0.8).content", url=server.url) < 5


def test_endless_body_ends_with_the_deadline(mpy, peer):
    server = peer([response(b"", length=False), endless(b"x" * 1000, 0.001)])
    assert timed_out(mpy, "r = mrequests.get(url, deadline=0.4)\nwhile r.read(100):\n    pass", url=server.url) < 4


def test_a_deadline_that_has_passed_goes_on_raising(mpy, peer):
    """If the deadline passes between reads, buffered bytes are delivered, then each read times out."""
    server = peer([response(b"some", "Content-Length: 100", length=False), hang])
    assert mpy(
        """
    r = mrequests.get(url, deadline=0.3)
    got = r.read(4)
    time.sleep(0.35)
    show(got, [attempt(lambda: r.read(4))[:2] for _ in range(2)])
    """,
        url=server.url,
    ) == (b"some", [("OSError", ETIMEDOUT)] * 2)
