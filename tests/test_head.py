"""Heads: limits, with and without saved headers, on a small heap. tests/cases covers the syntax."""

import pytest

from support.messages import response
from support.peer import EARLY, endless, hang


def field_lines(count, size):
    """Returns `count` field lines of `size` bytes each."""
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
def test_limits(mpy, peer, saved):
    servers = {
        name: peer(b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 2\r\n\r\nok")
        for name, fields in (WITHIN_LIMITS | PAST_LIMITS).items()
    }
    shown = mpy(
        """
    def outcome(url):
        before = descriptors()
        raised = attempt(lambda: mrequests.get(url, save_headers=saved).content)
        return raised and raised[0], descriptors() - before
    show({name: outcome(urls[name]) for name in urls})
    """,
        urls={name: server.url for name, server in servers.items()},
        saved=saved,
    )
    assert shown == dict.fromkeys(WITHIN_LIMITS, (None, 0)) | dict.fromkeys(PAST_LIMITS, ("ValueError", 0))


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


def test_endless_head(mpy, peer):
    servers = {name: peer(steps) for name, steps in ENDLESS.items()}
    shown = mpy(
        "show({name: attempt(lambda: mrequests.get(urls[name]))[0] for name in urls})",
        urls={name: server.url for name, server in servers.items()},
        heap="128k",
    )
    assert shown == dict.fromkeys(ENDLESS, "ValueError")
    # The bound allows for socket buffers, which hold more than a head may have.
    assert {name for name, server in servers.items() if server.bytes_sent > 3_000_000} == set()


@pytest.mark.parametrize("size", [1000, 300_000])
def test_response_before_the_whole_request(mpy, peer, size):
    """A server may refuse a large body while the client is still sending it."""
    server = peer([EARLY, response(b"too large", status="413 Content Too Large"), hang])
    assert mpy("show(mrequests.post(url, data=b'x' * size).status_code)", url=server.url, size=size) == 413
