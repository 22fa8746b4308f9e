# Runs on the board: prints the ticks that calls take.
import gc
import json
import sys
import time

import board
import mrequests

FIELDS = b"""\
Server: nginx/1.22.1
Date: Sun, 22 Nov 2026 08:00:00 GMT
Content-Type: application/octet-stream
Last-Modified: Sun, 22 Nov 2026 07:00:00 GMT
Connection: close
ETag: "6921442a-400"
Cache-Control: public, max-age=3600
Vary: Accept-Encoding
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
Accept-Ranges: bytes
"""


def head(framing):
    """Pads to a multiple of 4 bytes, so that copies of the content are aligned to words."""
    text = (b"HTTP/1.1 200 OK\n" + FIELDS + framing + b"\nX-Pad: %s\n\n").replace(b"\n", b"\r\n")
    return text % (b"." * (-(len(text) - 2) % 4))


def chunks(size, times):
    chunk = b"%x\r\n" % size + bytes(size) + b"\r\n"
    return (head(b"Transfer-Encoding: chunked"), 1), (chunk, times), (b"0\r\n\r\n", 1)


SMALL = ((head(b"Content-Length: 1024"), 1), (bytes(1024), 1))
LARGE = ((head(b"Content-Length: 1048576"), 1), (bytes(4096), 256))

# 1 kB each.
SENSORS = [b'{"id": %d, "name": "sensor-%02d", "value": %d.5}' % (n, n, n * 7) for n in range(21)]
DOCUMENT = b'{"size":1024,"items":[%s]}' % b", ".join(SENSORS)
del SENSORS
JSON = (head(b"Content-Length: 1024"), 1), (DOCUMENT, 1)
LINES = (head(b"Content-Length: 1024"), 1), (b"2026-11-22T08:00:00Z,21.50,1013\n", 32)

# With 8 kB of cookies.
STATUS, REST = head(b"Content-Length: 1024").split(b"\r\n", 1)
COOKIE = b"\r\nSet-Cookie: session=" + b"0b9f3a526d1e4c0a" * 10 + b"; Path=/; HttpOnly"
COOKIES = (STATUS, 1), (COOKIE, 40), (b"\r\n" + REST, 1), (bytes(1024), 1)

BASE = "http://api.example.org/v2/stations/zrh/measurements/latest"
REFERENCE = "../../../../v3/stations/./zrh/latest?" + "format=json&unit=celsius&" * 8
TARGET = REFERENCE.replace("../../../../v3/stations/./", "/v3/stations/")

TEXT = "The quick brown fox jumps over the lazy dog, 12 times; 100% of them at 20 \xb0C. " * 4
QUOTED = (
    "The%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog%2C%2012%20times%3B%20"
    "100%25%20of%20them%20at%2020%20%C2%B0C.%20"
) * 4

FORM = [("station", "ZRH Kloten"), ("from", "2026-11-01T00:00:00Z"), ("comment", "caf\xe9 & cr\xe8me, 100%")] * 4
ENCODED = "&".join(["station=ZRH+Kloten&from=2026-11-01T00%3A00%3A00Z&comment=caf%C3%A9+%26+cr%C3%A8me%2C+100%25"] * 4)


class Sockets:
    """A module `socket` whose sockets each receive `parts`."""

    SOCK_STREAM = 1
    address = [(2, 1, 0, "", ("h", 80))]
    parts = ()

    @staticmethod
    def socket(*kind):
        return board.Wire(Sockets.parts)

    @staticmethod
    def getaddrinfo(*name):
        return Sockets.address


sys.modules["socket"] = Sockets
buffer = bytearray(4096)


def get():
    assert len(mrequests.get("http://h/1k").content) == 1024


def post():
    body = {"celsius": [20.5, 21.0, 19.75], "station": "zrh", "valid": True}
    assert len(mrequests.post("http://h/post", json=body).content) == 1024


def stream(size):
    r = mrequests.get("http://h/stream")
    done = 0
    while True:
        n = r.readinto(buffer)
        if not n:
            break
        done += n
    assert done == size


def get_json():
    assert mrequests.get("http://h/json").json()["size"] == 1024


def parse():
    assert json.loads(DOCUMENT)["size"] == 1024


def lines(size, iterate):
    length = len  # A local: the search of a global takes longer than a line.
    for line in iterate(mrequests.get("http://h/lines")):
        size -= length(line)
    assert size == 0


def redirect():
    context = mrequests.RequestContext(BASE)
    context.set_location(302, REFERENCE)
    assert context.path == TARGET


def quote():
    assert mrequests.urlencode.quote(TEXT) == QUOTED


def encode():
    assert mrequests.urlencode.urlencode(FORM) == ENCODED


def raw(size, request=b"GET /1k HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"):
    """Reads a body with a Content-Length into the buffer, block by block."""
    s = Sockets.socket()
    s.connect(Sockets.getaddrinfo("h", 80)[0][-1])
    s.write(request)
    received = bytes(memoryview(buffer)[: s.readinto(buffer)])
    end = received.find(b"\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 200")
    start = received.find(b"Content-Length: ") + 16
    left = int(received[start : received.find(b"\r\n", start)]) - (len(received) - end - 4)
    assert left <= size
    while left:
        left -= s.readinto(buffer)
    s.close()


def nothing():
    pass


def ticks(call, *args):
    """The least of some calls: in others a timer of lwIP was due, or the first one had something to import."""
    least = None
    for _ in range(5):
        gc.collect()
        before = time.ticks_cpu()
        call(*args)
        taken = time.ticks_diff(time.ticks_cpu(), before)
        least = taken if least is None else min(least, taken)
    return least


WORK = (
    ("GET of 1 kB", SMALL, "mrequests, content", get),
    ("GET of 1 kB", SMALL, "raw script, readinto()", raw, 1024),
    ("GET of 1 kB, head of 8 kB", COOKIES, "mrequests, content", get),
    ("POST of JSON, 1 kB answered", SMALL, "mrequests, content", post),
    ("1 kB of JSON", JSON, "mrequests, json()", get_json),
    ("1 kB of JSON", JSON, "json.loads(), no call", parse),
    ("1 kB in 32 lines", LINES, "mrequests, for line in r", lines, 1024, iter),
    ("1 kB in 32 lines, ends cut off", LINES, "mrequests, iter_lines()", lines, 992, mrequests.Response.iter_lines),
    ("1 MB", LARGE, "mrequests, readinto() of 4 kB", stream, 1 << 20),
    ("1 MB", LARGE, "raw script, readinto() of 4 kB", raw, 1 << 20),
    ("64 kB in chunks of 4 kB", chunks(4096, 16), "mrequests, readinto() of 4 kB", stream, 65536),
    ("64 kB in chunks of 128 B", chunks(128, 512), "mrequests, readinto() of 4 kB", stream, 65536),
    ("relative redirect", (), "mrequests, set_location()", redirect),
    ("text quoted", (), "mrequests, quote()", quote),
    ("form encoded", (), "mrequests, urlencode()", encode),
)

idle = ticks(nothing)
for work, parts, by, call, *args in WORK:
    Sockets.parts = parts
    print(work, by, ticks(call, *args) - idle, sep="\t")
