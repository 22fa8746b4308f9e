"""Where a body ends, and how each way of reading sees it (SPEC section 3)."""

import hashlib

import pytest

from support.messages import chunked, chunks, response
from support.peer import KEEP, endless, hang, pause
from support.reading import WAYS

HEAD = b"HTTP/1.1 200 OK\r\n"

TEXT = b"first line\nsecond line, a little longer\n\nlast, without an end"

FRAMINGS = {
    "length": response(TEXT),
    "chunked": chunked(TEXT),
    "many-chunks": chunked(*(TEXT[i : i + 3] for i in range(0, len(TEXT), 3))),
    "chunk-a-byte": chunked(*(TEXT[i : i + 1] for i in range(len(TEXT)))),
    "extensions-and-trailers": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b'%x;a=b;c="d"\r\n%s\r\n0;last\r\nX-T: 1\r\nX-U: 2\r\n\r\n' % (len(TEXT), TEXT),
    "close": response(TEXT, length=False),
}


@pytest.mark.parametrize("pace", ["whole", "bytes", pytest.param("random", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("message", FRAMINGS.values(), ids=FRAMINGS.keys())
def test_every_way_gives_the_same_body(mpy, peer, message, way, pace):
    server = peer(message, pace=pace)
    shown = mpy(
        f"before = descriptors()\nr = mrequests.get(url)\n{WAYS[way]}\nshow(body, descriptors() - before)",
        url=server.url,
    )
    assert shown == (TEXT, 0)  # at the end of the body the socket is closed


@pytest.mark.parametrize("message", [FRAMINGS["length"], FRAMINGS["many-chunks"]], ids=["length", "chunked"])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_read_past_the_end(mpy, peer, message, way):
    """A peer that keeps the connection open is not waited for, what it sends more is not delivered."""
    server = peer([message + b"HTTP/1.1 200 OK\r\nMORE", KEEP])
    assert mpy(f"r = mrequests.get(url)\n{WAYS[way]}\nshow(body)", url=server.url, timeout=5) == TEXT


NO_BODY = {
    "head": ("head", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
    "head-chunked": ("head", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "head-invalid-length": ("head", b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n"),
    "head-404": ("head", b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\n"),
    "204": ("get", b"HTTP/1.1 204 No Content\r\n\r\n"),
    "204-length": ("get", b"HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n"),
    "204-chunked": ("delete", b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "304": ("get", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"),
    "304-chunked": ("get", b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "length-0": ("get", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "chunked-empty": ("get", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("after", [b"", b"MORE BYTES"], ids=["", "and-more"])
@pytest.mark.parametrize("method, message", NO_BODY.values(), ids=NO_BODY.keys())
def test_no_body(mpy, peer, method, message, after):
    server = peer([message + after, KEEP])
    shown = mpy(
        f"r = mrequests.{method}(url)\nshow(r.read(10), r.readinto(bytearray(4)), r.content, r.text)",
        url=server.url,
        timeout=5,
    )
    assert shown == (b"", 0, b"", "")


def get(mpy, peer, fields, body):
    """The content of a response with `fields` (bytes, each with its line end)."""
    server = peer([HEAD + fields + b"\r\n" + body, KEEP])
    return mpy("show(mrequests.get(url, timeout=5).content)", url=server.url)


GOOD_LENGTHS = {
    "plain": b"Content-Length: 5\r\n",
    "zeros": b"Content-Length: 0005\r\n",
    "white-space": b"Content-Length: \t 5 \t\r\n",
    "no-space": b"Content-Length:5\r\n",
    "twice": b"Content-Length: 5\r\nContent-Length: 5\r\n",
    "twice-in-other-case": b"Content-Length: 5\r\ncontent-length: 5\r\n",
    "list": b"Content-Length: 5, 5\r\n",
    "list-and-line": b"Content-Length: 5,5\r\nContent-Length: 5\r\n",
}


@pytest.mark.parametrize("fields", GOOD_LENGTHS.values(), ids=GOOD_LENGTHS.keys())
def test_content_length(mpy, peer, fields):
    assert get(mpy, peer, fields, b"helloBEYOND") == b"hello"


BAD_LENGTHS = {
    "different": b"Content-Length: 5\r\nContent-Length: 6\r\n",
    "different-list": b"Content-Length: 5, 6\r\n",
    "plus": b"Content-Length: +5\r\n",
    "minus": b"Content-Length: -5\r\n",
    "hex": b"Content-Length: 0x5\r\n",
    "hex-digit": b"Content-Length: a\r\n",
    "fraction": b"Content-Length: 5.0\r\n",
    "exponent": b"Content-Length: 5e0\r\n",
    "underscore": b"Content-Length: 1_0\r\n",
    "space-inside": b"Content-Length: 5 5\r\n",
    "empty": b"Content-Length:\r\n",
    "words": b"Content-Length: five\r\n",
    "quoted": b'Content-Length: "5"\r\n',
    "2-to-the-64": b"Content-Length: 18446744073709551616\r\n",
    "overflow-to-5": b"Content-Length: 18446744073709551621\r\n",
    "very-long": b"Content-Length: " + b"9" * 100 + b"\r\n",
    "with-chunked": b"Content-Length: -5\r\nTransfer-Encoding: chunked\r\n",
}


@pytest.mark.parametrize("fields", BAD_LENGTHS.values(), ids=BAD_LENGTHS.keys())
def test_bad_content_length(mpy, peer, fields):
    server = peer(HEAD + fields + b"\r\n5\r\nhello\r\n0\r\n\r\n")
    assert mpy.error("mrequests.get(url).content", url=server.url).kind == "ValueError"


CHUNKED_FIELDS = {
    "plain": b"Transfer-Encoding: chunked\r\n",
    "title": b"Transfer-Encoding: Chunked\r\n",
    "upper": b"TRANSFER-ENCODING: CHUNKED\r\n",
    "spaces": b"Transfer-Encoding:  \tchunked \t\r\n",
    "empty-members": b"Transfer-Encoding: , chunked,\r\n",
    "after-another": b"Transfer-Encoding: gzip, chunked\r\n",
    "on-the-last-line": b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
    "over-length": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    "over-a-later-length": b"Transfer-Encoding: chunked\r\nContent-Length: 300\r\n",
}


@pytest.mark.parametrize("fields", CHUNKED_FIELDS.values(), ids=CHUNKED_FIELDS.keys())
def test_chunked(mpy, peer, fields):
    assert get(mpy, peer, fields, chunks(b"hello", b" world") + b"BEYOND") == b"hello world"


OTHER_CODINGS = {
    "xchunked": b"Transfer-Encoding: xchunked\r\n",
    "chunkedx": b"Transfer-Encoding: chunkedx\r\n",
    "gzip": b"Transfer-Encoding: gzip\r\n",
    "identity": b"Transfer-Encoding: identity\r\n",
    "chunked-first": b"Transfer-Encoding: chunked, gzip\r\n",
    "chunked-on-the-first-line": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
    "chunked-twice": b"Transfer-Encoding: chunked, chunked\r\n",
    "parameter": b"Transfer-Encoding: chunked;q=1\r\n",
    "quoted": b'Transfer-Encoding: "chunked"\r\n',
    "with-length": b"Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
}


@pytest.mark.parametrize("fields", OTHER_CODINGS.values(), ids=OTHER_CODINGS.keys())
def test_other_transfer_coding(mpy, peer, fields):
    server = peer(HEAD + fields + b"\r\n" + chunks(b"hello"))
    assert mpy.error("mrequests.get(url).content", url=server.url).kind == "ValueError"


def test_to_the_end_of_the_connection(mpy, peer):
    server = peer([HEAD + b"\r\nhello", pause(0.05), b" world"])
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"hello world"


CHUNK_FORMS = {
    "upper-hex": (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    "lower-hex": (b"a\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    "leading-zeros": (b"0005\r\nhello\r\n000\r\n\r\n", b"hello"),
    "many-zeros": (b"0" * 40 + b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    "extension": (b"5;name=value\r\nhello\r\n0\r\n\r\n", b"hello"),
    "extension-space": (b"5 ; name\r\nhello\r\n0\r\n\r\n", b"hello"),
    "extension-quoted": (b'5;a="b;c"\r\nhello\r\n0\r\n\r\n', b"hello"),
    "extension-long": (b"5;" + b"x" * 2000 + b"\r\nhello\r\n0\r\n\r\n", b"hello"),
    "trailers": (b"5\r\nhello\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", b"hello"),
    "trailers-long": (b"5\r\nhello\r\n0\r\nX-A: " + b"1" * 4000 + b"\r\n\r\n", b"hello"),
    "data-like-framing": (b"a\r\n5\r\nhello\r\n\r\n0\r\n\r\n", b"5\r\nhello\r\n"),
    "bare-lf": (b"5\nhello\r\n0\n\n", b"hello"),
}


@pytest.mark.parametrize("pace", ["whole", "bytes"])
@pytest.mark.parametrize("coded, content", CHUNK_FORMS.values(), ids=CHUNK_FORMS.keys())
def test_chunk_form(mpy, peer, coded, content, pace):
    server = peer([HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + coded, KEEP], pace=pace)
    assert mpy("show(mrequests.get(url, timeout=5).content)", url=server.url) == content


BAD_CHUNKS = {
    "no-hex": b"xyz\r\nhello\r\n0\r\n\r\n",
    "empty-size": b"\r\nhello\r\n0\r\n\r\n",
    "plus": b"+5\r\nhello\r\n0\r\n\r\n",
    "minus": b"-5\r\nhello\r\n0\r\n\r\n",
    "0x": b"0x5\r\nhello\r\n0\r\n\r\n",
    "space-before": b" 5\r\nhello\r\n0\r\n\r\n",
    "letters-after": b"5g\r\nhello\r\n0\r\n\r\n",
    "underscore": b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n",
    "overflow": b"1" + b"0" * 16 + b"5\r\nhello\r\n0\r\n\r\n",
    "overflow-long": b"f" * 100 + b"\r\nhello\r\n0\r\n\r\n",
    "too-short": b"4\r\nhello\r\n0\r\n\r\n",
    "too-long": b"7\r\nhello\r\n0\r\n\r\n",
    "bare-lf-after-data": b"5\r\nhello\n0\r\n\r\n",
    "no-crlf-after-data": b"5\r\nhello5\r\nworld\r\n0\r\n\r\n",
    "only-extension": b";a=b\r\nhello\r\n0\r\n\r\n",
    "bare-cr-in-extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("way", ["content", "read", "readinto", "saveinto"])
@pytest.mark.parametrize("coded", BAD_CHUNKS.values(), ids=BAD_CHUNKS.keys())
def test_bad_chunk(mpy, peer, coded, way):
    server = peer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + coded)
    assert mpy.error(f"r = mrequests.get(url)\n{WAYS[way]}", url=server.url).kind == "ValueError"


ENDLESS = {
    "chunk-size": [endless(b"0" * 4096)],
    "extension": [b"5;", endless(b"x" * 4096)],
    "trailer": [b"0\r\nX-A: ", endless(b"x" * 4096)],
    "trailers": [b"0\r\n", endless(b"X-A: 1\r\n" * 512)],
}


@pytest.mark.parametrize("steps", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless_chunk_framing(mpy, peer, steps):
    server = peer([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *steps])
    assert mpy.error("mrequests.get(url).content", url=server.url, heap="128k").kind == "ValueError"


def test_content_larger_than_memory(mpy, peer):
    """A body that does not fit is a MemoryError at most, and the socket is closed."""
    server = peer([HEAD + b"Content-Length: 3000000000\r\n\r\n", hang])
    raised = mpy.error("mrequests.get(url, timeout=1).content", url=server.url, heap="128k")
    assert raised.kind in ("MemoryError", "OSError")


def test_body_larger_than_memory_can_be_streamed(mpy, peer):
    server = peer([HEAD + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000])
    shown = mpy(
        """
    r = mrequests.get(url)
    buf = bytearray(1024)
    total = 0
    while True:
        n = r.readinto(buf)
        if not n:
            break
        total += n
    show(total)
    """,
        url=server.url,
        heap="64k",
    )
    assert shown == 1_000_000


class TestNginx:
    """The same against a real server."""

    @pytest.mark.parametrize("name", ["small.txt", "1k.bin", "1m.bin", "empty.txt"])
    @pytest.mark.parametrize("folder", ["/", "/chunked/"])
    def test_file(self, mpy, nginx, folder, name):
        got = mpy("r = mrequests.get(url)\nr.save('saved')\nshow(r.chunked)", url=nginx.url + folder + name)
        assert (mpy.directory / "saved").read_bytes() == nginx.files[name]
        assert got is (folder == "/chunked/") or name == "empty.txt"

    def test_content_of_a_megabyte(self, mpy, nginx):
        digest = mpy(
            """
            import hashlib
            show(hashlib.sha256(mrequests.get(url).content).digest())
            """,
            url=nginx.url + "/chunked/1m.bin",
            heap="8m",
        )
        assert digest == hashlib.sha256(nginx.files["1m.bin"]).digest()

    def test_keep_alive_is_not_waited_for(self, mpy, nginx):
        shown = mpy(
            "show(mrequests.get(url, headers={'Connection': 'keep-alive'}).content)",
            url=nginx.url + "/small.txt",
            timeout=5,
        )
        assert shown == b"a small file\n"

    def test_range(self, mpy, nginx):
        shown = mpy(
            "r = mrequests.get(url, headers={'Range': 'bytes=2-6'})\nshow(r.status_code, r.content)",
            url=nginx.url + "/small.txt",
        )
        assert shown == (206, b"small")

    def test_head(self, mpy, nginx):
        shown = mpy(
            "r = mrequests.head(url)\nshow(r.status_code, r.content_length, r.content)", url=nginx.url + "/1m.bin"
        )
        assert shown == (200, len(nginx.files["1m.bin"]), b"")

    def test_no_content(self, mpy, nginx):
        assert mpy("r = mrequests.get(url)\nshow(r.status_code, r.content)", url=nginx.url + "/empty") == (204, b"")

    @pytest.mark.needs("ipv6")
    def test_ipv6(self, mpy, nginx):
        assert mpy("show(mrequests.get(url).content)", url=nginx.url6 + "/small.txt") == b"a small file\n"


@pytest.mark.parametrize("count", [1, 10])
def test_httpbin_stream(mpy, httpbin, count):
    """httpbin sends a chunk a line."""
    shown = mpy(
        "show([json.loads(line)['id'] for line in mrequests.get(url).iter_lines()])", url=f"{httpbin}/stream/{count}"
    )
    assert shown == list(range(count))
