"""Good chains, suites and record sizes, against nginx and OpenSSL."""

import pytest
from cryptography.hazmat.primitives import hashes

from support import certificates, steps
from support.certificates import intermediate, issue, server
from support.messages import response
from support.tls_servers import TlsNginx
from support.tls_snippets import CONTEXT, EACCES, ENOBUFS, EOPNOTSUPP

pytestmark = pytest.mark.needs("tls")


def chain(*kinds, **options):
    """Returns a server's certificate; `kinds` are the key types from the root to the server."""
    issuer = certificates.root(key=kinds[0], **options)
    for number, kind in enumerate(kinds[1:-1]):
        issuer = intermediate(issuer, f"test intermediate {number}", key=kind, **options)
    return server(issuer, key=kinds[-1], **options)


CHAINS = {
    **{
        f"{kind}-{count}": (kind,) * (count + 2)
        for kind in ("p256", "rsa2048", "p384", "ed25519")
        for count in (0, 1, 2)
    },
    "rsa4096-0": ("rsa4096",) * 2,
    "rsa4096-1": ("rsa4096",) * 3,
    "p256-by-rsa": ("rsa4096", "rsa2048", "p256"),
    "p256-by-p384": ("p384", "p384", "p256"),
    "rsa-by-p384": ("p384", "rsa2048"),
    "p384-by-p256": ("p256", "p384"),
    "ed25519-by-p256": ("p256", "p256", "ed25519"),
}

SUITES = {
    "aes128": "TLS_AES_128_GCM_SHA256",
    "aes256": "TLS_AES_256_GCM_SHA384",
    "chacha20": "TLS_CHACHA20_POLY1305_SHA256",
}


@pytest.fixture(scope="session")
def chains(tmp_path_factory):
    """An nginx with a port for each chain and cipher suite, and the chains by name."""
    made = {name: chain(*kinds) for name, kinds in CHAINS.items()}
    servers = {name: (certificate, "ssl_protocols TLSv1.3;") for name, certificate in made.items()}
    for name, suite in SUITES.items():
        servers[name] = made["p256-1"], f"ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites {suite};"
    nginx = TlsNginx(tmp_path_factory.mktemp("chains"), servers)
    nginx.chains = made
    yield nginx
    nginx.stop()


@pytest.mark.parametrize("name", CHAINS)
def test_chain(mpy, chains, name):
    ca = chains.chains[name].root.pem
    shown = mpy("show(mrequests.get(url, verify=ca).content)", url=chains.url(name) + "/hello.txt", ca=ca)
    assert shown == b"hello\n"


@pytest.mark.parametrize("name", CHAINS)
def test_chain_of_another_root(mpy, chains, name):
    """A root with the same name and key type fails only at the signature."""
    kind = CHAINS[name][0]
    foreign = certificates.root(key=kind)
    if foreign.pin == chains.chains[name].root.pin:  # RSA keys come from a rotating set
        foreign = certificates.root(key=kind)
    raised = mpy.error("mrequests.get(url, verify=ca)", url=chains.url(name), ca=foreign.pem)
    assert (raised.kind, raised.errno) == ("OSError", EACCES)


@pytest.mark.needs("default options")
@pytest.mark.parametrize("name", ["p256-1", "rsa2048-1", "p256-by-rsa"])
def test_default_options(mpy_no_ssl, chains, name):
    """Firmware with only the default algorithms, without the port's TLS, verifies these chains."""
    ca = chains.chains[name].root.pem
    shown = mpy_no_ssl("show(mrequests.get(url, verify=ca).content)", url=chains.url(name) + "/hello.txt", ca=ca)
    assert shown == b"hello\n"


SIGNATURES = {
    "p256-sha384": ("p256", {"digest": hashes.SHA384}),
    "p256-sha512": ("p256", {"digest": hashes.SHA512}),
    "p384-sha256": ("p384", {"digest": hashes.SHA256}),
    "p384-sha384": ("p384", {"digest": hashes.SHA384}),
    "p384-sha512": ("p384", {"digest": hashes.SHA512}),
    "rsa-sha384": ("rsa2048", {"digest": hashes.SHA384}),
    "rsa-sha512": ("rsa2048", {"digest": hashes.SHA512}),
    "rsa-pss-sha256": ("rsa2048", {"pss": True}),
    "rsa-pss-sha384": ("rsa2048", {"pss": True, "digest": hashes.SHA384}),
    "rsa-pss-sha512": ("rsa4096", {"pss": True, "digest": hashes.SHA512}),
}


@pytest.mark.parametrize("kind, options", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signature_of_a_certificate(mpy, tls_peer, kind, options):
    certificate = chain(kind, kind, "p256", **options)
    server = tls_peer(b"HTTP/1.1 204 No Content\r\n\r\n", certificate=certificate)
    assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=server.at, ca=certificate.root.pem) == 204


class TestOrder:
    """Path building (RFC 8446 section 4.4.2: clients should be ready for any order)."""

    @pytest.fixture
    def two(self, root):
        """Returns a server's certificate with two intermediates."""
        return server(intermediate(intermediate(root, "outer"), "inner"))

    def answers(self, mpy, hostile, sent, certificate, root):
        at = hostile(sent, certificate).url
        return mpy("show(mrequests.get(url, verify=ca, timeout=10).content)", url=at, ca=root.pem) == b"hello"

    @pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1)])
    def test_intermediates_in_any_order(self, mpy, hostile, two, root, order):
        sent = steps.but(steps.certificate, chain=[two.chain[n].der for n in order])
        assert self.answers(mpy, hostile, sent, two, root)

    def test_root_may_be_sent(self, mpy, hostile, two, root):
        sent = steps.but(steps.certificate, chain=[each.der for each in [*two.chain, root]])
        assert self.answers(mpy, hostile, sent, two, root)

    def test_unrelated_certificates_are_ignored(self, mpy, hostile, two, root):
        others = [certificates.root("another"), intermediate(certificates.root("a third"), "unrelated")]
        sent = steps.but(steps.certificate, chain=[each.der for each in [two, *others, *two.chain[1:]]])
        assert self.answers(mpy, hostile, sent, two, root)

    def test_an_intermediate_may_be_the_anchor(self, mpy, tls_peer, two):
        peer = tls_peer(b"HTTP/1.1 204 No Content\r\n\r\n", certificate=two)
        ca = two.chain[1].pem
        assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=peer.at, ca=ca) == 204

    def test_cross_signed(self, mpy, tls_peer, root):
        """A trusted old root cross-signs the key of the new root."""
        new = certificates.root("new root")
        crossed = intermediate(root, "new root", key=new.key)
        leaf = server(crossed)
        peer = tls_peer(b"HTTP/1.1 204 No Content\r\n\r\n", certificate=leaf, repeat=True)
        for ca in (root, new):
            assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=peer.at, ca=ca.pem) == 204

    def test_two_anchors_of_the_same_name(self, mpy, tls_peer, root, identity):
        """Two anchors share a name, as after a change of key: the one that signed the chain counts."""
        other = certificates.root()
        assert other.subject == root.subject
        peer = tls_peer(b"HTTP/1.1 204 No Content\r\n\r\n", repeat=True)
        for ca in (root.pem + other.pem, other.pem + root.pem, other.der + root.der):
            assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=peer.at, ca=ca) == 204

    def test_a_server_that_is_its_own_anchor(self, mpy, tls_peer):
        """A device with a self-signed certificate, with and without the CA bit."""
        for authority in (None, False, True):
            own = issue(names=["localhost"], authority=authority)
            peer = tls_peer(b"HTTP/1.1 204 No Content\r\n\r\n", certificate=own)
            assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=peer.at, ca=own.pem) == 204


class TestRenewals:
    """A CA that changed its key issued a certificate for the new key to itself (RFC 5280 section 6.1)."""

    def renewed(self, root, old=None, **new):
        """Returns a CA with a new key, signed by its old key; its old certificate; and a server's, by the new key."""
        first = intermediate(root, "renewed", **(old or {"path_length": 0}))
        second = intermediate(first, "renewed", **new)
        return second, server(second)

    def raised(self, mpy, tls_peer, certificate, root):
        peer = tls_peer(response(b"hello"), certificate=certificate)
        return mpy("show(attempt(lambda: mrequests.get(url, verify=ca).close()))", url=peer.at, ca=root.pem)

    @pytest.mark.parametrize("new", [{}, {"path_length": 0}, {"key": "rsa2048"}], ids=["plain", "length", "kind"])
    def test_path_length(self, mpy, tls_peer, root, new):
        """The certificate for the new key is not counted."""
        _, leaf = self.renewed(root, **new)
        assert self.raised(mpy, tls_peer, leaf, root) is None

    def test_names(self, mpy, tls_peer, root):
        """Name constraints apply to the server, not to names in the certificate for the new key."""
        _, leaf = self.renewed(root, {"permitted": ["localhost", "127.0.0.0/8", "::/0"]}, names=["ca.example.org"])
        assert self.raised(mpy, tls_peer, leaf, root) is None

    def test_constraints_hold(self, mpy, tls_peer, root):
        """The CA's constraints apply below the new key, and the error names them."""
        new, _ = self.renewed(root)
        below = server(intermediate(new, "below"))
        raised = self.raised(mpy, tls_peer, below, root)
        assert (raised[1], "path" in str(raised)) == (EACCES, True)
        _, leaf = self.renewed(root, {"permitted": ["example.com"]})
        raised = self.raised(mpy, tls_peer, leaf, root)
        assert (raised[1], "name constraint" in str(raised)) == (EACCES, True)


class TestSuites:
    @pytest.mark.parametrize("name", SUITES)
    def test_suite(self, mpy, chains, name):
        suite = SUITES[name]
        shown = mpy(
            CONTEXT + "c = context(ca)\nc.set_ciphers([suite])\n"
            "show(c.get_ciphers(), mrequests.get(url, ssl_context=c).content)",
            url=chains.url(name) + "/cipher",
            ca=chains.chains["p256-1"].root.pem,
            suite=suite,
        )
        assert suite in shown[0]
        assert shown[1] == f"TLSv1.3 {suite}".encode()

    @pytest.mark.parametrize("name", SUITES)
    def test_a_megabyte(self, mpy, chains, name):
        shown = mpy(
            CONTEXT
            + "c = context(ca)\nc.set_ciphers([suite])\nr = mrequests.get(url, ssl_context=c)\nshow(r.save('saved'))",
            url=chains.url(name) + "/1m.bin",
            ca=chains.chains["p256-1"].root.pem,
            suite=SUITES[name],
        )
        assert shown == 1 << 20
        assert (mpy.directory / "saved").read_bytes() == chains.files["1m.bin"]

    @pytest.mark.parametrize("name", ["aes256", "chacha20"])
    def test_another_suite(self, mpy, chains, name):
        raised = mpy.error(
            CONTEXT + "mrequests.get(url, ssl_context=context(ca))",
            url=chains.url(name),
            ca=chains.chains["p256-1"].root.pem,
        )
        assert (raised.kind, raised.errno) == ("OSError", EOPNOTSUPP)
        assert "cipher suite" in raised.text


class TestRecordSizes:
    @pytest.mark.parametrize("size", [16384, 4096, 2048])
    def test_nginx_keeps_to_the_size_asked_for(self, mpy, chains, size):
        """nginx honours max_fragment_length (RFC 6066 section 4): its usual records would overflow smaller buffers."""
        shown = mpy(
            CONTEXT + "show(mrequests.get(url, ssl_context=context(ca, record_size=size)).save('saved'))",
            url=chains.url("p256-0") + "/1m.bin",
            ca=chains.chains["p256-0"].root.pem,
            size=size,
        )
        assert shown == 1 << 20
        assert (mpy.directory / "saved").read_bytes() == chains.files["1m.bin"]

    @pytest.mark.parametrize("size", [1024, 512])
    def test_small_records_with_a_short_chain(self, mpy, chains, size):
        """A handshake message must fit into a record: a chain of one certificate does."""
        shown = mpy(
            CONTEXT + "show(mrequests.get(url, ssl_context=context(ca, record_size=size)).content)",
            url=chains.url("p256-0") + "/hello.txt",
            ca=chains.chains["p256-0"].root.pem,
            size=size,
        )
        assert shown == b"hello\n"

    @pytest.mark.parametrize("size", [1024, 512])
    def test_small_records_with_a_long_chain(self, mpy, chains, size):
        raised = mpy.error(
            CONTEXT + "mrequests.get(url, ssl_context=context(ca, record_size=size))",
            url=chains.url("rsa4096-1"),
            ca=chains.chains["rsa4096-1"].root.pem,
            size=size,
        )
        assert (raised.kind, raised.errno) == ("OSError", ENOBUFS)

    @pytest.mark.parametrize(
        "options", [["-max_send_frag", "16384"], ["-max_send_frag", "4000"]], ids=["16384", "4000"]
    )
    @pytest.mark.parametrize("suite", SUITES.values())
    def test_openssl(self, mpy, s_server, root, options, suite):
        """The status page of s_server shows the negotiated suite."""
        server = s_server("-www", "-tls1_3", "-ciphersuites", suite, *options)
        shown = mpy(
            CONTEXT + "c = context(ca)\nc.set_ciphers([suite])\nshow(mrequests.get(url, ssl_context=c).content)",
            url=server.url,
            ca=root.pem,
            suite=suite,
        )
        assert suite.encode() in shown
