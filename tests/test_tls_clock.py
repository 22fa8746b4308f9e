"""The clock rule: a clock earlier than the build date counts as never set.

Certificates are made when the test runs; the clock of the interpreter is moved.
"""

import time

import pytest

from support import certificates
from support.certificates import intermediate, server
from support.messages import response
from support.tls_snippets import EACCES

pytestmark = pytest.mark.needs("clock")

DAY = 24 * 3600
YEAR = 365 * DAY


@pytest.fixture
def at(mpy):
    """Moves the interpreter's clock by some seconds; None: to its state before anybody sets it."""

    def move(seconds):
        mpy.move_clock(seconds)
        return mpy

    return move


def test_the_clock_is_moved(at):
    """Guards the tests below: the clock really moves."""
    assert abs(at(YEAR)("show(time.time())") - time.time() - YEAR) < 60
    assert at(None)("show(time.gmtime()[0])") == 2000


def outcome(interpreter, tls_peer, certificate, root):
    """Returns None, or the error text of the refused call."""
    peer = tls_peer(response(), certificate=certificate)
    raised = interpreter("show(attempt(lambda: mrequests.get(url, verify=ca)))", url=peer.at, ca=root.pem)
    assert raised is None or raised[:2] == ("OSError", EACCES)
    return raised and raised[2]


GOOD = (-1, 30)
EXPIRED = (-900, -400)  # before the build date, which is at most a year old
EARLY = (20, 40)


@pytest.mark.parametrize(
    "days, moved, reason",
    [
        (GOOD, 0, None),
        (GOOD, 29 * DAY, None),
        (GOOD, 30 * DAY - 30, None),
        (GOOD, 30 * DAY + 30, "expired"),
        (GOOD, 31 * DAY, "expired"),
        (GOOD, 60 * YEAR, "expired"),
        (EARLY, 0, "not yet valid"),
        (EARLY, 19 * DAY, "not yet valid"),
        (EARLY, 21 * DAY, None),
        (EARLY, 41 * DAY, "expired"),
        # Never set: only expiry before the build date counts.
        (GOOD, None, None),
        (EARLY, None, None),
        (EXPIRED, None, "expired"),
        # A clock earlier than the build date is ignored.
        (GOOD, -10 * YEAR, None),
        (EXPIRED, -3 * YEAR, "expired"),
        ((-10 * 365, -9 * 365), -int(9.5 * YEAR), "expired"),
    ],
)
def test_server(at, tls_peer, root, days, moved, reason):
    text = outcome(at(moved), tls_peer, server(root, days=days), root)
    assert (text is None) == (reason is None)
    assert reason is None or reason in text


@pytest.mark.parametrize("days, reason", [(GOOD, None), (EARLY, None), (EXPIRED, "expired")])
def test_intermediate_without_a_clock(at, tls_peer, root, days, reason):
    text = outcome(at(None), tls_peer, server(intermediate(root, days=days)), root)
    assert (text is None) == (reason is None)
    assert reason is None or reason in text


@pytest.mark.parametrize("kind, outcome", [("RuntimeError", None), ("KeyboardInterrupt", "KeyboardInterrupt")])
def test_a_clock_that_fails(mpy, tls_peer, root, kind, outcome):
    """A failing clock counts as no clock; a KeyboardInterrupt still reaches the script, a moment later."""
    peer = tls_peer(response(), certificate=server(root, days=EARLY))
    shown = mpy(
        f"""
class Clock:
    def time():
        raise {kind}
sys.modules["time"] = Clock
outcome = None
try:
    mrequests.get(url, verify=ca)
    for _ in range(10):
        pass
except BaseException as error:
    outcome = type(error).__name__
show(outcome)
""",
        url=peer.at,
        ca=root.pem,
    )
    assert shown == outcome


def test_no_clock_is_no_excuse_for_the_rest(at, tls_peer, root):
    interpreter = at(None)
    assert "name" in outcome(interpreter, tls_peer, server(root, names=["elsewhere.example"]), root)
    assert "issuer" in outcome(interpreter, tls_peer, server(certificates.root("another root")), root)
    assert "signature" in outcome(interpreter, tls_peer, server(root, damaged=True, days=EARLY), root)


def test_validity_of_the_root_does_not_matter(at, tls_peer):
    """The dates of an anchor are not checked (RFC 5280 section 6.1.1 uses only its name and key)."""
    old = certificates.root(days=(-800, -400))
    assert outcome(at(0), tls_peer, server(old), old) is None
