"""Timeouts and deadlines inside the handshake and between records. Bounds are generous: the machine may be busy."""

import time

import pytest

from support import moved_clock
from support.messages import response
from support.peer import EARLY, hang, pause as peer_pauses
from support.steps import (
    HONEST,
    answer,
    before,
    certificate,
    certificate_verify,
    client_flight,
    close_notify,
    drip,
    encrypted_extensions,
    finished,
    hello,
    pause,
    raw,
    request,
    sealed,
    server_hello,
    silence,
    ticket,
    until,
)
from support.tls13 import APPLICATION_DATA
from support.tls_snippets import CONTEXT, ETIMEDOUT

SILENCES = {
    "before-the-hello": until(server_hello, silence),
    "in-a-header": until(server_hello, raw(b"\x16\x03"), silence),
    "in-the-server-hello": until(server_hello, raw(b"\x16\x03\x03\x00\x7a" + b"\x02\x00\x00\x76"), silence),
    "after-the-server-hello": until(encrypted_extensions, silence),
    "before-the-certificate": until(certificate, silence),
    "before-the-signature": until(certificate_verify, silence),
    "in-a-sealed-record": until(certificate, raw(b"\x17\x03\x03\x01\x00" + bytes(10)), silence),
    "before-finished": until(finished, silence),
    "before-the-answer": until(answer, silence),
    "after-a-ticket": until(answer, ticket, silence),
    "in-the-answer": until(answer, sealed(APPLICATION_DATA, response(b"", "Content-Length: 9", length=False)), silence),
    "in-a-record-of-the-answer": until(answer, raw(b"\x17\x03\x03\x01\x00" + bytes(10)), silence),
}


def timed_out(mpy, source, **names):
    """Runs a snippet that must raise ETIMEDOUT; returns its duration in seconds."""
    started = time.monotonic()
    raised = mpy.error(source, **names)
    assert (raised.kind, raised.errno) == ("OSError", ETIMEDOUT)
    return time.monotonic() - started


@pytest.mark.parametrize("limit", ["timeout=0.2", "deadline=0.3"])
@pytest.mark.parametrize("script", SILENCES.values(), ids=SILENCES.keys())
def test_silence(mpy, hostile, root, script, limit):
    server = hostile(script)
    source = f"mrequests.get(url, verify=ca, {limit}).content"
    assert 0.15 < timed_out(mpy, source, url=server.url, ca=root.pem) < 4
    assert server.closed_by_client.wait(5)


@pytest.mark.parametrize("trust", ["verify=False", "ssl_context=context(ca)", "verify=pin"])
def test_silence_of_whoever_is_asked(mpy, mpy_no_ssl, hostile, root, identity, trust):
    server = hostile(until(server_hello, silence))
    names = {"url": server.url, "ca": root.pem, "pin": "sha256:" + identity.pin.hex()}
    for interpreter in (mpy, mpy_no_ssl):
        assert timed_out(interpreter, CONTEXT + f"mrequests.get(url, {trust}, timeout=0.2)", **names) < 4


DRIPS = {
    "server-hello": until(server_hello, drip(b"\x16\x03\x03\x10\x00" + bytes(2000), 0.02)),
    "header": until(server_hello, drip(b"\x16\x03\x03\x10\x00", 0.2)),
    "sealed-record": until(certificate, drip(b"\x17\x03\x03\x10\x00" + bytes(2000), 0.02)),
    "tickets": until(answer, *[step for _ in range(100) for step in (ticket, pause(0.02))]),
    "empty-records": until(answer, *[step for _ in range(100) for step in (sealed(APPLICATION_DATA), pause(0.02))]),
    "record-of-the-answer": until(answer, drip(b"\x17\x03\x03\x10\x00" + bytes(2000), 0.02)),
}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS.keys())
def test_deadline_outlasts_a_drip(mpy, hostile, root, script):
    server = hostile(script)
    source = "mrequests.get(url, verify=ca, timeout=5, deadline=0.4).content"
    assert 0.3 < timed_out(mpy, source, url=server.url, ca=root.pem) < 4


@pytest.mark.parametrize("limits", ["timeout=5", "deadline=10", "timeout=5, deadline=10", "timeout=(5, 5)"])
def test_in_time(mpy, hostile, root, limits):
    """A slow server that answers within the timeout."""
    slow = [step for each in HONEST for step in (pause(0.03), each)]
    url = hostile(slow).url
    assert mpy(f"show(mrequests.get(url, verify=ca, {limits}).content)", url=url, ca=root.pem) == b"hello"


def test_timeout_is_for_each_operation(mpy, hostile, root):
    wait = pause(0.3)
    slow = (hello, wait, server_hello, wait, *HONEST[3:7], client_flight, request, wait, answer, close_notify)
    url = hostile(slow).url
    assert mpy("show(mrequests.get(url, verify=ca, timeout=0.7).content)", url=url, ca=root.pem) == b"hello"


class TestSockets:
    """TLSSocket over a socket with settimeout()."""

    def test_handshake(self, mpy, hostile, root):
        server = hostile(until(server_hello, silence))
        raised = mpy(
            CONTEXT
            + """
s = connect(port)
s.settimeout(0.2)
show(attempt(lambda: context(ca).wrap_socket(s, server_hostname="localhost")))
""",
            port=server.port,
            ca=root.pem,
        )
        assert raised[:2] == ("OSError", ETIMEDOUT)

    def test_between_records(self, mpy, tls_peer, root):
        """A timeout between records loses no data, and the connection stays usable."""
        peer = tls_peer([EARLY, b"first", peer_pauses(0.8), b"second", hang])
        shown = mpy(
            CONTEXT
            + """
s = tls(port, ca)
first = s.read(5)
s.settimeout(0.15)
raised = attempt(lambda: s.read(6))
s.settimeout(5)
show(first, raised[:2], s.read(6), s.write(b"still there"))
s.close()
""",
            port=peer.port,
            ca=root.pem,
        )
        assert shown == (b"first", ("OSError", ETIMEDOUT), b"second", 11)

    def test_between_records_over_and_over(self, mpy, tls_peer, root):
        peer = tls_peer([EARLY, peer_pauses(0.7), b"at last", hang])
        count, got = mpy(
            CONTEXT
            + """
s = tls(port, ca)
s.settimeout(0.1)
count = 0
while True:
    got = None
    def step():
        global got
        got = s.read(7)
    if attempt(step) is None:
        break
    count += 1
show(count, got)
s.close()
""",
            port=peer.port,
            ca=root.pem,
        )
        assert 2 <= count <= 8
        assert got == b"at last"

    def test_behind_a_ticket(self, mpy, hostile, root):
        """A read may time out after a ticket and be repeated: tickets are not data."""
        server = hostile(before(answer, ticket, pause(0.5)))
        shown = mpy(
            CONTEXT
            + """
s = tls(port, ca)
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
s.settimeout(0.15)
raised = attempt(lambda: s.read(1))
s.settimeout(5)
show(raised[:2], s.read(8))
s.close()
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown == (("OSError", ETIMEDOUT), b"HTTP/1.1")

    def test_in_a_record(self, mpy, hostile, root):
        """A timeout inside a record is final: the position in the stream is lost."""

        def half(s):
            s.send(s.seal_with.seal(b"0123456789" * 10 + b"\x17")[:40])

        server = hostile(until(answer, half, silence))
        shown = mpy(
            CONTEXT
            + """
s = tls(port, ca)
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
s.settimeout(0.15)
show(attempt(lambda: s.read(1)), attempt(lambda: s.read(1)), attempt(lambda: s.write(b"x")))
""",
            port=server.port,
            ca=root.pem,
        )
        assert [each[0] for each in shown] == ["OSError"] * 3
        assert shown[0][1] == ETIMEDOUT

    def test_writing_to_a_peer_that_does_not_read(self, mpy, hostile, root):
        server = hostile((*HONEST[:8], pause(20)))
        shown = mpy(
            CONTEXT
            + """
s = tls(port, ca)
s.settimeout(0.3)
def flood():
    while True:
        s.write(bytes(10000))
show(attempt(flood), attempt(lambda: s.write(b"x")))
""",
            port=server.port,
            ca=root.pem,
        )
        assert shown[0][:2] == ("OSError", ETIMEDOUT)
        assert shown[1][0] == "OSError"


@pytest.fixture
def hurried(mpy):
    """The interpreter with ticks 50 times as fast: a wait of ten seconds takes 0.2."""
    mpy.environment |= moved_clock.environment(0, times=50)
    return mpy


@pytest.mark.needs("process")  # with a clock that a test can speed up
class TestStreamsThatDoNotSayWhenTheyAreReady:
    """Non-blocking streams written in Python whose poll() results are useless."""

    ANSWERS = {
        "ready-always": "return 1",
        "ready-never": "return 0",
        "error": "return -22",
        "writable": "return 4",
    }

    @pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
    @pytest.mark.parametrize("blocks", ["readinto", "write"])
    def test_a_wait_ends(self, hurried, blocks, answer):
        """A wait ends after ten seconds, with a pause between tries."""
        raised, waited, tries = hurried(
            CONTEXT
            + f"""
tries = 0
class Stream(io.IOBase):
    def readinto(self, buf):
        return None
    def write(self, buf):
        return len(buf)
    def ioctl(self, request, argument):
        {answer}
class Blocking(Stream):
    def {blocks}(self, buf):
        global tries
        tries += 1
start = time.ticks_ms()
raised = attempt(lambda: context().wrap_socket(Blocking()))
show(raised[:2], time.ticks_diff(time.ticks_ms(), start), tries)
"""
        )
        assert raised == ("OSError", ETIMEDOUT)
        assert 10_000 <= waited < 30_000
        assert tries < 1000

    def test_each_piece_has_its_own_time(self, hurried, hostile, root):
        """Each piece arrives within its ten seconds, though all together take more than twenty."""
        waited, got = hurried(
            CONTEXT
            + """
class Stream(io.IOBase):
    nothing = 0
    def readinto(self, buf):
        self.nothing = (self.nothing + 1) % 40
        return below.readinto(memoryview(buf)[:32]) if self.nothing == 0 else None
    def write(self, buf):
        return below.write(buf)
    def ioctl(self, request, argument):
        return 1 if request == 3 else 0
below = connect(port)
start = time.ticks_ms()
s = context(ca).wrap_socket(Stream(), server_hostname="localhost")
waited = time.ticks_diff(time.ticks_ms(), start)
s.write(b"GET / HTTP/1.0\\r\\n\\r\\n")
got = None
while not got:
    got = s.read(8)
show(waited, got)
""",
            port=hostile(HONEST).port,
            ca=root.pem,
        )
        assert waited > 20_000
        assert got == b"HTTP/1.1"


@pytest.mark.thorough  # the buffers of QEMU and of the host hold megabytes
@pytest.mark.parametrize("limit", ["timeout=0.3", "deadline=0.6"])
def test_sending_a_body_to_a_peer_that_does_not_read(mpy, hostile, root, limit):
    server = hostile((*HONEST[:8], pause(20)))
    source = f"mrequests.post(url, data=(bytes(10000) for _ in range(5000)), verify=ca, {limit})"
    assert timed_out(mpy, source, url=server.url, ca=root.pem) < 6
