"""The parts of TLS 1.3 that a server needs (RFC 8446), without checks against misuse."""

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Content types.
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23

# Handshake types.
CLIENT_HELLO, SERVER_HELLO, NEW_SESSION_TICKET, ENCRYPTED_EXTENSIONS = 1, 2, 4, 8
CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, FINISHED, KEY_UPDATE = 11, 13, 15, 20, 24

# Extensions.
SERVER_NAME, MAX_FRAGMENT_LENGTH, SUPPORTED_GROUPS, SIGNATURE_ALGORITHMS = 0, 1, 10, 13
SUPPORTED_VERSIONS, COOKIE, KEY_SHARE = 43, 44, 51

AES_128_GCM, AES_256_GCM = 0x1301, 0x1302
SECP256R1, SECP384R1, X25519 = 0x0017, 0x0018, 0x001D
TLS12, TLS13 = 0x0303, 0x0304

# The random that marks a ServerHello as a HelloRetryRequest.
RETRY = hashlib.sha256(b"HelloRetryRequest").digest()


def u8(n):
    return n.to_bytes(1, "big")


def u16(n):
    return n.to_bytes(2, "big")


def u24(n):
    return n.to_bytes(3, "big")


def vector(size, content):
    """Returns content after its length in `size` bytes."""
    return len(content).to_bytes(size, "big") + content


def extension(kind, content):
    return u16(kind) + vector(2, content)


def message(kind, body):
    """Encodes a handshake message."""
    return u8(kind) + vector(3, body)


def record(kind, content):
    """Encodes a record."""
    return u8(kind) + u16(TLS12) + vector(2, content)


class Reader:
    """Parses bytes from the front."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        taken, self.data = self.data[:size], self.data[size:]
        assert len(taken) == size, "truncated message"
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        return self.take(self.number(size))


@dataclass
class ClientHello:
    """A parsed ClientHello."""

    body: bytes
    session_id: bytes = b""
    suites: list = field(default_factory=list)
    extensions: dict = field(default_factory=dict)

    def __post_init__(self):
        rest = Reader(self.body)
        rest.take(2 + 32)
        self.session_id = rest.vector(1)
        suites = Reader(rest.vector(2))
        while suites.data:
            self.suites.append(suites.number(2))
        rest.vector(1)
        extensions = Reader(rest.vector(2))
        while extensions.data:
            kind = extensions.number(2)
            assert kind not in self.extensions, f"extension {kind} was sent twice"
            self.extensions[kind] = extensions.vector(2)

    @property
    def name(self):
        """The name in server_name, or None."""
        if SERVER_NAME not in self.extensions:
            return None
        entry = Reader(Reader(self.extensions[SERVER_NAME]).vector(2))
        assert entry.number(1) == 0
        return entry.vector(2)

    @property
    def key_shares(self):
        shares = Reader(Reader(self.extensions[KEY_SHARE]).vector(2))
        found = {}
        while shares.data:
            group = shares.number(2)
            found[group] = shares.vector(2)
        return found

    def numbers(self, kind):
        """Returns the entries of an extension that is a list of 16-bit numbers."""
        entries = Reader(Reader(self.extensions[kind]).vector(2))
        found = []
        while entries.data:
            found.append(entries.number(2))
        return found


# The key schedule (RFC 8446 section 7.1), for the suites with SHA-256.


def _expand_label(secret, label, context, length):
    info = u16(length) + vector(1, b"tls13 " + label) + vector(1, context)
    return hmac.digest(secret, info + b"\x01", "sha256")[:length]


def _derive(secret, label, transcript):
    return _expand_label(secret, label, hashlib.sha256(transcript).digest(), 32)


class KeySchedule:
    """The secrets of a connection, derived from the Diffie-Hellman secret."""

    def __init__(self, shared):
        early = hmac.digest(bytes(32), bytes(32), "sha256")
        self.handshake = hmac.digest(_derive(early, b"derived", b""), shared, "sha256")
        self.master = hmac.digest(_derive(self.handshake, b"derived", b""), bytes(32), "sha256")

    def handshake_traffic(self, transcript):
        """Returns the handshake traffic secrets of client and server."""
        return _derive(self.handshake, b"c hs traffic", transcript), _derive(
            self.handshake, b"s hs traffic", transcript
        )

    def application_traffic(self, transcript):
        return _derive(self.master, b"c ap traffic", transcript), _derive(self.master, b"s ap traffic", transcript)


def verify_data(traffic_secret, transcript):
    """Returns the verify_data of a Finished message."""
    key = _expand_label(traffic_secret, b"finished", b"", 32)
    return hmac.digest(key, hashlib.sha256(transcript).digest(), "sha256")


class Protection:
    """Seals or opens the records of one direction."""

    def __init__(self, traffic_secret):
        self.cipher = AESGCM(_expand_label(traffic_secret, b"key", b"", 16))
        self.iv = int.from_bytes(_expand_label(traffic_secret, b"iv", b"", 12), "big")
        self.count = 0

    def _nonce(self):
        nonce = (self.iv ^ self.count).to_bytes(12, "big")
        self.count += 1
        return nonce

    def seal(self, inner):
        """Returns a record that protects an inner plaintext, which ends with its content type and padding."""
        head = u8(APPLICATION_DATA) + u16(TLS12) + u16(len(inner) + 16)
        return head + self.cipher.encrypt(self._nonce(), inner, head)

    def open(self, head, body):
        """Returns (content type, content) of a record, or None if this key did not seal it."""
        try:
            inner = self.cipher.decrypt(self._nonce(), body, head).rstrip(b"\0")
        except InvalidTag:
            return None
        return inner[-1], inner[:-1]


def key_agreement(peer_point):
    """Returns our P-256 key share and the secret shared with the peer."""
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), peer_point)
    return point, key.exchange(ec.ECDH(), peer)


_HASHES = {4: hashes.SHA256, 5: hashes.SHA384, 6: hashes.SHA512}


def usual_scheme(key):
    """Returns the signature scheme (RFC 8446 section 4.2.3) for a key."""
    if isinstance(key, rsa.RSAPrivateKey):
        return 0x0804
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return 0x0807
    return {"secp256r1": 0x0403, "secp384r1": 0x0503, "secp521r1": 0x0603}[key.curve.name]


def sign_transcript(key, scheme, transcript, context=b"TLS 1.3, server CertificateVerify"):
    """Returns the signature of a CertificateVerify message."""
    content = b" " * 64 + context + b"\0" + hashlib.sha256(transcript).digest()
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(content)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(content, ec.ECDSA(_HASHES[scheme >> 8]()))
    if scheme & 0xFF == 0x01:  # PKCS #1 v1.5, which TLS 1.3 allows in certificates only
        return key.sign(content, padding.PKCS1v15(), _HASHES[scheme >> 8]())
    digest = _HASHES[scheme & 0xFF]()
    return key.sign(content, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
