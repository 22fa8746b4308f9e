"""The measured calls, each with a server's path and the body that has to arrive."""

from dataclasses import dataclass, replace

from servers import FILES, REPLY


@dataclass(frozen=True)
class Item:
    """`kind` is a function of the workers, `server` a key of Servers.urls.

    `calls`: the additional calls of the longer run, when a figure is a difference of runs. `timed`: calls of a timed
    run. `heap`: MicroPython's heap in both. A board's heap is small; in a large one a call
    gets dearer as the heap fills.
    """

    name: str
    title: str
    kind: str
    server: str
    path: str
    body: bytes
    calls: int
    timed: int
    heap: str = "128K"

    @property
    def is_https(self):
        return self.server in ("p256", "rsa")

    @property
    def to_check(self):
        """A POST is checked by the server's echo of its body."""
        if self.kind != "post":
            return self
        return replace(self, server="chunks", path="/echo", body=FILES["payload.json"])

    def url(self, urls):
        return urls[self.server] + self.path


ONE_KB, ONE_MB, TEN_MB, SMALL = FILES["1k.bin"], FILES["1m.bin"], FILES["10m.bin"], FILES["64k.bin"]
JSON, LINES = FILES["1k.json"], FILES["1k.csv"]

ITEMS = (
    Item("get1k", "GET 1 kB, head of 400 B with 12 fields", "content", "http", "/1k.bin", ONE_KB, 50, 200),
    Item("head8k", "GET 1 kB, head of 8 kB with 42 fields", "content", "http", "/8k/1k.bin", ONE_KB, 20, 100),
    Item("post1k", "POST 1 kB of JSON", "post", "http", "/post", REPLY, 50, 200),
    Item("json1k", "GET 1 kB of JSON, parsed", "document", "http", "/1k.json", JSON, 50, 200),
    Item("loads1k", "the same JSON by json.loads(), no call", "loads", "http", "/1k.json", JSON, 50, 200),
    Item("lines1k", "1 kB in 32 lines, `for line in r`", "lines", "http", "/1k.csv", LINES, 50, 200),
    Item("lines1k-cut", "1 kB in 32 lines, `iter_lines()`", "iter_lines", "http", "/1k.csv", LINES, 50, 200),
    Item("get1m", "GET 1 MB, content", "content", "http", "/1m.bin", ONE_MB, 1, 5, "8M"),
    Item("get10m", "GET 10 MB, content", "content", "http", "/10m.bin", TEN_MB, 1, 3, "80M"),
    Item("stream1m", "1 MB by readinto() of 4 kB", "readinto", "http", "/1m.bin", ONE_MB, 5, 20),
    Item("stream10m", "10 MB by readinto() of 4 kB", "readinto", "http", "/10m.bin", TEN_MB, 1, 3),
    Item("save1m", "1 MB saved to a file", "save", "http", "/1m.bin", ONE_MB, 5, 20),
    Item("save10m", "10 MB saved to a file", "save", "http", "/10m.bin", TEN_MB, 1, 3),
    Item("chunk4k", "1 MB in chunks of 4 kB, readinto() of 4 kB", "readinto", "chunks", "/chunks-4k", ONE_MB, 3, 10),
    Item("chunk4k-read", "1 MB in chunks of 4 kB, read(4096)", "read", "chunks", "/chunks-4k", ONE_MB, 3, 10),
    Item("chunk100", "64 kB in chunks of 100 B, readinto() of 4 kB", "readinto", "chunks", "/chunks-100", SMALL, 3, 20),
    Item("tls1k", "https GET 1 kB, P-256", "content", "p256", "/1k.bin", ONE_KB, 3, 15, "256K"),
    Item("tls1k-rsa", "https GET 1 kB, RSA", "content", "rsa", "/1k.bin", ONE_KB, 3, 15, "256K"),
    Item("tls1m", "https, 1 MB by readinto() of 4 kB", "readinto", "p256", "/1m.bin", ONE_MB, 2, 3, "256K"),
)
