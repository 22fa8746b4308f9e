"""Errors for each kind of misbehaviour; no socket stays open.

`mpy.error` fails if a descriptor stays open. Each error is also raised several times in
one process, followed by a successful call.
"""

import pytest

from support.messages import redirect, response
from support.peer import hang, reset
from support.servers import free_port

ECONNABORTED = 103
ECONNRESET = 104
ETIMEDOUT = 110
EHOSTUNREACH = 113

# steps of the peer, call, class of the exception, errno
MISBEHAVIOUR = {
    "closes": ([], "get", "OSError", ECONNRESET),
    "resets": ([reset], "get", "OSError", ECONNRESET),
    "closes-in-the-head": ([b"HTTP/1.1 200 OK\r\nA"], "get", "OSError", ECONNRESET),
    "hangs": ([hang], "get", "OSError", ETIMEDOUT),
    "garbage": ([b"garbage\r\n\r\n"], "get", "ValueError", None),
    "bad-field": ([b"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n"], "get", "ValueError", None),
    "huge-head": ([b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 5000 + b"\r\n"], "get", "ValueError", None),
    "bad-length": ([b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"], "get", "ValueError", None),
    "bad-coding": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n"], "get", "ValueError", None),
    "bad-chunk": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"], "get.content", "ValueError", None),
    "bad-json": ([response(b"no json")], "get.json", "ValueError", None),
    "short-body": ([response(b"", "Content-Length: 9", length=False) + b"x"], "get.content", "OSError", ECONNABORTED),
    "short-chunks": (
        [response(b"9\r\nx", "Transfer-Encoding: chunked", length=False)],
        "get.content",
        "OSError",
        ECONNABORTED,
    ),
    "resets-in-the-body": (
        [response(b"", "Content-Length: 9", length=False), reset],
        "get.content",
        "OSError",
        ECONNRESET,
    ),
    "hangs-in-the-body": (
        [response(b"", "Content-Length: 9", length=False), hang],
        "get.content",
        "OSError",
        ETIMEDOUT,
    ),
    "redirect-loop": ([redirect("/")], "get", "ValueError", None),
    "redirect-to-nowhere": ([redirect("ftp://x/")], "get", "ValueError", None),
}

CALLS = {
    "get": "mrequests.get(url, timeout=0.1)",
    "get.content": "mrequests.get(url, timeout=0.1).content",
    "get.json": "mrequests.get(url, timeout=0.1).json()",
}


@pytest.mark.parametrize("steps, call, kind, errno", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
def test_misbehaviour(mpy, peer, steps, call, kind, errno):
    patient = CALLS[call].replace("0.1", "0.3" if errno == ETIMEDOUT else "5")
    server = peer(steps, repeat=True)
    raised = mpy.error(patient, url=server.url)
    assert (raised.kind, raised.errno) == (kind, errno)
    assert raised.text


@pytest.mark.parametrize("steps, call, kind, errno", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
def test_over_and_over(mpy, peer, steps, call, kind, errno):
    server = peer(steps, repeat=True)
    good = peer(response(b"fine"))
    shown = mpy(
        f"""
    before = descriptors()
    kinds = set()
    for _ in range(5):
        kinds.add(attempt(lambda: {CALLS[call]})[0])
    show(kinds, descriptors() - before, mrequests.get(good).content)
    """,
        url=server.url,
        good=good.url,
    )
    assert shown[1:] == (0, b"fine")
    # On a busy machine every call that waits may time out.
    assert shown[0] <= {kind, "OSError"}


@pytest.mark.needs("network")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_listens(mpy, figures, scheme):
    raised = mpy.error("mrequests.get(url)", url=f"{scheme}://127.0.0.1:{free_port()}/")
    assert (raised.kind, raised.errno) == ("OSError", figures.refused)


@pytest.mark.needs("network")
@pytest.mark.parametrize(
    "host", ["no-such-host.invalid", "x..y", "a" * 70 + ".invalid"], ids=["unknown", "empty-label", "long-label"]
)
def test_host_that_does_not_resolve(mpy, host):
    raised = mpy.error("mrequests.get(url)", url=f"http://{host}/")
    assert (raised.kind, raised.errno) == ("OSError", EHOSTUNREACH)
    assert "host name not found" in raised.text


def test_redirect_to_a_place_where_nothing_listens(mpy, figures, peer):
    server = peer(redirect(f"http://127.0.0.1:{free_port()}/"))
    raised = mpy.error("mrequests.get(url)", url=server.url)
    assert (raised.kind, raised.errno) == ("OSError", figures.refused)


@pytest.mark.needs("network")
def test_every_refused_connection_is_closed(mpy):
    shown = mpy(
        """
    before = descriptors()
    for _ in range(50):
        attempt(lambda: mrequests.get(url))
    show(descriptors() - before)
    """,
        url=f"http://127.0.0.1:{free_port()}/",
    )
    assert shown == 0


def test_no_memory_for_the_request(mpy, peer):
    """MemoryError reaches the caller, and the socket is closed."""
    server = peer([response(b"x" * 60_000), hang], repeat=True)
    raised = mpy.error("mrequests.get(url).content", url=server.url, heap="48k")
    assert raised.kind == "MemoryError"
