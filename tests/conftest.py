"""Fixtures: MicroPython under test and the servers it talks to."""

import collections
import contextlib
import functools
import ssl

import pytest
import trustme

from support import board, firmware, targets
from support.interpreter import Interpreter
from support.peer import Peer
from support.servers import Httpbin, Nginx

pytest_plugins = ["tls_fixtures"]


def pytest_addoption(parser):
    parser.addoption("--target", choices=["unix", *targets.BOARDS], default="unix", help="target to run the tests on")
    parser.addoption("--thorough", action="store_true", help="run all tests on a board, also the slow ones")


def pytest_configure(config):
    config.addinivalue_line("markers", "thorough: more variants of a test; boards run them only with --thorough")
    config.addinivalue_line("markers", "needs(*features): features that the target must have: see support/targets.py")


def pytest_collection_modifyitems(config, items):
    """Skips tests that need something the target lacks, and tests that boards leave out to save time."""
    target = config.getoption("target")
    variants = collections.Counter()
    numbers = collections.Counter()
    for item in items:
        if target != "unix":
            item.add_marker(pytest.mark.timeout(targets.SLOWER * 60))
        variant = variants[item.path, item.cls, item.originalname]
        variants[item.path, item.cls, item.originalname] += 1
        number = numbers[item.path]
        # Counts one variant per test, as boards skip most of the others.
        numbers[item.path] += variant == 0
        needs = {need for marker in item.iter_markers("needs") for need in marker.args}
        needs |= {targets.IMPLIED[name] for name in item.fixturenames if name in targets.IMPLIED}
        for reason in targets.reasons(target, sorted(needs)):
            item.add_marker(pytest.mark.skip(reason=reason))
        spared = targets.spares(target, item.path.stem, variant, number) or item.get_closest_marker("thorough")
        if spared and target != "unix" and not config.getoption("thorough"):
            item.add_marker(pytest.mark.skip(reason=f"{target} leaves this out to save time: --thorough runs it"))


def pytest_collection_finish(session):
    """Builds the firmware that the tests run on."""
    if session.config.option.collectonly:
        return
    # A build takes minutes: its output goes to the terminal at once.
    with session.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        for name in firmware.needed(session.items, session.config.getoption("target")):
            if not firmware.prepare(name):
                session.shouldfail = f"tools/tested.sh {name} and {firmware.VARIABLES[name]} name no firmware"


@pytest.fixture(scope="session")
def figures(pytestconfig):
    """Figures that differ between targets: see support/targets.py."""
    return targets.FIGURES[pytestconfig.getoption("target")]


@pytest.fixture(scope="session")
def sample(pytestconfig):
    """Returns a function that reduces a list of cases to those that the target plays."""
    target = "unix" if pytestconfig.getoption("thorough") else pytestconfig.getoption("target")
    return lambda cases: cases[:: targets.SAMPLE.get(target, 1)]


@pytest.fixture(scope="session")
def runner(pytestconfig):
    """Makes a Runner for a directory: on the unix port or on a board, with all options of our TLS."""
    target = pytestconfig.getoption("target")
    if target == "unix":
        yield functools.partial(Interpreter, firmware.PATHS[target])
    else:
        with board.running(target, firmware.PATHS[target]) as make:
            yield make


@pytest.fixture
def mpy(runner, tmp_path):
    """Runs MicroPython snippets: see support/runner.py."""
    return runner(tmp_path)


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
    assert not errors, f"the peer raised {errors}"


@pytest.fixture(scope="session")
def authority():
    """A certificate authority of the tests."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority):
    """A TLS context for peers, with a certificate for localhost and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def httpbin(tmp_path_factory):
    """Starts httpbin and returns its base URL."""
    server = Httpbin(tmp_path_factory.mktemp("httpbin"))
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def nginx(tmp_path_factory, authority):
    """An nginx: `url`, `url6`, `https`, `https_other_name`, and its `files`."""
    server = Nginx(tmp_path_factory.mktemp("nginx"), authority)
    yield server
    server.stop()
