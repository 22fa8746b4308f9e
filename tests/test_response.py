"""Attributes and methods of Response (SPEC section 4)."""

import json

import pytest

from support.messages import chunked, redirect, response
from support.peer import KEEP, hang


def look(mpy, peer, message, source, **names):
    """Runs a snippet on `r`, the response to a GET that is answered with `message`."""
    server = peer(message)
    return mpy(f"r = mrequests.get(url)\n{source}", url=server.url, **names)


class TestAttributes:
    def test_status(self, mpy, peer):
        assert look(mpy, peer, response(status="404 Not Found"), "show(r.status_code, r.reason)") == (404, b"Not Found")

    @pytest.mark.parametrize(
        "status, ok",
        [
            (200, True),
            (204, True),
            (299, True),
            (304, True),
            (399, True),
            (400, False),
            (404, False),
            (500, False),
            (599, False),
        ],
    )
    def test_ok(self, mpy, peer, status, ok):
        assert look(mpy, peer, response(status=f"{status} Text"), "show(r.ok)") is ok

    def test_headers_are_none_unless_saved(self, mpy, peer):
        assert look(mpy, peer, response(), "show(r.headers)") is None

    @pytest.mark.parametrize(
        "fields, charset",
        [
            ((), "utf-8"),
            (("Content-Type: text/plain",), "utf-8"),
            (("Content-Type: text/plain; charset=utf-8",), "utf-8"),
            (("Content-Type: text/plain;charset=ISO-8859-1",), "iso-8859-1"),
            (('Content-Type: text/plain; x="a;charset=b"; CHARSET="latin-1"',), "latin-1"),
            (("content-type: text/html; charset=us-ascii; q=1",), "us-ascii"),
        ],
    )
    def test_charset(self, mpy, peer, fields, charset):
        assert look(mpy, peer, response(b"", *fields), "show(r.charset)").lower() == charset

    @pytest.mark.parametrize(
        "fields, encoding",
        [
            ((), "utf-8"),
            (("Content-Encoding: gzip",), "gzip"),
            (("content-encoding: deflate",), "deflate"),
            (("Content-Type: text/plain; charset=latin-1",), "utf-8"),
        ],
    )
    def test_encoding_keeps_its_quirk(self, mpy, peer, fields, encoding):
        assert look(mpy, peer, response(b"", *fields), "show(r.encoding)") == encoding

    @pytest.mark.parametrize(
        "message, length",
        [
            (response(b"12345"), 5),
            (response(b""), 0),
            (chunked(b"12345"), None),
            (response(b"12345", length=False), None),
            (response(b"", "Content-Length: 5", status="304 Not Modified", length=False), 5),
        ],
        ids=["length", "zero", "chunked", "close", "304"],
    )
    def test_content_length(self, mpy, peer, message, length):
        assert look(mpy, peer, message, "show(r.content_length)") == length

    @pytest.mark.parametrize(
        "message, is_chunked", [(response(b"12345"), False), (chunked(b"12345"), True)], ids=["length", "chunked"]
    )
    def test_chunked(self, mpy, peer, message, is_chunked):
        assert look(mpy, peer, message, "show(r.chunked)") is is_chunked

    def test_url(self, mpy, peer):
        server = peer(response())
        assert mpy("show(mrequests.get(base + '/a?b=c#d').url)", base=server.url) == server.url + "/a?b=c"

    def test_url_and_history_after_redirects(self, mpy, peer):
        server = peer(redirect("/b"), redirect("/c", status="307 Temporary Redirect"), response())
        url, history = mpy("r = mrequests.get(base + '/a', max_redirects=2)\nshow(r.url, r.history)", base=server.url)
        assert url == server.url + "/c"
        assert history == [(302, server.url + "/a"), (307, server.url + "/b")]

    def test_no_history(self, mpy, peer):
        assert look(mpy, peer, response(), "show(r.history)") == []

    def test_unknown_attribute(self, mpy, peer):
        assert look(mpy, peer, response(), "show(hasattr(r, 'no_such_thing'))") is False

    def test_print(self, mpy, peer):
        assert "Response" in look(mpy, peer, response(), "show(repr(r))")

    def test_looking_at_everything_changes_nothing(self, mpy, peer):
        """dir(), as tab completion calls it, loads every attribute."""
        assert look(mpy, peer, response(b"hello"), "dir(r)\nshow(r.content)") == b"hello"


class TestContent:
    def test_content_is_cached(self, mpy, peer):
        shown = look(mpy, peer, response(b"hello"), "show(r.content, r.content is r.content, type(r.content) is bytes)")
        assert shown == (b"hello", True, True)

    def test_content_outlives_the_socket(self, mpy, peer):
        shown = look(mpy, peer, response(b"hello"), "r.content\nshow(r._sock is None, r.content, r.text)")
        assert shown == (
            True,
            b"hello",
            "hello",
        )

    def test_content_is_one_allocation(self, mpy, peer):
        """With the length known, 100 kB fit in a heap that has no room for them twice."""
        server = peer(response(b"x" * 100_000))
        assert mpy("show(len(mrequests.get(url).content))", url=server.url, heap="170k") == 100_000

    def test_chunked_content_has_every_chunk(self, mpy, peer):
        assert look(mpy, peer, chunked(b"one", b"two", b"x" * 5000), "show(r.content)") == b"onetwo" + b"x" * 5000

    @pytest.mark.parametrize(
        "fields, body, text",
        [
            ((), "z\u00fcrich".encode(), "z\u00fcrich"),
            (("Content-Type: text/plain; charset=utf-8",), "\u20ac".encode(), "\u20ac"),
            (("Content-Type: text/plain; charset=latin-1",), b"z\xfcrich", "z\u00fcrich"),
            (("Content-Type: text/plain; charset=ISO-8859-1",), b"\xff\x80", "\u00ff\u0080"),
            (('Content-Type: text/plain; charset="iso-8859-1"',), b"\xe9", "\u00e9"),
            (("Content-Type: text/plain; charset=ascii",), b"abc", "abc"),
            (("Content-Type: text/plain; charset=us-ascii",), b"abc", "abc"),
            (("Content-Encoding: identity",), "\u00fc".encode(), "\u00fc"),
            (("Content-Encoding: gzip", "Content-Type: text/plain; charset=latin-1"), b"\xfc", "\u00fc"),
            ((), b"", ""),
        ],
        ids=[
            "default",
            "utf-8",
            "latin-1",
            "iso-8859-1",
            "quoted",
            "ascii",
            "us-ascii",
            "identity",
            "gzip-latin-1",
            "empty",
        ],
    )
    def test_text(self, mpy, peer, fields, body, text):
        assert look(mpy, peer, response(body, *fields), "show(r.text)") == text

    def test_text_that_is_not_what_it_says(self, mpy, peer):
        server = peer(response(b"\xff\xfe", "Content-Type: text/plain; charset=utf-8"))
        kind = mpy("show(attempt(lambda: mrequests.get(url).text))", url=server.url)
        assert kind is None or kind[0] == "ValueError"

    @pytest.mark.parametrize(
        "value", [{"a": [1, 2.5, None, True]}, [], {}, "text", 5, None, {"z": "\u00fc\u20ac"}], ids=repr
    )
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    def test_json(self, mpy, peer, make, value):
        assert look(mpy, peer, make(json.dumps(value, ensure_ascii=False).encode()), "show(r.json())") == value

    def test_json_after_content(self, mpy, peer):
        assert look(mpy, peer, response(b'{"a": 1}'), "r.content\nshow(r.json(), r.text)") == ({"a": 1}, '{"a": 1}')

    def test_json_needs_no_second_copy(self, mpy, peer):
        """A document of 80 kB whose value is small, in a heap of 64 kB."""
        server = peer(response(b'{"a": 1' + b" " * 80_000 + b"}"))
        assert mpy("show(mrequests.get(url).json())", url=server.url, heap="64k") == {"a": 1}

    @pytest.mark.parametrize("body", [b"", b"no json", b'{"a": '], ids=["empty", "words", "cut"])
    def test_json_that_is_none(self, mpy, peer, body):
        server = peer(response(body))
        assert mpy.error("mrequests.get(url).json()", url=server.url).kind == "ValueError"


class TestRead:
    def test_up_to_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "show([r.read(4), r.read(4), r.read(4), r.read(4)])")
        assert shown == [
            b"0123",
            b"4567",
            b"89",
            b"",
        ]

    def test_default_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"x" * 10_000), "show([len(r.read()) for _ in range(4)])")
        assert shown == [
            4096,
            4096,
            1808,
            0,
        ]

    @pytest.mark.parametrize("pace", ["bytes", "random"])
    def test_fills_up_whatever_the_segments(self, mpy, peer, pace):
        server = peer(response(b"0123456789" * 30), pace=pace)
        shown = mpy("r = mrequests.get(url)\nshow([len(r.read(100)) for _ in range(4)])", url=server.url)
        assert shown == [
            100,
            100,
            100,
            0,
        ]

    def test_fills_up_whatever_the_chunks(self, mpy, peer):
        shown = look(mpy, peer, chunked(b"a" * 3, b"b" * 50, b"c"), "show([len(r.read(20)) for _ in range(4)])")
        assert shown == [
            20,
            20,
            14,
            0,
        ]

    @pytest.mark.parametrize("size", ["-1", "None"])
    def test_the_rest(self, mpy, peer, size):
        shown = look(mpy, peer, response(b"0123456789"), f"show(r.read(3), r.read({size}), r.read({size}))")
        assert shown == (
            b"012",
            b"3456789",
            b"",
        )

    def test_nothing(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.read(0), r.read(2), r.read(0))") == (b"", b"he", b"")

    def test_size_as_a_keyword_or_not(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.read(2), r.read(size=2))") == (b"he", b"ll")

    def test_content_is_what_is_left(self, mpy, peer):
        assert look(mpy, peer, response(b"0123456789"), "r.read(4)\nshow(r.content)") == b"456789"

    @pytest.mark.parametrize("size", [b"1", "one", 1.5], ids=repr)
    def test_size_of_a_wrong_type(self, mpy, peer, size):
        server = peer(response(b"hello"))
        assert (
            mpy("r = mrequests.get(url)\nshow(attempt(lambda: r.read(size)))", url=server.url, size=size)[0]
            == "TypeError"
        )


class TestReadinto:
    @pytest.mark.parametrize(
        "buffer",
        ["bytearray(4)", "memoryview(bytearray(4))", "memoryview(bytearray(9))[3:7]"],
        ids=["bytearray", "memoryview", "slice"],
    )
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    def test_buffers(self, mpy, peer, make, buffer):
        shown = look(
            mpy,
            peer,
            make(b"0123456789"),
            f"""
b = {buffer}
out = []
for _ in range(4):
    n = r.readinto(b)
    out.append(bytes(b[:n]))
show(out)""",
        )
        assert shown == [b"0123", b"4567", b"89", b""]

    def test_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "b = bytearray(8)\nshow(r.readinto(b, 3), bytes(b))")
        assert shown == (
            3,
            b"012" + bytes(5),
        )

    def test_size_of_zero_is_the_whole_buffer(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "b = bytearray(8)\nshow(r.readinto(b, 0), bytes(b))")
        assert shown == (
            8,
            b"01234567",
        )

    def test_size_past_the_buffer(self, mpy, peer):
        """Nothing is written past the end of the buffer."""
        after = look(
            mpy,
            peer,
            response(b"0123456789"),
            """
whole = bytearray(16)
try:
    n = r.readinto(memoryview(whole)[:4], 12)
except ValueError:
    n = 0
show(n, bytes(whole[4:]))""",
        )
        assert after[0] in (0, 4)
        assert after[1] == bytes(12)

    def test_empty_buffer(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.readinto(bytearray()), r.content)") == (0, b"hello")

    @pytest.mark.parametrize("buffer", ["b'abc'", "'abc'", "None", "5"])
    def test_no_buffer(self, mpy, peer, buffer):
        server = peer(response(b"hello"))
        assert (
            mpy(f"r = mrequests.get(url)\nshow(attempt(lambda: r.readinto({buffer})))", url=server.url)[0]
            == "TypeError"
        )


SAVES = {
    "save": ("r.save('saved')", "open('saved', 'rb').read()"),
    "save-buffer": ("r.save('saved', bytearray(100))", "open('saved', 'rb').read()"),
    "save-buf-keyword": ("r.save('saved', buf=bytearray(7))", "open('saved', 'rb').read()"),
    "save-chunk-size": ("r.save('saved', chunk_size=10)", "open('saved', 'rb').read()"),
    "save-both": ("r.save('saved', buf=bytearray(100), chunk_size=10)", "open('saved', 'rb').read()"),
    "saveinto": ("r.saveinto(f)", "f.getvalue()"),
    "saveinto-buffer": ("r.saveinto(f, bytearray(100))", "f.getvalue()"),
    "saveinto-chunk-size": ("r.saveinto(f, chunk_size=10)", "f.getvalue()"),
    "saveto": ("r.saveto(f)", "f.getvalue()"),
    "saveinto-object": ("r.saveinto(plain)", "b''.join(plain.got)"),
}

PLAIN_WRITER = """
class Plain:
    def __init__(self):
        self.got = []
    def write(self, data):
        self.got.append(bytes(data))
        return len(data)
f = io.BytesIO()
plain = Plain()
"""


class TestSave:
    @pytest.mark.parametrize("call, result", SAVES.values(), ids=SAVES.keys())
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    @pytest.mark.parametrize("size", [0, 5, 10_000])
    def test_save(self, mpy, peer, make, call, result, size):
        body = bytes(n % 251 for n in range(size))
        shown = look(mpy, peer, make(body) if size else response(b""), f"{PLAIN_WRITER}\nn = {call}\nshow(n, {result})")
        assert shown == (size, body)

    def test_save_in_small_pieces(self, mpy, peer):
        pieces = look(
            mpy,
            peer,
            response(b"x" * 50),
            f"{PLAIN_WRITER}\nr.saveinto(plain, chunk_size=20)\nshow([len(p) for p in plain.got])",
        )
        assert sum(pieces) == 50 and max(pieces) <= 20

    def test_save_needs_little_memory(self, mpy, nginx):
        shown = mpy("show(mrequests.get(url).save('saved'))", url=nginx.url + "/1m.bin", heap="64k")
        assert shown == len(nginx.files["1m.bin"])
        assert (mpy.directory / "saved").read_bytes() == nginx.files["1m.bin"]

    def test_save_what_is_left(self, mpy, peer):
        shown = look(
            mpy, peer, response(b"0123456789"), "f = io.BytesIO()\nr.read(4)\nshow(r.saveinto(f), f.getvalue())"
        )
        assert shown == (6, b"456789")

    def test_save_where_nothing_can_be(self, mpy, peer):
        server = peer(response(b"hello"))
        raised = mpy(
            "r = mrequests.get(url)\nshow(attempt(lambda: r.save('no/such/folder')))\nr.close()", url=server.url
        )
        assert raised[:2] == ("OSError", 2)

    def test_writer_that_raises(self, mpy, peer):
        server = peer(response(b"x" * 10_000))
        raised = mpy.error(
            """
        class Full:
            def write(self, data):
                raise RuntimeError("full")
        mrequests.get(url).saveinto(Full())
        """,
            url=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "full")

    def test_writer_that_takes_little(self, mpy, peer):
        shown = look(
            mpy,
            peer,
            response(b"0123456789" * 100),
            """
class Slow(io.IOBase):
    def __init__(self):
        self.got = b""
    def write(self, data):
        self.got += bytes(data[:7])
        return min(7, len(data))
slow = Slow()
r.saveinto(slow)
show(slow.got)""",
        )
        assert shown == b"0123456789" * 100


class TestIteration:
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    def test_iter_content(self, mpy, peer, make):
        assert look(mpy, peer, make(b"0123456789"), "show(list(r.iter_content(4)))") == [b"0123", b"4567", b"89"]

    def test_iter_content_default(self, mpy, peer):
        assert look(mpy, peer, response(b"x" * 1200), "show([len(p) for p in r.iter_content()])") == [512, 512, 176]

    def test_iter_content_keyword(self, mpy, peer):
        assert look(mpy, peer, response(b"12345"), "show(list(r.iter_content(chunk_size=3)))") == [b"123", b"45"]

    def test_iter_content_of_nothing(self, mpy, peer):
        assert look(mpy, peer, response(b""), "show(list(r.iter_content()))") == []

    @pytest.mark.parametrize(
        "body, lines",
        [
            (b"one\ntwo\n", [b"one", b"two"]),
            (b"one\r\ntwo", [b"one", b"two"]),
            (b"one\n\ntwo", [b"one", b"", b"two"]),
            (b"", []),
            (b"x" * 2000 + b"\ny", [b"x" * 2000, b"y"]),
        ],
        ids=["lf", "crlf", "empty-line", "nothing", "long"],
    )
    def test_iter_lines(self, mpy, peer, body, lines):
        assert look(mpy, peer, response(body), "show([bytes(line) for line in r.iter_lines()])") == lines


class TestRaiseForStatus:
    @pytest.mark.parametrize("status", [200, 204, 302, 399])
    def test_good(self, mpy, peer, status):
        server = peer(response(status=f"{status} Text"))
        assert mpy("r = mrequests.get(url)\nr.raise_for_status()\nshow(r.status_code)", url=server.url) == status

    @pytest.mark.parametrize("status", [400, 404, 500, 599])
    def test_bad(self, mpy, peer, status):
        server = peer([response(b"body", status=f"{status} Because"), KEEP])
        raised = mpy("r = mrequests.get(url)\nshow(attempt(r.raise_for_status))\nr.close()", url=server.url)
        assert raised is not None and raised[0] in ("OSError", "ValueError")
        assert str(status) in raised[2]


CLOSED = {
    "read": "r.read(1)",
    "read-all": "r.read(-1)",
    "readinto": "r.readinto(bytearray(1))",
    "readline": "r.readline()",
    "content": "r.content",
    "text": "r.text",
    "json": "r.json()",
    "save": "r.saveinto(io.BytesIO())",
    "iter_content": "list(r.iter_content())",
    "lines": "list(r)",
    "_sf": "r._sf.read(1)",
}


class TestClose:
    @pytest.mark.parametrize("use", CLOSED.values(), ids=CLOSED.keys())
    def test_use_after_close(self, mpy, peer, use):
        server = peer(response(b"hello"))
        assert mpy.error(f"r = mrequests.get(url)\nr.close()\n{use}", url=server.url).kind == "OSError"

    def test_close_may_be_repeated(self, mpy, peer):
        server = peer([response(b"hello"), hang])
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url)\nr.close()\nr.close()\nr.close()\nshow(descriptors() - before, r.status_code)",
            url=server.url,
        )
        assert shown == (0, 200)

    def test_peer_sees_the_close(self, mpy, peer):
        server = peer([response(b"hello"), hang])
        process = mpy.popen("r = mrequests.get(url)\nr.close()\nsys.stdin.read()", url=server.url)
        try:
            server.wait_for_requests()
            assert server.connection.closed_by_client.wait(5)
        finally:
            process.communicate("", 5)

    def test_with(self, mpy, peer):
        server = peer([response(b"hello"), hang])
        shown = mpy(
            """
        before = descriptors()
        with mrequests.get(url) as r:
            first = r.read(2)
        show(first, descriptors() - before, attempt(lambda: r.read(1))[0])
        """,
            url=server.url,
        )
        assert shown == (b"he", 0, "OSError")

    def test_with_and_an_exception(self, mpy, peer):
        server = peer([response(b"hello"), hang])
        raised = mpy.error("with mrequests.get(url) as r:\n    raise RuntimeError('mine')", url=server.url)
        assert (raised.kind, raised.text) == ("RuntimeError", "mine")

    @pytest.mark.parametrize(
        "message",
        [response(b""), response(status="204 No Content", length=False), chunked()],
        ids=["length-0", "204", "chunked"],
    )
    def test_closed_by_itself_when_there_is_no_body(self, mpy, peer, message):
        server = peer([message, KEEP])
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url)\nr.content\nshow(descriptors() - before)",
            url=server.url,
        )
        assert shown == 0

    def test_closed_by_itself_at_the_end(self, mpy, peer):
        server = peer([response(b"hello"), KEEP])
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url)\nr.read(5)\nr.read(5)\nshow(descriptors() - before, r._sock)",
            url=server.url,
        )
        assert shown == (0, None)


class TestPrivateNames:
    """Names with an underscore that scripts in the wild use."""

    def test_before_and_after(self, mpy, peer):
        shown = look(
            mpy,
            peer,
            response(b"hello"),
            """
before = (r._sock is not None, r._content_size, r._cached)
content = r.content
show(before, r._sock, r._cached, content)""",
        )
        assert shown == ((True, 5, None), None, b"hello", b"hello")

    def test_chunk_size_is_there(self, mpy, peer):
        assert look(mpy, peer, chunked(b"hello"), "show(hasattr(r, '_chunk_size'), r.content)") == (True, b"hello")

    def test_sf_is_the_body(self, mpy, peer):
        shown = look(mpy, peer, chunked(b"hello ", b"world"), "show(r._sf.read(4), r._sf.readline())")
        assert shown == (
            b"hell",
            b"o world",
        )

    def test_parse_header(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(callable(r._parse_header))") is True
