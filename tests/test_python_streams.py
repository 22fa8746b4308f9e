"""Streams written in Python in place of native ones: subclasses, files, sockets, save targets."""

import pytest

from support.messages import response
from support.snippets import sent

SUBCLASS = """
class S(io.BytesIO):
    pass
"""


class TestSubclassesOfNativeStreams:
    """The stream protocol gets the native part; overridden methods are called."""

    def test_body(self, mpy, peer):
        assert sent(mpy, peer, SUBCLASS + "mrequests.post(base, data=S(b'hello'))").body == b"hello"

    def test_body_with_a_read_of_its_own(self, mpy, peer):
        source = """
class S(io.BytesIO):
    def read(self, size=-1):
        return super().read(size).upper()
mrequests.post(base, data=S(b'hello'))"""
        assert sent(mpy, peer, source).body == b"HELLO"

    def test_target(self, mpy, peer):
        server = peer(response(b"hello" * 1000))
        shown = mpy(SUBCLASS + "s = S()\nshow(mrequests.get(url).saveinto(s), s.getvalue())", url=server.url)
        assert shown == (5000, b"hello" * 1000)

    def test_source_of_a_response(self, mpy):
        assert mpy(SUBCLASS + "show(mrequests.Response(None, S(b'hello')).read())") == b"hello"

    @pytest.mark.parametrize("use", ["post(url, data=s)", "get(url).saveinto(s)"])
    def test_not_initialised(self, mpy, peer, use):
        """An instance whose native part is not initialised is refused, as any object that is not a stream."""
        server = peer(response(b"hello"), repeat=True)
        raised = mpy(SUBCLASS + f"s = object.__new__(S)\nshow(attempt(lambda: mrequests.{use}))", url=server.url)
        assert raised[0] == "AttributeError"


def test_response_that_is_not_initialised(mpy, peer):
    server = peer(response(b"hello"))
    raised = mpy(
        """
class R(mrequests.Response):
    pass
show(attempt(lambda: mrequests.get(url, response_class=lambda *args, **kw: object.__new__(R))))""",
        url=server.url,
    )
    assert raised[0] == "TypeError"


class TestFiles:
    """open() may return a Python object: from a VFS, or from the script."""

    @pytest.mark.parametrize("close, outcome", [("pass", None), ("raise OSError(28)", ("OSError", 28))])
    def test_save(self, mpy, peer, close, outcome):
        server = peer(response(b"hello" * 1000))
        raised, content = mpy(
            f"""
class File:
    def write(self, data):
        taken.append(data)
        return len(data)
    def close(self):
        {close}
def open(path, mode):
    return File()
taken = []
raised = attempt(lambda: mrequests.get(url).save("a"))
show(raised and raised[:2], b"".join(taken))""",
            url=server.url,
        )
        assert raised == outcome
        assert content == b"hello" * 1000


class TestShortWrites:
    """save() repeats a write with the bytes that the target did not accept."""

    @pytest.mark.parametrize("base", ["object", "io.IOBase"])
    def test_saveinto(self, mpy, peer, base):
        server = peer(response(bytes(range(250)) * 20))
        shown = mpy(
            f"""
class Target({base}):
    def write(self, data):
        taken.append(bytes(data[:100]))
        return min(100, len(data))
taken = []
show(mrequests.get(url).saveinto(Target()), b"".join(taken))""",
            url=server.url,
        )
        assert shown == (5000, bytes(range(250)) * 20)

    def test_a_target_that_says_nothing_took_all(self, mpy, peer):
        server = peer(response(b"hello"))
        shown = mpy(
            "class Target:\n    def write(self, data):\n        pass\nshow(mrequests.get(url).saveinto(Target()))",
            url=server.url,
        )
        assert shown == 5


# Impossible results of write(): more bytes than it was given, 0, or a negative number.
IMPOSSIBLE = ["len(data) + 5000", "0", "-1"]


@pytest.mark.parametrize("returned", IMPOSSIBLE)
@pytest.mark.parametrize("base", ["object", "io.IOBase"])
def test_write_that_returns_an_impossible_length(mpy, peer, base, returned):
    server = peer(response(b"hello" * 1000))
    raised = mpy(
        f"""
class Target({base}):
    def write(self, data):
        return {returned}
show(attempt(lambda: mrequests.get(url).saveinto(Target())))""",
        url=server.url,
    )
    assert raised[0] == "OSError"


@pytest.mark.parametrize("returned", ["len(buf) + 5000", "-5"])
def test_readinto_that_returns_an_impossible_length(mpy, peer, returned):
    server = peer(response(b"hello"))
    source = f"""
class Source(io.IOBase):
    def readinto(self, buf):
        return {returned}
    def ioctl(self, request, argument):
        return 0
"""
    raised = mpy(source + "show(attempt(lambda: mrequests.post(url, data=Source())))", url=server.url)
    assert raised[0] == "OSError"
    raised = mpy(source + "show(attempt(lambda: mrequests.Response(None, Source()).read(20)))")
    assert raised[0] == "OSError"


@pytest.mark.parametrize(
    "body", ["iter(['\xfc'])", "io.StringIO('\xfc')", "Reader()", "'\xfc'"], ids=["iterator", "text", "reader", "str"]
)
def test_text_in_pieces_is_encoded(mpy, peer, body):
    source = f"""
class Reader:
    left = ["\xfc", ""]
    def read(self, size):
        return self.left.pop(0)
mrequests.post(base, data={body}, encoding="latin-1")"""
    assert sent(mpy, peer, source).body == b"\xfc"


def test_negative_length(mpy, peer):
    server = peer(response())
    raised = mpy(
        """
class Source:
    def __len__(self):
        return -2
    def read(self, size):
        return b""
show(attempt(lambda: mrequests.post(url, data=Source())))""",
        url=server.url,
    )
    assert raised[0] == "ValueError"
