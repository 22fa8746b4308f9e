"""A scripted server, well-behaved or not.

`Peer(exchange, exchange, ...)` answers its n-th request, over any
connection, with the n-th exchange. An exchange is bytes to send, or a list of steps.
A step is bytes, or a function of the connection (`pause`, `drip`, `endless`,
`hang`, `reset` below). After the last step the peer closes the connection, unless
that step is KEEP. An exchange that starts with EARLY does not wait for a request.

The peer has two listeners, which give a test two origins. In bytes to send,
`%%BASE%%`, `%%HOSTPORT%%`, `%%PORT%%` stand for the first one and `%%BASE2%%`,
`%%HOSTPORT2%%`, `%%PORT2%%` for the second.
"""

import contextlib
import random
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

KEEP = object()
EARLY = object()

# An endless step stops here, so that a client that never stops reading is detected.
MOST_SENT = 32 * 1024 * 1024


@dataclass
class Request:
    """A received request."""

    head: bytes
    listener: int
    line: str = ""
    method: str = ""
    target: str = ""
    fields: list = field(default_factory=list)
    body: bytes = b""
    chunks: list = None
    complete: bool = False

    def __post_init__(self):
        line, *fields = self.head.decode("latin-1").split("\r\n")
        self.line = line
        self.method, _, rest = line.partition(" ")
        self.target = rest.rpartition(" ")[0]
        for entry in fields:
            name, _, value = entry.partition(":")
            self.fields.append((name, value.strip(" \t")))

    def all(self, name):
        """Returns the values of all fields called `name`."""
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name):
        """Returns the value of the only field called `name`, or None."""
        values = self.all(name)
        assert len(values) < 2, f"{name} was sent {len(values)} times: {values}"
        return values[0] if values else None


class Gone(Exception):
    """The client has closed the connection, or the test is over."""


class Connection:
    """One accepted connection."""

    def __init__(self, peer, sock, listener):
        self.peer = peer
        self.sock = sock
        self.listener = listener
        self.unread = b""
        self.segments = []
        self.last_request = None
        self.closed_by_client = threading.Event()

    # For steps.

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            self.gone()
        self.peer.bytes_sent += len(data)

    def wait(self, seconds):
        """Waits; ends early when the test is over."""
        if self.peer.stopping.wait(seconds):
            raise Gone

    def reset(self):
        """Ends the connection with a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        raise Gone

    def receive(self):
        """Receives more bytes into `unread`."""
        try:
            data = self.sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.gone()
        self.segments.append(len(data))
        self.unread += data

    def gone(self):
        """Ends the script, because the client closed or the test ends."""
        if not self.peer.stopping.is_set():
            self.closed_by_client.set()
        raise Gone

    def drain(self):
        """Receives until the client closes."""
        while True:
            self.receive()

    # The life of a connection.

    def serve(self):
        try:
            if self.peer.tls:
                self.sock = self.peer.tls.wrap_socket(self.sock, server_side=True)
            while self.answer():
                pass
            self.finish()
        except (Gone, OSError):
            pass
        except Exception as error:  # the fixture reports the error
            self.peer.errors.append(error)
        finally:
            self.sock.close()

    def answer(self):
        """Plays the next exchange. Returns whether the connection stays open for another."""
        if not self.peer.next_is_early():
            self.receive_request()
        for step in self.peer.next_exchange():
            if step is KEEP:
                return True
            if callable(step):
                step(self)
            elif step is not EARLY:
                self.send_paced(self.peer.fill(step))
        return False

    def finish(self):
        """Shuts down sending, then waits for the client to close."""
        if self.peer.tls:
            self.sock.settimeout(1)
            self.sock = self.sock.unwrap()
        self.sock.shutdown(socket.SHUT_WR)
        self.sock.settimeout(None)
        self.drain()

    def send_paced(self, data):
        pieces = PACES[self.peer.pace](data, self.peer.random)
        for index, piece in enumerate(pieces):
            if 0 < index < 1000:  # the rest of a long body is sent without pauses
                time.sleep(0.0002)
            self.send(piece)

    def receive_request(self):
        """Receives one request and records it, complete or not."""
        while b"\r\n\r\n" not in self.unread:
            try:
                self.receive()
            except Gone:
                if self.unread:
                    self.peer.requests.append(Request(self.unread, self.listener))
                raise
        head, self.unread = self.unread.split(b"\r\n\r\n", 1)
        request = Request(head, self.listener)
        self.peer.requests.append(request)
        if "chunked" in (request.all("Transfer-Encoding") or [""])[-1].lower():
            self.receive_chunks(request)
        else:
            lengths = request.all("Content-Length")
            request.body = self.take(int(lengths[0]) if lengths and lengths[0].isdigit() else 0)
        request.complete = True
        self.last_request = request

    def receive_chunks(self, request):
        request.chunks = []
        while True:
            size = int(self.take_line(), 16)
            if size == 0:
                break
            request.chunks.append(self.take(size))
            request.body = b"".join(request.chunks)
            end = self.take_line()
            assert end == b"", f"{end!r} where a chunk should end"
        end = self.take_line()
        assert end == b"", f"a trailer: {end!r}"

    def take(self, size):
        while len(self.unread) < size:
            self.receive()
        data, self.unread = self.unread[:size], self.unread[size:]
        return data

    def take_line(self):
        while b"\r\n" not in self.unread:
            self.receive()
        line, self.unread = self.unread.split(b"\r\n", 1)
        return line


class Peer:
    """The server. `with Peer(...) as peer:` starts and stops it."""

    def __init__(self, *exchanges, tls=None, host="127.0.0.1", pace="whole", repeat=False):
        self.exchanges = [[e] if isinstance(e, bytes) else list(e) for e in exchanges]
        self.tls = tls
        self.pace = pace
        self.repeat = repeat
        self.random = random.Random(1)
        self.requests = []
        self.connections = []
        self.errors = []
        self.bytes_sent = 0
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._served = 0
        self._threads = []
        self._listeners = [listen(host), listen(host)]
        self.port, self.port2 = (listener.getsockname()[1] for listener in self._listeners)
        name = f"[{host}]" if ":" in host else host
        scheme = "https" if tls else "http"
        self.hostport, self.hostport2 = f"{name}:{self.port}", f"{name}:{self.port2}"
        self.url, self.url2 = f"{scheme}://{self.hostport}", f"{scheme}://{self.hostport2}"

    def __enter__(self):
        for number, listener in enumerate(self._listeners, 1):
            self._spawn(self._accept, listener, number)
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for sock in [*self._listeners, *(c.sock for c in self.connections)]:
            with contextlib.suppress(OSError):
                # Wakes the waiting thread. SSLSocket.shutdown() would also drop the TLS session.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for listener in self._listeners:
            listener.close()

    @property
    def request(self):
        """The only request."""
        assert len(self.requests) == 1, f"expected one request, got {len(self.requests)}"
        return self.requests[0]

    @property
    def connection(self):
        """The only connection; the peer may accept it a moment after the client connects."""
        limit = time.monotonic() + 5
        while not self.connections and time.monotonic() < limit:
            time.sleep(0.005)
        assert len(self.connections) == 1, f"expected one connection, got {len(self.connections)}"
        return self.connections[0]

    def wait_for_requests(self, count=1, seconds=10):
        """Waits for `count` complete requests."""
        limit = time.monotonic() + seconds
        while sum(r.complete for r in self.requests) < count:
            assert time.monotonic() < limit, f"expected {count} requests, got {self.requests}"
            time.sleep(0.005)

    def fill(self, data):
        """Replaces marks in `data` with the addresses of the peer."""
        if b"%%" not in data:
            return data
        for mark, value in (
            ("BASE", self.url),
            ("BASE2", self.url2),
            ("HOSTPORT", self.hostport),
            ("HOSTPORT2", self.hostport2),
            ("PORT", self.port),
            ("PORT2", self.port2),
        ):
            data = data.replace(f"%%{mark}%%".encode(), str(value).encode())
        return data

    def next_is_early(self):
        with self._lock:
            exchange = self.exchanges[self._served : self._served + 1]
            return bool(exchange) and exchange[0][:1] == [EARLY]

    def next_exchange(self):
        with self._lock:
            self._served += 1
            if self._served <= len(self.exchanges):
                return self.exchanges[self._served - 1]
        if self.repeat:
            return self.exchanges[-1]
        return [b"HTTP/1.1 599 No More Exchanges\r\nContent-Length: 0\r\n\r\n"]

    def _accept(self, listener, number):
        while not self.stopping.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Small buffers, so that `bytes_sent` is close to the bytes that the client read.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            connection = Connection(self, sock, number)
            self.connections.append(connection)
            self._spawn(connection.serve)

    def _spawn(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


def listen(host):
    """Returns a listening socket on a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, 0), family=family, backlog=64)


# Steps.


def pause(seconds):
    """A step that sends nothing for some seconds."""
    return lambda connection: connection.wait(seconds)


def drip(data, every):
    """A step that sends a byte at each interval."""

    def step(connection):
        for index in range(len(data)):
            connection.send(data[index : index + 1])
            connection.wait(every)

    return step


def endless(block, every=0):
    """A step that sends `block` repeatedly."""

    def step(connection):
        while connection.peer.bytes_sent < MOST_SENT:
            connection.send(block)
            if every:
                connection.wait(every)

    return step


def hang(connection):
    """Waits until the client closes."""
    connection.drain()


def reset(connection):
    """Ends the connection with a RST, after the client had time to read."""
    connection.wait(0.05)
    connection.reset()


# Ways to cut bytes into segments.


def whole(data, _random):
    return [data]


def single_bytes(data, _random):
    return [data[i : i + 1] for i in range(len(data))]


def lines(data, _random):
    return data.splitlines(True)


def random_cuts(data, rnd):
    pieces = []
    while data:
        size = rnd.choice((1, 1, 2, 3, 7, 16, 64, 300))
        pieces.append(data[:size])
        data = data[size:]
    return pieces


PACES = {"whole": whole, "bytes": single_bytes, "lines": lines, "random": random_cuts}
