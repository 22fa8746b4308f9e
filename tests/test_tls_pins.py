"""Pins: the SHA-256 of a server's public key."""

import base64

import pytest

from support import certificates
from support.certificates import server
from support.messages import response
from support.steps import but, certificate_verify, without
from support.tls_snippets import CONTEXT, EACCES

pytestmark = pytest.mark.needs("tls")

FORMS = {
    "hex": lambda pin: "sha256:" + pin.hex(),
    "upper-case-hex": lambda pin: "sha256:" + pin.hex().upper(),
    "base64": lambda pin: "sha256:" + base64.b64encode(pin).decode(),
    "as-curl": lambda pin: "sha256/" + base64.b64encode(pin).decode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("kind", [str, str.encode], ids=["str", "bytes"])
def test_forms(mpy, tls_peer, identity, form, kind):
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        """
    c = mrequests.TLSContext()
    c.load_pin(pin)
    a, b = mrequests.get(url, verify=pin).content, mrequests.get(url, ssl_context=c).content
    mrequests.set_ca(pin)
    show(a, b, mrequests.get(url).content)
    """,
        url=peer.at,
        pin=kind(form(identity.pin)),
    )
    assert shown == (b"hello",) * 3


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa2048", "ed25519"])
def test_kinds_of_keys(mpy, tls_peer, root, kind):
    certificate = server(root, key=kind)
    peer = tls_peer(response(b"hello"), certificate=certificate)
    assert (
        mpy("show(mrequests.get(url, verify=pin).content)", url=peer.at, pin=FORMS["hex"](certificate.pin)) == b"hello"
    )


def test_another_pin(mpy, tls_peer, root):
    peer = tls_peer(response())
    raised = mpy.error("mrequests.get(url, verify=pin)", url=peer.at, pin=FORMS["hex"](root.pin))
    assert (raised.kind, raised.errno) == ("OSError", EACCES)
    assert "pin" in raised.text
    assert peer.requests == []


def test_nearly_the_pin(mpy, tls_peer, identity):
    """A pin that differs in one bit is refused."""
    peer = tls_peer(response(), repeat=True)
    pins = [identity.pin[:n] + bytes([identity.pin[n] ^ 1]) + identity.pin[n + 1 :] for n in (0, 15, 31)]
    shown = mpy(
        "show({attempt(lambda: mrequests.get(url, verify=pin))[1] for pin in pins})",
        url=peer.at,
        pins=[FORMS["hex"](pin) for pin in pins],
    )
    assert shown == {EACCES}


@pytest.mark.parametrize(
    "options",
    [{"days": (-20, -2)}, {"days": (2, 20)}, {"names": ["elsewhere.example"]}, {"purposes": []}],
    ids=["expired", "not-yet-valid", "other-name", "no-purpose"],
)
def test_the_pin_alone_decides(mpy, tls_peer, options):
    """With a matching pin, issuer, name and validity are not checked."""
    own = server(certificates.root("nobody knows"), **options)
    peer = tls_peer(response(b"hello"), certificate=own)
    assert mpy("show(mrequests.get(url, verify=pin).content)", url=peer.at, pin=FORMS["hex"](own.pin)) == b"hello"


def test_the_key_is_needed_not_the_certificate(mpy, hostile, identity):
    """Certificates are public, so the handshake's signature must prove the pinned key."""
    thief = certificates.issue().key
    liar = hostile(but(certificate_verify, key=thief))
    raised = mpy.error("mrequests.get(url, verify=pin)", url=liar.url, pin=FORMS["hex"](identity.pin))
    assert raised.errno == EACCES
    assert "signature" in raised.text
    assert liar.nothing_leaked()


def test_no_signature(mpy, hostile, identity):
    liar = hostile(without(certificate_verify))
    assert mpy.error("mrequests.get(url, verify=pin)", url=liar.url, pin=FORMS["hex"](identity.pin)).kind == "OSError"
    assert liar.nothing_leaked()


def test_a_pin_is_the_servers_not_the_authoritys(mpy, tls_peer, root):
    """The pin of an intermediate or a root does not match."""
    peer = tls_peer(response())
    assert mpy.error("mrequests.get(url, verify=pin)", url=peer.at, pin=FORMS["hex"](root.pin)).errno == EACCES


def test_any_of_several(mpy, tls_peer, root, identity):
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        """
    def get(*pins):
        c = mrequests.TLSContext()
        for pin in pins:
            c.load_pin(pin)
        return mrequests.get(url, ssl_context=c).content
    show(get(other, good), get(good, other), attempt(lambda: get(other, other))[1])
    """,
        url=peer.at,
        good=FORMS["hex"](identity.pin),
        other=FORMS["base64"](root.pin),
    )
    assert shown == (b"hello", b"hello", EACCES)


class TestPinsAndAnchors:
    """With pins and anchors, both must match."""

    def get(self, mpy, peer, ca, pin):
        return mpy(
            CONTEXT + "c = context(ca)\nc.load_pin(pin)\nshow(attempt(lambda: mrequests.get(url, ssl_context=c)))",
            url=peer.at,
            ca=ca.pem,
            pin=FORMS["hex"](pin),
        )

    def test_good(self, mpy, tls_peer, root, identity):
        assert self.get(mpy, tls_peer(response()), root, identity.pin) is None

    def test_another_pin(self, mpy, tls_peer, root):
        raised = self.get(mpy, tls_peer(response()), root, root.pin)
        assert raised[1] == EACCES and "pin" in raised[2]

    def test_another_anchor(self, mpy, tls_peer, identity):
        raised = self.get(mpy, tls_peer(response()), certificates.root("another root"), identity.pin)
        assert raised[1] == EACCES and "pin" not in raised[2]

    def test_expired(self, mpy, tls_peer, root):
        own = server(root, days=(-20, -2))
        raised = self.get(mpy, tls_peer(response(), certificate=own), root, own.pin)
        assert raised[1] == EACCES and "expired" in raised[2]


@pytest.mark.parametrize(
    "pin",
    [
        "sha256:",
        "sha256:" + "0" * 63,
        "sha256:" + "0" * 65,
        "sha256:" + "g" * 64,
        "sha256:" + "A" * 42 + "=",
        "sha256:" + "A" * 44,
        "sha256/",
        "sha512:" + "0" * 64,
        "0" * 64,
        "",
    ],
)
def test_no_pins(mpy, pin):
    assert mpy.error("mrequests.TLSContext().load_pin(pin)", pin=pin).kind == "ValueError"


def test_no_name_is_needed(mpy, tls_peer, identity):
    """A context with pins but no anchors needs no server name."""
    peer = tls_peer(response())
    shown = mpy(
        CONTEXT + "c = TLSContext()\nc.load_pin(pin)\nshow(tried(c, port, None))",
        port=peer.port,
        pin=FORMS["hex"](identity.pin),
    )
    assert shown is None


def test_set_ca_of_a_pin_refuses_others(mpy, tls_peer, root, identity):
    """After set_ca(pin) every https call requires that key."""
    mine, other = tls_peer(response(b"hello")), tls_peer(response(), certificate=server(root))
    shown = mpy(
        "mrequests.set_ca(pin)\nshow(mrequests.get(mine).content, attempt(lambda: mrequests.get(other))[1])",
        mine=mine.at,
        other=other.at,
        pin=FORMS["hex"](identity.pin),
    )
    assert shown == (b"hello", EACCES)
