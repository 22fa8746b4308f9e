"""Valid and invalid certificates.

`issue(issuer, ...)` makes one; without an issuer it is self-signed. `root`, `intermediate` and `server`
set the usual fields of such certificates.
"""

import datetime
import hashlib
import ipaddress
import itertools
import pathlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"

NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")

SERVER_AUTH = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT_AUTH = ExtendedKeyUsageOID.CLIENT_AUTH

# The bits of a key usage, as RFC 5280 names them.
USAGES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
    "key_cert_sign crl_sign encipher_only decipher_only"
).split()
CA_USAGE = {"key_cert_sign", "crl_sign"}
SERVER_USAGE = {"digital_signature"}

_PEM = serialization.Encoding.PEM
_DER = serialization.Encoding.DER
_PKCS8 = serialization.PrivateFormat.PKCS8
_SEC1 = serialization.PrivateFormat.TraditionalOpenSSL
_OPEN = serialization.NoEncryption()


def _rsa_keys():
    """Returns RSA keys from a file, in rotation: making them is slow."""
    kept = (DATA / "rsa-test-keys.pem").read_bytes().split(b"\n\n")
    keys = [serialization.load_pem_private_key(pem, None) for pem in kept]
    return {f"rsa{size}": itertools.cycle([k for k in keys if k.key_size == size]) for size in (1024, 2048, 4096)}


_rsa = _rsa_keys()
_MAKERS = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    **{kind: (lambda keys=keys: next(keys)) for kind, keys in _rsa.items()},
}


@dataclass
class Certificate:
    """A certificate and its private key. `issuer` is the Certificate that signed it, None for a root."""

    der: bytes
    key: object
    issuer: "Certificate" = None

    @property
    def subject(self):
        return x509.load_der_x509_certificate(self.der).subject

    @property
    def pem(self):
        return x509.load_der_x509_certificate(self.der).public_bytes(_PEM)

    @property
    def key_pem(self):
        return self.key.private_bytes(_PEM, _PKCS8, _OPEN)

    @property
    def key_der(self):
        return self.key.private_bytes(_DER, _PKCS8, _OPEN)

    @property
    def sec1_pem(self):
        return self.key.private_bytes(_PEM, _SEC1, _OPEN)

    @property
    def sec1_der(self):
        return self.key.private_bytes(_DER, _SEC1, _OPEN)

    @property
    def chain(self):
        """The chain that a server sends: itself and its issuers, without the root."""
        own = [self]
        while own[-1].issuer and own[-1].issuer.issuer:
            own.append(own[-1].issuer)
        return own

    @property
    def chain_pem(self):
        return b"".join(each.pem for each in self.chain)

    @property
    def root(self):
        return self if self.issuer is None else self.issuer.root

    @property
    def pin(self):
        """The SHA-256 of the public key, in the form of HTTP clients' pins."""
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        return hashlib.sha256(self.key.public_key().public_bytes(_DER, info)).digest()

    def write(self, directory, name="server"):
        """Writes chain and key into one file for servers. Returns its path."""
        path = directory / f"{name}.pem"
        path.write_bytes(self.chain_pem + self.key_pem)
        return path


def issue(
    issuer=None,
    subject="test server",
    *,
    key="p256",
    names=(),
    addresses=(),
    authority=None,
    path_length=None,
    days=(-1, 30),
    usage=None,
    purposes=(),
    permitted=None,
    excluded=None,
    extensions=(),
    digest=hashes.SHA256,
    pss=False,
    version1=False,
    damaged=False,
):
    """Makes a certificate.

    `authority`: the CA bit, None for a certificate without basic constraints. `days`: the validity, from today.
    `permitted` and `excluded`: name constraints. `damaged`: with a wrong signature.
    """
    key = _MAKERS[key]() if isinstance(key, str) else key
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    start, end = (now + datetime.timedelta(days=day) for day in days)
    builder = x509.CertificateBuilder(
        issuer_name=issuer.subject if issuer else name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=end,
    )
    for extension, critical in [
        *_extensions(names, addresses, authority, path_length, usage, purposes, permitted, excluded),
        *extensions,
    ]:
        builder = builder.add_extension(extension, critical)
    signer = issuer.key if issuer else key
    is_rsa = isinstance(signer, rsa.RSAPrivateKey)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else digest()
    scheme = padding.PSS(padding.MGF1(digest()), digest.digest_size) if is_rsa and pss else None
    der = builder.sign(signer, algorithm, rsa_padding=scheme).public_bytes(_DER)
    if version1:
        der = _without_version(der, signer)
    if damaged:
        der = der[:-1] + bytes([der[-1] ^ 1])
    return Certificate(der, key, issuer)


def _extensions(names, addresses, authority, path_length, usage, purposes, permitted, excluded):
    if names or addresses:
        hosts = [x509.DNSName(name) for name in names]
        hosts += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        yield x509.SubjectAlternativeName(hosts), False
    if authority is not None:
        yield x509.BasicConstraints(authority, path_length), True
    if usage is not None:
        yield x509.KeyUsage(**{each: each in usage for each in USAGES}), True
    if purposes:
        yield x509.ExtendedKeyUsage(purposes), False
    if permitted or excluded:
        yield x509.NameConstraints(_subtrees(permitted), _subtrees(excluded)), True


def _subtrees(constraints):
    """Converts DNS names, or networks such as 10.0.0.0/8, to general names."""
    return [
        x509.IPAddress(ipaddress.ip_network(text)) if "/" in text else x509.DNSName(text) for text in constraints or ()
    ] or None


def root(subject="test root", **options):
    return issue(None, subject, **{"authority": True, "usage": CA_USAGE, **options})


def intermediate(issuer, subject="test intermediate", **options):
    return issue(issuer, subject, **{"authority": True, "usage": CA_USAGE, **options})


def server(issuer, subject="test server", **options):
    """Makes a server's certificate for this machine, or for the given names."""
    usual = {"names": NAMES, "addresses": ADDRESSES, "usage": SERVER_USAGE, "purposes": [SERVER_AUTH]}
    return issue(issuer, subject, **{**usual, **options})


def client(issuer, subject="test client", **options):
    return issue(issuer, subject, **{"usage": {"digital_signature"}, "purposes": [CLIENT_AUTH], **options})


# `cryptography` makes version 3 only; version 1 has neither a version field nor extensions.


def _without_version(der, signer):
    certificate = x509.load_der_x509_certificate(der)
    assert not list(certificate.extensions), "version 1 has no extensions"
    body = certificate.tbs_certificate_bytes
    fields = body[len(body) - _content_length(body) :]
    version = b"\xa0\x03\x02\x01\x02"
    assert fields.startswith(version)
    body = _der(0x30, fields[len(version) :])
    signature = signer.sign(body, ec.ECDSA(hashes.SHA256()))
    ecdsa_with_sha256 = bytes.fromhex("300a06082a8648ce3d040302")
    return _der(0x30, body + ecdsa_with_sha256 + _der(0x03, b"\0" + signature))


def _content_length(der):
    if der[1] < 0x80:
        return der[1]
    return int.from_bytes(der[2 : 2 + (der[1] & 0x7F)], "big")


def _der(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content
