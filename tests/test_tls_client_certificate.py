"""Client certificates: cert= and load_cert_chain."""

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support import certificates, tls13
from support.certificates import client, intermediate, server
from support.messages import response
from support.steps import (
    answer,
    before,
    but,
    certificate,
    certificate_request,
    certificate_verify,
    client_flight,
    hello,
)
from support.tls_servers import TlsNginx
from support.tls_snippets import CONTEXT, EACCES, ECONNABORTED

pytestmark = pytest.mark.needs("tls")


@pytest.fixture(scope="session")
def mine(client_root):
    """A client's certificate."""
    return client(client_root, "joe")


@pytest.fixture(scope="session")
def nginx(tmp_path_factory, identity, root, client_root):
    """Servers that require a client's certificate, that ask for one, and that do not."""
    directory = tmp_path_factory.mktemp("clients")
    (directory / "ca.pem").write_bytes(client_root.pem)
    lines = f"ssl_protocols TLSv1.3; ssl_client_certificate {directory}/ca.pem; ssl_verify_client "
    nginx = TlsNginx(
        directory,
        {
            "required": (identity, lines + "on;"),
            "optional": (identity, lines + "optional;"),
            "silent": (identity, "ssl_protocols TLSv1.3;"),
            "by-rsa": (server(certificates.root(key="rsa2048"), key="rsa2048"), lines + "on;"),
        },
    )
    yield nginx
    nginx.stop()


GIVEN = {
    "pem": "pem, key_pem",
    "der": "der, key_der",
    "sec1-pem": "pem, sec1_pem",
    "sec1-der": "der, sec1_der",
    "both-in-one": "pem + key_pem, pem + key_pem",
    "with-parameters": "pem, parameters + sec1_pem",
    "crlf": "pem.replace(b'\\n', b'\\r\\n'), key_pem.replace(b'\\n', b'\\r\\n')",
    "pem-and-der": "pem, key_der",
    "bytearray": "bytearray(pem), bytearray(key_pem)",
}

# `openssl ecparam -genkey` writes the name of the curve in front of a key.
PARAMETERS = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"


def forms(mine):
    names = ("pem", "der", "key_pem", "key_der", "sec1_pem", "sec1_der")
    return {"parameters": PARAMETERS, **{name: getattr(mine, name) for name in names}}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN.keys())
def test_forms(mpy, nginx, root, mine, given):
    shown = mpy(
        CONTEXT
        + f"""
c = context(ca)
c.load_cert_chain({given})
show(mrequests.get(url, verify=ca, cert=({given})).content, mrequests.get(url, ssl_context=c).content)
""",
        url=nginx.url("required") + "/client",
        ca=root.pem,
        **forms(mine),
    )
    assert shown == (b"SUCCESS CN=joe",) * 2


def test_files(mpy, nginx, root, mine):
    for name in ("pem", "der", "key_pem", "sec1_der"):
        (mpy.directory / name).write_bytes(getattr(mine, name))
    shown = mpy(
        CONTEXT
        + """
c = context(ca)
c.load_cert_chain("der", "sec1_der")
show(mrequests.get(url, verify=ca, cert=("pem", "key_pem")).content, mrequests.get(url, ssl_context=c).content)
""",
        url=nginx.url("required") + "/client",
        ca=root.pem,
    )
    assert shown == (b"SUCCESS CN=joe",) * 2


def test_optional(mpy, nginx, root, mine):
    shown = mpy(
        "show([mrequests.get(url, verify=ca, **more).content for more in ({}, {'cert': (pem, key)})])",
        url=nginx.url("optional") + "/client",
        ca=root.pem,
        pem=mine.pem,
        key=mine.key_pem,
    )
    assert shown == [b"NONE ", b"SUCCESS CN=joe"]


def test_server_that_does_not_ask(mpy, nginx, root, mine):
    shown = mpy(
        "show(mrequests.get(url, verify=ca, cert=(pem, key)).content)",
        url=nginx.url("silent") + "/client",
        ca=root.pem,
        pem=mine.pem,
        key=mine.key_pem,
    )
    assert shown == b"NONE "


def test_required_and_not_given(mpy, nginx, root):
    """nginx completes the handshake, and answers 400."""
    shown = mpy("show(mrequests.get(url, verify=ca).status_code)", url=nginx.url("required") + "/client", ca=root.pem)
    assert shown == 400


def test_openssl_requires_one(mpy, s_server, root, client_root, mine, tmp_path):
    """OpenSSL refuses by an alert, which arrives after the client's Finished."""
    (tmp_path / "clients.pem").write_bytes(client_root.pem)
    peer = s_server("-www", "-tls1_3", "-Verify", "2", "-CAfile", str(tmp_path / "clients.pem"), "-verify_return_error")
    raised = mpy.error("mrequests.get(url, verify=ca, timeout=10)", url=peer.url, ca=root.pem)
    assert (raised.kind, raised.errno) == ("OSError", ECONNABORTED)
    assert "certificate_required" in raised.text
    shown = mpy(
        "show(mrequests.get(url, verify=ca, cert=(pem, key)).content)",
        url=peer.url,
        ca=root.pem,
        pem=mine.pem,
        key=mine.key_pem,
    )
    assert b"CN=joe" in shown or b"CN = joe" in shown


def test_a_client_of_another_authority(mpy, s_server, root, client_root, tmp_path):
    (tmp_path / "clients.pem").write_bytes(client_root.pem)
    stranger = client(certificates.root("another root"))
    peer = s_server("-www", "-tls1_3", "-Verify", "2", "-CAfile", str(tmp_path / "clients.pem"), "-verify_return_error")
    raised = mpy.error(
        "mrequests.get(url, verify=ca, timeout=10, cert=(pem, key))",
        url=peer.url,
        ca=root.pem,
        pem=stranger.pem,
        key=stranger.key_pem,
    )
    assert (raised.kind, raised.errno) == ("OSError", ECONNABORTED)


def test_rsa_server(mpy, nginx, mine):
    """The key types of client and server are independent."""
    shown = mpy(
        CONTEXT + "c = context()\nc.load_cert_chain(pem, key)\nshow(mrequests.get(url, ssl_context=c).content)",
        url=nginx.url("by-rsa") + "/client",
        pem=mine.pem,
        key=mine.key_pem,
    )
    assert shown == b"SUCCESS CN=joe"


def test_set_ca_and_cert(mpy, nginx, root, mine):
    """Without verify= the anchors of set_ca count."""
    names = {"ca": root.pem, "other": certificates.root("other").pem, "pem": mine.pem, "key": mine.key_pem}
    shown = mpy(
        """
    mrequests.set_ca(ca)
    got = mrequests.get(url, cert=(pem, key)).content
    mrequests.set_ca(other)
    show(got, attempt(lambda: mrequests.get(url, cert=(pem, key)))[1])
    """,
        url=nginx.url("required") + "/client",
        **names,
    )
    assert shown == (b"SUCCESS CN=joe", EACCES)


def scalar(mine):
    return mine.key.private_numbers().private_value.to_bytes(32, "big")


def test_without_anchors(mpy, tls_peer, mine):
    """cert= without anchors is refused, unless verify=False."""
    peer = tls_peer(response(b"hello"))
    names = {"url": peer.at, "pem": mine.pem, "key": mine.key_pem}
    assert mpy.error("mrequests.get(url, cert=(pem, key))", **names).kind == "ValueError"
    assert peer.connections == []
    assert mpy("show(mrequests.get(url, cert=(pem, key), verify=False).content)", **names) == b"hello"


KEYS = {
    "rsa": lambda mine: certificates.issue(key="rsa2048").key_pem,
    "p384": lambda mine: certificates.issue(key="p384").key_pem,
    "p384-sec1": lambda mine: certificates.issue(key="p384").sec1_pem,
    "ed25519": lambda mine: certificates.issue(key="ed25519").key_pem,
    "another": lambda mine: certificates.issue().key_pem,
    "certificate": lambda mine: mine.pem,
    "garbage": lambda mine: b"\x30\x77\x02\x01\x01" + bytes(20),
    "empty": lambda mine: b"",
    "truncated": lambda mine: mine.key_der[:50],
    "zero": lambda mine: mine.key_der.replace(scalar(mine), bytes(32)),
    "too-large": lambda mine: mine.key_der.replace(scalar(mine), b"\xff" * 32),
}


@pytest.mark.parametrize("make", KEYS.values(), ids=KEYS.keys())
def test_keys_that_will_not_do(mpy, mine, make):
    """Unusable keys are refused by load_cert_chain, before a server asks."""
    raised = mpy.error("mrequests.TLSContext().load_cert_chain(pem, key)", pem=mine.pem, key=make(mine))
    assert raised.kind == "ValueError"


def test_encrypted_key(mpy, mine):
    key = mine.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    raised = mpy.error("mrequests.TLSContext().load_cert_chain(pem, key)", pem=mine.pem, key=key)
    assert raised.kind == "ValueError"
    assert "encrypted" in raised.text


def test_no_certificate_for_a_server_that_is_refused(mpy, hostile, root, mine):
    """A refused server gets neither the client's certificate nor its signature."""
    thief = certificates.issue().key
    scripts = {
        "signature": replaced_and_asking(certificate_verify, key=thief),
        "issuer": before(certificate, certificate_request),
    }
    for name, script in scripts.items():
        identity = server(certificates.root("another root")) if name == "issuer" else server(root)
        liar = hostile(script, identity)
        raised = mpy.error(
            "mrequests.get(url, verify=ca, cert=(pem, key), timeout=10)",
            url=liar.url,
            ca=root.pem,
            pem=mine.pem,
            key=mine.key_pem,
        )
        assert raised.errno == EACCES
        assert liar.nothing_leaked()
        sent = b"".join(content for _, content in liar.records)
        assert mine.der not in sent
        assert not [content for _, content in liar.records if content[:1] == tls13.u8(tls13.CERTIFICATE_VERIFY)]


def replaced_and_asking(step, **options):
    """Returns an honest script with one step changed that requests the client's certificate."""
    script = list(but(step, **options))
    script.insert(script.index(certificate), certificate_request)
    return tuple(script)


def test_what_is_sent(mpy, hostile, root, client_root):
    """The client sends its certificate, and a signature of the transcript by its key."""
    mine = client(intermediate(client_root), "ann")
    seen = {}

    def check(s):
        """Runs client_flight and verifies the client's signature."""
        _, body = s.receive_message()
        entries = tls13.Reader(tls13.Reader(body[1:]).vector(3))
        seen["leaf"] = entries.vector(3)
        s.transcript += tls13.message(tls13.CERTIFICATE, body)
        _, proof = s.receive_message()
        content = b" " * 64 + b"TLS 1.3, client CertificateVerify\0"
        digest = hashes.Hash(hashes.SHA256())
        digest.update(s.transcript)
        rest = tls13.Reader(proof)
        seen["scheme"] = rest.number(2)
        mine.key.public_key().verify(rest.vector(2), content + digest.finalize(), ec.ECDSA(hashes.SHA256()))
        s.transcript += tls13.message(tls13.CERTIFICATE_VERIFY, proof)
        client_flight(s)

    script = list(before(certificate, certificate_request))
    script[script.index(client_flight)] = check
    assert script[0] is hello and answer in script
    url = hostile(script).url
    shown = mpy(
        "show(mrequests.get(url, verify=ca, cert=(pem, key)).content)",
        url=url,
        ca=root.pem,
        pem=mine.chain_pem,
        key=mine.key_pem,
    )
    assert shown == b"hello"
    assert seen == {"leaf": mine.der, "scheme": 0x0403}
