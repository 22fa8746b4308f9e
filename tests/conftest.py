"""Fixtures: the interpreter under test and the servers it talks to."""

import contextlib
import fcntl
import os
import pathlib
import ssl
import subprocess

import pytest
import trustme

from support.interpreter import Interpreter
from support.peer import Peer
from support.servers import Httpbin, Nginx

ROOT = pathlib.Path(__file__).resolve().parent.parent

# As in the Makefile: what can be tested is built.
ALL_OF_TLS = ("MREQUESTS_TLS_SUITES=aes128 aes256 chacha20", "MREQUESTS_TLS_SIGNATURES=p384 rsa ed25519")

pytest_plugins = ["tls_fixtures"]


def built_interpreter(variable, *options):
    """The interpreter that the Makefile named in the environment, else the one it builds now."""
    path = os.environ.get(variable)
    if not path:
        # One build at a time, however many workers pytest has.
        fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)
        make = subprocess.run(["make", "-s", "interpreter", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        path = make.stdout.strip()
    if not path or not os.access(path, os.X_OK):
        pytest.exit(f"no interpreter at {path!r}: neither {variable} nor `make -s interpreter` names one", 3)
    return path


@pytest.fixture(scope="session")
def executable():
    """The unix port with mrequests and all options of its TLS."""
    return built_interpreter("MREQUESTS_INTERPRETER", *ALL_OF_TLS)


@pytest.fixture(scope="session")
def executable_no_tls():
    """The same without any TLS."""
    return built_interpreter("MREQUESTS_INTERPRETER_NO_TLS", "MICROPY_SSL=0", "MREQUESTS_TLS=0")


@pytest.fixture
def mpy(executable, tmp_path):
    """Runs MicroPython snippets: see support/interpreter.py."""
    return Interpreter(executable, tmp_path)


@pytest.fixture
def mpy_no_tls(executable_no_tls, tmp_path):
    """Runs MicroPython snippets in firmware without TLS."""
    return Interpreter(executable_no_tls, tmp_path)


@pytest.fixture
def peer():
    """Starts scripted peers: see support/peer.py."""
    with contextlib.ExitStack() as stack:
        peers = []

        def start(*exchanges, **options):
            peers.append(stack.enter_context(Peer(*exchanges, **options)))
            return peers[-1]

        yield start
    errors = [error for each in peers for error in each.errors]
    assert not errors, f"the peer could not make sense of the client: {errors}"


@pytest.fixture(scope="session")
def authority():
    """A certificate authority that only the tests know."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority):
    """A TLS context for peers: a certificate for localhost and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def httpbin(tmp_path_factory):
    """The base URL of an httpbin."""
    server = Httpbin(tmp_path_factory.mktemp("httpbin"))
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def nginx(tmp_path_factory, authority):
    """An nginx: `url`, `url6`, `https`, `https_other_name`, and its `files`."""
    server = Nginx(tmp_path_factory.mktemp("nginx"), authority)
    yield server
    server.stop()
