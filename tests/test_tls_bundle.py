"""Many trust anchors from a file: it is read in pieces, and only what the path check needs is kept."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from support import certificates
from support.messages import response
from support.snippets import USED
from support.tls_snippets import CONTEXT

pytestmark = [pytest.mark.needs("tls"), pytest.mark.needs("files")]

# The kinds of keys among the authorities of the web.
KINDS = {"rsa4096": 62, "rsa2048": 47, "p384": 31, "p256": 4}

# Beside the anchors: a piece of the file, the file object, the context.
ROOM = 8 * 1024


@pytest.fixture(scope="module")
def others():
    """144 authorities."""
    return [certificates.root(f"{kind} root {n}", key=kind) for kind, count in KINDS.items() for n in range(count)]


def contents(der):
    """The length of an element without tag and length."""
    return len(der) - (2 + (der[1] & 0x7F) if der[1] & 0x80 else 2)


def size_of(authorities):
    """The bytes of anchors: subject and public key, and three lengths."""
    size = 0
    for each in authorities:
        certificate = x509.load_der_x509_certificate(each.der)
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        size += contents(certificate.subject.public_bytes()) + contents(key) + 6
    return size


@pytest.mark.parametrize("form", ["pem", "der"])
def test_memory(mpy, root, others, form):
    """The anchors are kept in one block of their size, and take little more while they are read."""
    authorities = [*others, root]
    (mpy.directory / "ca").write_bytes(b"".join(getattr(each, form) for each in authorities))
    size = size_of(authorities)
    before, after = mpy(
        CONTEXT
        + USED
        + """
c = TLSContext()
before = used()
hog = bytearray(gc.mem_free() - room)
c.load_verify_locations(cafile="ca")
hog = None
show(before, used())
""",
        heap="300k",
        room=size + ROOM,
    )
    assert size <= after - before <= size + 512


@pytest.mark.parametrize("place", [0, 70, 144])
def test_each_anchor_is_found(mpy, tls_peer, root, others, place):
    authorities = [*others[:place], root, *others[place:]]
    (mpy.directory / "ca").write_bytes(b"".join(b"# " + b"x" * 50 + b"\n" + each.pem for each in authorities))
    peer = tls_peer(response(b"hello"))
    assert mpy("show(mrequests.get(url, verify='ca').content)", url=peer.at) == b"hello"


def test_a_certificate_larger_than_a_piece(mpy, tls_peer, root):
    """A certificate may have many names, and text before it."""
    large = certificates.root("large", names=[f"host-{n}.example.com" for n in range(500)])
    (mpy.directory / "ca").write_bytes(b"text " * 2000 + large.pem + root.pem)
    peer = tls_peer(response(b"hello"))
    assert mpy("show(mrequests.get(url, verify='ca').content)", url=peer.at) == b"hello"


def test_truncated_file(mpy, root, others):
    """A bundle that is cut within a certificate is refused as a whole, and its file is closed."""
    pem = b"".join(each.pem for each in [*others[:20], root])
    (mpy.directory / "ca").write_bytes(pem[:-20])
    source = """
before = descriptors()
raised = attempt(lambda: mrequests.set_ca("ca"))
show(raised[0], descriptors() - before)
"""
    assert mpy(source) == ("ValueError", 0)


def test_anchors_of_several_files(mpy, tls_peer, root, others):
    """A file adds to the anchors that are there."""
    (mpy.directory / "a").write_bytes(b"".join(each.pem for each in others[:40]))
    (mpy.directory / "b").write_bytes(b"".join(each.der for each in [root, *others[40:80]]))
    peer = tls_peer(response(b"hello"), repeat=True)
    shown = mpy(
        CONTEXT
        + """
c = TLSContext()
for name in names:
    c.load_verify_locations(cafile=name)
show(mrequests.get(url, ssl_context=c).content)
""",
        url=peer.at,
        names=["a", "b", "a"],
    )
    assert shown == b"hello"
