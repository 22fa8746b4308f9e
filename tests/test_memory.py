"""A nearly full heap, and a collector that runs at every allocation."""

import json

import pytest

from support.messages import chunked, redirect, response
from support.snippets import STARVED


def redirected(connection):
    """Answers / with a redirect, and the target with a body."""
    connection.send(redirect("/a/../b") if connection.last_request.target == "/" else response(b"hello"))


# Operations, each with the steps of the peer and a snippet that leaves its result in `got`.
OPERATIONS = {
    "get": ([response(b"hello")], "got = mrequests.get(url).content", b"hello"),
    "chunked": ([chunked(b"hel", b"lo")], "got = mrequests.get(url).content", b"hello"),
    "to-the-close": ([response(b"hello" * 500, length=False)], "got = mrequests.get(url).content", b"hello" * 500),
    "headers": (
        [response(b"", *(f"X-{n}: {n}" for n in range(20)))],
        "got = len(mrequests.get(url, save_headers=True).headers)",
        21,
    ),
    "post-json": (
        [response(b"hello")],
        "got = mrequests.post(url, json={'a': [1, 2, 3]}, auth=('u', 'p')).content",
        b"hello",
    ),
    "form": (
        [response(b"hello")],
        "got = mrequests.post(url, data={'a': 'b c'}, headers={'X-A': 5}).content",
        b"hello",
    ),
    "params": ([response(b"hello")], "got = mrequests.get(url, params={'a': 'b c'}).content", b"hello"),
    "generator": (
        [response(b"hello")],
        "got = mrequests.post(url, data=(b'x' * n for n in range(5))).content",
        b"hello",
    ),
    "redirect": ([redirected], "r = mrequests.get(url)\ngot = (r.content, len(r.history))", (b"hello", 1)),
    "json": ([response(json.dumps({"a": list(range(30))}).encode())], "got = len(mrequests.get(url).json()['a'])", 30),
    "text": (
        [response(b"h\xe9llo", "Content-Type: text/plain; charset=latin-1")],
        "got = mrequests.get(url).text",
        "h\u00e9llo",
    ),
    "save": ([response(b"hello")], "got = mrequests.get(url).save('saved')", 5),
    "lines": ([chunked(b"one\nt", b"wo\n")], "got = list(mrequests.get(url).iter_lines())", [b"one", b"two"]),
    "subclass": (
        [response(b"hello", "X-A: 1")],
        """\
class R(mrequests.Response):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.seen = []
    def add_header(self, line):
        self.seen.append(line)
        self._parse_header(line)
    def readinto(self, buf, size=0):
        return super().readinto(buf, size)
r = mrequests.get(url, response_class=R)
got = (r.seen[0], r.content)""",
        (b"X-A: 1\r\n", b"hello"),
    ),
    "helpers": (
        [],
        """\
from mrequests.urlencode import urlencode
from mrequests.urlparseqs import parse_qs
got = parse_qs(urlencode([('a b', 'c'), ('a b', '\u00fc')]))""",
        {"a b": ["c", "\u00fc"]},
    ),
    "context": (
        [],
        """\
c = mrequests.RequestContext('http://h/a/b', 'POST')
c.set_location(302, '../c?d')
got = (c.url, c.method)""",
        ("http://h/c?d", "GET"),
    ),
}


def indented(source, by):
    return source.replace("\n", "\n" + " " * by)


@pytest.mark.parametrize("steps, source, expected", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_collector_at_every_turn(mpy, peer, steps, source, expected):
    """The collector finds every live object, even if it runs at every allocation."""
    server = peer(steps, repeat=True)
    shown = mpy(
        f"""
def once():
    {indented(source, 4)}
    return got
gc.threshold(1)
results = [once() for _ in range(3)]
gc.threshold(-1)
show(results)
""",
        url=server.url,
    )
    assert shown == [expected] * 3


@pytest.mark.parametrize("steps, source, expected", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_no_memory_at_any_point(mpy, peer, steps, source, expected):
    """With free memory from none to enough: MemoryError or the right result, and no socket stays open."""
    server = peer(steps, repeat=True)
    outcomes, leaked = mpy(
        f"""
def once():
    {indented(source, 4)}
    return got
"""
        + STARVED
        + """
outcomes = []
before = descriptors()
for left in range(60):
    outcome = starved(left)
    gc.collect()
    if outcome not in outcomes:
        outcomes.append(outcome)
gc.collect()
outcomes.append(once())
gc.collect()
show(outcomes, descriptors() - before)
""",
        url=server.url,
        heap="100k",
    )
    assert all(outcome in ("MemoryError", expected) for outcome in outcomes)
    assert outcomes[-1] == expected
    # The unix port's socket.socket() leaks its descriptor if its object cannot be allocated: once per connection.
    assert leaked <= (2 if steps == [redirected] else 1)


# Calls that run out of memory: a body of unknown length, and one long line.
LARGE = ["r.read(-1)", "r.read(None)", "r.read(10_000_000)", "r.content", "r.text"]
LARGE += ["r.readline()", "list(r)", "list(r.iter_lines())"]


@pytest.mark.parametrize("use", LARGE)
@pytest.mark.parametrize("make", [chunked, lambda body: response(body, length=False)], ids=["chunked", "close"])
def test_what_did_not_fit_is_not_lost_in_silence(mpy, peer, make, use):
    """After MemoryError the connection is closed, and later reads do not report a complete body."""
    server = peer(make(b"x" * 400_000))
    raised, sock, later = mpy(
        f"""
r = mrequests.get(url)
try:
    {use}
    raised = None
except MemoryError:
    raised = True
sock = r._sock
show(raised, sock, attempt(lambda: r.saveinto(io.BytesIO())))
""",
        url=server.url,
        heap="200k",
    )
    assert raised and sock is None
    assert later is not None
