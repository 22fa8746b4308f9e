"""The choice of TLS for a call, and whether it verifies: the table in docs/tls.md."""

import ssl

import pytest

from support import certificates
from support.certificates import intermediate, server
from support.messages import response
from support.tls_servers import TlsNginx
from support.tls_snippets import CONTEXT, EACCES, EOPNOTSUPP
from tls_fixtures import server_context

pytestmark = pytest.mark.needs("tls")

PORTS, OURS = "the port's TLS", "the built-in TLS"

# An error of mbedtls: a field in a message was incorrect.
BAD_FIELD = -26112

SERVERS = {
    "both": "ssl_protocols TLSv1.2 TLSv1.3;",
    "tls12": "ssl_protocols TLSv1.2;",
    "tls13": "ssl_protocols TLSv1.3;",
    "x25519": "ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519;",
    "p384": "ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve secp384r1;",
    "x25519-tls13": "ssl_protocols TLSv1.3; ssl_ecdh_curve X25519;",
    "p384-tls13": "ssl_protocols TLSv1.3; ssl_ecdh_curve secp384r1;",
    "other-groups-first": "ssl_protocols TLSv1.3; ssl_ecdh_curve X25519:secp384r1:prime256v1;",
    "aes256": "ssl_protocols TLSv1.2 TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;",
    "aes256-tls13": "ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384;",
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory, identity, root, bundle_root, client_root):
    """An nginx with a port for each of SERVERS, and some with other certificates."""
    table = {name: (identity, lines) for name, lines in SERVERS.items()}
    table["bundle"] = server(bundle_root), SERVERS["both"]
    table["bundle-tls12"] = server(bundle_root), SERVERS["tls12"]
    table["elsewhere"] = server(root, names=["elsewhere.example"]), SERVERS["tls12"]
    table["expired"] = server(root, days=(-20, -2)), SERVERS["tls12"]
    directory = tmp_path_factory.mktemp("choice")
    (directory / "ca.pem").write_bytes(client_root.pem)
    asking = f"ssl_client_certificate {directory}/ca.pem; ssl_verify_client optional;"
    table["clients"] = identity, SERVERS["tls12"] + asking
    nginx = TlsNginx(directory, table)
    yield nginx
    nginx.stop()


@pytest.fixture
def call(servers, root, identity):
    """Makes a call to a server; returns the TLS that made it, or the errno of the failure."""

    def run(interpreter, name, arguments="", before="pass"):
        shown = interpreter(
            CONTEXT
            + before
            + """
try:
    show(mrequests.get(url, timeout=10, ARGUMENTS).content)
except OSError as error:
    show(error.errno, str(error))
""".replace("ARGUMENTS", arguments),
            url=servers.url(name) + "/offer",
            ca=root.pem,
            other=certificates.root("another root").pem,
            pin="sha256:" + identity.pin.hex(),
        )
        if not isinstance(shown, bytes):
            return shown[0]
        # The built-in TLS offers one cipher suite, the port's many.
        return PORTS if b":" in shown else OURS

    return run


# server, arguments, outcome with both the port's TLS and ours, outcome with ours alone.
CHOICE = [
    ("both", "", PORTS, OURS),
    ("tls12", "", PORTS, EOPNOTSUPP),
    ("both", "verify=None", PORTS, OURS),
    ("both", "verify=False", PORTS, OURS),
    ("tls12", "verify=False", PORTS, EOPNOTSUPP),
    ("bundle", "verify=False", PORTS, OURS),
    ("both", "verify=ca", OURS, OURS),
    ("tls13", "verify=ca", OURS, OURS),
    ("other-groups-first", "verify=ca", OURS, OURS),
    ("both", "verify=pin", OURS, OURS),
    ("both", "verify=other", EACCES, EACCES),
    ("bundle", "verify=ca", EACCES, EACCES),
    ("both", "ssl_context=context(ca)", OURS, OURS),
    ("both", "ssl_context=context()", OURS, OURS),
    ("both", "ssl_context=context(other)", EACCES, EACCES),
    # The fallback verifies with the same anchors.
    ("tls12", "verify=ca", PORTS, EOPNOTSUPP),
    ("p384", "verify=ca", PORTS, EOPNOTSUPP),
    ("aes256", "verify=ca", PORTS, EOPNOTSUPP),
    ("tls12", "verify=other", EACCES, EOPNOTSUPP),
    ("elsewhere", "verify=ca", EACCES, EOPNOTSUPP),
    ("expired", "verify=ca", EACCES, EOPNOTSUPP),
    ("bundle-tls12", "verify=ca", EACCES, EOPNOTSUPP),
    # No fallback with pins or with the caller's context.
    ("tls12", "verify=pin", EOPNOTSUPP, EOPNOTSUPP),
    ("tls12", "ssl_context=context(ca)", EOPNOTSUPP, EOPNOTSUPP),
    ("tls12", "ssl_context=context()", EOPNOTSUPP, EOPNOTSUPP),
    ("x25519-tls13", "ssl_context=context(ca)", EOPNOTSUPP, EOPNOTSUPP),
    ("p384-tls13", "ssl_context=context(ca)", EOPNOTSUPP, EOPNOTSUPP),
    ("aes256-tls13", "ssl_context=context(ca)", EOPNOTSUPP, EOPNOTSUPP),
]
IDS = [f"{name}-{arguments or 'nothing'}" for name, arguments, _, _ in CHOICE]


@pytest.mark.needs("ssl")
@pytest.mark.parametrize("name, arguments, both, _", CHOICE, ids=IDS)
def test_with_the_ports_tls(mpy, call, name, arguments, both, _):
    assert call(mpy, name, arguments) == both


@pytest.mark.parametrize("name, arguments, _, ours", CHOICE, ids=IDS)
def test_without_the_ports_tls(mpy_no_ssl, call, name, arguments, _, ours):
    assert call(mpy_no_ssl, name, arguments) == ours


@pytest.mark.needs("ssl")
@pytest.mark.parametrize("arguments, verified", [("verify=ca", PORTS), ("verify=other", EACCES)])
def test_leaves_x25519_to_the_ports_tls(mpy, call, arguments, verified):
    """Debian's mbedtls supports X25519; MicroPython's own does not and fails."""
    alone = call(mpy, "x25519", "verify=None")
    assert call(mpy, "x25519", arguments) == (verified if alone == PORTS else alone)


@pytest.mark.parametrize("arguments", ["verify=ca", "verify=other"])
def test_x25519_without_the_ports_tls(mpy_no_ssl, call, arguments):
    assert call(mpy_no_ssl, "x25519", arguments) == EOPNOTSUPP


SET_CA = [
    ("both", "ca", "", OURS),
    ("both", "other", "", EACCES),
    ("both", "pin", "", OURS),
    ("tls12", "ca", "", PORTS),
    ("tls12", "other", "", EACCES),
    ("tls12", "pin", "", EOPNOTSUPP),
    ("both", "other", "verify=False", PORTS),
    ("both", "other", "verify=ca", OURS),
    ("both", "ca", "verify=other", EACCES),
    ("both", "ca", "verify=True", OURS),
    ("both", "other", "verify=True", EACCES),
    ("both", "ca", "verify=None", OURS),
    ("both", "other", "ssl_context=context(ca)", OURS),
]


@pytest.mark.needs("ssl")
@pytest.mark.parametrize("name, ca, arguments, outcome", SET_CA)
def test_set_ca(mpy, call, name, ca, arguments, outcome):
    assert call(mpy, name, arguments, before=f"mrequests.set_ca({ca})") == outcome


BUNDLE = [
    ("bundle", "", OURS),
    ("both", "", EACCES),
    ("bundle", "verify=True", OURS),
    ("both", "verify=True", EACCES),
    ("both", "verify=False", OURS),
    ("both", "verify=ca", OURS),
    ("bundle", "verify=ca", EACCES),
    ("bundle", "ssl_context=context(ca)", EACCES),
    ("both", "verify=pin", OURS),
    ("bundle", "verify=pin", EACCES),
    ("bundle-tls12", "", EOPNOTSUPP),
    ("both", "ssl_context=context(ca)", OURS),
    ("bundle", "ssl_context=TLSContext()", OURS),
    ("both", "ssl_context=TLSContext()", EACCES),
]


@pytest.mark.parametrize("name, arguments, outcome", BUNDLE)
def test_bundle(mpy_bundle, call, name, arguments, outcome):
    assert call(mpy_bundle, name, arguments) == outcome


def test_verify_true_without_anchors(mpy, mpy_no_ssl, servers):
    for interpreter in (mpy, mpy_no_ssl):
        raised = interpreter.error("mrequests.get(url, verify=True)", url=servers.url("both"))
        assert raised.kind == "ValueError"


def test_what_the_server_lacks_is_named(mpy_no_ssl, servers, root):
    for name, word in ("tls12", "1.3"), ("x25519-tls13", "handshake"):
        raised = mpy_no_ssl.error("mrequests.get(url, verify=ca)", url=servers.url(name), ca=root.pem)
        assert raised.errno == EOPNOTSUPP
        assert word in raised.text


def test_verification_of_http_is_nothing(mpy, peer, root):
    """verify= applies to https only."""
    plain = peer(response(b"hello"))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=plain.url, ca=root.pem) == b"hello"


@pytest.fixture
def old(tls_peer, identity, tmp_path):
    """Starts peers that speak TLS 1.2 only."""
    versions = {"minimum_version": ssl.TLSVersion.TLSv1_2, "maximum_version": ssl.TLSVersion.TLSv1_2}
    return lambda *exchanges, certificate=identity: tls_peer(
        *exchanges, context=server_context(certificate, tmp_path, **versions)
    )


@pytest.mark.needs("ssl")
class TestFallback:
    def test_is_a_second_connection(self, mpy, old, root):
        """The fallback makes exactly one more connection; the first carries no part of the request."""
        peer = old(response(b"hello"))
        shown = mpy(
            "before = descriptors()\nshow(mrequests.get(url, verify=ca).content, descriptors() - before)",
            url=peer.at,
            ca=root.pem,
        )
        assert shown == (b"hello", 0)
        assert len(peer.connections) == 2
        assert len(peer.requests) == 1

    def test_sends_the_body_once(self, mpy, old, root):
        """A generator cannot be sent twice: the choice of TLS precedes its first item."""
        peer = old(response(b"thanks"))
        source = "show(mrequests.post(url, data=(b'piece' for _ in range(3)), verify=ca).content)"
        assert mpy(source, url=peer.at, ca=root.pem) == b"thanks"
        assert peer.request.body == b"piece" * 3

    @pytest.mark.parametrize("kind", ["rsa2048", "rsa4096", "p384"])
    def test_kinds_of_anchors(self, mpy, old, kind):
        """The fallback gives the port's TLS stand-in certificates with the names and keys of the anchors."""
        other = certificates.root(key=kind)
        peer = old(*[response(b"hello")] * 2, certificate=server(intermediate(other, key=kind), key=kind))
        alone, verified = mpy(
            """
def outcome(**more):
    try:
        return mrequests.get(url, **more).content
    except OSError as error:
        return error.errno
show(outcome(), outcome(verify=ca))
""",
            url=peer.at,
            ca=other.pem,
        )
        # Debian's mbedtls 3.6 fails at OpenSSL's RSA servers of TLS 1.2, verified or not.
        assert verified == alone
        assert alone in (b"hello", BAD_FIELD)

    def test_a_server_that_is_its_own_anchor(self, mpy, old):
        own = certificates.issue(names=["localhost"], authority=True)
        peer = old(response(b"hello"), certificate=own)
        assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.at, ca=own.pem) == b"hello"

    def test_not_for_an_anchor_that_is_no_authority(self, mpy, old):
        """The port's TLS treats every anchor as a CA: it would trust certificates that the server's key signed."""
        own = certificates.issue(names=["localhost"])
        peer = old(response(), certificate=own)
        assert mpy.error("mrequests.get(url, verify=ca)", url=peer.at, ca=own.pem).errno == EOPNOTSUPP
        assert peer.requests == []

    def test_anchors_that_the_port_does_not_know(self, mpy, old, root):
        """The fallback skips anchors with unsupported keys and uses the others."""
        ed25519 = certificates.root("another root", key="ed25519")
        peer = old(*[response(b"hello")] * 2)
        for ca in (root.pem + ed25519.pem, ed25519.pem + root.pem):
            assert mpy("show(mrequests.get(url, verify=ca).content)", url=peer.at, ca=ca) == b"hello"

    def test_keeps_name_constraints(self, mpy, old):
        limited = certificates.root(permitted=["example.com"])
        peer = old(response(), certificate=server(limited))
        raised = mpy.error("mrequests.get(url, verify=ca)", url=peer.at, ca=limited.pem)
        assert raised.kind == "OSError"
        assert peer.requests == []

    def test_presents_the_clients_certificate(self, mpy, servers, root, client_root):
        mine = certificates.client(client_root, "joe")
        shown = mpy(
            "show([mrequests.get(url, verify=ca, **more).content for more in ({}, {'cert': (der, key)})])",
            url=servers.url("clients") + "/client",
            ca=root.pem,
            der=mine.der,  # passed to the port's TLS unchanged, which reads no PEM before MicroPython 1.29
            key=mine.key_der,
        )
        assert shown == [b"NONE ", b"SUCCESS CN=joe"]

    @pytest.mark.parametrize("where", ["__init__", "load_verify_locations"])
    @pytest.mark.parametrize("kind, outcome", [(0, "OSError"), (1, "KeyboardInterrupt"), (2, "SystemExit")])
    def test_what_goes_wrong_there(self, mpy, old, root, where, kind, outcome):
        """An error of the fallback's setup is dropped for the first TLS's error; KeyboardInterrupt is not."""
        shown = mpy(
            f"""
class Context:
    def __init__(self, protocol):
        pass
    def load_verify_locations(self, cadata):
        pass
class Failing(Context):
    def {where}(self, argument):
        raise (ValueError, KeyboardInterrupt, SystemExit)[kind]
class Module:
    CERT_NONE, CERT_REQUIRED, PROTOCOL_TLS_CLIENT = range(3)
    SSLContext = Failing
sys.modules["tls"] = Module
before = descriptors()
try:
    mrequests.get(url, verify=ca)
except BaseException as error:
    show(type(error).__name__, descriptors() - before)
""",
            url=old(response()).at,
            ca=root.pem,
            kind=kind,
        )
        assert shown == (outcome, 0)

    def test_again_and_again(self, mpy, old, root):
        peer = old(*[response(b"hello")] * 3)
        source = "show([mrequests.get(url, verify=ca).content for _ in range(3)])"
        assert mpy(source, url=peer.at, ca=root.pem) == [b"hello"] * 3
