"""The stream between a socket and TLS, a deadline or a subclass, over unusual sockets."""

import pytest

from support import memory_socket
from support.messages import response

# A library's socket class: it has the methods, but not MicroPython's stream protocol.
NO_STREAM = """
import sys
closed = []
class Socket:
    def connect(self, address):
        pass
    def settimeout(self, seconds):
        pass
    def setsockopt(self, *option):
        pass
    def setblocking(self, flag):
        pass
    def read(self, size=-1):
        return b""
    def write(self, data):
        return len(data)
    def close(self):
        closed.append(self)
class Module:
    SOCK_STREAM = 1
    @staticmethod
    def getaddrinfo(host, port, *kind):
        return [(2, 1, 0, "", (host, port))]
    @staticmethod
    def socket(*kind):
        return Socket()
class Subclass(mrequests.Response):
    pass
sys.modules["socket"] = Module
"""

CALLS = {
    "plain": "mrequests.get('http://host/')",
    "deadline": "mrequests.get('http://host/', deadline=5)",
    "subclass": "mrequests.get('http://host/', response_class=Subclass)",
    "https": "mrequests.get('https://host/')",
    "https-verified": "mrequests.get('https://host/', verify=b'sha256:' + b'0' * 64)",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_socket_that_is_no_stream(mpy, call):
    """Every call raises the same error and closes the socket."""
    raised, closed = mpy(NO_STREAM + f"raised = attempt(lambda: {call})\nshow(raised, len(closed))")
    assert raised == ("OSError", 22, "[Errno 22] EINVAL: stream operation not supported")
    assert closed == 1


# A context that closes the given socket and returns another stream.
CLOSING = (
    memory_socket.SOURCE
    + """
Socket.script = script
class Context:
    def wrap_socket(self, sock, server_hostname=None):
        sock.close()
        return Socket()
"""
)


@pytest.mark.parametrize("limit", ["timeout=None", "timeout=(3, 4)", "deadline=5"])
def test_a_context_that_closes_the_socket(mpy, limit):
    """No timeout is set on a closed socket."""
    source = f"show(mrequests.get('https://host/', ssl_context=Context(), {limit}).content)"
    assert mpy(CLOSING + source, script=[[], [response(b"hello")]]) == b"hello"


def test_a_socket_that_closes_when_its_timeout_is_set(mpy):
    """The read after the close fails with an errno."""
    source = """
Socket.script = script
class Closing(mrequests.Response):
    pass
def settimeout(self, seconds):
    if Socket.made[0].sent and transport:
        transport[0].close()
Socket.settimeout = settimeout
transport = []
def made(sock, stream, save_headers=False):
    transport.append(sock)
    return Closing(sock, stream, save_headers)
show(attempt(lambda: mrequests.get("http://host/", deadline=5, response_class=made)))
"""
    assert mpy(memory_socket.SOURCE + source, script=[[response(b"hello")]])[:2] == ("OSError", 9)
