"""Bodies that are streamed: files, other streams, iterators and generators."""

import pytest

from support.messages import response
from support.snippets import sent


class TestFiles:
    """File-like objects are streamed."""

    def test_file(self, mpy, peer, tmp_path):
        content = bytes(range(256)) * 100
        (tmp_path / "upload.bin").write_bytes(content)
        request = sent(mpy, peer, "with open('upload.bin', 'rb') as f:\n    mrequests.post(base, data=f)")
        assert request.body == content
        assert request.get("Content-Length") == str(len(content))

    def test_file_from_where_it_stands(self, mpy, peer, tmp_path):
        (tmp_path / "upload.bin").write_bytes(b"0123456789")
        request = sent(
            mpy, peer, "with open('upload.bin', 'rb') as f:\n    f.seek(4)\n    mrequests.post(base, data=f)"
        )
        assert request.body == b"456789"
        assert request.get("Content-Length") == "6"

    def test_empty_file(self, mpy, peer):
        request = sent(mpy, peer, "mrequests.post(base, data=io.BytesIO(b''))")
        assert request.body == b""
        assert request.get("Content-Length") == "0"

    def test_text_file(self, mpy, peer, tmp_path):
        (tmp_path / "text.txt").write_text("z\u00fcrich", encoding="utf-8")
        request = sent(mpy, peer, "with open('text.txt') as f:\n    mrequests.post(base, data=f)")
        assert request.body == "z\u00fcrich".encode()

    def test_object_with_read_is_chunked(self, mpy, peer):
        request = sent(
            mpy,
            peer,
            """
        class Source:
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def read(self, size=-1):
                return self.left.read(size)
        mrequests.post(base, data=Source())
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    def test_stream_without_a_length_is_chunked(self, mpy, peer):
        request = sent(
            mpy,
            peer,
            """
        class Source(io.IOBase):
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def readinto(self, buf):
                return self.left.readinto(buf)
            def ioctl(self, request, argument):
                return -22 if request == 2 else 0
        mrequests.post(base, data=Source())
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Transfer-Encoding") == "chunked"

    def test_given_length_of_a_stream(self, mpy, peer):
        request = sent(
            mpy,
            peer,
            """
        class Source:
            def __init__(self):
                self.left = io.BytesIO(b"x" * 5000)
            def read(self, size=-1):
                return self.left.read(size)
        mrequests.post(base, data=Source(), headers={"Content-Length": 5000})
        """,
        )
        assert request.body == b"x" * 5000
        assert request.get("Content-Length") == "5000"
        assert request.get("Transfer-Encoding") is None

    def test_response_as_the_body_of_a_request(self, mpy, peer):
        """A response is a stream like any other."""
        server = peer(response(b"carried over"), response())
        mpy.run("mrequests.post(base, data=mrequests.get(base))", base=server.url)
        assert server.requests[1].body == b"carried over"


class TestIterators:
    """Iterators and generators are sent in chunks."""

    PIECES = {
        "bytes": ([b"one", b"two"], b"onetwo"),
        "str": (["one", "z\u00fc"], "onez\u00fc".encode()),
        "bytearrays": ([bytearray(b"one"), b"two"], b"onetwo"),
        "empty-pieces": ([b"", b"one", b"", b"two", b""], b"onetwo"),
        "large": ([b"x" * 100_000, b"y" * 3], b"x" * 100_000 + b"yyy"),
        "none": ([], b""),
    }

    @pytest.mark.parametrize("pieces, body", PIECES.values(), ids=PIECES.keys())
    def test_generator(self, mpy, peer, pieces, body):
        request = sent(mpy, peer, "mrequests.post(base, data=(piece for piece in pieces))", pieces=pieces)
        assert request.body == body
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    def test_iterator(self, mpy, peer):
        request = sent(mpy, peer, "mrequests.post(base, data=iter([b'one', b'two']))")
        assert request.body == b"onetwo"

    def test_object_with_iter(self, mpy, peer):
        request = sent(
            mpy,
            peer,
            """
        class Pieces:
            def __iter__(self):
                yield b"one"
                yield b"two"
        mrequests.post(base, data=Pieces())
        """,
        )
        assert request.body == b"onetwo"

    def test_given_length(self, mpy, peer):
        request = sent(
            mpy, peer, "mrequests.post(base, data=(p for p in (b'one', b'two')), headers={'Content-Length': '6'})"
        )
        assert request.body == b"onetwo"
        assert request.get("Content-Length") == "6"
        assert request.get("Transfer-Encoding") is None

    def test_given_chunked(self, mpy, peer):
        request = sent(
            mpy, peer, "mrequests.post(base, data=(p for p in (b'one',)), headers={'transfer-encoding': 'chunked'})"
        )
        assert request.body == b"one"
        assert request.get("Transfer-Encoding") == "chunked"
        assert request.get("Content-Length") is None

    @pytest.mark.parametrize("length", [5, 7])
    def test_given_length_that_is_wrong(self, mpy, peer, length):
        server = peer(response())
        raised = mpy.error(
            "mrequests.post(base, data=(p for p in (b'one', b'two')), headers={'Content-Length': length})",
            base=server.url,
            length=length,
        )
        assert raised.kind == "ValueError"
        assert server.connection.closed_by_client.wait(5)
        assert all(not request.body.startswith(b"onetwo") for request in server.requests)

    def test_generator_that_raises(self, mpy, peer):
        server = peer(response())
        raised = mpy.error(
            """
        def pieces():
            yield b"one"
            raise RuntimeError("no more today")
        mrequests.post(base, data=pieces())
        """,
            base=server.url,
        )
        assert (raised.kind, raised.text) == ("RuntimeError", "no more today")
        assert not any(request.complete for request in server.requests)

    def test_generator_of_something_else(self, mpy, peer):
        server = peer(response())
        assert mpy.error("mrequests.post(base, data=(n for n in (b'one', 2)))", base=server.url).kind == "TypeError"
        assert not any(request.complete for request in server.requests)

    def test_generator_larger_than_memory(self, mpy, peer):
        request = sent(
            mpy,
            peer,
            """
        def pieces():
            piece = b"x" * 4000
            for _ in range(250):
                yield piece
        mrequests.post(base, data=pieces())
        """,
            heap="96k",
        )
        assert request.body == b"x" * 1_000_000
