"""The targets of the tests, the features that they lack, and the figures in which they differ.

`LACKS` lists the features that tests may need, with the targets that lack each, and the reason.
A test states its needs by a marker, `@pytest.mark.needs("threads")`, or by a fixture of `IMPLIED`.
"""

from dataclasses import dataclass

# The factor for time limits on boards: emulators are slower than the unix port.
SLOWER = 3

BOARDS = ("m3", "rv32", "rp2040", "microbit")
WITHOUT_NETWORK = ("rp2040", "microbit")

LACKS = {
    "network": dict.fromkeys(WITHOUT_NETWORK, "has no network"),
    "socket": {"microbit": "has no socket module"},
    "files": {"rp2040": "has no access to files of the host"},
    "tls": dict.fromkeys(WITHOUT_NETWORK, "is built without TLS"),
    "no tls": dict.fromkeys(("unix", "m3", "rv32"), "is built with TLS"),
    "clock": {"rp2040": "sets its clock itself, at boot"},
    "speed": {"rp2040": "runs in an emulator that takes a second for a call"},
    "process": dict.fromkeys(BOARDS, "cannot be started, signalled and fed as a process"),
    "pipes": dict.fromkeys(BOARDS, "opens files of the host, but no pipes"),
    "host": dict.fromkeys(BOARDS, "is not involved: the test runs on the host"),
    "soak": {"rv32": "leaves the soak to m3"},
    "threads": dict.fromkeys(BOARDS, "has no threads"),
    "ipv6": dict.fromkeys(BOARDS, "has IPv4 only"),
    "fileno": dict.fromkeys(BOARDS, "has sockets without fileno()"),
    "ssl": dict.fromkeys(BOARDS, "has only the TLS of mrequests"),
    "other firmware": dict.fromkeys(BOARDS, "is tested with one firmware"),
    "default options": dict.fromkeys(BOARDS, "is tested with all options of TLS"),
    "memory": dict.fromkeys(BOARDS, "does not have 16 MB of memory"),
    "asyncio": dict.fromkeys(BOARDS, "has no asyncio"),
}

# A board runs every n-th variant of a test, and every n-th case: the unix port covers the engine
# with all of them.
SAMPLE = {"m3": 8, "rv32": 16, "rp2040": 1000, "microbit": 6}

# A board runs every n-th test of a file, as m3 covers 32-bit boards; whole files where m3 does not run them.
SAMPLE_OF_FILE = {"rv32": 3, "rp2040": 2}
WHOLE_FILES = ("test_http_only",)

# Larger steps for slow files. A handshake takes a board some tenths of a second, tests of leaks and memory make many
# calls, and the helpers behave the same on any machine.
EVERY = {
    "test_helpers": 3,
    "test_leaks": 4,
    "test_memory": 2,
    "test_tls_anchors": 3,
    "test_tls_chains": 5,
    "test_tls_choice": 3,
    "test_tls_client_certificate": 4,
    "test_tls_clock": 2,
    "test_tls_context": 3,
    "test_tls_hostile": 6,
    "test_tls_http": 4,
    "test_tls_limits": 3,
    "test_tls_memory": 3,
    "test_tls_pins": 4,
    "test_tls_refused": 4,
    "test_tls_stream": 4,
    "test_tls_timeouts": 4,
}

# The features that fixtures need.
IMPLIED = {
    "peer": "network",
    "nginx": "network",
    "httpbin": "network",
    "tls_peer": "network",
    "hostile": "network",
    "s_server": "network",
    "chains": "network",
    "servers": "network",
    "full_listener": "network",
    "console": "process",
    "mypy": "host",
    "executable_bundle": "other firmware",
}


@dataclass(frozen=True)
class Figures:
    """Figures of a target that tests compare with."""

    # errno of a refused connection
    refused: int
    # errnos of a non-blocking call: from connect(), or from the first read if connect() succeeds at once
    not_waiting: tuple
    # the heap and the time limit of tests/test_soak.py
    soak_heap: str
    soak_seconds: int
    # a heap that holds a snippet, but no TLS connection
    heap_without_room: str


UNIX = Figures(refused=111, not_waiting=(115,), soak_heap="256k", soak_seconds=60, heap_without_room="25k")
LWIP = Figures(refused=104, not_waiting=(115, 11), soak_heap="128k", soak_seconds=80, heap_without_room="20k")

FIGURES = {"unix": UNIX, "m3": LWIP, "rv32": LWIP, "rp2040": LWIP, "microbit": LWIP}


def spares(target, module, variant, number):
    """Returns whether a target leaves out this variant of the test with this number in its file."""
    every = max(SAMPLE.get(target, 1), EVERY.get(module, 1))
    every_of_file = 1 if module in WHOLE_FILES else SAMPLE_OF_FILE.get(target, 1)
    return variant % every != 0 or number % every_of_file != 0


def reasons(target, needs):
    """Returns the reasons why a test with these needs cannot run on a target."""
    return [f"{target} {LACKS[need][target]}" for need in needs if target in LACKS[need]]
