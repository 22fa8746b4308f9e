"""The least that a script can do by hand: a socket, one write, readinto() into an existing buffer.

Of the head it looks at the status and at Content-Length, in the spelling of the one server that it knows.
"""

import json
import socket
import sys

import common
from common import buffer, view

scheme, _, host, path = sys.argv[2].split("/", 3)
name, port = host.split(":")
address = socket.getaddrinfo(name, int(port))[0][-1]

if scheme == "https:":
    import tls

if sys.argv[1] == "post":
    payload = common.payload()
    request = b"POST /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n" % (path, host)
    request += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(payload) + payload
else:
    request = b"GET /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (path, host)

# The longest head that fits.
first = bytearray(16384) if "8k" in path else buffer
first_view = memoryview(first)


def connect():
    s = socket.socket()
    s.connect(address)
    if scheme == "https:":
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        context.verify_mode = tls.CERT_NONE
        s = context.wrap_socket(s, server_hostname=name)
    s.write(request)
    return s


def head(received):
    """Returns the body's offset and its size."""
    end = first.find(b"\r\n\r\n", 0, received)
    length = first.find(b"\r\nContent-Length: ", 0, end)
    if end < 0 or length < 0 or first[9:12] != b"200":
        raise ValueError("not the expected head")
    length += 18
    return end + 4, int(first[length : first.find(b"\r", length)])


def body():
    """In one piece of memory."""
    s = connect()
    received = s.readinto(first)
    start, size = head(received)
    whole = bytearray(size)
    done = received - start
    whole_view = memoryview(whole)
    whole_view[:done] = first_view[start:received]
    if done < size:
        s.readinto(whole_view[done:])
    s.close()
    return whole


def content(_, take):
    return take.whole(body())


def document(_, take):
    return take.document(json.loads(body()))


def loads(_, take):
    return take.document(json.loads(text))


def readinto(_, take):
    s = connect()
    if path.startswith("chunks"):
        size = chunks(s, take)
    else:
        received = s.readinto(buffer)
        size = take.pieces(s.readinto, head(received)[0], received)
    s.close()
    return size


def skip_head(s):
    while s.readline() != b"\r\n":
        pass


def lines(_, take):
    s = connect()
    skip_head(s)
    size = take.lines(common.each_line(s.readline))
    s.close()
    return size


def chunks(s, take):
    skip_head(s)
    size = 0
    while True:
        left = int(s.readline(), 16)
        if not left:
            return size
        while left:
            count = s.readinto(view[:left] if left < len(buffer) else buffer)
            size += take.piece(count)
            left -= count
        s.readline()


def save(_, take):
    s = connect()
    received = s.readinto(buffer)
    start, size = head(received)
    with open(common.FILE, "wb") as file:
        done = file.write(view[start:received])
        while done < size:
            count = s.readinto(buffer)
            if not count:
                break
            done += file.write(view[:count])
    s.close()
    return take.saved(done)


post = content

if sys.argv[1] == "loads":
    text = body()

common.main(globals())
