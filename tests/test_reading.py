"""read, readinto, save and iteration of Response."""

import textwrap

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
        """readinto() writes nothing past the end of the buffer."""
        after = look(
            mpy,
            peer,
            response(b"0123456789"),
            """
whole = bytearray(16)
show(r.readinto(memoryview(whole)[:4], 12), bytes(whole))""",
        )
        assert after == (4, b"0123" + bytes(12))

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
    def test_save(self, mpy, peer, call, result):
        bodies = [bytes(n % 251 for n in range(size)) for size in (0, 5, 10_000)]
        servers = [peer(make(body) if body else response(b"")) for make in (response, chunked) for body in bodies]
        source = f"""
shown = []
for url in urls:
    {textwrap.indent(PLAIN_WRITER.strip(), "    ").strip()}
    r = mrequests.get(url)
    n = {call}
    shown.append((n, {result}))
show(shown)"""
        shown = mpy(source, urls=[server.url for server in servers])
        assert shown == [(len(body), body) for body in bodies] * 2

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

    @pytest.mark.parametrize(
        "how, pieces",
        [
            ("r.iter_content(8)", [b"one\ntwo\n", b"three"]),
            ("r.iter_lines()", [b"one", b"two", b"three"]),
        ],
        ids=["iter_content", "iter_lines"],
    )
    def test_of_content_that_is_kept(self, mpy, peer, how, pieces):
        """Cached content can be iterated repeatedly."""
        source = f"r.content\nshow(list({how}), list({how}))"
        assert look(mpy, peer, response(b"one\ntwo\nthree"), source) == (pieces, pieces)


class TestReadline:
    @pytest.mark.parametrize(
        "call, line",
        [
            ("", b"one\n"),
            ("-1", b"one\n"),
            ("None", b"one\n"),
            ("2", b"on"),
            ("4", b"one\n"),
            ("9", b"one\n"),
            ("0", b""),
        ],
    )
    def test_size(self, mpy, peer, call, line):
        assert look(mpy, peer, response(b"one\ntwo"), f"show(r.readline({call}))") == line

    def test_lines_until_the_end(self, mpy, peer):
        source = "show(r.readline(), r.readline(), r.readline(), r.readline())"
        assert look(mpy, peer, response(b"one\ntwo"), source) == (b"one\n", b"two", b"", b"")

    def test_readlines(self, mpy, peer):
        assert look(mpy, peer, response(b"one\n\ntwo"), "show(r.readlines())") == [b"one\n", b"\n", b"two"]


@pytest.mark.parametrize("size", [3_000_000, 2**31 - 1])
def test_a_size_beyond_the_content_takes_no_memory(mpy, peer, size):
    """read(size) allocates no more than the rest of the body, also at its end."""
    source = f"show(r.read({size}), r.read({size}), r.read({size}))"
    assert look(mpy, peer, response(b"hello"), source, heap="100k") == (b"hello", b"", b"")


@pytest.mark.parametrize(
    "use",
    ["r.content", "r.read()", "r.read(-1)", "r.read(5)", "r.readinto(bytearray(5))", "r.readline()", "r.save('keep')"],
)
def test_a_closed_response(mpy, peer, tmp_path, use):
    """EBADF, whatever the size of the body; save() does not create a file."""
    (tmp_path / "keep").write_bytes(b"kept")
    message = response(b"", "Content-Length: 5000000", length=False)
    raised = look(mpy, peer, message, f"r.close()\nshow(attempt(lambda: {use}))", heap="100k")
    assert raised[:2] == ("OSError", 9)
    assert (tmp_path / "keep").read_bytes() == b"kept"


@pytest.mark.parametrize(
    "call",
    [
        "saveinto(io.BytesIO(), bytearray(0))",
        "saveinto(io.BytesIO(), b'read only')",
        "saveinto(None)",
        "saveinto(5)",
        "save('keep', bytearray(0))",
        "iter_content(0)",
        "read('a')",
        "readline('a')",
    ],
)
def test_a_wrong_argument_leaves_the_response_as_it_is(mpy, peer, tmp_path, call):
    (tmp_path / "keep").write_bytes(b"kept")
    raised, content = look(mpy, peer, response(b"x" * 5000), f"show(attempt(lambda: r.{call}), r.content)")
    assert raised is not None
    assert content == b"x" * 5000
    assert (tmp_path / "keep").read_bytes() == b"kept"
