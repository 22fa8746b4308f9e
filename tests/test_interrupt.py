"""KeyboardInterrupt reaches the script from every blocking call, and the socket is closed."""

import ast
import signal

import pytest

from support.messages import response
from support.peer import EARLY, drip, endless, hang
from support.runner import MARK

pytestmark = pytest.mark.needs("process")  # and a signal

# Prints the outcome of the call and the number of descriptors it left open, then waits for a line on stdin.
CATCH = """
before = descriptors()
try:
    {call}
    outcome = "no exception"
except KeyboardInterrupt:
    outcome = "KeyboardInterrupt"
except Exception as error:
    outcome = repr(error)
show(outcome, descriptors() - before)
sys.stdin.read()
"""

SHORT = response(b"some", "Content-Length: 100", length=False)

BLOCKED = {
    "head": ([hang], "mrequests.get(url)"),
    "head-with-timeout": ([hang], "mrequests.get(url, timeout=30)"),
    "head-with-deadline": ([hang], "mrequests.get(url, deadline=30)"),
    "fields": ([b"HTTP/1.1 200 OK\r\nX-A", hang], "mrequests.get(url)"),
    "content": ([SHORT, hang], "mrequests.get(url).content"),
    "read": ([SHORT, hang], "mrequests.get(url).read(50)"),
    "readinto": ([SHORT, hang], "mrequests.get(url).readinto(bytearray(50))"),
    "save": ([SHORT, hang], "mrequests.get(url).saveinto(io.BytesIO())"),
    "json": ([response(b"[1,", "Content-Length: 100", length=False), hang], "mrequests.get(url).json()"),
    "chunked": ([response(b"5\r\nhe", "Transfer-Encoding: chunked", length=False), hang], "mrequests.get(url).content"),
    "lines": ([SHORT, hang], "list(mrequests.get(url))"),
    "drip": ([SHORT, drip(b"x" * 90, 0.05)], "mrequests.get(url).content"),
    "busy": ([response(b"", length=False), endless(b"x" * 100, 0.0005)], "mrequests.get(url).saveinto(io.BytesIO())"),
    "subclass": ([SHORT, hang], "mrequests.get(url, response_class=type('R', (mrequests.Response,), {})).content"),
}


def interrupt(process, peer):
    """Interrupts a process once its request has arrived; returns the outcome that the process prints."""
    try:
        peer.wait_for_requests()
        peer.stopping.wait(0.15)  # time for the call to block after it sent the request
        process.send_signal(signal.SIGINT)
        line = process.stdout.readline()
        closed = peer.connection.closed_by_client.wait(5)
    finally:
        out, err = process.communicate("", 10)
    assert line.startswith(MARK), f"{line}{out}{err}"
    return ast.literal_eval(line.removeprefix(MARK)), closed


@pytest.mark.parametrize("steps, call", BLOCKED.values(), ids=BLOCKED.keys())
def test_interrupted(mpy, peer, steps, call):
    server = peer(steps)
    (outcome, leaked), closed = interrupt(mpy.popen(CATCH.format(call=call), url=server.url), server)
    assert (outcome, leaked) == ("KeyboardInterrupt", 0)
    assert closed


def test_interrupted_over_tls(mpy, peer, server_tls):
    server = peer([SHORT, hang], tls=server_tls)
    (outcome, leaked), _ = interrupt(mpy.popen(CATCH.format(call="mrequests.get(url).content"), url=server.url), server)
    assert (outcome, leaked) == ("KeyboardInterrupt", 0)


def test_interrupted_while_sending(mpy, peer):
    def deaf(connection):
        connection.peer.requests.append(type("Begun", (), {"complete": True}))
        connection.wait(30)

    server = peer([EARLY, deaf])
    process = mpy.popen(
        CATCH.format(call="mrequests.post(url, data=(b'x' * 10_000 for _ in range(10_000)))"), url=server.url
    )
    server.wait_for_requests()
    server.stopping.wait(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate("", 10)
    assert out.startswith(f"{MARK}('KeyboardInterrupt', 0)"), out + err


def test_the_script_goes_on(mpy, peer):
    """After an interrupt the next call works."""
    server = peer([hang], response(b"fine"))
    process = mpy.popen(
        """
    try:
        mrequests.get(url)
    except KeyboardInterrupt:
        show(mrequests.get(url).content)
    """,
        url=server.url,
    )
    server.wait_for_requests()
    server.stopping.wait(0.15)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate("", 10)
    assert out.startswith(f"{MARK}b'fine'"), out + err


def test_uncaught(mpy, peer):
    """An uncaught interrupt ends the script."""
    server = peer([hang])
    process = mpy.popen("mrequests.get(url)", url=server.url)
    server.wait_for_requests()
    server.stopping.wait(0.15)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate("", 10)
    assert "KeyboardInterrupt" in out + err  # MicroPython 1.29 prints a traceback on stdout
    assert process.returncode != 0


@pytest.mark.parametrize("exception", ["KeyboardInterrupt", "SystemExit"])
def test_an_interrupt_in_close(mpy, exception):
    """close() drops errors of the stream, but not KeyboardInterrupt and SystemExit."""
    raised = mpy(
        f"""
class Stream(io.IOBase):
    def ioctl(self, request, argument):
        if request == 4:
            raise {exception}
        return 0
r = mrequests.Response(None, Stream())
try:
    r.close()
    for _ in range(10):
        pass
    raised = None
except {exception} as error:
    raised = type(error).__name__
show(raised)
"""
    )
    assert raised == exception
