"""Reading a response head (SPEC section 3)."""

import pytest

from support.messages import response
from support.peer import EARLY, KEEP, endless, hang, pause, reset

GET = "r = mrequests.get(url, timeout=5, save_headers=True)\n"


@pytest.fixture(params=["whole", "bytes"])
def pace(request):
    """Every head here arrives in one piece, and a byte at a time."""
    return request.param


STATUS_LINES = {
    "plain": (b"HTTP/1.1 200 OK", 200, b"OK"),
    "http-1.0": (b"HTTP/1.0 200 OK", 200, b"OK"),
    "http-1.9": (b"HTTP/1.9 200 OK", 200, b"OK"),
    "no-reason": (b"HTTP/1.1 200 ", 200, b""),
    "no-reason-no-space": (b"HTTP/1.1 200", 200, b""),
    "words": (b"HTTP/1.1 404 Not Found At All", 404, b"Not Found At All"),
    "not-ascii": (b"HTTP/1.1 200 \xc3\xa9t\xe9", 200, b"\xc3\xa9t\xe9"),
    "any-code": (b"HTTP/1.1 799 Odd", 799, b"Odd"),
    "long-reason": (b"HTTP/1.1 200 " + b"reason " * 100 + b"end", 200, b"reason " * 100 + b"end"),
}


@pytest.mark.parametrize("line, status, reason", STATUS_LINES.values(), ids=STATUS_LINES.keys())
def test_status_line(mpy, peer, pace, line, status, reason):
    server = peer(line + b"\r\nContent-Length: 2\r\n\r\nok", pace=pace)
    code, got, content = mpy(GET + "show(r.status_code, r.reason, r.content)", url=server.url)
    assert (code, content) == (status, b"ok")
    assert reason.startswith(got) and (got == reason or len(got) >= 64)


NO_STATUS_LINES = {
    "garbage": b"garbage\r\n\r\n",
    "html": b"<html><body>hello</body></html>\r\n\r\n",
    "binary": bytes(range(256)) * 4,
    "http-2": b"HTTP/2.0 200 OK\r\n\r\n",
    "http-0.9": b"HTTP/0.9 200 OK\r\n\r\n",
    "http-11": b"HTTP/11.1 200 OK\r\n\r\n",
    "lower-case": b"http/1.1 200 OK\r\n\r\n",
    "other-protocol": b"ICY 200 OK\r\n\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "two-digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "four-digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "signed": b"HTTP/1.1 +20 OK\r\n\r\n",
    "negative": b"HTTP/1.1 -20 OK\r\n\r\n",
    "no-code": b"HTTP/1.1\r\n\r\n",
    "no-space": b"HTTP/1.1200 OK\r\n\r\n",
    "code-below-100": b"HTTP/1.1 099 OK\r\n\r\n",
    "field-first": b"Content-Length: 2\r\n\r\nok",
    "space-first": b" HTTP/1.1 200 OK\r\n\r\n",
    "nul": b"HTTP/1.1 200 O\0K\r\n\r\n",
}


@pytest.mark.parametrize("head", NO_STATUS_LINES.values(), ids=NO_STATUS_LINES.keys())
def test_no_status_line(mpy, peer, head):
    server = peer(head)
    assert mpy.error(GET, url=server.url).kind == "ValueError"


def test_garbage_is_refused_without_waiting_for_its_end(mpy, peer):
    server = peer([b"no HTTP in sight", hang])
    assert mpy.error(GET, url=server.url).kind == "ValueError"


FIELDS = {
    "crlf": (b"X-A: 1\r\nX-B: 2\r\n", [b"X-A: 1", b"X-B: 2"]),
    "no-space": (b"X-A:1\r\n", [b"X-A:1"]),
    "empty-value": (b"X-A:\r\n", [b"X-A:"]),
    "tab": (b"X-A:\t1\r\n", [b"X-A:\t1"]),
    "colons": (b"X-A: a:b:c\r\n", [b"X-A: a:b:c"]),
    "not-ascii": (b"X-A: \xff\xfe\r\n", [b"X-A: \xff\xfe"]),
    "repeated": (b"X-A: 1\r\nx-a: 2\r\n", [b"X-A: 1", b"x-a: 2"]),
    "folded": (b"X-A: one\r\n two\r\n\t three\r\n", [b"X-A: one two three"]),
    "folded-at-once": (b"X-A:\r\n one\r\n", [b"X-A: one"]),
    "no-colon": (b"no colon here\r\nX-A: 1\r\n", [b"X-A: 1"]),
    "long": (b"X-A: " + b"v" * 4000 + b"\r\n", [b"X-A: " + b"v" * 4000]),
    "long-name": (b"X" * 300 + b": 1\r\n", [b"X" * 300 + b": 1"]),
    "fifty": (b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(50)), [b"X-%d: %d" % (n, n) for n in range(50)]),
}


@pytest.mark.parametrize("fields, lines", FIELDS.values(), ids=FIELDS.keys())
def test_fields(mpy, peer, pace, fields, lines):
    server = peer(b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 2\r\n\r\nok", pace=pace)
    headers, content = mpy(GET + "show(list(r.headers), r.content)", url=server.url)
    found = [line for line in headers if line != b"Content-Length: 2"]
    if found != lines:  # the white space after the colon may be kept or not, where a fold is joined
        assert [line.replace(b": ", b":") for line in found] == [line.replace(b": ", b":") for line in lines]
    assert content == b"ok"


BARE_LF = {
    "everywhere": b"HTTP/1.1 200 OK\nX-A: 1\nContent-Length: 2\n\nok",
    "mixed": b"HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 2\r\n\nok",
    "last": b"HTTP/1.1 200 OK\nX-A: 1\r\nContent-Length: 2\n\r\nok",
}


@pytest.mark.parametrize("message", BARE_LF.values(), ids=BARE_LF.keys())
def test_bare_lf(mpy, peer, pace, message):
    server = peer(message, pace=pace)
    assert mpy(GET + "show(list(r.headers), r.content)", url=server.url) == ([b"X-A: 1", b"Content-Length: 2"], b"ok")


@pytest.mark.parametrize("name", ["content-length", "Content-Length", "CONTENT-LENGTH", "cOnTeNt-LeNgTh"])
def test_field_names_in_any_case(mpy, peer, name):
    server = peer([f"HTTP/1.1 200 OK\r\n{name}: 2\r\n\r\nokBEYOND".encode(), KEEP])
    assert mpy(GET + "show(r.content)", url=server.url) == b"ok"


BAD_FIELDS = {
    "space-before-colon": b"Content-Length : 2\r\n",
    "tab-before-colon": b"X-A\t: 1\r\n",
    "space-before-first-field": b" X-A: 1\r\n",
    "nul": b"X-A: a\0b\r\n",
    "bare-cr": b"X-A: a\rb\r\n",
}


@pytest.mark.parametrize("fields", BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_bad_field(mpy, peer, pace, fields):
    server = peer(b"HTTP/1.1 200 OK\r\n" + fields + b"X-Z: 1\r\n\r\nok", pace=pace)
    assert mpy.error(GET, url=server.url).kind == "ValueError"


def field_lines(count, size):
    """`count` field lines of `size` bytes each."""
    return b"".join(b"X-%04d: %s\r\n" % (n, b"v" * (size - 10)) for n in range(count))


WITHIN_LIMITS = {
    "line-of-8000": b"X-A: " + b"v" * 8000 + b"\r\n",
    "head-of-15000": field_lines(15, 1000),
    "99-fields": field_lines(99, 20),
}
PAST_LIMITS = {
    "line-of-9000": b"X-A: " + b"v" * 9000 + b"\r\n",
    "folded-line-of-9000": b"X-A: 1\r\n" + b" vvvvvvvv\r\n" * 1100,
    "head-of-18000": field_lines(18, 1000),
    "150-fields": field_lines(150, 20),
    "lines-without-colon": b"no colon\r\n" * 2000,
}


@pytest.mark.parametrize("saved", [True, False], ids=["saved", "not-saved"])
@pytest.mark.parametrize("fields", WITHIN_LIMITS.values(), ids=WITHIN_LIMITS.keys())
def test_within_the_limits(mpy, peer, fields, saved):
    server = peer(b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 2\r\n\r\nok")
    assert mpy("show(mrequests.get(url, save_headers=saved).content)", url=server.url, saved=saved) == b"ok"


@pytest.mark.parametrize("saved", [True, False], ids=["saved", "not-saved"])
@pytest.mark.parametrize("fields", PAST_LIMITS.values(), ids=PAST_LIMITS.keys())
def test_past_the_limits(mpy, peer, fields, saved):
    server = peer(b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 2\r\n\r\nok")
    assert mpy.error("mrequests.get(url, save_headers=saved)", url=server.url, saved=saved).kind == "ValueError"


ENDLESS = {
    "first-line": [b"HTTP/1.1 200 ", endless(b"a" * 4096)],
    "garbage": [endless(b"a" * 4096)],
    "zeros": [endless(b"\0" * 4096)],
    "line-ends": [endless(b"\r\n" * 2048)],
    "line": [b"HTTP/1.1 200 OK\r\nX-A: ", endless(b"a" * 4096)],
    "name": [b"HTTP/1.1 200 OK\r\n", endless(b"a" * 4096)],
    "fields": [b"HTTP/1.1 200 OK\r\n", endless(b"X-A: 1\r\n" * 512)],
    "folds": [b"HTTP/1.1 200 OK\r\nX-A: 1\r\n", endless(b" more\r\n" * 512)],
    "no-colons": [b"HTTP/1.1 200 OK\r\n", endless(b"none\r\n" * 512)],
    "informational": [endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 64)],
}


@pytest.mark.parametrize("steps", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless_head(mpy, peer, steps):
    server = peer(steps)
    assert mpy.error("mrequests.get(url)", url=server.url, heap="128k").kind == "ValueError"
    assert server.bytes_sent < 3_000_000  # what sockets buffer, not what a head may have


INFORMATIONAL = {
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "102": b"HTTP/1.1 102 Processing\r\n\r\n",
    "103-with-fields": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 99\r\nLocation: /evil\r\n\r\n",
    "several": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    "bare-lf": b"HTTP/1.1 100 Continue\n\n",
    "no-reason": b"HTTP/1.1 100\r\n\r\n",
}


@pytest.mark.parametrize("early", INFORMATIONAL.values(), ids=INFORMATIONAL.keys())
def test_informational_responses_are_skipped(mpy, peer, pace, early):
    server = peer(early + b"HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok", pace=pace)
    shown = mpy(GET + "show(r.status_code, list(r.headers), r.content)", url=server.url)
    assert shown == (200, [b"X-A: 1", b"Content-Length: 2"], b"ok")


def test_switching_protocols_is_returned(mpy, peer):
    server = peer([b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n", KEEP])
    assert mpy(GET + "show(r.status_code, list(r.headers))", url=server.url) == (101, [b"Upgrade: echo"])


CUT_HEADS = {
    "nothing": b"",
    "one-byte": b"H",
    "in-the-version": b"HTTP/1",
    "in-the-status-line": b"HTTP/1.1 200 O",
    "after-the-status-line": b"HTTP/1.1 200 OK\r\n",
    "in-a-field": b"HTTP/1.1 200 OK\r\nContent-Le",
    "after-a-field": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
    "before-the-last-lf": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r",
    "after-100": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("head", CUT_HEADS.values(), ids=CUT_HEADS.keys())
def test_close_within_the_head(mpy, peer, head):
    server = peer(head)
    raised = mpy.error(GET, url=server.url)
    assert (raised.kind, raised.errno) == ("OSError", 104)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"], ids=["nothing", "in-a-field"])
def test_reset_within_the_head(mpy, peer, head):
    server = peer([head, reset])
    raised = mpy.error(GET, url=server.url)
    assert (raised.kind, raised.errno) == ("OSError", 104)


def test_slow_head(mpy, peer):
    server = peer(
        [b"HTTP/1.1 200 ", pause(0.1), b"OK\r\nContent-", pause(0.1), b"Length: 2\r\n\r", pause(0.1), b"\nok"]
    )
    assert mpy(GET + "show(r.content)", url=server.url) == b"ok"


@pytest.mark.parametrize("size", [1000, 300_000])
def test_response_before_the_whole_request(mpy, peer, size):
    """A server may refuse a large body while it is still being sent."""
    server = peer([EARLY, response(b"too large", status="413 Content Too Large"), hang])
    assert mpy("show(mrequests.post(url, data=b'x' * size).status_code)", url=server.url, size=size) == 413
