"""Bodies larger than the memory, and bodies from real servers. tests/cases covers the framing rules."""

import hashlib

import pytest

from support.peer import hang

HEAD = b"HTTP/1.1 200 OK\r\n"

LENGTHS = [3_000_000_000, 2**31 - 1, 2**32, 2**32 + 5, 2**63 - 1, 2**63]


def test_content_larger_than_memory(mpy, peer):
    """MemoryError, and the socket is closed."""
    servers = [peer([HEAD + b"Content-Length: %d\r\n\r\n" % length, hang]) for length in LENGTHS]
    shown = mpy(
        """
    def content(url):
        before = descriptors()
        return attempt(lambda: mrequests.get(url, timeout=1).content)[0], descriptors() - before
    show([content(url) for url in urls])
    """,
        urls=[server.url for server in servers],
        heap="128k",
    )
    assert shown == [("MemoryError", 0)] * len(LENGTHS)


def test_body_larger_than_memory_can_be_streamed(mpy, peer):
    server = peer([HEAD + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000])
    shown = mpy(
        """
    r = mrequests.get(url)
    buf = bytearray(1024)
    total = 0
    while True:
        n = r.readinto(buf)
        if not n:
            break
        total += n
    show(total)
    """,
        url=server.url,
        heap="64k",
    )
    assert shown == 1_000_000


class TestNginx:
    @pytest.mark.parametrize("name", ["small.txt", "1k.bin", "1m.bin", "empty.txt"])
    @pytest.mark.parametrize("folder", ["/", "/chunked/"])
    def test_file(self, mpy, nginx, folder, name):
        got = mpy("r = mrequests.get(url)\nr.save('saved')\nshow(r.chunked)", url=nginx.url + folder + name)
        assert (mpy.directory / "saved").read_bytes() == nginx.files[name]
        # nginx sends Content-Length for an empty file.
        assert got is (folder == "/chunked/" and name != "empty.txt")

    def test_content_of_a_megabyte(self, mpy, nginx):
        digest = mpy(
            """
            import hashlib
            show(hashlib.sha256(mrequests.get(url).content).digest())
            """,
            url=nginx.url + "/chunked/1m.bin",
            heap="8m",
        )
        assert digest == hashlib.sha256(nginx.files["1m.bin"]).digest()

    def test_keep_alive_is_not_waited_for(self, mpy, nginx):
        shown = mpy(
            "show(mrequests.get(url, headers={'Connection': 'keep-alive'}).content)",
            url=nginx.url + "/small.txt",
            timeout=5,
        )
        assert shown == b"a small file\n"

    def test_range(self, mpy, nginx):
        shown = mpy(
            "r = mrequests.get(url, headers={'Range': 'bytes=2-6'})\nshow(r.status_code, r.content)",
            url=nginx.url + "/small.txt",
        )
        assert shown == (206, b"small")

    def test_head(self, mpy, nginx):
        shown = mpy(
            "r = mrequests.head(url)\nshow(r.status_code, r.content_length, r.content)", url=nginx.url + "/1m.bin"
        )
        assert shown == (200, len(nginx.files["1m.bin"]), b"")

    def test_no_content(self, mpy, nginx):
        assert mpy("r = mrequests.get(url)\nshow(r.status_code, r.content)", url=nginx.url + "/empty") == (204, b"")

    @pytest.mark.needs("ipv6")
    def test_ipv6(self, mpy, nginx):
        assert mpy("show(mrequests.get(url).content)", url=nginx.url6 + "/small.txt") == b"a small file\n"


@pytest.mark.parametrize("count", [1, 10])
def test_httpbin_stream(mpy, httpbin, count):
    """httpbin sends one chunk per line."""
    shown = mpy(
        "show([json.loads(line)['id'] for line in mrequests.get(url).iter_lines()])", url=f"{httpbin}/stream/{count}"
    )
    assert shown == list(range(count))
