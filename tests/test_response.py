"""Attributes and methods of Response."""

import json

import pytest

from support.messages import chunked, redirect, response
from support.peer import KEEP, hang
from support.snippets import look


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
        """dir(), which tab completion calls, loads every attribute but does not read the body."""
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
        """With a known length, a body of 100 kB fits in a heap of 170 kB."""
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
        assert mpy("show(mrequests.get(url).text)", url=server.url) == "\ufffd\ufffd"

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

    @pytest.mark.parametrize("body", [b"", b"no json"], ids=["empty", "words"])
    def test_json_that_is_none(self, mpy, peer, body):
        server = peer(response(body))
        assert mpy.error("mrequests.get(url).json()", url=server.url).kind == "ValueError"


class TestRaiseForStatus:
    @pytest.mark.parametrize("status", [200, 204, 302, 399])
    def test_good(self, mpy, peer, status):
        server = peer(response(status=f"{status} Text"))
        assert mpy("r = mrequests.get(url)\nr.raise_for_status()\nshow(r.status_code)", url=server.url) == status

    @pytest.mark.parametrize("status", [400, 404, 500, 599])
    def test_bad(self, mpy, peer, status):
        server = peer([response(b"body", status=f"{status} Because"), KEEP])
        raised = mpy("r = mrequests.get(url)\nshow(attempt(r.raise_for_status))\nr.close()", url=server.url)
        assert raised[:2] == ("OSError", status)
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
            """
            before = descriptors()
            r = mrequests.get(url)
            for _ in range(3):
                r.close()
            show(descriptors() - before, r.status_code)
            """,
            url=server.url,
        )
        assert shown == (0, 200)

    @pytest.mark.needs("process")
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
            """
            before = descriptors()
            r = mrequests.get(url)
            r.read(5)
            r.read(5)
            show(descriptors() - before, r._sock)
            """,
            url=server.url,
        )
        assert shown == (0, None)


class TestPrivateNames:
    """Underscore names that published scripts use."""

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
