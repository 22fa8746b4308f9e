"""Constants and snippets that TLS tests share."""

import hashlib

EIO = 5
EAGAIN = 11
ENOMEM = 12
EACCES = 13
EOPNOTSUPP = 95
ECONNABORTED = 103
ECONNRESET = 104
ENOBUFS = 105
ETIMEDOUT = 110
ENOENT = 2

# Makes contexts of our TLS, and sockets for them.
CONTEXT = """
import socket
from mrequests import TLSContext

def connect(port):
    s = socket.socket()
    s.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
    return s

def context(ca=None, **options):
    c = TLSContext(**options)
    if ca is None:
        c.verify_mode = TLSContext.CERT_NONE
    else:
        c.load_verify_locations(ca)
    return c

def tls(port, ca=None, name="localhost", **options):
    return context(ca, **options).wrap_socket(connect(port), server_hostname=name)

def tried(c, port, name="localhost"):
    s = connect(port)
    try:
        return attempt(lambda: c.wrap_socket(s, server_hostname=name))
    finally:
        s.close()
"""


def echo(connection):
    """A step of a peer: echoes all data until the end."""
    while True:
        connection.send(connection.unread)
        connection.unread = b""
        connection.receive()


def digest_of(connection, size):
    """A step of a peer: receives `size` bytes, and sends their SHA-256."""
    digest = hashlib.sha256()
    while size > 0:
        connection.receive()
        digest.update(connection.unread)
        size -= len(connection.unread)
        connection.unread = b""
    connection.send(digest.digest())


def run(mpy, server, root, source, **options):
    """Runs a snippet on `s`, a verified connection to a server; returns the value it shows."""
    return mpy(CONTEXT + f"s = tls(port, ca)\n{source}\ns.close()", port=server.port, ca=root.pem, **options)
