"""What MicroPython under test may be running on, what a test can find there, and the figures that differ.

`LACKS` says of each thing that a test may need, but does not find everywhere, which targets do not have it and why
not. A test says what it needs by a marker, `@pytest.mark.needs("threads")`, or by using a fixture of `IMPLIED`.
"""

from dataclasses import dataclass

# A board is emulated, and slower than the unix port: times are multiplied by this.
SLOWER = 3

BOARDS = ("m3", "rv32", "rp2040", "microbit")
WITHOUT_NETWORK = ("rp2040", "microbit")

LACKS = {
    "network": dict.fromkeys(WITHOUT_NETWORK, "has no network"),
    "socket": {"microbit": "has no socket module"},
    "files": {"rp2040": "sees no file of the host"},
    "tls": dict.fromkeys(WITHOUT_NETWORK, "is built without TLS"),
    "no tls": dict.fromkeys(("unix", "m3", "rv32"), "is built with TLS"),
    "clock": {"rp2040": "sets its clock itself, at boot"},
    "speed": {"rp2040": "runs in an emulator that takes a second for a call"},
    "process": dict.fromkeys(BOARDS, "is no process that can be started, signalled and fed"),
    "pipes": dict.fromkeys(BOARDS, "opens files of the host, but no pipes"),
    "host": dict.fromkeys(BOARDS, "has no part in this"),
    "soak": {"rv32": "leaves the soak to m3"},
    "threads": dict.fromkeys(BOARDS, "has no threads"),
    "ipv6": dict.fromkeys(BOARDS, "has IPv4 only"),
    "fileno": dict.fromkeys(BOARDS, "has sockets without fileno()"),
    "ssl": dict.fromkeys(BOARDS, "has no TLS but that of mrequests"),
    "other firmware": dict.fromkeys(BOARDS, "is tested with one firmware"),
    "default options": dict.fromkeys(BOARDS, "is tested with all options of TLS"),
    "memory": dict.fromkeys(BOARDS, "does not have 16 MB of memory"),
    "asyncio": dict.fromkeys(BOARDS, "has no asyncio"),
}

# Of the variants of a test a board runs only every n-th, and of each file of cases every n-th case: what
# they show of the engine they show on the unix port.
SAMPLE = {"m3": 8, "rv32": 16, "rp2040": 1000, "microbit": 6}

# Of the tests of a file: what they show of a 32-bit board they show on m3. Not of those that run on these alone.
SAMPLE_OF_FILE = {"rv32": 3, "rp2040": 2}
WHOLE_FILES = ("test_http_only",)

# In these files fewer still. A handshake takes a board some tenths of a second, tests of leaks and memory make many
# calls, and the helpers compute what they compute on any machine.
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

# What a test needs that uses a fixture.
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

    # errno of a connection that is refused
    refused: int
    # errnos of a call that would have to wait and may not: where a connection is made at once, it is the answer's
    not_waiting: tuple
    # the heap, and a bound of the time, of tests/test_soak.py
    soak_heap: str
    soak_seconds: int
    # a heap that does not hold a TLS connection, but all else of a snippet
    heap_without_room: str


UNIX = Figures(refused=111, not_waiting=(115,), soak_heap="256k", soak_seconds=60, heap_without_room="25k")
LWIP = Figures(refused=104, not_waiting=(115, 11), soak_heap="128k", soak_seconds=80, heap_without_room="20k")

FIGURES = {"unix": UNIX, "m3": LWIP, "rv32": LWIP, "rp2040": LWIP, "microbit": LWIP}


def spares(target, module, variant, number):
    """Whether a target is spared the test with this number in its file, which is this variant of a test."""
    every = max(SAMPLE.get(target, 1), EVERY.get(module, 1))
    every_of_file = 1 if module in WHOLE_FILES else SAMPLE_OF_FILE.get(target, 1)
    return variant % every != 0 or number % every_of_file != 0


def reasons(target, needs):
    """Why a test with these needs cannot run on a target: nothing where it can."""
    return [f"{target} {LACKS[need][target]}" for need in needs if target in LACKS[need]]
