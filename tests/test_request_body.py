"""The body of a request: every form of data=, and json= (SPEC section 2)."""

import json

import pytest

from support.messages import response


def post(mpy, peer, source, **options):
    """The request of a snippet that sends something to `base`."""
    server = peer(response())
    mpy.run(source, base=server.url, **options)
    return server.request


KNOWN_LENGTH = {
    "bytes": ("b'\\x00\\xffabc'", b"\x00\xffabc"),
    "bytearray": ("bytearray(b'abc')", b"abc"),
    "memoryview": ("memoryview(b'abcdef')[2:5]", b"cde"),
    "array-of-bytes": ("array.array('B', [1, 2, 255])", b"\x01\x02\xff"),
    "array-of-words": ("array.array('H', [0x0101, 0x0202])", b"\x01\x01\x02\x02"),
    "memoryview-of-words": ("memoryview(array.array('H', [0x0101, 0x0202]))", b"\x01\x01\x02\x02"),
    "str": ("'abc'", b"abc"),
    "str-utf-8": ("'z\u00fcrich \u20ac'", "z\u00fcrich \u20ac".encode()),
    "large": ("b'0123456789' * 20000", b"0123456789" * 20000),
    "bytesio": ("io.BytesIO(b'abcdef')", b"abcdef"),
    "stringio": ("io.StringIO('abc')", b"abc"),
}


@pytest.mark.parametrize("data, body", KNOWN_LENGTH.values(), ids=KNOWN_LENGTH.keys())
def test_data_of_known_length(mpy, peer, data, body):
    request = post(mpy, peer, f"import array\nmrequests.post(base, data={data})")
    assert request.body == body
    assert request.get("Content-Length") == str(len(body))
    assert request.get("Transfer-Encoding") is None
    assert request.get("Content-Type") is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_data_is_sent_with_every_method(mpy, peer, method):
    request = post(mpy, peer, "mrequests.request(method, base, data=b'abc')", method=method)
    assert request.method == method
    assert request.body == b"abc"
    assert request.get("Content-Length") == "3"


ENCODINGS = [
    ("utf-8", "\u00fc\u20ac", "\u00fc\u20ac".encode()),
    ("UTF-8", "\u00fc\u20ac", "\u00fc\u20ac".encode()),
    ("utf8", "\u00fc", b"\xc3\xbc"),
    ("latin-1", "\u00fc\xff", b"\xfc\xff"),
    ("iso-8859-1", "\u00fc", b"\xfc"),
    ("ascii", "abc", b"abc"),
]


@pytest.mark.parametrize("encoding, text, body", ENCODINGS, ids=[encoding for encoding, *_ in ENCODINGS])
def test_encoding_of_str(mpy, peer, encoding, text, body):
    request = post(mpy, peer, "mrequests.post(base, data=text, encoding=encoding)", text=text, encoding=encoding)
    assert request.body == body
    assert request.get("Content-Length") == str(len(body))


FORMS = [
    ({"a": "1"}, b"a=1"),
    ([("a", "1"), ("b", "2"), ("a", "3")], b"a=1&b=2&a=3"),
    ({"a b": "c&d=e"}, b"a+b=c%26d%3De"),
    ({"z": "\u00fc"}, b"z=%C3%BC"),
    ({b"k": b"\xff"}, b"k=%FF"),
    ({"n": 5}, b"n=5"),
    ({"e": ""}, b"e="),
    ({"x": "*-._~/"}, b"x=%2A-._~%2F"),
]


@pytest.mark.parametrize("data, body", FORMS, ids=[repr(data) for data, _ in FORMS])
def test_form(mpy, peer, data, body):
    request = post(mpy, peer, "mrequests.post(base, data=data)", data=data)
    assert request.body == body
    assert request.get("Content-Length") == str(len(body))
    assert request.get("Content-Type") == "application/x-www-form-urlencoded"


def test_form_as_the_server_sees_it(mpy, httpbin):
    form = mpy(
        "show(mrequests.post(base + '/post', data={'name': 'Z\u00fcrich & co', 'n': 5}).json()['form'])", base=httpbin
    )
    assert form == {"name": "Z\u00fcrich & co", "n": "5"}


class TestFiles:
    """File-like objects are streamed."""

    def test_file(self, mpy, peer, tmp_path):
        content = bytes(range(256)) * 100
        (tmp_path / "upload.bin").write_bytes(content)
        request = post(mpy, peer, "with open('upload.bin', 'rb') as f:\n    mrequests.post(base, data=f)")
        assert request.body == content
        assert request.get("Content-Length") == str(len(content))

    def test_file_from_where_it_stands(self, mpy, peer, tmp_path):
        (tmp_path / "upload.bin").write_bytes(b"0123456789")
        request = post(
            mpy, peer, "with open('upload.bin', 'rb') as f:\n    f.seek(4)\n    mrequests.post(base, data=f)"
        )
        assert request.body == b"456789"
        assert request.get("Content-Length") == "6"

    def test_empty_file(self, mpy, peer):
        request = post(mpy, peer, "mrequests.post(base, data=io.BytesIO(b''))")
        assert request.body == b""
        assert request.get("Content-Length") == "0"

    def test_text_file(self, mpy, peer, tmp_path):
        (tmp_path / "text.txt").write_text("z\u00fcrich", encoding="utf-8")
        request = post(mpy, peer, "with open('text.txt') as f:\n    mrequests.post(base, data=f)")
        assert request.body == "z\u00fcrich".encode()

    def test_object_with_read_is_chunked(self, mpy, peer):
        request = post(
            mpy,
            peer,
            """
        class Source:
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def read(self, size=-1):
                return self.left.read(size)
        mrequests.post(base, data=Source())
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    def test_stream_without_a_length_is_chunked(self, mpy, peer):
        request = post(
            mpy,
            peer,
            """
        class Source(io.IOBase):
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def readinto(self, buf):
                return self.left.readinto(buf)
            def ioctl(self, request, argument):
                return -22 if request == 2 else 0
        mrequests.post(base, data=Source())
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Transfer-Encoding") == "chunked"

    def test_given_length_of_a_stream(self, mpy, peer):
        request = post(
            mpy,
            peer,
            """
        class Source:
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def read(self, size=-1):
                return self.left.read(size)
        mrequests.post(base, data=Source(), headers={"Content-Length": 5000})
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Content-Length") == "5000"
        assert request.get("Transfer-Encoding") is None

    def test_response_as_the_body_of_a_request(self, mpy, peer):
        """A response is a stream like any other."""
        server = peer(response(b"carried over"), response())
        mpy.run("mrequests.post(base, data=mrequests.get(base))", base=server.url)
        assert server.requests[1].body == b"carried over"


class TestIterators:
    """Iterators and generators are sent in chunks."""

    PIECES = {
        "bytes": ([b"one", b"two"], b"onetwo"),
        "str": (["one", "z\u00fc"], "onez\u00fc".encode()),
        "bytearrays": ([bytearray(b"one"), b"two"], b"onetwo"),
        "empty-pieces": ([b"", b"one", b"", b"two", b""], b"onetwo"),
        "large": ([b"x" * 100_000, b"y" * 3], b"x" * 100_000 + b"yyy"),
        "none": ([], b""),
    }

    @pytest.mark.parametrize("pieces, body", PIECES.values(), ids=PIECES.keys())
    def test_generator(self, mpy, peer, pieces, body):
        request = post(mpy, peer, "mrequests.post(base, data=(piece for piece in pieces))", pieces=pieces)
        assert request.body == body
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    def test_iterator(self, mpy, peer):
        request = post(mpy, peer, "mrequests.post(base, data=iter([b'one', b'two']))")
        assert request.body == b"onetwo"

    def test_object_with_iter(self, mpy, peer):
        request = post(
            mpy,
            peer,
            """
        class Pieces:
            def __iter__(self):
                yield b"one"
                yield b"two"
        mrequests.post(base, data=Pieces())
        """,
        )
        assert request.body == b"onetwo"

    def test_given_length(self, mpy, peer):
        request = post(
            mpy, peer, "mrequests.post(base, data=(p for p in (b'one', b'two')), headers={'Content-Length': '6'})"
        )
        assert request.body == b"onetwo"
        assert request.get("Content-Length") == "6"
        assert request.get("Transfer-Encoding") is None

    def test_given_chunked(self, mpy, peer):
        request = post(
            mpy, peer, "mrequests.post(base, data=(p for p in (b'one',)), headers={'transfer-encoding': 'chunked'})"
        )
        assert request.body == b"one"
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    @pytest.mark.parametrize("length", [5, 7])
    def test_given_length_that_is_wrong(self, mpy, peer, length):
        server = peer(response())
        raised = mpy.error(
            "mrequests.post(base, data=(p for p in (b'one', b'two')), headers={'Content-Length': length})",
            base=server.url,
            length=length,
        )
        assert raised.kind == "ValueError"
        assert server.connection.closed_by_client.wait(5)
        assert all(not request.body.startswith(b"onetwo") for request in server.requests)

    def test_generator_that_raises(self, mpy, peer):
        server = peer(response())
        raised = mpy.error(
            """
        def pieces():
            yield b"one"
            raise RuntimeError("no more today")
        mrequests.post(base, data=pieces())
        """,
            base=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "no more today")
        assert not any(request.complete for request in server.requests)

    def test_generator_of_something_else(self, mpy, peer):
        server = peer(response())
        assert mpy.error("mrequests.post(base, data=(n for n in (b'one', 2)))", base=server.url).kind == "TypeError"
        assert not any(request.complete for request in server.requests)

    def test_generator_larger_than_memory(self, mpy, peer):
        request = post(
            mpy,
            peer,
            """
        def pieces():
            piece = b"x" * 4000
            for _ in range(250):
                yield piece
        mrequests.post(base, data=pieces())
        """,
            heap="96k",
        )
        assert request.body == b"x" * 1_000_000


JSON_VALUES = [
    {"a": 1},
    [1, "two", None],
    "text",
    5,
    1.5,
    True,
    {},
    [],
    "",
    0,
    False,
    {"z": "\u00fc"},
    {"nested": {"list": [[]]}},
]


@pytest.mark.parametrize("value", JSON_VALUES, ids=repr)
def test_json(mpy, peer, value):
    request = post(mpy, peer, "mrequests.post(base, json=value)", value=value)
    assert json.loads(request.body) == value
    assert request.get("Content-Type") == "application/json"
    assert request.get("Content-Length") == str(len(request.body))


def test_json_names_the_encoding(mpy, peer):
    request = post(mpy, peer, "mrequests.post(base, json={'z': '\u00fc'}, encoding='utf-8')")
    assert request.get("Content-Type").replace(" ", "") == "application/json;charset=utf-8"
    assert json.loads(request.body) == {"z": "\u00fc"}


def test_json_in_another_encoding(mpy, peer):
    request = post(mpy, peer, "mrequests.post(base, json={'z': '\u00fc'}, encoding='latin-1')")
    assert request.get("Content-Type").replace(" ", "") == "application/json;charset=latin-1"
    assert json.loads(request.body.decode("latin-1")) == {"z": "\u00fc"}


def test_json_wins_over_data(mpy, peer):
    request = post(mpy, peer, "mrequests.post(base, data=b'not me', json={'a': 1})")
    assert json.loads(request.body) == {"a": 1}


def test_falsy_json_wins_over_data(mpy, peer):
    assert post(mpy, peer, "mrequests.post(base, data=b'not me', json=0)").body == b"0"


def test_json_none_is_no_json(mpy, peer):
    request = post(mpy, peer, "mrequests.post(base, data=b'me', json=None)")
    assert request.body == b"me"
    assert request.get("Content-Type") is None


def test_json_as_the_server_sees_it(mpy, httpbin):
    shown = mpy("show(mrequests.put(base + '/put', json={'a': [1, 'z\u00fc']}).json()['json'])", base=httpbin)
    assert shown == {"a": [1, "z\u00fc"]}


def test_json_that_cannot_be_written(mpy, peer):
    """Whatever the encoder raises comes through, before there is a connection."""
    server = peer(response())
    raised = mpy.error(
        """
    loop = []
    loop.append(loop)
    mrequests.post(base, json=loop)
    """,
        base=server.url,
    )
    assert raised.kind in ("RuntimeError", "ValueError", "MemoryError")
    assert server.connections == []


# One write: the stream that an ssl_context returns counts what it is given.
COUNTING_CONTEXT = """
class Stream(io.IOBase):
    def __init__(self):
        self.writes = []
        self.answer = io.BytesIO(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
    def write(self, data):
        self.writes.append(bytes(data))
        return len(data)
    def readinto(self, buf):
        return self.answer.readinto(buf)
    def ioctl(self, request, argument):
        return 0

class Context:
    def wrap_socket(self, sock, server_hostname=None):
        self.sock = sock  # kept open until the end of the test
        self.stream = Stream()
        return self.stream

context = Context()
url = "https" + base[4:]
"""

ONE_WRITE = {
    "get": "mrequests.get(url, ssl_context=context)",
    "get-with-fields": "mrequests.get(url, headers={'X-%d' % n: 'v' * 20 for n in range(10)}, auth=('u', 'p'), ssl_context=context)",
    "post-bytes": "mrequests.post(url, data=b'x' * 200, ssl_context=context)",
    "post-str": "mrequests.post(url, data='x' * 200, ssl_context=context)",
    "post-json": "mrequests.post(url, json={'a': [1, 2, 3]}, ssl_context=context)",
    "post-form": "mrequests.post(url, data={'a': 'b'}, ssl_context=context)",
    "post-empty": "mrequests.post(url, ssl_context=context)",
}


@pytest.mark.parametrize("call", ONE_WRITE.values(), ids=ONE_WRITE.keys())
def test_head_and_small_body_are_one_write(mpy, peer, call):
    server = peer([])
    writes = mpy(COUNTING_CONTEXT + call + "\nshow(context.stream.writes)", base=server.url)
    assert len(writes) == 1
    assert writes[0].startswith((b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\n"))


def test_stream_that_takes_little_at_a_time(mpy, peer):
    """A short write is gone on with."""
    server = peer([])
    sent = mpy(
        COUNTING_CONTEXT + """
class Slow(Stream):
    def write(self, data):
        return super().write(data[:7])
class SlowContext:
    def wrap_socket(self, sock, server_hostname=None):
        self.sock = sock
        self.stream = Slow()
        return self.stream
context = SlowContext()
mrequests.post(url, data=b"0123456789" * 30, ssl_context=context)
show(b"".join(context.stream.writes))
""",
        base=server.url,
    )
    assert sent.startswith(b"POST / HTTP/1.1\r\n")
    assert sent.endswith(b"\r\n\r\n" + b"0123456789" * 30)
