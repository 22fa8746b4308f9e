"""Fixtures for TLS tests: firmware, certificates, servers."""

import contextlib
import functools
import pathlib
import ssl

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from support import certificates, firmware
from support.certificates import Certificate
from support.hostile import Hostile
from support.interpreter import Interpreter
from support.tls_servers import OpensslServer

BUNDLE = pathlib.Path(__file__).resolve().parent / "data" / "bundle-ca.pem"


@pytest.fixture(scope="session")
def runner_no_ssl(pytestconfig, runner):
    """Makes a Runner for firmware whose only TLS is ours, as on every board."""
    if pytestconfig.getoption("target") != "unix":
        return runner
    return functools.partial(Interpreter, firmware.PATHS["unix-no-ssl"])


@pytest.fixture
def mpy_no_ssl(runner_no_ssl, tmp_path):
    """Runs MicroPython snippets in firmware whose only TLS is ours."""
    return runner_no_ssl(tmp_path)


@pytest.fixture(scope="session")
def executable_bundle():
    """The unix port with mrequests, its TLS and a certificate authority, without the port's TLS."""
    return firmware.PATHS["unix-bundle"]


@pytest.fixture
def mpy_bundle(executable_bundle, tmp_path):
    """Runs MicroPython snippets in firmware with a bundle of certificates."""
    return Interpreter(executable_bundle, tmp_path)


@pytest.fixture(scope="session")
def root():
    """A certificate authority of the tests, with a P-256 key."""
    return certificates.root()


@pytest.fixture(scope="session")
def identity(root):
    """A valid certificate for this machine."""
    return certificates.server(root)


@pytest.fixture(scope="session")
def bundle_root():
    """The authority in the bundle of the firmware."""
    pem = BUNDLE.read_text()
    key = load_pem_private_key((BUNDLE.parent / "bundle-ca-key.pem").read_bytes(), None)
    return Certificate(ssl.PEM_cert_to_DER_cert(pem), key)


@pytest.fixture(scope="session")
def client_root():
    """The authority that signs client certificates."""
    return certificates.root("clients' root")


def server_context(certificate, directory, **attributes):
    """Makes an ssl.SSLContext for `peer(..., tls=)`: TLS 1.3, unless `attributes` say otherwise."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # the client must refuse weak keys, not the server
    context.load_cert_chain(certificate.write(directory))
    for name, value in {"minimum_version": ssl.TLSVersion.TLSv1_3, **attributes}.items():
        setattr(context, name, value)
    return context


@pytest.fixture
def tls_peer(peer, tmp_path, identity):
    """Starts scripted peers that speak TLS 1.3: `tls_peer(exchange, ..., certificate=)`. `at` is their URL by name."""

    def start(*exchanges, certificate=identity, context=None, tickets=2, **options):
        context = context or server_context(certificate, tmp_path, num_tickets=tickets)
        server = peer(*exchanges, tls=context, **options)
        server.at = f"https://localhost:{server.port}/"
        return server

    return start


@pytest.fixture
def hostile(identity):
    """Starts servers that follow a script: see support/hostile.py."""
    with contextlib.ExitStack() as stack:
        servers = []

        def start(script, certificate=identity, **options):
            servers.append(stack.enter_context(Hostile(certificate, script, **options)))
            return servers[-1]

        yield start
    errors = [error for server in servers for error in server.errors]
    assert not errors, f"the server raised {errors}"


@pytest.fixture
def s_server(tmp_path, identity):
    """Starts `openssl s_server` processes."""
    servers = []

    def start(*options, certificate=identity):
        servers.append(OpensslServer(tmp_path, certificate, *options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
