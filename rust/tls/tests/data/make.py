"""Makes trust.txt, the certificates that the tests of rust/tls/src/trust check.

usage: make.py > trust.txt     (in an environment with tests/requirements.txt)

A line is one of
    certificate NAME BASE64       in DER
    key NAME BASE64               of a P-256 key: the private key in PKCS #8
    proof NAME SCHEME BASE64      the signature of SIGNED by the key of this name
The keys are new in each run; names, dates and extensions are fixed. At the time of the tests
(2025-06-01) certificates of 2025 and CAs of 2020 to 2050 are valid.
"""

import base64
import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# RFC 8446 section 4.4.3, with a transcript hash of 32 times 0x07.
SIGNED = b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + b"\7" * 32

SHA256, SHA384, SHA512 = hashes.SHA256(), hashes.SHA384(), hashes.SHA512()
CA_YEARS = (2020, 2050)
NAMES = (
    x509.DNSName("example.com"),
    x509.DNSName("*.wild.example.com"),
    x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
    x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
)
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
CA = x509.BasicConstraints(ca=True, path_length=None)
PSS = padding.PSS(padding.MGF1(SHA256), 32)


class Issuer:
    """A name with its key, and the algorithm it signs with."""

    def __init__(self, name, key, algorithm=SHA256, rsa_padding=None):
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = key
        self.algorithm = algorithm
        self.rsa_padding = rsa_padding


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def usage(*names):
    return x509.KeyUsage(**{name: name in names for name in USAGES})


def names(*dns):
    return x509.SubjectAlternativeName([x509.DNSName(name) for name in dns])


def text(data):
    return base64.b64encode(data).decode()


def show(name, certificate):
    print("certificate", name, text(certificate))


def make(name, subject, issuer, *extensions, years=(2025, 2026), critical=()):
    """Makes the certificate of a subject's name and key, and shows it where it has a name."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject.name)
        .issuer_name(issuer.name)
        .public_key(subject.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(years[0], 1, 1))
        .not_valid_after(datetime.datetime(years[1], 1, 1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, extension in critical or extension is CA)
    signed = builder.sign(issuer.key, issuer.algorithm, rsa_padding=issuer.rsa_padding)
    der = signed.public_bytes(serialization.Encoding.DER)
    if name:
        show(name, der)
    return der


def make_ca(name, subject, issuer, *extensions, years=CA_YEARS):
    return make(name, subject, issuer, *(extensions or (CA, usage("key_cert_sign"))), years=years)


def make_leaf(name, key, issuer, *extensions, subject="leaf", **options):
    """A certificate of version 3 for NAMES, where the extensions hold no other names."""
    if not any(isinstance(extension, x509.SubjectAlternativeName) for extension in extensions):
        extensions += (x509.SubjectAlternativeName(NAMES),)
    return make(name, Issuer(subject, key), issuer, *extensions, **options)


def proof(name, scheme, signature):
    print("proof", name, f"{scheme:04x}", text(signature))


def element(tag, contents):
    length = len(contents)
    if length < 0x80:
        return bytes([tag, length]) + contents
    size = 1 if length < 0x100 else 2
    return bytes([tag, 0x80 + size]) + length.to_bytes(size, "big") + contents


def show_version_1(name, certificate, key):
    """Shows the same certificate without version and extensions, signed anew."""
    signed = x509.load_der_x509_certificate(certificate).tbs_certificate_bytes
    public_key = KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    start = signed.index(b"\xa0\3\2\1\2") + 5
    signed = element(0x30, signed[start : signed.index(public_key)] + public_key)
    signature = key.sign(signed, ec.ECDSA(SHA256))
    ecdsa_with_sha256 = bytes.fromhex("300a06082a8648ce3d040302")
    show(name, element(0x30, signed + ecdsa_with_sha256 + element(3, b"\0" + signature)))


def kinds():
    """Chains of each kind of key: ROOT, A by ROOT, B by A; a leaf by each of them."""
    for kind, scheme, new_key, algorithm, sign in (
        (
            "rsa2048",
            0x0804,
            lambda: rsa.generate_private_key(65537, 2048),
            SHA256,
            lambda key: key.sign(SIGNED, PSS, SHA256),
        ),
        (
            "rsa4096",
            0x0806,
            lambda: rsa.generate_private_key(65537, 4096),
            SHA512,
            lambda key: key.sign(SIGNED, padding.PSS(padding.MGF1(SHA512), 64), SHA512),
        ),
        ("p256", 0x0403, p256, SHA256, lambda key: key.sign(SIGNED, ec.ECDSA(SHA256))),
        (
            "p384",
            0x0503,
            lambda: ec.generate_private_key(ec.SECP384R1()),
            SHA384,
            lambda key: key.sign(SIGNED, ec.ECDSA(SHA384)),
        ),
        ("ed25519", 0x0807, ed25519.Ed25519PrivateKey.generate, None, lambda key: key.sign(SIGNED)),
    ):
        root = Issuer(f"{kind} root", new_key(), algorithm)
        a = Issuer(f"{kind} a", new_key(), algorithm)
        b = Issuer(f"{kind} b", new_key(), algorithm)
        leaf = new_key()
        proof(kind, scheme, sign(leaf))
        make_ca(f"{kind}-root", root, root)
        make_ca(f"{kind}-a", a, root)
        make_ca(f"{kind}-b", b, a)
        make_leaf(f"{kind}-by-root", leaf, root)
        make_leaf(f"{kind}-by-a", leaf, a)
        make_leaf(f"{kind}-by-b", leaf, b, usage("digital_signature"))
        if kind == "rsa2048":
            make_leaf("rsa-pss-by-root", leaf, Issuer(f"{kind} root", root.key, SHA256, PSS))
            make_leaf("p256-by-rsa-root", KEY, Issuer(f"{kind} root", root.key, SHA512))


def refusals(root, ca):
    """Leaves of KEY and CAs of `ca`'s key, with something wrong or unusual about each."""
    server, client = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
    make_ca("ca", ca, root)
    for name, years in (
        ("good", (2025, 2026)),
        ("expired", (2020, 2024)),
        ("future", (2030, 2031)),
        ("until-2035", (2025, 2035)),
    ):
        make_leaf(name, KEY, ca, years=years)
    make_ca("ca-expired", ca, root, years=(2020, 2024))
    make_ca("ca-future", ca, root, years=(2028, 2040))
    make_ca("ca-far-future", ca, root, years=(2032, 2040))
    make_leaf("for-clients", KEY, ca, x509.ExtendedKeyUsage([client]))
    make_leaf("for-servers-too", KEY, ca, x509.ExtendedKeyUsage([client, server]))
    anything = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
    make_leaf("for-any", KEY, ca, x509.ExtendedKeyUsage([anything]))
    make_ca("ca-for-clients", ca, root, CA, x509.ExtendedKeyUsage([client]))
    make_leaf("encipherment-only", KEY, ca, usage("key_encipherment"))
    make_ca("ca-signs-handshakes", ca, root, CA, usage("digital_signature"))
    make_ca("ca-without-usage", ca, root, CA)
    make_ca("ca-without-constraints", ca, root, usage("key_cert_sign"))
    make_ca("ca-that-is-none", ca, root, x509.BasicConstraints(ca=False, path_length=None))
    make_ca("ca-length-0", ca, root, x509.BasicConstraints(ca=True, path_length=0))
    below = Issuer("below ca", p256())
    make_ca("below-ca", below, ca)
    make_leaf("good-below", KEY, below)
    for name, permitted, excluded in (
        ("permits-example", ["example.com"], None),
        ("permits-other", ["example.org"], None),
        ("excludes-example", None, ["example.com"]),
    ):
        subtrees = [x and [x509.DNSName(y) for y in x] for x in (permitted, excluded)]
        constraints = x509.NameConstraints(*subtrees)
        make("ca-" + name, ca, root, CA, constraints, years=CA_YEARS, critical=[constraints])
    make_leaf("dns-only", KEY, ca, names("example.com"))
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0")
    make_leaf("unknown-critical", KEY, ca, unknown, critical=[unknown])
    make_leaf("unknown", KEY, ca, unknown)
    make_leaf("leaf-as-ca", KEY, Issuer("leaf", KEY), subject="below leaf")
    make_leaf("forged", KEY, Issuer("ca", p256()))
    make("without-names", Issuer("example.com", KEY), ca)
    make_leaf("subject-of-its-ca", KEY, ca, subject="ca")
    make_leaf("p521", ec.generate_private_key(ec.SECP521R1()), ca)
    ca_p521 = Issuer("ca", ec.generate_private_key(ec.SECP521R1()))
    make_ca("ca-p521", ca_p521, root)
    make_leaf("signed-with-p521", KEY, ca_p521)
    show_version_1("version-1", make_leaf(None, KEY, ca), ca.key)
    for name, dns in (
        ("wildcard", "*.example.com"),
        ("wildcard-of-com", "*.com"),
        ("wildcard-inside", "w*.example.com"),
        ("wildcard-second", "www.*.com"),
        ("wildcard-double", "*.*.com"),
        ("wildcard-alone", "*"),
    ):
        make_leaf(name, KEY, ca, names(dns))


def other_paths(root, ca):
    """More than one way to an anchor, and too many."""
    other = Issuer("other root", p256())
    make_ca("other-root", other, other)
    make_ca("ca-by-other", ca, other)
    make_ca("ca-by-expired-other", ca, other, years=(2020, 2024))
    renewed = Issuer("root", p256())
    make_ca("root-renewed", renewed, renewed)
    make_ca("ca-by-renewed", ca, renewed)
    make_ca("other-root-by-root", other, root)
    constraints = x509.NameConstraints([x509.DNSName("example.org")], None)
    make_ca("root-permits-other", root, root, CA, constraints)
    # CAs of two names that issue each other; all their signatures are wrong.
    for x, y in (("x", "y"), ("y", "x")):
        for number in (1, 2):
            make_ca(f"maze-{x}{number}", Issuer(f"maze {x}", p256()), Issuer(f"maze {y}", p256()))
        make_ca(f"maze-{x}-root", *[Issuer(f"maze {x}", p256())] * 2)
    make_leaf("maze-leaf", KEY, Issuer("maze x", p256()))


def renewals(root):
    """Roll-over of CAs' keys: certificates that a CA issued to itself for a new key ("new with old")."""
    old, new, newest = (Issuer("renewed ca", p256()) for _ in range(3))
    new_p384 = Issuer("renewed ca", ec.generate_private_key(ec.SECP384R1()), SHA384)
    length_0, length_1 = (x509.BasicConstraints(ca=True, path_length=n) for n in (0, 1))
    permits = x509.NameConstraints([x509.DNSName("example.com")], None)
    permits_other = x509.NameConstraints([x509.DNSName("example.org")], None)
    own_name = names("ca.example.org")
    client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    make_ca("renewed", old, root)
    make_ca("renewed-length-0", old, root, length_0)
    make_ca("renewed-length-1", old, root, length_1)
    make_ca("renewed-permits-example", old, root, CA, permits)
    make_ca("renewed-permits-other", old, root, CA, permits_other)
    make_ca("renewal", new, old)
    make_ca("renewal-length-0", new, old, length_0)
    make_ca("renewal-length-1", new, old, length_1)
    make_ca("renewal-permits-example", new, old, CA, permits, own_name)
    make_ca("renewal-permits-other", new, old, CA, permits_other)
    make_ca("renewal-with-names", new, old, CA, own_name)
    make_ca("renewal-of-old-with-new", old, new, length_0)
    make_ca("renewal-self-signed", new, new, length_0)
    make_ca("second-renewal-length-0", newest, new, length_0)
    make_ca("renewal-p384", new_p384, old, length_0)
    make_ca("renewal-expired", new, old, length_0, years=(2020, 2024))
    make_ca("renewal-future", new, old, length_0, years=(2028, 2040))
    make_ca("renewal-far-future", new, old, length_0, years=(2032, 2040))
    make_ca("renewal-for-clients", new, old, length_0, client)
    make_ca("renewal-signs-handshakes", new, old, length_0, usage("digital_signature"))
    make_ca("renewal-that-is-no-ca", new, old, x509.BasicConstraints(ca=False, path_length=None))
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0")
    make("renewal-critical", new, old, length_0, unknown, years=CA_YEARS, critical=[unknown])
    make_ca("renewal-forged", new, Issuer("renewed ca", p256()), length_0)
    make_ca("renewal-of-another-name", Issuer("another ca", new.key), Issuer("another ca", old.key), length_0)
    make_ca("new-by-root-length-0", new, root, length_0)
    make_ca("same-key-by-old", Issuer("ca with the same key", old.key), old, length_0)
    make_leaf("by-old", KEY, old)
    make_leaf("by-new", KEY, new)
    make_leaf("by-new-until-2035", KEY, new, years=(2025, 2035))
    make_leaf("by-new-dns-only", KEY, new, names("example.com"))
    make_leaf("by-newest", KEY, newest)
    make_leaf("by-new-p384", KEY, new_p384)
    make_leaf("by-new-forged", KEY, Issuer("renewed ca", p256()))
    make_leaf("by-new-as-same-key", KEY, Issuer("ca with the same key", new.key))
    below = Issuer("below renewed ca", p256())
    make_ca("below-new", below, new)
    make_leaf("by-below-new", KEY, below)
    # Anchors: a CA, and a root with constraints.
    new_root = Issuer("root", p256())
    make_ca("root-renewal-with-names", new_root, root, CA, own_name)
    make_leaf("by-new-root-dns-only", KEY, new_root, names("example.com"))
    make_ca("root-permits-example", root, root, CA, permits)


def devices():
    """Certificates of devices, signed by themselves, and what they must not issue."""
    device = Issuer("device", KEY)
    san = x509.SubjectAlternativeName(NAMES)
    make("device-ca", device, device, CA, san)
    make("device", device, device, san)
    make("device-expired", device, device, CA, san, years=(2020, 2024))
    make("device-future", device, device, CA, san, years=(2030, 2034))
    make("device-cert-sign", device, device, CA, san, usage("key_cert_sign"))
    make("device-for-clients", device, device, CA, san, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))
    show_version_1("device-version-1", make(None, device, device), KEY)
    make("device-other-key", *[Issuer("device", p256())] * 2, CA, san)
    make_leaf("by-device", KEY, device, names("bank.example"))


def main():
    root, ca = Issuer("root", p256()), Issuer("ca", p256())
    print("# Made by make.py.")
    proof("leaf", 0x0403, KEY.sign(SIGNED, ec.ECDSA(SHA256)))
    print(
        "key leaf",
        text(
            KEY.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
    )
    make_ca("root", root, root)
    kinds()
    refusals(root, ca)
    other_paths(root, ca)
    renewals(root)
    devices()


KEY = p256()

if __name__ == "__main__":
    main()
