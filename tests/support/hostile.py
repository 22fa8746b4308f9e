"""A TLS 1.3 server that sends whatever messages a test chooses, in any order.

A script is a sequence of steps (support/steps.py): functions of the `Session`. The server keeps
the client's records, so a test can check that no request came.
"""

import contextlib
import socket
import threading
import time

from support import tls13
from support.peer import listen
from support.tls13 import message, record, u8


class Gone(Exception):
    """The client has closed, or the test is over."""


class Session:
    """One connection: its transcript and current keys."""

    def __init__(self, server, sock):
        self.server = server
        self.sock = sock
        self.identity = server.identity
        self.hello = None
        self.transcript = b""
        self.schedule = None
        self.client_secret = self.server_secret = None
        self.application_secrets = None
        self.seal_with = self.open_with = None
        # Application data of the client on this connection.
        self.received = b""
        # Limit of handshake bytes per record. None: one record per message.
        self.fragment = None
        # Messages collected for one record, or None.
        self.packing = None

    # Sending.

    def send(self, data):
        pieces = [data[i : i + 1] for i in range(len(data))] if self.server.single_bytes else [data]
        try:
            for piece in pieces:
                self.sock.sendall(piece)
                if self.server.single_bytes:
                    time.sleep(0.0001)
        except OSError:
            raise Gone from None

    def send_record(self, kind, content, padding=0):
        """Sends a record, sealed if keys are in use."""
        if self.seal_with:
            self.send(self.seal_with.seal(content + u8(kind) + bytes(padding)))
        else:
            self.send(record(kind, content))

    def send_message(self, kind, body):
        """Sends a handshake message and adds it to the transcript."""
        data = message(kind, body)
        self.transcript += data
        if self.packing is not None:
            self.packing += data
            return
        size = self.fragment or len(data)
        for start in range(0, len(data), size):
            self.send_record(tls13.HANDSHAKE, data[start : start + size])

    # Receiving.

    def receive_exactly(self, size):
        data = b""
        while len(data) < size:
            try:
                piece = self.sock.recv(size - len(data))
            except OSError:
                piece = b""
            if not piece:
                raise Gone
            data += piece
        return data

    def receive_record(self):
        """Returns (content type, content) of the client's next record."""
        head = self.receive_exactly(5)
        kind, length = head[0], int.from_bytes(head[3:], "big")
        assert length <= 2**14 + 256, f"the client sends a record of {length} bytes"
        body = self.receive_exactly(length)
        if kind == tls13.APPLICATION_DATA:
            opened = self.open_with.open(head, body) if self.open_with else None
            if opened is None:
                self.server.unreadable += 1
                return kind, b""
            kind, body = opened
        self._note(kind, body)
        return kind, body

    def _note(self, kind, content):
        self.server.records.append((kind, content))
        if kind == tls13.APPLICATION_DATA:
            self.received += content
            self.server.application_data += content
        if kind == tls13.HANDSHAKE and content[:1] == u8(tls13.FINISHED) and self.application_secrets:
            self.open_with = tls13.Protection(self.application_secrets[0])

    def receive_message(self):
        """Returns (type, body) of the client's next handshake message; each comes in a separate record."""
        while True:
            kind, content = self.receive_record()
            if kind == tls13.ALERT:
                raise Gone
            if kind != tls13.CHANGE_CIPHER_SPEC:
                break
        assert kind == tls13.HANDSHAKE, f"the client sends {kind} {content!r} in the handshake"
        size = int.from_bytes(content[1:4], "big")
        assert len(content) == 4 + size
        return content[0], content[4:]

    def cut(self):
        """Ends the connection without a close_notify."""
        self.sock.shutdown(socket.SHUT_WR)

    def drain(self):
        """Receives until the client closes."""
        while True:
            self.receive_record()


class Hostile:
    """The server: plays its script on every connection. `with Hostile(...) as server:` starts and stops it."""

    def __init__(self, identity, script, single_bytes=False):
        self.identity = identity
        self.script = script
        self.single_bytes = single_bytes
        self.hellos = []
        self.records = []
        self.application_data = b""
        # The number of client records that the keys did not open.
        self.unreadable = 0
        self.errors = []
        self.closed_by_client = threading.Event()
        self.stopping = threading.Event()
        self._sockets = []
        self._threads = []
        self._listener = listen("127.0.0.1")
        self.port = self._listener.getsockname()[1]
        self.url = f"https://localhost:{self.port}/"

    def __enter__(self):
        self._spawn(self._accept)
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for sock in [self._listener, *self._sockets]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def hello(self):
        assert len(self.hellos) == 1, f"expected one client hello, got {len(self.hellos)}"
        return self.hellos[0]

    def nothing_leaked(self):
        """Waits for the client to close; returns whether it sent no application data."""
        assert self.closed_by_client.wait(5), "the client has not closed"
        return self.application_data == b"" and self.unreadable == 0

    def _accept(self):
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(sock)
            self._spawn(self._serve, sock)

    def _serve(self, sock):
        session = Session(self, sock)
        self._play(session, self.script)
        # Receives the client's last records.
        self._play(session, [Session.cut, Session.drain])
        sock.close()
        if not self.stopping.is_set():
            self.closed_by_client.set()

    def _play(self, session, script):
        try:
            for step in script:
                step(session)
        except (Gone, OSError):
            pass
        except Exception as error:  # the fixture reports the error
            self.errors.append(error)

    def _spawn(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()
