"""Descriptors and memory do not grow, however calls end."""

import pytest

from support.messages import chunked, redirect, response
from support.peer import KEEP, hang

GOOD = {
    "content": (response(b"hello"), "mrequests.get(url).content"),
    "chunked": (chunked(b"hello"), "mrequests.get(url).content"),
    "to-the-close": (response(b"hello", length=False), "mrequests.get(url).content"),
    "no-body": (response(status="204 No Content", length=False), "mrequests.get(url)"),
    "closed-unread": (response(b"hello"), "mrequests.get(url).close()"),
    "post": (response(b"hello"), "mrequests.post(url, json={'a': 1}, auth=('u', 'p')).content"),
    "headers": (response(b"hello", "X-A: 1"), "mrequests.get(url, save_headers=True).content"),
    "generator": (response(b"hello"), "mrequests.post(url, data=(b'x' for _ in range(3))).content"),
    "saved": (response(b"hello"), "mrequests.get(url).saveinto(io.BytesIO())"),
}


def reset(connection):
    """Resets without a pause: no data was sent that a RST could overtake."""
    connection.reset()


BAD = {
    "closed": [],
    "reset": [reset],
    "garbage": [b"garbage\r\n\r\n"],
    "short": [response(b"", "Content-Length: 10", length=False)],
    "bad-chunk": [response(b"x\r\n", "Transfer-Encoding: chunked", length=False)],
    "redirects": [redirect("/")],
    "hang": [hang],
}


def growth(mpy, call, count, **names):
    """Returns the descriptors and heap bytes that `count` calls leave behind, after warm-up calls."""
    return mpy(
        f"""
    def once():
        try:
            {call}
        except (OSError, ValueError, RuntimeError):
            pass
    def used():
        gc.collect()
        gc.collect()
        return gc.mem_alloc()
    def many(count):
        for _ in range(count):
            once()
    many(10)
    descriptors_before, memory_before = descriptors(), used()
    many(count)
    descriptors_after, memory_after = descriptors(), used()
    show(descriptors_after - descriptors_before, memory_after - memory_before)
    """,
        count=count,
        timeout=50,
        **names,
    )


@pytest.mark.parametrize("message, call", GOOD.values(), ids=GOOD.keys())
def test_200_good_calls(mpy, peer, message, call):
    server = peer(message, repeat=True)
    leaked, grown = growth(mpy, call, 200, url=server.url)
    assert leaked == 0
    assert grown < 1000


@pytest.mark.parametrize("steps", BAD.values(), ids=BAD.keys())
def test_200_bad_calls(mpy, peer, steps):
    server = peer(steps, repeat=True)
    leaked, grown = growth(
        mpy, "mrequests.get(url, timeout=0.005 if hanging else 5).content", 200, url=server.url, hanging=hang in steps
    )
    assert leaked == 0
    assert grown < 1000


@pytest.mark.needs("speed")
def test_refused_arguments(mpy):
    leaked, grown = growth(mpy, "mrequests.get('http://h/\\r\\n')", 1000)
    assert (leaked, grown < 1000) == (0, True)


def test_1000_calls_do_not_grow_the_heap(mpy, nginx):
    leaked, grown = growth(
        mpy, "mrequests.get(url, save_headers=True).content", 1000, url=nginx.url + "/1k.bin", heap="128k"
    )
    assert leaked == 0
    assert grown < 1000


@pytest.mark.thorough
def test_calls_over_tls(mpy, nginx):
    leaked, grown = growth(mpy, "mrequests.get(url).content", 60, url=nginx.https + "/1k.bin")
    assert leaked == 0
    assert grown < 2000


@pytest.mark.needs("process")
def test_a_dropped_response_is_closed_when_it_is_collected(mpy, peer):
    """The finaliser closes the socket: the peer sees the end while the interpreter still runs."""
    server = peer([response(b"hello"), hang], repeat=True)
    process = mpy.popen(
        """
    for _ in range(5):
        mrequests.get(url)
    gc.collect()
    sys.stdin.read()
    """,
        url=server.url,
    )
    try:
        server.wait_for_requests(5)
        # A stale pointer on the stack may keep one response alive.
        closed = [connection.closed_by_client.wait(2) for connection in server.connections]
        assert sum(closed) >= 4
    finally:
        process.communicate("", 5)


def test_dropped_responses_do_not_use_up_the_descriptors(mpy, peer):
    """The collector closes sockets of dropped responses: 200 of them keep few sockets open."""
    server = peer([response(b"hello"), hang], repeat=True)
    shown = mpy(
        """
    before = descriptors()
    most = 0
    for n in range(200):
        mrequests.get(url)
        if n % 20 == 19:
            gc.collect()
            most = max(most, descriptors() - before)
    show(most)
    """,
        url=server.url,
    )
    assert shown <= 5


@pytest.mark.parametrize("subclass", ["", "class R(mrequests.Response):\n    pass\n"], ids=["Response", "subclass"])
def test_the_finaliser_of_a_closed_response_does_no_harm(mpy, peer, subclass):
    """The finaliser must not close a descriptor that another file has reused."""
    server = peer(response(b"hello"))
    shown = mpy(
        f"""
{subclass}
def use():
    r = mrequests.get(url, response_class={"R" if subclass else "mrequests.Response"})
    r.content
    r.close()
use()
f = open("other", "w")
gc.collect()
f.write("still open")
f.close()
show(open("other").read())
""",
        url=server.url,
    )
    assert shown == "still open"


def test_a_response_that_cannot_be_made_ready(mpy, peer):
    """The socket is closed at once, not by the collector."""
    server = peer(response(b"hello"), repeat=True)
    raised, leaked = mpy(
        """
class R(mrequests.Response):
    @property
    def headers(self):
        raise ValueError("no headers")
gc.disable()
before = descriptors()
raised = [attempt(lambda: mrequests.get(url, response_class=R)) for _ in range(5)]
show(raised[-1][0], descriptors() - before)
""",
        url=server.url,
    )
    assert (raised, leaked) == ("ValueError", 0)


def test_a_response_that_was_used_before(mpy, peer):
    """response_class must not return the response of an earlier request."""
    server = peer([response(b"hello"), KEEP], repeat=True)
    raised, content, leaked = mpy(
        """
first = mrequests.get(url)
gc.disable()
before = descriptors()
raised = [attempt(lambda: mrequests.get(url, response_class=lambda *args, **kw: first)) for _ in range(5)]
show(raised[-1][0], first.content, descriptors() - before)
""",
        url=server.url,
    )
    assert (raised, content) == ("TypeError", b"hello")
    assert leaked <= 0


@pytest.mark.needs("files")
def test_no_socket_for_the_second_hop(mpy, peer):
    """The error path must not close a descriptor that another file has reused."""
    server = peer(redirect("/b"), response(b"hello"))
    raised, content = mpy(
        """
class Sockets:
    calls = 0
    def __getattr__(self, name):
        return getattr(real, name)
    def socket(self, *kind):
        self.calls += 1
        if self.calls == 2:
            files.append(open("victim", "w"))
            raise OSError(24)
        return real.socket(*kind)
import socket as real
files = []
sys.modules["socket"] = Sockets()
raised = attempt(lambda: mrequests.get(url))
files[0].write("intact")
files[0].close()
show(raised[:2], open("victim").read())
""",
        url=server.url,
    )
    assert raised == ("OSError", 24)
    assert content == "intact"
