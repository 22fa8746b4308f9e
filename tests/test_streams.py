"""A response is a MicroPython stream."""

import gzip
import json
import zlib

import pytest

from support.messages import chunked, response
from support.peer import KEEP, hang, pause

LINES = b"first\nsecond, longer\r\n\nlast"


def chunked_up(body):
    """Returns a response in chunks of three bytes."""
    return chunked(*(body[i : i + 3] for i in range(0, len(body), 3)))


@pytest.fixture(
    params=[response, chunked_up, lambda body: response(body, length=False)], ids=["length", "chunked", "close"]
)
def make(request):
    """Returns a function that makes a response of a body, in each of the framings."""
    return request.param


@pytest.fixture(params=["r", "r._sf", "S(r)"], ids=["response", "_sf", "subclass"])
def stream(request):
    """Returns an expression for the stream: the response, its `_sf`, or an instance of a subclass."""
    return request.param


def on_stream(mpy, peer, message, stream, source, **options):
    """Runs a snippet on `s`, the stream of a response."""
    server = peer(message, **options)
    opening = "r = mrequests.get(url)\ns = " + stream
    if stream.startswith("S("):
        opening = "class S(mrequests.Response):\n    pass\nr = s = mrequests.get(url, response_class=S)"
    return mpy(f"{opening}\n{source}", url=server.url)


def test_json_load(mpy, peer, make, stream):
    value = {"a": [1, 2, {"b": "z\u00fc"}], "c": None}
    assert on_stream(mpy, peer, make(json.dumps(value).encode()), stream, "show(json.load(s))") == value


def test_json_load_of_a_dripping_peer(mpy, peer, make):
    assert on_stream(mpy, peer, make(b'{"a": [1, 2, 3]}'), "r", "show(json.load(s))", pace="bytes") == {"a": [1, 2, 3]}


def test_json_load_of_a_large_document(mpy, peer, make, stream):
    value = [{"number": n, "text": "x" * 20} for n in range(500)]
    shown = on_stream(
        mpy, peer, make(json.dumps(value).encode()), stream, "v = json.load(s)\nshow(len(v), v[-1]['number'])"
    )
    assert shown == (500, 499)


@pytest.mark.parametrize("form, compress", [("GZIP", gzip.compress), ("ZLIB", zlib.compress)], ids=["gzip", "zlib"])
def test_deflate(mpy, peer, make, stream, form, compress):
    content = b"again and again\n" * 300
    source = f"import deflate\nd = deflate.DeflateIO(s, deflate.{form})\nshow(d.readline(), len(d.read()))"
    assert on_stream(mpy, peer, make(compress(content)), stream, source) == (b"again and again\n", len(content) - 16)


def test_readline(mpy, peer, make, stream):
    shown = on_stream(mpy, peer, make(LINES), stream, "show([s.readline() for _ in range(5)])")
    assert shown == [
        b"first\n",
        b"second, longer\r\n",
        b"\n",
        b"last",
        b"",
    ]


def test_readline_with_a_limit(mpy, peer, stream):
    shown = on_stream(mpy, peer, response(LINES), stream, "show([s.readline(4) for _ in range(3)])")
    assert shown == [
        b"firs",
        b"t\n",
        b"seco",
    ]


def test_readlines(mpy, peer, make, stream):
    shown = on_stream(mpy, peer, make(LINES), stream, "show(s.readlines())")
    assert shown == [
        b"first\n",
        b"second, longer\r\n",
        b"\n",
        b"last",
    ]


def test_iteration(mpy, peer, make, stream):
    shown = on_stream(mpy, peer, make(LINES), stream, "show([line for line in s])")
    assert shown == [
        b"first\n",
        b"second, longer\r\n",
        b"\n",
        b"last",
    ]


def test_a_line_larger_than_the_buffer(mpy, peer, make, stream):
    body = b"x" * 5000 + b"\n" + b"y" * 10
    assert on_stream(mpy, peer, make(body), stream, "show([len(line) for line in s])") == [5001, 10]


def test_mixed_reads(mpy, peer, make):
    """Mixed read methods lose no byte and return none twice."""
    body = bytes(n % 250 for n in range(3000))
    shown = on_stream(
        mpy,
        peer,
        make(body),
        "r",
        """
b = bytearray(700)
parts = [r.read(1), r.read(10), bytes(b[:r.readinto(b)]), r._sf.read(5), r.readline()]
parts += [r.read(600), bytes(b[:r.readinto(b, 3)]), r.content]
show(b"".join(parts))
""",
    )
    assert shown == body


def test_sf_and_response_are_one_body(mpy, peer, make):
    shown = on_stream(
        mpy, peer, make(b"0123456789"), "r", "show(r.read(2), r._sf.read(3), r.read(2), r._sf.read(), r.read())"
    )
    assert shown == (b"01", b"234", b"56", b"789", b"")


def test_closing_the_stream_closes_the_response(mpy, peer):
    server = peer([response(b"hello"), hang])
    shown = mpy(
        """
        before = descriptors()
        r = mrequests.get(url)
        r._sf.close()
        show(descriptors() - before, attempt(lambda: r.read(1))[0])
        """,
        url=server.url,
    )
    assert shown == (0, "OSError")


def test_copying_a_stream_to_a_stream(mpy, peer, make, stream):
    source = """
f = io.BytesIO()
buf = bytearray(16)
while True:
    n = s.readinto(buf)
    if not n:
        break
    f.write(buf[:n])
show(f.getvalue())"""
    assert on_stream(mpy, peer, make(b"0123456789" * 20), stream, source) == b"0123456789" * 20


POLL = """
import select
p = select.poll()
p.register(s, select.POLLIN)
"""


def test_poll_with_bytes_at_hand(mpy, peer, stream):
    """poll() reports bytes that were read ahead with the head, even if the socket has none."""
    server_message = [response(b"hello"), KEEP]
    shown = on_stream(
        mpy, peer, server_message, stream, POLL + "show([event for _, event in p.poll(2000)][0] & 1, s.read(5))"
    )
    assert shown == (1, b"hello")


def test_poll_with_nothing_yet(mpy, peer, stream):
    late = [response(b"", "Content-Length: 5", length=False), pause(0.6), b"hello", KEEP]
    shown = on_stream(mpy, peer, late, stream, POLL + "show(p.poll(10), len(p.poll(5000)), s.read(5))")
    assert shown == (
        [],
        1,
        b"hello",
    )


def test_poll_at_the_end(mpy, peer, stream):
    """poll() reports the end as readable: a read returns b"" without blocking."""
    shown = on_stream(
        mpy, peer, [response(b"hello"), KEEP], stream, "s.read(5)\n" + POLL + "show(len(p.poll(2000)), s.read(1))"
    )
    assert shown == (1, b"")


def test_a_subclass_is_given_to_a_native_function(mpy, peer):
    """The stream protocol finds the native part of a subclass instance."""
    server = peer(response(b'{"a": 1}'), response(b"one\ntwo"))
    shown = mpy(
        """
    class A(mrequests.Response):
        def __init__(self, *args, **kw):
            super().__init__(*args, **kw)
            self.padding = [None] * 50
    class B(A):
        pass
    show(json.load(mrequests.get(url, response_class=B)), [l for l in mrequests.get(url, response_class=B)])
    """,
        url=server.url,
    )
    assert shown == ({"a": 1}, [b"one\n", b"two"])
