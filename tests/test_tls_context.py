"""Arguments of mrequests.TLSContext, verify= and set_ca. test_tls_anchors.py covers the forms of certificates."""

import pytest

from support import certificates
from support.messages import response
from support.snippets import kinds, values
from support.tls_snippets import CONTEXT, EACCES

EINVAL = 22

pytestmark = pytest.mark.needs("tls")


class TestConstruction:
    def test_defaults(self, mpy):
        shown = mpy(
            CONTEXT + "c, required = TLSContext(), TLSContext.CERT_REQUIRED\n"
            "show(c.verify_mode == c.CERT_REQUIRED == required, required, TLSContext.CERT_NONE)"
        )
        assert shown == (True, 2, 0)

    def test_sizes(self, mpy):
        sizes = ["record_size=512", "record_size=1024", "record_size=2048", "record_size=4096", "record_size=16384"]
        sizes += ["write_size=512", "write_size=16384", "record_size=4096, write_size=4096"]
        made = [f"mrequests.TLSContext({arguments}) is not None" for arguments in sizes]
        assert values(mpy, made) == dict.fromkeys(made, True)

    def test_sizes_that_are_none(self, mpy):
        sizes = ["record_size=0", "record_size=-1", "record_size=511", "record_size=16385", "record_size=1 << 29"]
        sizes += ["write_size=0", "write_size=-1", "write_size=16385"]
        calls = [f"mrequests.TLSContext({arguments})" for arguments in sizes]
        assert kinds(mpy, calls) == dict.fromkeys(calls, "ValueError")

    def test_arguments_of_a_wrong_type(self, mpy):
        given = ["4096", "record_size='4096'", "record_size=None", "size=1"]
        calls = [f"mrequests.TLSContext({arguments})" for arguments in given]
        assert kinds(mpy, calls) == dict.fromkeys(calls, "TypeError")

    def test_verify_mode(self, mpy):
        shown = mpy("""
        c = mrequests.TLSContext()
        c.verify_mode = c.CERT_NONE
        modes = [c.verify_mode]
        c.verify_mode = c.CERT_REQUIRED
        show(modes + [c.verify_mode])
        """)
        assert shown == [0, 2]

    @pytest.mark.parametrize("mode", ["1", "3", "-1"])
    def test_verify_modes_that_are_none(self, mpy, mode):
        raised = mpy.error(f"c = mrequests.TLSContext()\nc.verify_mode = {mode}")
        assert raised.kind == "ValueError"

    def test_attributes_that_it_does_not_have(self, mpy):
        """Setting a misspelt attribute raises, or a check would be skipped silently."""
        assert mpy.error("mrequests.TLSContext().verify = 2").kind == "AttributeError"
        assert mpy.error("mrequests.TLSContext().nothing").kind == "AttributeError"


class TestSubclasses:
    def test_it_is_a_context(self, mpy, tls_peer, root):
        peer = tls_peer(response(b"hello"))
        shown = mpy(
            """
        class Context(mrequests.TLSContext):
            def load(self):
                self.load_verify_locations(ca)
                return self
        c = Context(record_size=4096).load()
        show(mrequests.get(url, ssl_context=c).content, c.verify_mode)
        """,
            url=peer.at,
            ca=root.pem,
        )
        assert shown == (b"hello", 2)

    def test_wrap_socket_can_be_overridden(self, mpy, tls_peer, root):
        peer = tls_peer(response(b"hello"))
        shown = mpy(
            """
        class Context(mrequests.TLSContext):
            def wrap_socket(self, sock, server_hostname=None):
                names.append(server_hostname)
                return super().wrap_socket(sock, server_hostname=server_hostname)
        c, names = Context(), []
        c.load_verify_locations(ca)
        show(mrequests.get(url, ssl_context=c).content, names)
        """,
            url=peer.at,
            ca=root.pem,
        )
        assert shown == (b"hello", ["localhost"])

    def test_sockets_are_made_by_contexts_only(self, mpy, tls_peer, root):
        peer = tls_peer(response())
        source = "s = tls(port, ca)\nshow(attempt(type(s))[0], attempt(lambda: type('T', (type(s),), {}))[0])"
        assert mpy(CONTEXT + source, port=peer.port, ca=root.pem) == ("TypeError", "TypeError")


class TestWrongArguments:
    URL = "https://localhost:1/"

    def test_values(self, mpy, root, identity):
        """Wrong values are refused before a connection is made: no server listens at the URL."""
        wrong = [
            "verify=True",
            "verify=ca, ssl_context=mrequests.TLSContext()",
            "verify=False, ssl_context=mrequests.TLSContext()",
            "cert=(pem, key), ssl_context=mrequests.TLSContext()",
            "verify=b'sha256:00'",
            "verify='sha256:zz'",
            "verify=b'sha256:'",
            "cert=(pem, key)",
            "verify=ca, cert=(pem,)",
            "verify=ca, cert=(pem, ca)",
            "verify=ca, cert=(key, key)",
        ]
        calls = [f"mrequests.get(url, {arguments})" for arguments in wrong]
        names = {"url": self.URL, "ca": root.pem, "pem": identity.pem, "key": identity.key_pem}
        assert kinds(mpy, calls, **names) == dict.fromkeys(calls, "ValueError")

    def test_types(self, mpy, root):
        wrong = ["verify=1.5", "verify=[]", "verify=object()", "verify=ca, cert=5", "verify=ca, cert=(1, 2)"]
        calls = [f"mrequests.get(url, {arguments})" for arguments in wrong]
        assert kinds(mpy, calls, url=self.URL, ca=root.pem) == dict.fromkeys(calls, "TypeError")

    def test_types_of_methods(self, mpy):
        calls = [
            "c.load_verify_locations()",
            "c.load_verify_locations(cadata=5)",
            "c.load_verify_locations(cafile=[])",
            "c.load_pin(5)",
            "c.load_cert_chain()",
            "c.load_cert_chain(5, 6)",
            "c.set_ciphers(5)",
            "c.set_ciphers([5])",
            "c.wrap_socket()",
        ]
        before = "c = mrequests.TLSContext()\nc.verify_mode = 0\n"
        assert kinds(mpy, calls, before) == dict.fromkeys(calls, "TypeError")

    def test_no_socket(self, mpy):
        raised = mpy.error("c = mrequests.TLSContext()\nc.verify_mode = 0\nc.wrap_socket(5)")
        assert (raised.kind, raised.errno) == ("OSError", EINVAL)

    def test_set_ca(self, mpy):
        calls = [f"mrequests.set_ca({ca})" for ca in ("5", "1.5", "[]", "object()", "True", "False")]
        assert kinds(mpy, calls) == dict.fromkeys(calls, "TypeError")


class TestRequired:
    def test_nobody_to_trust(self, mpy, tls_peer):
        """A verifying context without anchors or pins is refused."""
        peer = tls_peer(response())
        raised = mpy(CONTEXT + "show(tried(TLSContext(), port))", port=peer.port)
        assert raised[0] == "ValueError"

    def test_no_name(self, mpy, tls_peer, root):
        peer = tls_peer(response())
        raised = mpy(CONTEXT + "show(tried(context(ca), port, None))", port=peer.port, ca=root.pem)
        assert raised[0] == "ValueError"

    @pytest.mark.parametrize("name", ["", "not a name", "a..b", "-", "\u00fc.example", "a" * 300, "a\0b"])
    def test_names_that_are_none(self, mpy, tls_peer, root, name):
        peer = tls_peer(response())
        raised = mpy(CONTEXT + "show(tried(context(ca), port, name))", port=peer.port, ca=root.pem, name=name)
        assert raised[:2] == ("OSError", EACCES)

    @pytest.mark.parametrize("name", ["5", "bytearray(b'localhost')"])
    def test_types_of_names(self, mpy, tls_peer, root, name):
        """Only str is a name: a bytearray could change during the handshake."""
        peer = tls_peer(response())
        raised = mpy(CONTEXT + f"show(tried(context(ca), port, {name}))", port=peer.port, ca=root.pem)
        assert raised[0] == "TypeError"

    def test_no_name_without_verification(self, mpy, tls_peer):
        peer = tls_peer(response())
        assert mpy(CONTEXT + "show(tried(context(), port, None))", port=peer.port) is None

    def test_set_ca_none(self, mpy_no_ssl, tls_peer, root):
        """set_ca(None) removes all anchors: verify=True is refused."""
        peer = tls_peer(response(b"hello"), repeat=True)
        other = certificates.root()
        shown = mpy_no_ssl(
            "mrequests.set_ca(other)\nraised = attempt(lambda: mrequests.get(url))[1]\n"
            "mrequests.set_ca(None)\nrefused = attempt(lambda: mrequests.get(url, verify=True))[0]\n"
            "show(raised, mrequests.get(url, verify=False).content, refused)",
            url=peer.at,
            other=other.pem,
        )
        assert shown == (EACCES, b"hello", "ValueError")

    def test_set_ca_replaces(self, mpy, tls_peer, root):
        peer = tls_peer(response(b"hello"), repeat=True)
        shown = mpy(
            "mrequests.set_ca(ca)\nmrequests.set_ca(other)\nshow(attempt(lambda: mrequests.get(url))[1])",
            url=peer.at,
            ca=root.pem,
            other=certificates.root().pem,
        )
        assert shown == EACCES

    def test_anchors_survive_the_collector(self, mpy, tls_peer, root):
        peer = tls_peer(response(b"hello"), repeat=True)
        shown = mpy(
            CONTEXT
            + """
mrequests.set_ca(bytes(ca))
c = context(bytes(ca))
del ca
for _ in range(3):
    gc.collect()
    junk = [bytes(100) for _ in range(1000)]
show(mrequests.get(url).content, mrequests.get(url, ssl_context=c).content)
""",
            url=peer.at,
            ca=root.pem,
        )
        assert shown == (b"hello", b"hello")


class TestCiphers:
    @pytest.mark.needs("default options")
    def test_default(self, mpy_no_ssl):
        assert mpy_no_ssl("show(mrequests.TLSContext().get_ciphers())") == ["TLS_AES_128_GCM_SHA256"]

    @pytest.mark.needs("default options")
    def test_the_first_that_is_built_in(self, mpy_no_ssl, tls_peer):
        peer = tls_peer(response())
        shown = mpy_no_ssl(
            CONTEXT
            + """
c = context()
c.set_ciphers(["TLS_AES_256_CCM", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"])
show(c.wrap_socket(connect(port)).cipher())
""",
            port=peer.port,
        )
        assert shown == ("TLS_AES_128_GCM_SHA256", "TLSv1.3")

    @pytest.mark.parametrize(
        "names", [[], ["TLS_AES_256_CCM"], ["ECDHE-RSA-AES128-GCM-SHA256"], ["tls_aes_128_gcm_sha256 "]]
    )
    def test_none_that_is_built_in(self, mpy, names):
        assert mpy.error("mrequests.TLSContext().set_ciphers(names)", names=names).kind == "ValueError"

    def test_tuple(self, mpy):
        assert mpy("c = mrequests.TLSContext()\nc.set_ciphers(('TLS_AES_128_GCM_SHA256',))\nshow(c.get_ciphers())")

    @pytest.mark.parametrize(
        "name", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
    )
    def test_cipher_of_a_connection(self, mpy, tls_peer, root, name):
        peer = tls_peer(response())
        shown = mpy(
            CONTEXT
            + """
c = context(ca)
c.set_ciphers([name])
with c.wrap_socket(connect(port), server_hostname="localhost") as s:
    show(s.cipher(), name in c.get_ciphers())
""",
            port=peer.port,
            ca=root.pem,
            name=name,
        )
        assert shown == ((name, "TLSv1.3"), True)
