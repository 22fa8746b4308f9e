"""The body of a request: every type of data=, and json=."""

import json

import pytest

from support.messages import response
from support.snippets import sent

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
    request = sent(mpy, peer, f"import array\nmrequests.post(base, data={data})")
    assert request.body == body
    assert request.get("Content-Length") == str(len(body))
    assert request.get("Transfer-Encoding") is None
    assert request.get("Content-Type") is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_data_is_sent_with_every_method(mpy, peer, method):
    request = sent(mpy, peer, "mrequests.request(method, base, data=b'abc')", method=method)
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
    request = sent(mpy, peer, "mrequests.post(base, data=text, encoding=encoding)", text=text, encoding=encoding)
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
    request = sent(mpy, peer, "mrequests.post(base, data=data)", data=data)
    assert request.body == body
    assert request.get("Content-Length") == str(len(body))
    assert request.get("Content-Type") == "application/x-www-form-urlencoded"


def test_form_as_the_server_sees_it(mpy, httpbin):
    form = mpy(
        "show(mrequests.post(base + '/post', data={'name': 'Z\u00fcrich & co', 'n': 5}).json()['form'])", base=httpbin
    )
    assert form == {"name": "Z\u00fcrich & co", "n": "5"}


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
    request = sent(mpy, peer, "mrequests.post(base, json=value)", value=value)
    assert json.loads(request.body) == value
    assert request.get("Content-Type") == "application/json"
    assert request.get("Content-Length") == str(len(request.body))


def test_json_names_the_encoding(mpy, peer):
    request = sent(mpy, peer, "mrequests.post(base, json={'z': '\u00fc'}, encoding='utf-8')")
    assert request.get("Content-Type").replace(" ", "") == "application/json;charset=utf-8"
    assert json.loads(request.body) == {"z": "\u00fc"}


def test_json_in_another_encoding(mpy, peer):
    request = sent(mpy, peer, "mrequests.post(base, json={'z': '\u00fc'}, encoding='latin-1')")
    assert request.get("Content-Type").replace(" ", "") == "application/json;charset=latin-1"
    assert json.loads(request.body.decode("latin-1")) == {"z": "\u00fc"}


def test_json_wins_over_data(mpy, peer):
    request = sent(mpy, peer, "mrequests.post(base, data=b'not me', json={'a': 1})")
    assert json.loads(request.body) == {"a": 1}


def test_falsy_json_wins_over_data(mpy, peer):
    assert sent(mpy, peer, "mrequests.post(base, data=b'not me', json=0)").body == b"0"


def test_json_none_is_no_json(mpy, peer):
    request = sent(mpy, peer, "mrequests.post(base, data=b'me', json=None)")
    assert request.body == b"me"
    assert request.get("Content-Type") is None


def test_json_as_the_server_sees_it(mpy, httpbin):
    shown = mpy("show(mrequests.put(base + '/put', json={'a': [1, 'z\u00fc']}).json()['json'])", base=httpbin)
    assert shown == {"a": [1, "z\u00fc"]}


def test_json_that_cannot_be_written(mpy, peer):
    """Errors of the encoder reach the caller before a connection is made."""
    server = peer(response())
    raised = mpy.error(
        """
    loop = []
    loop.append(loop)
    mrequests.post(base, json=loop)
    """,
        base=server.url,
    )
    assert raised.kind == "RuntimeError"
    assert server.connections == []


# The stream that an ssl_context returns records each write.
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
    "get-with-fields": "mrequests.get(url, headers=[('X-A', 'v' * 50)] * 10, auth=('u', 'p'), ssl_context=context)",
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
    """After a short write the rest is sent."""
    server = peer([])
    sent = mpy(
        COUNTING_CONTEXT
        + """
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
