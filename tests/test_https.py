"""https through the port's tls module, or through the caller's ssl_context."""

import ssl

import pytest
import trustme

from support.messages import response
from support.peer import EARLY, KEEP

EINVAL = 22

# A context of the port's tls module that verifies against a CA certificate in DER.
VERIFYING = """
import tls
context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
context.verify_mode = tls.CERT_REQUIRED
context.load_verify_locations(der)
"""


@pytest.fixture(scope="session")
def der(authority):
    """The certificate of the tests' authority, in DER."""
    return ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode())


@pytest.fixture(scope="session")
def foreign_der():
    """The certificate of an authority that signed no server certificate, in DER."""
    return ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())


class TestDefaultContext:
    def test_get(self, mpy, nginx):
        shown = mpy("r = mrequests.get(url)\nshow(r.status_code, r.url, r.content)", url=nginx.https + "/small.txt")
        assert shown == (
            200,
            nginx.https + "/small.txt",
            b"a small file\n",
        )

    def test_a_name_that_is_not_the_servers(self, mpy, nginx):
        """Without trust anchors nothing is verified, as the reference documents."""
        assert mpy("show(mrequests.get(url).content)", url=nginx.https_other_name + "/small.txt") == b"a small file\n"

    @pytest.mark.parametrize("folder", ["/", "/chunked/"])
    def test_a_megabyte(self, mpy, nginx, folder):
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(url)\nn = r.save('saved')\nshow(n, descriptors() - before)",
            url=nginx.https + folder + "1m.bin",
        )
        assert shown == (len(nginx.files["1m.bin"]), 0)
        assert (mpy.directory / "saved").read_bytes() == nginx.files["1m.bin"]

    @pytest.mark.parametrize("size", [0, 10, 100_000])
    def test_post(self, mpy, peer, server_tls, size):
        server = peer(response(b"thanks"), tls=server_tls)
        assert mpy("show(mrequests.post(url, data=b'x' * size).content)", url=server.url, size=size) == b"thanks"
        assert server.request.body == b"x" * size

    def test_every_way_of_reading(self, mpy, peer, server_tls):
        server = peer(*[response(b'["one",\n2]')] * 5, tls=server_tls)
        shown = mpy(
            """
        b = bytearray(4)
        r = mrequests.get(url)
        n = r.readinto(b)
        value, lines, loaded = mrequests.get(url).json(), list(mrequests.get(url)), json.load(mrequests.get(url))
        show(n, bytes(b), value, lines, loaded, mrequests.get(url).read(3))
        """,
            url=server.url,
        )
        assert shown == (4, b'["on', ["one", 2], [b'["one",\n', b"2]"], ["one", 2], b'["o')

    def test_keep_alive_peer(self, mpy, peer, server_tls):
        server = peer([response(b"hello") + b"MORE", KEEP], tls=server_tls)
        assert mpy("show(mrequests.get(url, timeout=5).content)", url=server.url) == b"hello"

    def test_truncated_body(self, mpy, peer, server_tls):
        server = peer(response(b"hello", "Content-Length: 100", length=False), tls=server_tls)
        raised = mpy.error("mrequests.get(url).content", url=server.url)
        assert (raised.kind, raised.errno) == ("OSError", 103)
        assert "incomplete body: 5 of 100 bytes" in raised.text

    def test_name_indication(self, mpy, peer, authority):
        names = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        context.sni_callback = lambda sock, name, ctx: names.append(name)
        server = peer(response(), tls=context)
        mpy.run("mrequests.get(url)", url=f"https://localhost:{server.port}/")
        assert names == ["localhost"]


@pytest.mark.needs("ssl")
class TestVerifyingContext:
    def test_good(self, mpy, nginx, der):
        shown = mpy(
            VERIFYING + "show(mrequests.get(url, ssl_context=context).content)",
            url=nginx.https + "/small.txt",
            der=der,
        )
        assert shown == b"a small file\n"

    def test_context_can_be_used_again(self, mpy, nginx, der):
        shown = mpy(
            VERIFYING + "show([mrequests.get(url, ssl_context=context).status_code for _ in range(3)])",
            url=nginx.https + "/small.txt",
            der=der,
        )
        assert shown == [200] * 3

    def test_wrong_name(self, mpy, nginx, der):
        assert refused(mpy, nginx.https_other_name, der).kind == "OSError"

    def test_unknown_issuer(self, mpy, nginx, foreign_der):
        assert refused(mpy, nginx.https, foreign_der).kind == "OSError"

    def test_refused_over_and_over(self, mpy, nginx, foreign_der):
        """A failed handshake leaves no descriptor open."""
        shown = mpy(
            VERIFYING
            + """
before = descriptors()
kinds = {attempt(lambda: mrequests.get(url, ssl_context=context))[0] for _ in range(20)}
show(kinds, descriptors() - before)
""",
            url=nginx.https,
            der=foreign_der,
        )
        assert shown == ({"OSError"}, 0)


def refused(mpy, url, der):
    """Returns the error of a call with a context that verifies against `der`."""
    return mpy.error(VERIFYING + "mrequests.get(url, ssl_context=context)", url=url, der=der)


NO_TLS_SERVERS = {
    "plain-http": [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"],
    "garbage": [b"no TLS here, and no HTTP either\n" * 10],
    "closes": [],
    "alert": [b"\x15\x03\x03\x00\x02\x02\x28"],
}


@pytest.mark.parametrize("steps", NO_TLS_SERVERS.values(), ids=NO_TLS_SERVERS.keys())
def test_server_without_tls(mpy, peer, steps):
    server = peer([EARLY, *steps])
    raised = mpy.error("mrequests.get('https' + base[4:], timeout=5)", base=server.url)
    assert raised.kind == "OSError"


# The caller's ssl_context is any object with wrap_socket().

OWN_CONTEXT = """
class Context:
    def __init__(self, stream=None, error=None):
        self.calls = []
        self.stream = stream
        self.error = error
    def wrap_socket(self, sock, server_hostname=None):
        self.calls.append(server_hostname)
        if self.error:
            raise self.error
        return sock if self.stream is None else self.stream
"""


class TestOwnContext:
    def test_it_wraps_the_socket(self, mpy, peer):
        """A context that returns the socket unchanged speaks plain HTTP, on the URL's port."""
        server = peer(response(b"plain"))
        shown = mpy(
            OWN_CONTEXT + "c = Context()\nshow(mrequests.get('https' + base[4:], ssl_context=c).content, c.calls)",
            base=server.url,
        )
        assert shown == (b"plain", ["127.0.0.1"])
        assert server.request.get("Host") == server.hostport

    def test_it_is_given_the_name_of_the_server(self, mpy, peer):
        server = peer(response(b"plain"))
        shown = mpy(
            OWN_CONTEXT + "c = Context()\nmrequests.get('https://localhost:%d/' % port, ssl_context=c)\nshow(c.calls)",
            port=server.port,
        )
        assert shown == ["localhost"]

    def test_it_is_not_used_for_http(self, mpy, peer):
        server = peer(response(b"plain"))
        shown = mpy(OWN_CONTEXT + "c = Context()\nmrequests.get(base, ssl_context=c)\nshow(c.calls)", base=server.url)
        assert shown == []

    def test_its_exceptions_pass(self, mpy, peer):
        server = peer(response())
        raised = mpy.error(
            OWN_CONTEXT + "mrequests.get('https' + base[4:], ssl_context=Context(error=RuntimeError('mine')))",
            base=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "mine")

    @pytest.mark.parametrize("stream", ["5", "object()", "[]"])
    def test_something_that_is_no_stream(self, mpy, peer, stream):
        server = peer(response())
        raised = mpy.error(
            OWN_CONTEXT + f"mrequests.get('https' + base[4:], ssl_context=Context({stream}))", base=server.url
        )
        assert (raised.kind, raised.errno) == ("OSError", EINVAL)

    @pytest.mark.parametrize("method", ["write", "readinto"])
    def test_exceptions_of_its_stream_pass(self, mpy, peer, method):
        server = peer([])
        raised = mpy.error(
            OWN_CONTEXT
            + f"""
class Stream(io.IOBase):
    def write(self, data):
        return len(data)
    def readinto(self, buf):
        return 0
    def ioctl(self, request, argument):
        return 0
class Failing(Stream):
    def {method}(self, *args):
        raise RuntimeError("mine")
mrequests.get("https" + base[4:], ssl_context=Context(Failing()))
""",
            base=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "mine")
