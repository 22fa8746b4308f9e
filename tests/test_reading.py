"""read, readinto, save and iteration of Response (SPEC section 4)."""

import pytest

from support.messages import chunked, response
from support.snippets import look


class TestRead:
    def test_up_to_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "show([r.read(4), r.read(4), r.read(4), r.read(4)])")
        assert shown == [
            b"0123",
            b"4567",
            b"89",
            b"",
        ]

    def test_default_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"x" * 10_000), "show([len(r.read()) for _ in range(4)])")
        assert shown == [
            4096,
            4096,
            1808,
            0,
        ]

    @pytest.mark.parametrize("pace", ["bytes", "random"])
    def test_fills_up_whatever_the_segments(self, mpy, peer, pace):
        server = peer(response(b"0123456789" * 30), pace=pace)
        shown = mpy("r = mrequests.get(url)\nshow([len(r.read(100)) for _ in range(4)])", url=server.url)
        assert shown == [
            100,
            100,
            100,
            0,
        ]

    def test_fills_up_whatever_the_chunks(self, mpy, peer):
        shown = look(mpy, peer, chunked(b"a" * 3, b"b" * 50, b"c"), "show([len(r.read(20)) for _ in range(4)])")
        assert shown == [
            20,
            20,
            14,
            0,
        ]

    @pytest.mark.parametrize("size", ["-1", "None"])
    def test_the_rest(self, mpy, peer, size):
        shown = look(mpy, peer, response(b"0123456789"), f"show(r.read(3), r.read({size}), r.read({size}))")
        assert shown == (
            b"012",
            b"3456789",
            b"",
        )

    def test_nothing(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.read(0), r.read(2), r.read(0))") == (b"", b"he", b"")

    def test_size_as_a_keyword_or_not(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.read(2), r.read(size=2))") == (b"he", b"ll")

    def test_content_is_what_is_left(self, mpy, peer):
        assert look(mpy, peer, response(b"0123456789"), "r.read(4)\nshow(r.content)") == b"456789"

    @pytest.mark.parametrize("size", [b"1", "one", 1.5], ids=repr)
    def test_size_of_a_wrong_type(self, mpy, peer, size):
        server = peer(response(b"hello"))
        raised = mpy("r = mrequests.get(url)\nshow(attempt(lambda: r.read(size)))", url=server.url, size=size)
        assert raised[0] == "TypeError"


class TestReadinto:
    @pytest.mark.parametrize(
        "buffer",
        ["bytearray(4)", "memoryview(bytearray(4))", "memoryview(bytearray(9))[3:7]"],
        ids=["bytearray", "memoryview", "slice"],
    )
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    def test_buffers(self, mpy, peer, make, buffer):
        shown = look(
            mpy,
            peer,
            make(b"0123456789"),
            f"""
b = {buffer}
out = []
for _ in range(4):
    n = r.readinto(b)
    out.append(bytes(b[:n]))
show(out)""",
        )
        assert shown == [b"0123", b"4567", b"89", b""]

    def test_size(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "b = bytearray(8)\nshow(r.readinto(b, 3), bytes(b))")
        assert shown == (
            3,
            b"012" + bytes(5),
        )

    def test_size_of_zero_is_the_whole_buffer(self, mpy, peer):
        shown = look(mpy, peer, response(b"0123456789"), "b = bytearray(8)\nshow(r.readinto(b, 0), bytes(b))")
        assert shown == (
            8,
            b"01234567",
        )

    def test_size_past_the_buffer(self, mpy, peer):
        """Nothing is written past the end of the buffer."""
        after = look(
            mpy,
            peer,
            response(b"0123456789"),
            """
whole = bytearray(16)
try:
    n = r.readinto(memoryview(whole)[:4], 12)
except ValueError:
    n = 0
show(n, bytes(whole[4:]))""",
        )
        assert after[0] in (0, 4)
        assert after[1] == bytes(12)

    def test_empty_buffer(self, mpy, peer):
        assert look(mpy, peer, response(b"hello"), "show(r.readinto(bytearray()), r.content)") == (0, b"hello")

    @pytest.mark.parametrize("buffer", ["b'abc'", "'abc'", "None", "5"])
    def test_no_buffer(self, mpy, peer, buffer):
        server = peer(response(b"hello"))
        raised = mpy(f"r = mrequests.get(url)\nshow(attempt(lambda: r.readinto({buffer})))", url=server.url)
        assert raised[0] == "TypeError"


SAVES = {
    "save": ("r.save('saved')", "open('saved', 'rb').read()"),
    "save-buffer": ("r.save('saved', bytearray(100))", "open('saved', 'rb').read()"),
    "save-buf-keyword": ("r.save('saved', buf=bytearray(7))", "open('saved', 'rb').read()"),
    "save-chunk-size": ("r.save('saved', chunk_size=10)", "open('saved', 'rb').read()"),
    "save-both": ("r.save('saved', buf=bytearray(100), chunk_size=10)", "open('saved', 'rb').read()"),
    "saveinto": ("r.saveinto(f)", "f.getvalue()"),
    "saveinto-buffer": ("r.saveinto(f, bytearray(100))", "f.getvalue()"),
    "saveinto-chunk-size": ("r.saveinto(f, chunk_size=10)", "f.getvalue()"),
    "saveto": ("r.saveto(f)", "f.getvalue()"),
    "saveinto-object": ("r.saveinto(plain)", "b''.join(plain.got)"),
}

PLAIN_WRITER = """
class Plain:
    def __init__(self):
        self.got = []
    def write(self, data):
        self.got.append(bytes(data))
        return len(data)
f = io.BytesIO()
plain = Plain()
"""


class TestSave:
    @pytest.mark.parametrize("call, result", SAVES.values(), ids=SAVES.keys())
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    @pytest.mark.parametrize("size", [0, 5, 10_000])
    def test_save(self, mpy, peer, make, call, result, size):
        body = bytes(n % 251 for n in range(size))
        shown = look(mpy, peer, make(body) if size else response(b""), f"{PLAIN_WRITER}\nn = {call}\nshow(n, {result})")
        assert shown == (size, body)

    def test_save_in_small_pieces(self, mpy, peer):
        pieces = look(
            mpy,
            peer,
            response(b"x" * 50),
            f"{PLAIN_WRITER}\nr.saveinto(plain, chunk_size=20)\nshow([len(p) for p in plain.got])",
        )
        assert sum(pieces) == 50 and max(pieces) <= 20

    def test_save_needs_little_memory(self, mpy, nginx):
        shown = mpy("show(mrequests.get(url).save('saved'))", url=nginx.url + "/1m.bin", heap="64k")
        assert shown == len(nginx.files["1m.bin"])
        assert (mpy.directory / "saved").read_bytes() == nginx.files["1m.bin"]

    def test_save_what_is_left(self, mpy, peer):
        shown = look(
            mpy, peer, response(b"0123456789"), "f = io.BytesIO()\nr.read(4)\nshow(r.saveinto(f), f.getvalue())"
        )
        assert shown == (6, b"456789")

    def test_save_where_nothing_can_be(self, mpy, peer):
        server = peer(response(b"hello"))
        raised = mpy(
            "r = mrequests.get(url)\nshow(attempt(lambda: r.save('no/such/folder')))\nr.close()", url=server.url
        )
        assert raised[:2] == ("OSError", 2)

    def test_writer_that_raises(self, mpy, peer):
        server = peer(response(b"x" * 10_000))
        raised = mpy.error(
            """
        class Full:
            def write(self, data):
                raise RuntimeError("full")
        mrequests.get(url).saveinto(Full())
        """,
            url=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "full")

    def test_writer_that_takes_little(self, mpy, peer):
        shown = look(
            mpy,
            peer,
            response(b"0123456789" * 100),
            """
class Slow(io.IOBase):
    def __init__(self):
        self.got = b""
    def write(self, data):
        self.got += bytes(data[:7])
        return min(7, len(data))
slow = Slow()
r.saveinto(slow)
show(slow.got)""",
        )
        assert shown == b"0123456789" * 100


class TestIteration:
    @pytest.mark.parametrize("make", [response, chunked], ids=["length", "chunked"])
    def test_iter_content(self, mpy, peer, make):
        assert look(mpy, peer, make(b"0123456789"), "show(list(r.iter_content(4)))") == [b"0123", b"4567", b"89"]

    def test_iter_content_default(self, mpy, peer):
        assert look(mpy, peer, response(b"x" * 1200), "show([len(p) for p in r.iter_content()])") == [512, 512, 176]

    def test_iter_content_keyword(self, mpy, peer):
        assert look(mpy, peer, response(b"12345"), "show(list(r.iter_content(chunk_size=3)))") == [b"123", b"45"]

    def test_iter_content_of_nothing(self, mpy, peer):
        assert look(mpy, peer, response(b""), "show(list(r.iter_content()))") == []

    @pytest.mark.parametrize(
        "body, lines",
        [
            (b"one\ntwo\n", [b"one", b"two"]),
            (b"one\r\ntwo", [b"one", b"two"]),
            (b"one\n\ntwo", [b"one", b"", b"two"]),
            (b"", []),
            (b"x" * 2000 + b"\ny", [b"x" * 2000, b"y"]),
        ],
        ids=["lf", "crlf", "empty-line", "nothing", "long"],
    )
    def test_iter_lines(self, mpy, peer, body, lines):
        assert look(mpy, peer, response(body), "show([bytes(line) for line in r.iter_lines()])") == lines
