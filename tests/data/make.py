"""Makes the keys and the certificate of this folder, for tests only. The results are committed.

python tests/data/make.py
"""

import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HERE = pathlib.Path(__file__).resolve().parent


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def main():
    keys = [rsa.generate_private_key(65537, size) for size in (1024, 2048, 2048, 2048, 2048, 4096, 4096, 4096)]
    (HERE / "rsa-test-keys.pem").write_bytes(b"\n".join(pem(key) for key in keys))

    # The authority in the certificate bundle of the tests' firmware.
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mrequests test bundle")])
    usage = dict.fromkeys(
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "encipher_only decipher_only".split(),
        False,
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.datetime(2025, 1, 1))
        .not_valid_after(datetime.datetime(2125, 1, 1))
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), True)
        .sign(key, hashes.SHA256())
    )
    (HERE / "bundle-ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (HERE / "bundle-ca-key.pem").write_bytes(pem(key))


main()
