"""Refused certificates: each with its own reason, before any part of the request is sent."""

import pytest
from cryptography import x509

from support import certificates
from support.certificates import CA_USAGE, CLIENT_AUTH, intermediate, issue, server
from support.messages import response
from support.steps import HONEST
from support.tls_snippets import CONTEXT, EACCES

# The three ways to give trust anchors.
WAYS = (
    CONTEXT
    + """
def by_context(ca):
    mrequests.get(url, ssl_context=context(ca))

def by_argument(ca):
    mrequests.get(url, verify=ca)

def by_default(ca):
    mrequests.set_ca(ca)
    mrequests.get(url)

before = descriptors()
raised = [attempt(lambda: way(ca)) for way in (by_context, by_argument, by_default)]
show(raised, descriptors() - before)
"""
)


def without_intermediate(root):
    """Returns a certificate that its server sends without the intermediate."""
    leaf = server(intermediate(root))
    leaf.issuer = leaf.issuer.issuer
    return leaf


UNKNOWN_EXTENSION = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")

# Functions that make a server's certificate, given the trusted root, and a word of the expected reason.
CASES = {
    "expired": (lambda root: server(root, days=(-20, -2)), "expired"),
    "not-yet-valid": (lambda root: server(root, days=(2, 20)), "not yet valid"),
    "expired-intermediate": (lambda root: server(intermediate(root, days=(-20, -2))), "expired"),
    "not-yet-valid-intermediate": (lambda root: server(intermediate(root, days=(2, 20))), "not yet valid"),
    "wrong-name": (lambda root: server(root, names=["elsewhere.example"]), "name"),
    "subdomain": (lambda root: server(root, names=["sub.localhost"]), "name"),
    "only-an-address": (lambda root: server(root, names=[]), "name"),
    "common-name-only": (lambda root: server(root, "localhost", names=[], addresses=[]), "name"),
    "unknown-authority": (lambda _: server(certificates.root("another root")), "issuer"),
    "unknown-authority-with-intermediate": (
        lambda _: server(intermediate(certificates.root("another root"))),
        "issuer",
    ),
    "self-signed": (lambda _: issue(subject="localhost", names=["localhost"]), "self-signed"),
    "self-signed-ca": (lambda _: issue(subject="localhost", names=["localhost"], authority=True), "self-signed"),
    "missing-intermediate": (without_intermediate, "issuer"),
    "authority-of-the-same-name": (lambda _: server(certificates.root()), "signature"),
    "server-as-authority": (lambda root: server(server(root)), "CA"),
    "authority-without-ca-bit": (lambda root: server(intermediate(root, authority=False)), "CA"),
    "authority-without-constraints": (lambda root: server(intermediate(root, authority=None)), "CA"),
    "version-1-authority": (
        lambda root: server(issue(root, "test intermediate", version1=True)),
        "version",
    ),
    "client-certificate": (lambda root: server(root, purposes=[CLIENT_AUTH]), "usage"),
    "authority-for-clients": (lambda root: server(intermediate(root, purposes=[CLIENT_AUTH])), "usage"),
    "authority-that-may-not-sign": (lambda root: server(intermediate(root, usage={"crl_sign"})), "key usage"),
    "server-that-may-not-sign": (lambda root: server(root, usage={"key_agreement"}), "key usage"),
    "bad-signature": (lambda root: server(root, damaged=True), "signature"),
    "bad-signature-of-intermediate": (lambda root: server(intermediate(root, damaged=True)), "signature"),
    "bad-rsa-signature": (
        lambda root: server(intermediate(root, key="rsa2048"), damaged=True),
        "signature",
    ),
    "bad-p384-signature": (
        lambda root: server(intermediate(root, key="p384"), damaged=True),
        "signature",
    ),
    "name-not-permitted": (lambda root: server(intermediate(root, permitted=["example.com"])), "constraint"),
    "name-excluded": (lambda root: server(intermediate(root, excluded=["localhost"])), "constraint"),
    "address-not-permitted": (lambda root: server(intermediate(root, permitted=["10.0.0.0/8"])), "constraint"),
    "path-too-long": (
        lambda root: server(intermediate(intermediate(root, "outer", path_length=0), "inner")),
        "path",
    ),
    "weak-key": (lambda root: server(intermediate(root, key="rsa1024")), "signature"),
    "p521-authority": (lambda root: server(intermediate(root, key="p521")), "algorithm"),
    "critical-extension": (lambda root: server(root, extensions=[(UNKNOWN_EXTENSION, True)]), "extension"),
    "critical-extension-of-intermediate": (
        lambda root: server(intermediate(root, extensions=[(UNKNOWN_EXTENSION, True)])),
        "extension",
    ),
}


@pytest.mark.parametrize("make, reason", CASES.values(), ids=CASES.keys())
def test_refused(mpy, tls_peer, root, make, reason):
    peer = tls_peer(response(b"secret"), certificate=make(root), repeat=True)
    raised, leaked = mpy(WAYS, url=peer.at, ca=root.pem)
    assert [each[:2] for each in raised] == [("OSError", EACCES)] * 3
    for _, _, text in raised:
        assert reason in text, f"{text!r} does not say {reason!r}"
    assert leaked == 0
    assert peer.requests == []
    # A refused certificate does not start the fallback.
    assert len(peer.connections) == 3


def test_each_reason_has_its_own_text(mpy, tls_peer, root):
    """Error texts name the reason."""
    names = [
        "expired", "not-yet-valid", "wrong-name", "unknown-authority", "self-signed", "server-as-authority",
        "client-certificate", "server-that-may-not-sign", "bad-signature", "name-not-permitted", "path-too-long",
        "p521-authority", "critical-extension",
    ]  # fmt: skip
    urls = [tls_peer(response(), certificate=CASES[name][0](root)).at for name in names]
    shown = mpy("show([attempt(lambda: mrequests.get(url, verify=ca))[2] for url in urls])", urls=urls, ca=root.pem)
    assert len(set(shown)) == len(names), shown


# IP addresses, in firmware without the port's TLS: mbedtls before version 3 does not match them.

ADDRESSES = {
    "other-address": (lambda root: server(root, addresses=["127.0.0.2"]), "name"),
    "names-only": (lambda root: server(root, addresses=[]), "name"),
    "address-as-a-name": (lambda root: server(root, names=["127.0.0.1"], addresses=[]), "name"),
    "address-as-common-name": (lambda root: server(root, "127.0.0.1", addresses=[]), "name"),
    "excluded": (lambda root: server(intermediate(root, excluded=["127.0.0.0/8"])), "constraint"),
}


@pytest.mark.parametrize("make, reason", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_refused_address(mpy, tls_peer, root, make, reason):
    peer = tls_peer(response(), certificate=make(root))
    raised = mpy.error("mrequests.get(url, verify=ca)", url=peer.url, ca=root.pem)
    assert (raised.kind, raised.errno) == ("OSError", EACCES)
    assert reason in raised.text
    assert peer.requests == []


def test_good_addresses(mpy, tls_peer, root):
    for issuer in root, intermediate(root, permitted=["127.0.0.0/8"]):
        certificate = server(issuer, names=[], addresses=["127.0.0.1"])
        peer = tls_peer(response(b"hello"), certificate=certificate)
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.url, ca=root.pem) == b"hello"


@pytest.mark.needs("ipv6")
def test_ipv6_address(mpy, tls_peer, root, identity):
    peer = tls_peer(response(b"hello"), host="::1")
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.url, ca=root.pem) == b"hello"
    other = tls_peer(response(), host="::1", certificate=server(root, addresses=["::2"]))
    assert "name" in mpy.error("mrequests.get(url, verify=ca)", url=other.url, ca=root.pem).text


# These names need no DNS: the socket is connected already.

NAMES = [
    ("host.example", "host.example", True),
    ("host.example", "HOST.Example", True),
    ("Host.EXAMPLE", "host.example", True),
    ("host.example", "host.example.", True),
    ("host.example", "host.example.org", False),
    ("host.example", "ahost.example", False),
    ("host.example", "example", False),
    ("*.example.org", "a.example.org", True),
    ("*.example.org", "A.EXAMPLE.org", True),
    ("*.example.org", "example.org", False),
    ("*.example.org", "a.b.example.org", False),
    ("*.example.org", ".example.org", False),
    ("*.b.example.org", "a.b.example.org", True),
    ("a*.example.org", "ab.example.org", False),
    ("a.*.org", "a.example.org", False),
    ("xn--bcher-kva.example", "xn--bcher-kva.example", True),
]


def test_names(mpy, tls_peer, root):
    """Checks all pairs of certificate name and requested name in one process."""
    ports = {}
    for name in dict.fromkeys(pattern for pattern, _, _ in NAMES):
        ports[name] = tls_peer(response(), certificate=server(root, names=[name], addresses=[]), repeat=True).port
    shown = mpy(
        CONTEXT + "c = context(ca)\nshow([tried(c, port, name) for port, name in pairs])",
        pairs=[(ports[pattern], name) for pattern, name, _ in NAMES],
        ca=root.pem,
    )
    outcomes = [raised and raised[:2] for raised in shown]
    assert outcomes == [None if good else ("OSError", EACCES) for _, _, good in NAMES]


def test_many_names(mpy, tls_peer, root):
    """A certificate with 101 names, as content delivery networks use."""
    names = [f"host{n}.example" for n in range(100)] + ["localhost"]
    peer = tls_peer(response(b"hello"), certificate=server(root, names=names))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.at, ca=root.pem) == b"hello"


def test_host_in_upper_case(mpy, tls_peer, root):
    peer = tls_peer(response(b"hello"))
    assert mpy("show(mrequests.get(url.upper(), verify=ca).content)", url=peer.at, ca=root.pem) == b"hello"


def test_the_server_is_told(mpy, hostile, root):
    """The client sends an alert (RFC 8446 section 6.2), so the server's log shows the reason."""
    peer = hostile(HONEST, server(root, days=(-20, -2)))
    assert mpy.error("mrequests.get(url, verify=ca)", url=peer.url, ca=root.pem).errno == EACCES
    assert peer.nothing_leaked()
    assert peer.records[-1] == (21, b"\x02\x2a")


class TestUsages:
    """Usages allowed for a TLS 1.3 server: an absent extension sets no limit."""

    @pytest.mark.parametrize(
        "options",
        [
            {"usage": None},
            {"purposes": []},
            {"purposes": [CLIENT_AUTH, certificates.SERVER_AUTH]},
            {"usage": {"digital_signature", "key_encipherment"}},
            {"extensions": [(UNKNOWN_EXTENSION, False)]},
        ],
        ids=["no-key-usage", "no-purpose", "both-purposes", "more-usages", "extension"],
    )
    def test_server(self, mpy, tls_peer, root, options):
        peer = tls_peer(response(b"hello"), certificate=server(root, **options))
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.at, ca=root.pem) == b"hello"

    @pytest.mark.parametrize(
        "options",
        [
            {"usage": None},
            {"purposes": [certificates.SERVER_AUTH]},
            {"path_length": 0},
            {"usage": {*CA_USAGE, "digital_signature"}},
            {"permitted": ["localhost", "127.0.0.0/8", "::1/128"]},
            {"excluded": ["example.com"]},
        ],
        ids=["no-key-usage", "purpose", "path-length", "more-usages", "permitted", "excluded"],
    )
    def test_intermediate(self, mpy, tls_peer, root, options):
        peer = tls_peer(response(b"hello"), certificate=server(intermediate(root, **options)))
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.at, ca=root.pem) == b"hello"

    def test_constraint_of_the_root(self, mpy, tls_peer):
        """Anchors keep their name constraints."""
        for permitted, good in (["localhost", "0.0.0.0/0", "::/0"], True), (["example.com"], False):
            limited = certificates.root(permitted=permitted)
            peer = tls_peer(response(b"hello"), certificate=server(limited))
            shown = mpy("show(attempt(lambda: mrequests.get(url, verify=ca)))", url=peer.at, ca=limited.pem)
            assert (shown is None) == good
            assert good or (shown[1] == EACCES and "constraint" in shown[2])


class TestOverAndOver:
    @pytest.mark.thorough
    def test_refused_over_and_over(self, mpy, tls_peer, root):
        """A refusal leaves neither descriptors nor memory behind."""
        peer = tls_peer(response(), certificate=server(root, days=(-20, -2)), repeat=True)
        kinds, leaked, grown = mpy(
            """
        def used():
            gc.collect()
            gc.collect()
            return gc.mem_alloc()
        def many(n):
            return {attempt(lambda: mrequests.get(url, verify=ca))[1] for _ in range(n)}
        many(5)
        before, memory = descriptors(), used()
        kinds = many(40)
        show(kinds, descriptors() - before, used() - memory)
        """,
            url=peer.at,
            ca=root.pem,
        )
        assert (kinds, leaked) == ({EACCES}, 0)
        assert grown < 2000

    def test_good_after_refused(self, mpy, tls_peer, root):
        bad, good = tls_peer(response(), certificate=server(root, days=(-20, -2))), tls_peer(response(b"hello"))
        shown = mpy(
            "show(attempt(lambda: mrequests.get(bad, verify=ca))[1], mrequests.get(good, verify=ca).content)",
            bad=bad.at,
            good=good.at,
            ca=root.pem,
        )
        assert shown == (EACCES, b"hello")
