"""A truncated body: each way to read delivers the received bytes, then raises."""

import pytest

from support.messages import response
from support.peer import hang

LENGTH = response(b"", "Content-Length: 100", length=False)
CHUNKED = response(b"", "Transfer-Encoding: chunked", length=False)

# The bytes before the end, the length of their content, and the error text.
CUTS = {
    "length-nothing": (LENGTH, b"", "incomplete body: 0 of 100 bytes"),
    "length-some": (LENGTH + b"x" * 60, b"x" * 60, "incomplete body: 60 of 100 bytes"),
    "length-all-but-one": (LENGTH + b"x" * 99, b"x" * 99, "incomplete body: 99 of 100 bytes"),
    "length-large": (
        response(b"", "Content-Length: 100000", length=False) + b"x" * 50000,
        b"x" * 50000,
        "incomplete body: 50000 of 100000 bytes",
    ),
    "chunked-nothing": (CHUNKED, b"", "incomplete body: 0 bytes"),
    "chunked-in-size": (CHUNKED + b"5\r\nhello\r\n1", b"hello", "incomplete body: 5 bytes"),
    "chunked-after-size": (CHUNKED + b"5\r\nhello\r\n5\r\n", b"hello", "incomplete body: 5 bytes"),
    "chunked-in-data": (CHUNKED + b"5\r\nhello\r\n5\r\nwo", b"hellowo", "incomplete body: 7 bytes"),
    "chunked-after-data": (CHUNKED + b"5\r\nhello", b"hello", "incomplete body: 5 bytes"),
    "chunked-before-last": (CHUNKED + b"5\r\nhello\r\n", b"hello", "incomplete body: 5 bytes"),
    "chunked-in-last": (CHUNKED + b"5\r\nhello\r\n0", b"hello", "incomplete body: 5 bytes"),
    "chunked-after-last": (CHUNKED + b"5\r\nhello\r\n0\r\n", b"hello", "incomplete body: 5 bytes"),
    "chunked-in-trailers": (CHUNKED + b"5\r\nhello\r\n0\r\nX-A: 1\r\n", b"hello", "incomplete body: 5 bytes"),
}

WHOLE = {
    "content": "r.content",
    "text": "r.text",
    "json": "r.json()",
    "read-all": "r.read(-1)",
    "read-none": "r.read(None)",
    "save": "r.save('saved')",
    "saveinto": "r.saveinto(io.BytesIO())",
    "saveto-buffer": "r.saveto(io.BytesIO(), buf=bytearray(7))",
    "iter_content": "list(r.iter_content(10))",
    "iter_lines": "list(r.iter_lines())",
    "lines": "list(r)",
    "readline": "each_line()",
    "readlines": "r.readlines()",
    "stream": "json.load(r)",
}


@pytest.mark.parametrize(
    "message, text",
    [
        (LENGTH + b'["' + b"x" * 58, "incomplete body: 60 of 100 bytes"),
        (CHUNKED + b'5\r\n["llo\r\n5\r\nwo', "incomplete body: 7 bytes"),
    ],
    ids=["length", "chunked"],
)
def test_every_way_to_the_end_raises(mpy, peer, message, text):
    server = peer(message, repeat=True)
    ways = ", ".join(f"{name!r}: lambda: {way}" for name, way in WHOLE.items())
    shown = mpy(
        f"""
    def each_line():
        while r.readline():
            pass
    ways = {{{ways}}}
    shown = {{}}
    for name in ways:
        before = descriptors()
        r = mrequests.get(url)
        shown[name] = attempt(ways[name]), descriptors() - before
    show(shown)
    """,
        url=server.url,
    )
    raised = ("OSError", 103, f"[Errno 103] ECONNABORTED: {text}")
    assert shown == dict.fromkeys(WHOLE, (raised, 0))


READS = {
    "read(1)": "r.read(1)",
    "read(7)": "r.read(7)",
    "read(4096)": "r.read(4096)",
    "read()": "r.read()",
    "readinto(3)": "into(3)",
    "readinto(2048)": "into(2048)",
    "_sf.read(10)": "r._sf.read(10)",
    "readline()": "r.readline()",
    "readline(4)": "r.readline(4)",
    "next()": "next(r)",
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_what_arrived_is_delivered_first(mpy, peer, read):
    """Received bytes come first, then the error, again at the next read; no socket stays open."""
    servers = {name: peer(message) for name, (message, _, _) in CUTS.items()}
    shown = mpy(
        f"""
    def into(size):
        buf = bytearray(size)
        return buf[:r.readinto(buf)]
    shown = {{}}
    for name in urls:
        before = descriptors()
        r = mrequests.get(urls[name])
        got = bytearray()
        def read():
            piece = {read}
            got.extend(piece)
            return piece
        raised = None
        while raised is None:
            raised = attempt(lambda: read() or 1 / 0)
        again = attempt(lambda: {read})
        shown[name] = bytes(got), raised, again and again[0], descriptors() - before
    show(shown)
    """,
        urls={name: server.url for name, server in servers.items()},
    )
    assert shown == {
        name: (arrived, ("OSError", 103, f"[Errno 103] ECONNABORTED: {text}"), "OSError", 0)
        for name, (_, arrived, text) in CUTS.items()
    }


def test_saved_file_is_reported_as_short(mpy, peer, tmp_path):
    server = peer(CUTS["length-large"][0])
    raised = mpy.error("mrequests.get(url).save('saved')", url=server.url)
    assert raised.errno == 103
    assert (tmp_path / "saved").read_bytes() == b"x" * 50000


def test_content_is_not_cached_when_it_failed(mpy, peer):
    server = peer(LENGTH + b"x" * 60)
    first, second = mpy(
        """
    r = mrequests.get(url)
    show(attempt(lambda: r.content), attempt(lambda: r.content))
    """,
        url=server.url,
    )
    assert first[:2] == ("OSError", 103)
    assert second is not None and second[0] == "OSError"


def test_close_is_the_end_without_a_length(mpy, peer):
    server = peer(response(b"hello", length=False))
    assert mpy("r = mrequests.get(url)\nshow(r.content, r.content)", url=server.url) == (b"hello", b"hello")


def test_closing_before_the_end_is_no_error(mpy, peer):
    server = peer([LENGTH + b"x" * 60, hang])
    shown = mpy(
        """
    before = descriptors()
    r = mrequests.get(url)
    got = r.read(10)
    r.close()
    show(got, descriptors() - before)
    """,
        url=server.url,
    )
    assert shown == (b"x" * 10, 0)
