"""A test for each bug of the reference."""

import json

import pytest

from support.messages import chunked, chunks, redirect, response
from support.peer import EARLY, KEEP, endless, hang


def test_json_argument_is_not_taken_for_the_module(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.post(url, json={'a': 1})", url=server.url)
    assert json.loads(server.request.body) == {"a": 1}


def test_auth_does_not_change_the_default_headers(mpy, peer):
    server, other = peer(response()), peer(response())
    mpy.run("mrequests.get(url, auth=('user', 'secret'))\nmrequests.get(other)", url=server.url, other=other.url)
    assert server.request.get("Authorization")
    assert other.request.get("Authorization") is None


def test_host_names_the_port(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.get(url)", url=server.url)
    assert server.request.get("Host") == f"127.0.0.1:{server.port}"


def test_content_length_of_a_str_is_in_bytes(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.post(url, data='z\u00fcrich \u20ac')", url=server.url)
    assert server.request.get("Content-Length") == "11"
    assert server.request.body == "z\u00fcrich \u20ac".encode()


CRLF = {
    "url": "mrequests.get(url + '/ HTTP/1.1\\r\\nX-Injected: 1\\r\\n\\r\\n')",
    "field": "mrequests.get(url, headers={b'X-A': b'1\\r\\nX-Injected: 1'})",
}


@pytest.mark.parametrize("call", CRLF.values(), ids=CRLF.keys())
def test_crlf_is_not_sent(mpy, peer, call):
    server = peer(response(), repeat=True)
    assert mpy.error(call, url=server.url).kind == "ValueError"
    assert server.connections == []


def test_body_of_a_get_is_sent(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.get(url, data=b'body')", url=server.url)
    assert server.request.body == b"body"


@pytest.mark.parametrize("arguments", ["data=42", "headers={'X-A': 1.5}", "headers={5: '1'}", "data=b'x', headers=5"])
def test_a_wrong_argument_is_found_before_anything_is_sent(mpy, peer, arguments):
    server = peer(response(), repeat=True)
    assert mpy.error(f"mrequests.post(url, {arguments})", url=server.url).kind == "TypeError"
    assert server.connections == []


@pytest.mark.parametrize(
    "arguments", ["data=bytearray(b'x')", "headers=None", "headers={'X-A': 7}", "headers={'User-Agent': None}"]
)
def test_what_is_allowed_is_sent(mpy, peer, arguments):
    server = peer(response())
    mpy.run(f"mrequests.post(url, {arguments})", url=server.url)
    assert server.request.complete


def test_content_of_a_chunked_reply_has_every_chunk(mpy, peer):
    server = peer(chunked(b"one ", b"two ", b"three"))
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"one two three"


def test_readinto_of_a_chunked_reply_has_no_framing(mpy, peer):
    server = peer(chunked(b"one ", b"two"))
    shown = mpy("b = bytearray(100)\nn = mrequests.get(url).readinto(b)\nshow(bytes(b[:n]))", url=server.url)
    assert shown == b"one two"


def test_trailers_are_read(mpy, peer):
    server = peer([chunked(b"hello", trailers=b"X-A: 1\r\nX-B: 2\r\n"), KEEP])
    assert mpy("show(mrequests.get(url, timeout=5).content)", url=server.url) == b"hello"


def test_chunked_in_any_case(mpy, peer):
    server = peer(response(chunks(b"hello"), "Transfer-Encoding: Chunked", length=False))
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"hello"


def test_xchunked_is_not_chunked(mpy, peer):
    server = peer(response(chunks(b"hello"), "Transfer-Encoding: xchunked", length=False))
    assert mpy.error("mrequests.get(url).content", url=server.url).kind == "ValueError"


@pytest.mark.parametrize(
    "message",
    [
        response(b"short", "Content-Length: 100", length=False),
        response(b"64\r\nshort", "Transfer-Encoding: chunked", length=False),
    ],
    ids=["length", "chunked"],
)
def test_a_truncated_body_does_not_pass_as_whole(mpy, peer, message):
    server = peer(message)
    assert mpy.error("mrequests.get(url).content", url=server.url).errno == 103


def test_nothing_is_read_past_content_length(mpy, peer):
    """A keep-alive peer does not close, so a read past the end would block."""
    server = peer([response(b"hello") + b"MORE", KEEP])
    assert mpy("r = mrequests.get(url, timeout=5)\nshow(r.read(100), r.read(100))", url=server.url) == (b"hello", b"")


def test_the_reply_to_head_has_no_body(mpy, peer):
    server = peer([response(b"", "Content-Length: 100", length=False), KEEP])
    assert mpy("show(mrequests.head(url, timeout=5).content)", url=server.url) == b""


def test_304_has_no_body(mpy, peer):
    server = peer([response(b"", "Content-Length: 100", status="304 Not Modified", length=False), KEEP])
    assert mpy("show(mrequests.get(url, timeout=5).content)", url=server.url) == b""


def test_a_reply_without_content_length_is_not_empty(mpy, peer):
    server = peer(response(b"hello", length=False))
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"hello"


def test_an_empty_reply_does_not_loop(mpy, peer):
    server = peer([])
    assert mpy.error("mrequests.get(url)", url=server.url).errno == 104


def test_bare_lf_does_not_loop(mpy, peer):
    server = peer(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"hello"


def test_an_endless_head_is_not_read_for_ever(mpy, peer):
    server = peer([b"HTTP/1.1 200 OK\r\n", endless(b"X-A: 1\r\n" * 500)])
    assert mpy.error("mrequests.get(url)", url=server.url).kind == "ValueError"


def test_100_is_not_the_answer(mpy, peer):
    server = peer(b"HTTP/1.1 100 Continue\r\n\r\n" + response(b"hello", status="201 Created"))
    assert mpy("r = mrequests.get(url)\nshow(r.status_code, r.content)", url=server.url) == (201, b"hello")


def test_location_in_lower_case_is_seen(mpy, peer):
    server = peer(response(b"", "location: /next", status="302 Found"), response(b"there"))
    assert mpy("show(mrequests.get(url).content)", url=server.url) == b"there"


def test_a_relative_location_with_a_slash_is_no_host(mpy, peer):
    server = peer(redirect("deep/er"), response(b"there"))
    assert mpy("show(mrequests.get(url + '/a/b').content)", url=server.url) == b"there"
    assert server.requests[1].target == "/a/deep/er"


def test_credentials_do_not_go_to_another_origin(mpy, peer):
    other = peer(response())
    server = peer(redirect(other.url + "/"))
    mpy.run("mrequests.get(url, auth=('u', 'p'), headers={'Cookie': 'a=b'})", url=server.url)
    assert other.request.get("Authorization") is None
    assert other.request.get("Cookie") is None


@pytest.mark.parametrize(
    "message",
    [b"garbage\r\n\r\n", redirect("/again"), b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"],
    ids=["garbage", "redirects", "length"],
)
def test_value_errors_close_the_socket(mpy, peer, message):
    server = peer([message, hang], repeat=True)
    assert mpy.error("mrequests.get(url)", url=server.url).kind == "ValueError"  # checks the descriptors


def test_an_unclosed_response_is_closed_when_collected(mpy, peer):
    server = peer([response(b"hello"), hang], repeat=True)
    shown = mpy(
        """
    before = descriptors()
    def forget():
        for _ in range(10):
            mrequests.get(url)
    forget()
    gc.collect()
    show(descriptors() - before <= 2)  # one may still be seen in a stale stack slot
    """,
        url=server.url,
    )
    assert shown is True


def test_a_failed_handshake_closes_the_socket(mpy, peer):
    server = peer([EARLY, b"no TLS here"])
    raised = mpy.error("mrequests.get('https' + base[4:], timeout=5)", base=server.url)  # checks the descriptors
    assert raised.kind == "OSError"


def test_a_small_post_is_one_write(mpy, peer):
    server = peer([])
    shown = mpy(
        """
    class Stream(io.IOBase):
        writes = 0
        answer = io.BytesIO(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
        def write(self, data):
            self.writes += 1
            return len(data)
        def readinto(self, buf):
            return self.answer.readinto(buf)
        def ioctl(self, request, argument):
            return 0
    stream = Stream()
    class Context:
        def wrap_socket(self, sock, server_hostname=None):
            return stream
    mrequests.post("https" + base[4:], json={"a": 1}, auth=("u", "p"), ssl_context=Context())
    show(stream.writes)
    """,
        base=server.url,
    )
    assert shown == 1


def test_text_of_a_reply_with_a_content_encoding(mpy, peer):
    """text ignores Content-Encoding: the body may be decoded already, or was never encoded."""
    server = peer(response("z\u00fcrich".encode(), "Content-Encoding: gzip"))
    assert mpy("r = mrequests.get(url)\nshow(r.encoding, r.text)", url=server.url) == ("gzip", "z\u00fcrich")


def test_text_of_a_latin_1_reply(mpy, peer):
    server = peer(response(b"z\xfcrich", "Content-Type: text/plain; charset=ISO-8859-1"))
    assert mpy("show(mrequests.get(url).text)", url=server.url) == "z\u00fcrich"
