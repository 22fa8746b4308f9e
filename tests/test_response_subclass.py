"""Subclasses of Response, in the style of the reference's scripts."""

import gzip
import zlib

import pytest

from support.messages import chunked, redirect, response

HEADER_DICT = """
class DictResponse(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.headers = {}

    def add_header(self, line):
        self._parse_header(line)
        name, value = line.decode("ascii").rstrip("\\r\\n").split(":", 1)
        name, value = name.strip().lower(), value.strip()
        if name in self.headers:
            value = self.headers[name] + ", " + value
        self.headers[name] = value
"""


@pytest.mark.parametrize(
    "make", [response, lambda body, *fields: chunked(body, fields=fields)], ids=["length", "chunked"]
)
def test_add_header_fills_a_dict(mpy, peer, make):
    server = peer(make(b"hello", "X-A: 1", "x-b: 2", "X-A: 3"))
    headers, content = mpy(
        HEADER_DICT
        + """
r = mrequests.get(url, response_class=DictResponse, save_headers=True)
show(r.headers, r.content)
""",
        url=server.url,
    )
    assert headers["x-a"] == "1, 3" and headers["x-b"] == "2"
    assert content == b"hello"


def test_add_header_gets_every_line_with_its_end(mpy, peer):
    server = peer(response(b"", "X-A: 1", "X-B:2", "X-C: three\r\n more"))
    shown = mpy(
        """
    lines = []
    class Lines(mrequests.Response):
        def add_header(self, line):
            lines.append(line)
    mrequests.get(url, response_class=Lines)
    show(lines)
    """,
        url=server.url,
    )
    assert shown == [b"X-A: 1\r\n", b"X-B:2\r\n", b"X-C: three more\r\n", b"Content-Length: 0\r\n"]


@pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
def test_framing_does_not_depend_on_add_header(mpy, peer, make):
    server = peer(make(b"hello") + b"BEYOND")
    shown = mpy(
        """
    class Deaf(mrequests.Response):
        def add_header(self, line):
            pass
    show(mrequests.get(url, response_class=Deaf).content)
    """,
        url=server.url,
    )
    assert shown == b"hello"


def test_super_add_header(mpy, peer):
    server = peer(response(b"", "X-A: 1"))
    shown = mpy(
        """
    class Counting(mrequests.Response):
        count = 0
        def add_header(self, line):
            self.count += 1
            super().add_header(line)
    r = mrequests.get(url, response_class=Counting, save_headers=True)
    show(r.count, list(r.headers))
    """,
        url=server.url,
    )
    assert shown == (2, [b"X-A: 1", b"Content-Length: 0"])


PROGRESS = """
class Progress(mrequests.Response):
    _total_read = 0
    def readinto(self, buf, size=0):
        count = super().readinto(buf, size)
        self._total_read += count
        print("%d of %s" % (self._total_read, self._content_size))
        return count
"""


@pytest.mark.parametrize(
    "call",
    [
        "r.save('saved', buf=bytearray(1024))",
        "r.save('saved', bytearray(1024))",
        "r.saveinto(io.BytesIO(), buf=bytearray(1024))",
    ],
    ids=["keyword", "positional", "saveinto"],
)
def test_progress(mpy, peer, call):
    server = peer(response(b"x" * 10_000))
    result = mpy.run(
        PROGRESS + f"r = mrequests.get(url, response_class=Progress)\nshow({call}, r._total_read)", url=server.url
    )
    assert result.shown == [(10_000, 10_000)]
    lines = [line for line in result.out.splitlines() if " of " in line]
    assert lines[0] == "1024 of 10000" and lines[-1] == "10000 of 10000"


@pytest.mark.parametrize(
    "call", ["r.save('saved')", "r.saveinto(io.BytesIO())", "r.saveto(io.BytesIO())", "r.content", "r.text"]
)
@pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
def test_overridden_readinto_is_used(mpy, peer, make, call):
    server = peer(make(b"x" * 5000))
    shown = mpy(
        PROGRESS + f"r = mrequests.get(url, response_class=Progress)\n{call}\nshow(r._total_read)", url=server.url
    )
    assert shown == 5000


@pytest.mark.parametrize(
    "call, result",
    [
        ("r.saveinto(f)", "f.getvalue()"),
        ("r.save('saved')", "open('saved', 'rb').read()"),
        ("content = r.content", "content"),
    ],
    ids=["saveinto", "save", "content"],
)
@pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
def test_overridden_read_is_used(mpy, peer, make, call, result):
    server = peer(make(b"hello world"))
    shown = mpy(
        f"""
    class Loud(mrequests.Response):
        def read(self, *args, **kw):
            return super().read(*args, **kw).upper()
    f = io.BytesIO()
    r = mrequests.get(url, response_class=Loud)
    {call}
    show({result})
    """,
        url=server.url,
    )
    assert shown == b"HELLO WORLD"


class TestInstances:
    def test_it_is_what_was_asked_for(self, mpy, peer):
        server = peer(response())
        shown = mpy(
            """
        class A(mrequests.Response):
            pass
        class B(A):
            pass
        r = mrequests.get(url, response_class=B)
        show(type(r) is B, isinstance(r, A), isinstance(r, mrequests.Response))
        """,
            url=server.url,
        )
        assert shown == (True, True, True)

    def test_constructor_arguments(self, mpy, peer):
        server = peer(response(), response())
        shown = mpy(
            """
        seen = []
        class R(mrequests.Response):
            def __init__(self, sock, sockfile, save_headers=False):
                super().__init__(sock, sockfile, save_headers)
                seen.append(save_headers)
        first = mrequests.get(url, response_class=R)
        second = mrequests.get(url, response_class=R, save_headers=True)
        show(seen, first.headers, list(second.headers))
        """,
            url=server.url,
        )
        assert shown == ([False, True], None, [b"Content-Length: 0"])

    def test_attributes_and_methods_of_its_own(self, mpy, peer):
        server = peer(response(b"hello", "Content-Type: text/plain; charset=latin-1"))
        shown = mpy(
            """
        class R(mrequests.Response):
            kind = "mine"
            def shout(self):
                return self.text.upper()
        r = mrequests.get(url, response_class=R)
        r.note = [1, 2]
        show(r.kind, r.note, r.shout(), r.status_code, r.ok, r.charset, r.reason, r.content_length, r.chunked)
        """,
            url=server.url,
        )
        assert shown == ("mine", [1, 2], "HELLO", 200, True, "latin-1", b"OK", 5, False)

    def test_every_method_works(self, mpy, peer):
        server = peer(*[response(b'["one",\n2]')] * 6)
        shown = mpy(
            """
        class R(mrequests.Response):
            pass
        def get():
            return mrequests.get(url, response_class=R)
        with get() as r:
            lines = list(r.iter_lines())
        show(get().json(), get().read(3), json.load(get()), [l for l in get()], lines, get()._sf.readline())
        """,
            url=server.url,
        )
        assert shown == (["one", 2], b'["o', ["one", 2], [b'["one",\n', b"2]"], [b'["one",', b"2]"], b'["one",\n')

    def test_an_attribute_can_stand_in_for_headers(self, mpy, peer):
        server = peer(response(b"", "X-A: 1"))
        shown = mpy(
            """
        class R(mrequests.Response):
            def __init__(self, *args, **kw):
                super().__init__(*args, **kw)
                self.headers = []
            def add_header(self, line):
                self.headers.append(line.strip())
        show(mrequests.get(url, response_class=R).headers)
        """,
            url=server.url,
        )
        assert shown == [b"X-A: 1", b"Content-Length: 0"]

    def test_encoding_can_be_set(self, mpy, peer):
        server = peer(response(b"hello"))
        shown = mpy(
            """
        class R(mrequests.Response):
            pass
        r = mrequests.get(url, response_class=R)
        r.encoding = "latin-1"
        show(r.encoding, r.content)
        """,
            url=server.url,
        )
        assert shown == ("latin-1", b"hello")

    def test_redirects(self, mpy, peer):
        """The final response holds no headers of the redirects before it."""
        server = peer(redirect("/x", "X-First: 1"), response(b"there", "X-Last: 1"))
        headers, history, content = mpy(
            HEADER_DICT
            + """
r = mrequests.get(url, response_class=DictResponse)
show(r.headers, r.history, r.content)
""",
            url=server.url,
        )
        assert "x-first" not in headers and headers["x-last"] == "1"
        assert (len(history), content) == (1, b"there")


RAISING = {
    "__init__": "def __init__(self, *args, **kw):\n        raise RuntimeError('mine')",
    "add_header": "def add_header(self, line):\n        raise RuntimeError('mine')",
    "readinto": "def readinto(self, buf, size=0):\n        raise RuntimeError('mine')",
    "read": "def read(self, *args):\n        raise RuntimeError('mine')",
}


@pytest.mark.parametrize("call", ["r.content", "r.saveinto(io.BytesIO())"])
@pytest.mark.parametrize("method", RAISING.values(), ids=RAISING.keys())
def test_exceptions_of_overridden_methods_pass(mpy, peer, method, call):
    server = peer(response(b"hello"))
    raised = mpy.error(
        f"class R(mrequests.Response):\n    {method}\nr = mrequests.get(url, response_class=R)\n{call}", url=server.url
    )
    assert (raised.kind, raised.text) == ("RuntimeError", "mine")


@pytest.mark.parametrize("made", ["None", "5", "object()", "io.BytesIO()"])
def test_response_class_that_makes_something_else(mpy, peer, made):
    server = peer(response(b"hello"))
    raised = mpy.error(f"mrequests.get(url, response_class=lambda *args, **kw: {made})", url=server.url)
    assert raised.kind == "TypeError"


@pytest.mark.parametrize("returned, kind", [("'five'", "TypeError"), ("-1", "ValueError"), ("10 ** 6", "ValueError")])
def test_overridden_readinto_that_returns_nonsense(mpy, peer, returned, kind):
    """An impossible result raises an exception; it neither crashes nor exposes other memory."""
    server = peer(response(b"hello"))
    raised = mpy.error(
        f"""
    class R(mrequests.Response):
        def readinto(self, buf, size=0):
            return {returned}
    mrequests.get(url, response_class=R).saveinto(io.BytesIO(), buf=bytearray(8))
    """,
        url=server.url,
    )
    assert raised.kind == kind


COMPRESSIONS = {
    "gzip": ("deflate.GZIP", gzip.compress),
    "zlib": ("deflate.ZLIB", zlib.compress),
    "auto": ("deflate.AUTO", gzip.compress),
}


@pytest.mark.parametrize("stream", ["r._sf", "r"])
@pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
@pytest.mark.parametrize("form, compress", COMPRESSIONS.values(), ids=COMPRESSIONS.keys())
def test_deflate(mpy, peer, make, form, compress, stream):
    content = b"a line that comes again\n" * 400
    server = peer(make(compress(content)))
    shown = mpy(
        f"""
    import deflate
    r = mrequests.get(url)
    show(deflate.DeflateIO({stream}, {form}).read())
    """,
        url=server.url,
    )
    assert shown == content


def test_deflate_of_a_subclass(mpy, nginx):
    shown = mpy(
        HEADER_DICT
        + """
import deflate
r = mrequests.get(url, headers={"Accept-Encoding": "gzip"}, response_class=DictResponse)
assert r.headers["content-encoding"] == "gzip" == r.encoding
show(deflate.DeflateIO(r._sf, deflate.GZIP).read())
""",
        url=nginx.url + "/gzip/small.txt",
    )
    assert shown == b"a small file\n"
