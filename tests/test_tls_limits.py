"""The client hello, the names of alerts, and the limits of the buffers."""

import functools

import pytest

from support import certificates, tls13
from support.steps import HONEST, alert, answer, before, but, certificate, fragments, sealed, server_hello, until
from support.tls13 import APPLICATION_DATA
from support.tls_snippets import CONTEXT, EACCES, ECONNABORTED, ENOBUFS

ALERTS = {
    10: "unexpected_message",
    47: "illegal_parameter",
    48: "unknown_ca",
    50: "decode_error",
    80: "internal_error",
    112: "unrecognized_name",
    116: "certificate_required",
    120: "no_application_protocol",
}


@pytest.mark.parametrize("steps", [HONEST[:1], HONEST[:4], HONEST[:9]], ids=["hello", "handshake", "open"])
def test_names_of_alerts(mpy, hostile, root, steps):
    """Errors name the alert at every stage of the connection."""
    urls = {code: hostile((*steps, alert(code))).url for code in ALERTS}
    shown = mpy(
        "show({code: attempt(lambda: mrequests.get(url, verify=ca))[1:] for code, url in urls.items()})",
        urls=urls,
        ca=root.pem,
    )
    for code, name in ALERTS.items():
        errno, text = shown[code]
        assert errno == ECONNABORTED
        assert name in text


class TestBuffers:
    """Servers that ignore the requested record size: the error says so."""

    def test_record_larger_than_the_buffer(self, mpy, hostile, root):
        server = hostile(before(answer, sealed(APPLICATION_DATA, b"x" * 5000)))
        raised = mpy.error(
            CONTEXT + "mrequests.get(url, ssl_context=context(ca, record_size=4096))", url=server.url, ca=root.pem
        )
        assert (raised.errno, "buffer" in raised.text) == (ENOBUFS, True)

    def test_chain_larger_than_the_buffer(self, mpy, hostile, root):
        long = certificates.server(root, names=["localhost", *(f"host{n}.example" for n in range(100))])
        server = hostile(HONEST, long)
        source = (
            CONTEXT + "show(attempt(lambda: mrequests.get(url, ssl_context=context(ca, record_size=size)).content))"
        )
        raised = mpy(source, url=server.url, ca=root.pem, size=1024)
        assert raised[1] == ENOBUFS
        assert mpy(source, url=server.url, ca=root.pem, size=4096) is None

    def test_chain_larger_than_a_record(self, mpy, hostile, root, identity):
        chain = [identity.der] + [certificates.issue(subject=f"extra {n}", key="rsa4096").der for n in range(15)]
        server = hostile((*HONEST[:4], fragments(16000), functools.partial(certificate, chain=chain), *HONEST[5:]))
        raised = mpy.error("mrequests.get(url, verify=ca)", url=server.url, ca=root.pem)
        assert raised.errno == ENOBUFS

    def test_more_certificates_than_are_looked_at(self, mpy, hostile, root, identity):
        """A long hostile chain is refused after bounded work."""
        chain = [identity.der] + [certificates.issue(subject=f"extra {n}").der for n in range(13)]
        server = hostile(but(certificate, chain=chain))
        raised = mpy.error("mrequests.get(url, verify=ca)", url=server.url, ca=root.pem)
        assert (raised.errno, "complex" in raised.text) == (EACCES, True)


class TestClientHello:
    """Contents of the client hello."""

    def hello(self, mpy, hostile, source, **names):
        server = hostile(until(server_hello))
        mpy(CONTEXT + source + "\nshow(0)", port=server.port, **names)
        return server.hello

    def test_offers(self, mpy, hostile, root):
        hello = self.hello(mpy, hostile, "tried(context(ca), port)", ca=root.pem)
        assert hello.suites == [tls13.AES_128_GCM]
        assert hello.numbers(tls13.SUPPORTED_GROUPS) == [tls13.SECP256R1]
        assert list(hello.key_shares) == [tls13.SECP256R1]
        assert {0x0403, 0x0503, 0x0804, 0x0807} <= set(hello.numbers(tls13.SIGNATURE_ALGORITHMS))
        assert tls13.MAX_FRAGMENT_LENGTH not in hello.extensions

    @pytest.mark.parametrize(
        "name, sent",
        [
            ("localhost", b"localhost"),
            ("host.example", b"host.example"),
            ("host.example.", b"host.example"),
            ("127.0.0.1", None),
            ("::1", None),
        ],
    )
    def test_name(self, mpy, hostile, root, name, sent):
        hello = self.hello(mpy, hostile, "tried(context(ca), port, name)", ca=root.pem, name=name)
        assert hello.name == sent

    @pytest.mark.parametrize("size, code", [(512, 1), (1024, 2), (2048, 3), (4096, 4), (16384, None)])
    def test_fragment_length(self, mpy, hostile, root, size, code):
        hello = self.hello(mpy, hostile, "tried(context(ca, record_size=size), port)", ca=root.pem, size=size)
        assert hello.extensions.get(tls13.MAX_FRAGMENT_LENGTH) == (code and bytes([code]))

    def test_randomness(self, mpy, hostile, root):
        """No two hellos share a random or a key."""
        server = hostile(until(server_hello))
        mpy.run(CONTEXT + "c = context(ca)\nfor _ in range(3):\n    tried(c, port)", port=server.port, ca=root.pem)
        assert len({hello.body[2:34] for hello in server.hellos}) == 3
        assert len({hello.key_shares[tls13.SECP256R1] for hello in server.hellos}) == 3
