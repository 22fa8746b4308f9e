"""The servers that all clients talk to: nginx, and one that sends chunks of an exact size."""

import contextlib
import random
import socket
import socketserver
import threading

import trustme

from support.servers import NGINX_BASE, Process, free_port, nginx_executable, write_files

# A GET is answered with twelve fields, in a head of some 400 bytes; below /8k/ the head has 8 kB, in 42 fields.
NGINX_CONF = (
    NGINX_BASE
    + """
    server_tokens off;
    sendfile on;
    tcp_nodelay on;
    types {{ application/json json; }}

    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ecdh_curve prime256v1:X25519;
    ssl_session_tickets off;
    ssl_session_cache off;

    add_header Cache-Control "public, max-age=3600";
    add_header Vary "Accept-Encoding";
    add_header X-Content-Type-Options "nosniff";
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains";

    server {{
        listen 127.0.0.1:{http} backlog=511;
        location = /post {{ default_type application/json; return 200 '{reply}'; }}
        location /8k/ {{
            alias {www}/;
            {long_head}
        }}
    }}
    server {{
        listen 127.0.0.1:{p256} ssl;
        ssl_certificate {run}/p256.pem;
        ssl_certificate_key {run}/p256.pem;
    }}
    server {{
        listen 127.0.0.1:{rsa} ssl;
        ssl_certificate {run}/rsa.pem;
        ssl_certificate_key {run}/rsa.pem;
    }}
}}
"""
)

LONG_HEAD = "\n".join(f'            add_header X-Field-{n:02} "{"abcdefgh " * 23}";' for n in range(34))

CHUNKED_HEAD = b"""HTTP/1.1 200 OK
Server: chunks
Date: Sun, 22 Nov 2026 08:00:00 GMT
Content-Type: application/octet-stream
Transfer-Encoding: chunked
Connection: close
Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT
ETag: "6921442a-100000"
Cache-Control: public, max-age=3600
Vary: Accept-Encoding
X-Content-Type-Options: nosniff
Strict-Transport-Security: max-age=31536000; includeSubDomains

""".replace(b"\n", b"\r\n")


def random_bytes(size):
    """Returns the same bytes in each run."""
    return random.Random(size).randbytes(size)


def sensors(count):
    return ", ".join(f'{{"id": {n}, "name": "sensor-{n:02}", "value": {n * 7}.5}}' for n in range(count))


FILES = {
    "1k.bin": random_bytes(1 << 10),
    "1k.json": f'{{"size":1024,"items":[{sensors(21)}]}}'.encode(),
    "1k.csv": b"".join(b"2026-11-22T08:00:00Z,21.%02d,1013\n" % n for n in range(32)),
    "1m.bin": random_bytes(1 << 20),
    "10m.bin": random_bytes(10 << 20),
    "64k.bin": random_bytes(1 << 16),
    "payload.json": f'{{"items": [{sensors(22)}]}}'.encode(),
}
REPLY = b'{"ok": true}'


class Nginx(Process):
    """The files over http, and over https with two kinds of certificates. `urls` has the base of each."""

    def __init__(self, directory):
        directory.mkdir()
        self.www = www = directory / "www"
        write_files(www, FILES)
        for name, kind in (("p256", trustme.KeyType.ECDSA), ("rsa", trustme.KeyType.RSA)):
            certificate = trustme.CA(key_type=kind).issue_cert("localhost", "127.0.0.1", key_type=kind)
            certificate.private_key_and_cert_chain_pem.write_to_path(directory / f"{name}.pem")
        ports = {name: free_port() for name in ("http", "p256", "rsa")}
        configuration = directory / "nginx.conf"
        configuration.write_text(
            NGINX_CONF.format(run=directory, www=www, reply=REPLY.decode(), long_head=LONG_HEAD.strip(), **ports)
        )
        self.urls = {
            name: f"{'http' if name == 'http' else 'https'}://127.0.0.1:{port}" for name, port in ports.items()
        }
        super().__init__(
            [nginx_executable(), "-p", str(directory), "-c", str(configuration), "-e", str(directory / "error.log")],
            ports["http"],
            directory,
        )


def chunked(body, size):
    """A response with the body in chunks of one size."""
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return CHUNKED_HEAD + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


ANSWERS = {
    "/chunks-4k": chunked(FILES["1m.bin"], 4096),
    "/chunks-100": chunked(FILES["64k.bin"], 100),
}


class Connection(socketserver.StreamRequestHandler):
    """Answers one request, then closes. Echoes a body, so that the caller can check it."""

    disable_nagle_algorithm = True

    def handle(self):
        request_line = self.rfile.readline().split(b" ")
        if len(request_line) < 3:
            return  # a client that ran out of memory
        path = request_line[1].decode()
        size = 0
        while line := self.rfile.readline().rstrip(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        body = self.rfile.read(size)
        echo = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (size, body)
        with contextlib.suppress(OSError):
            self.wfile.write(ANSWERS.get(path, echo))
            self.request.shutdown(socket.SHUT_WR)
            while self.request.recv(4096):
                pass


class ChunkServer(socketserver.ThreadingTCPServer):
    """The answers of ANSWERS; any other path is an echo."""

    request_queue_size = 256
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Connection)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Servers(contextlib.ExitStack):
    """All servers, with their files in a directory. `with` ends them."""

    def __init__(self, directory):
        super().__init__()
        nginx = Nginx(directory / "nginx")
        self.payload = nginx.www / "payload.json"
        chunks = ChunkServer()
        self.urls = {**nginx.urls, "chunks": chunks.url}
        self.callback(nginx.stop)
        self.callback(chunks.stop)
