"""Forms of trusted certificates that verify=, set_ca and TLSContext accept."""

import base64

import pytest

from support import certificates
from support.messages import response
from support.tls_snippets import CONTEXT, EACCES, ENOENT

pytestmark = pytest.mark.needs("tls")

# Forms of certificates: Python expressions of the authority's `pem` and `der`.
GIVEN = {
    "pem": "pem",
    "pem-str": "pem.decode()",
    "der": "der",
    "bytearray": "bytearray(der)",
    "memoryview": "memoryview(pem)",
    "crlf": "pem.replace(b'\\n', b'\\r\\n')",
    "no-last-newline": "pem.rstrip()",
    "str-with-text": "'# the root\\n' + pem.decode()",
    "text-around": "b'Subject: CN=root\\n\\n' + pem + b'# the end\\n'",
    "behind-another": "other_pem + pem",
    "before-another": "pem + other_pem",
    "der-behind-another": "other_der + der",
    "der-before-another": "der + other_der",
    "beside-a-key": "key + pem",
}


@pytest.fixture
def material(root):
    """The authority's certificate, and another authority's, with a key."""
    other = certificates.root("other root")
    return {
        "pem": root.pem,
        "der": root.der,
        "other_pem": other.pem,
        "other_der": other.der,
        "key": certificates.issue().key_pem,
    }


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN.keys())
def test_ways_to_give_a_certificate(mpy, tls_peer, material, given):
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        CONTEXT
        + f"""
given = {given}
a = mrequests.get(url, verify=given).content
c = TLSContext()
c.load_verify_locations(cadata=given)
b = mrequests.get(url, ssl_context=c).content
mrequests.set_ca(given)
show(a, b, mrequests.get(url).content)
""",
        url=peer.at,
        **material,
    )
    assert shown == (b"hello",) * 3


def test_data_and_file_at_once(mpy, tls_peer, material):
    (mpy.directory / "ca").write_bytes(material["pem"])
    peer = tls_peer(response(b"hello"))
    shown = mpy(
        CONTEXT
        + """
c = TLSContext()
c.load_verify_locations(other_der, cafile="ca")
show(mrequests.get(url, ssl_context=c).content)
""",
        url=peer.at,
        **material,
    )
    assert shown == b"hello"


def test_many_anchors(mpy, tls_peer, root):
    """As many anchors as a browser has."""
    others = b"".join(certificates.root(f"root {n}").pem for n in range(150))
    peer = tls_peer(response(b"hello"), repeat=True)
    source = "show([mrequests.get(url, verify=given).content for given in (ca + others, others + ca)])"
    assert mpy(source, url=peer.at, ca=root.pem, others=others) == [b"hello"] * 2
    raised = mpy.error("mrequests.get(url, verify=others)", url=peer.at, others=others)
    assert raised.errno == EACCES


@pytest.mark.parametrize("form", ["pem", "der"])
def test_files(mpy, tls_peer, root, form):
    (mpy.directory / "ca").write_bytes(getattr(root, form))
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        CONTEXT
        + """
a = mrequests.get(url, verify="ca").content
c = TLSContext()
c.load_verify_locations(cafile="ca")
b = mrequests.get(url, ssl_context=c).content
mrequests.set_ca("ca")
show(a, b, mrequests.get(url).content)
""",
        url=peer.at,
    )
    assert shown == (b"hello",) * 3


def test_locations_add_up(mpy, tls_peer, material):
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        CONTEXT
        + """
c = TLSContext()
c.load_verify_locations(other_pem)
first = attempt(lambda: mrequests.get(url, ssl_context=c))[1]
c.load_verify_locations(cadata=pem)
show(first, mrequests.get(url, ssl_context=c).content)
""",
        url=peer.at,
        **material,
    )
    assert shown == (EACCES, b"hello")


NO_CERTIFICATES = {
    "empty": b"",
    "text": b"there is no certificate in here\n",
    "garbage": b"\x30\x82\xff\xff" + bytes(40),
    "bad-base64": b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
    "no-end": b"-----BEGIN CERTIFICATE-----\nMIIB\n",
    "not-der": b"-----BEGIN CERTIFICATE-----\n"
    + base64.b64encode(b"no certificate")
    + b"\n-----END CERTIFICATE-----\n",
}


class TestNoCertificate:
    @pytest.mark.needs("files")
    @pytest.mark.parametrize("data", NO_CERTIFICATES.values(), ids=NO_CERTIFICATES.keys())
    def test_data(self, mpy, data):
        """Data without a certificate is refused before a connection is made."""
        (mpy.directory / "ca").write_bytes(data)
        shown = mpy(
            """
        def load(**options):
            mrequests.TLSContext().load_verify_locations(**options)
        calls = [
            lambda: load(cadata=data), lambda: load(cafile="ca"),
            lambda: mrequests.set_ca(data), lambda: mrequests.set_ca("ca"),
            lambda: mrequests.get("https://localhost:1/", verify=data),
            lambda: mrequests.get("https://localhost:1/", verify="ca"),
        ]
        show([attempt(call) for call in calls])
        """,
            data=data,
        )
        assert [each and each[0] for each in shown] == ["ValueError"] * 6

    def test_a_key_only(self, mpy):
        key = certificates.issue().key_pem
        assert mpy.error("mrequests.set_ca(key)", key=key).kind == "ValueError"

    def test_truncated(self, mpy, root):
        """A certificate cut at any place is refused."""
        shown = mpy(
            """
        def cut(size):
            return (attempt(lambda: mrequests.set_ca(der[:size])) or ["taken"])[0]
        show({cut(size) for size in range(1, len(der), 7)})
        """,
            der=root.der,
        )
        assert shown == {"ValueError"}

    @pytest.mark.parametrize(
        "call",
        [
            "mrequests.get('https://localhost:1/', verify='nowhere.pem')",
            "mrequests.set_ca('nowhere.pem')",
            "mrequests.TLSContext().load_verify_locations(cafile='nowhere.pem')",
            "mrequests.TLSContext().load_cert_chain('nowhere.pem', 'nowhere.key')",
            "mrequests.get('https://localhost:1/', verify=False, cert=('nowhere.pem', 'nowhere.key'))",
        ],
    )
    def test_no_file(self, mpy, call):
        raised = mpy.error(call)
        assert (raised.kind, raised.errno) == ("OSError", ENOENT)

    def test_failed_set_ca_changes_nothing(self, mpy, tls_peer, root):
        peer = tls_peer(response(b"hello"))
        shown = mpy(
            "mrequests.set_ca(ca)\nraised = attempt(lambda: mrequests.set_ca(b'none'))[0]\n"
            "show(raised, mrequests.get(url).content)",
            url=peer.at,
            ca=root.pem,
        )
        assert shown == ("ValueError", b"hello")


@pytest.mark.parametrize(
    "again", ["import mrequests as another", "from mrequests import get", "__import__('mrequests')"]
)
def test_set_ca_lasts_when_the_module_is_imported_again(mpy, tls_peer, root, again):
    """Each file of a program imports the module; set_ca applies to all of them."""
    other = certificates.root("other root")
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        f"""
mrequests.set_ca(pem)
{again}
show(attempt(lambda: mrequests.get(url)), sys.modules["mrequests"] is mrequests)
""",
        url=peer.at,
        pem=other.pem,
    )
    assert shown[0][:2] == ("OSError", EACCES)
    assert shown[1]
