"""Response.headers: a list of lines, as in the reference, and a mapping."""

import pytest

from support.messages import redirect, response

MESSAGE = response(
    b"ok",
    "Content-Type: text/plain",
    "X-One:  1 ",
    "x-two:2",
    "X-Many: a",
    "X-Many: b",
    "x-many: c",
    "Set-Cookie: a=1; Path=/",
    "Set-Cookie: b=2, c",
    "X-Empty:",
)
LINES = [
    b"Content-Type: text/plain",
    b"X-One:  1 ",
    b"x-two:2",
    b"X-Many: a",
    b"X-Many: b",
    b"x-many: c",
    b"Set-Cookie: a=1; Path=/",
    b"Set-Cookie: b=2, c",
    b"X-Empty:",
    b"Content-Length: 2",
]


@pytest.fixture
def headers(mpy, peer):
    """Returns a function that evaluates an expression on `h`, the saved headers of MESSAGE."""
    server = peer(MESSAGE, repeat=True)

    def evaluate(expression):
        return mpy(f"r = mrequests.get(url, save_headers=True)\nh = r.headers\nshow({expression})", url=server.url)

    return evaluate


def stripped(lines):
    """The value excludes white space at the end of the line."""
    return [line.rstrip() for line in lines]


def test_iteration_gives_the_lines(headers):
    assert stripped(headers("[line for line in h]")) == stripped(LINES)


def test_reference_loop(mpy, peer):
    server = peer(MESSAGE)
    shown = mpy(
        """
    r = mrequests.get(url, save_headers=True)
    found = {}
    for line in r.headers:
        name, value = line.split(b":", 1)
        found[name.lower()] = value.strip()
    show(found)
    """,
        url=server.url,
    )
    assert shown == {
        b"content-type": b"text/plain",
        b"x-one": b"1",
        b"x-two": b"2",
        b"x-many": b"c",
        b"set-cookie": b"b=2, c",
        b"x-empty": b"",
        b"content-length": b"2",
    }


def test_it_is_a_sequence(headers):
    assert headers("len(h)") == len(LINES)
    assert headers("(h[0], h[-1])") == (LINES[0], LINES[-1])


LOOKUPS = {
    "h['content-type']": b"text/plain",
    "h['Content-Type']": b"text/plain",
    "h['CONTENT-TYPE']": b"text/plain",
    "h[b'content-type']": b"text/plain",
    "h['x-one']": b"1",
    "h['X-Two']": b"2",
    "h['x-many']": b"a, b, c",
    "h['x-empty']": b"",
    "h.get('content-length')": b"2",
    "h.get(b'Content-Length')": b"2",
    "h.get('x-many')": b"a, b, c",
    "h.get('missing')": None,
    "h.get('missing', 5)": 5,
    "h.get('content', 5)": 5,
    "h.get('content-type-x', 5)": 5,
    "h.get_all('x-many')": [b"a", b"b", b"c"],
    "h.get_all('X-One')": [b"1"],
    "h.get_all('set-cookie')": [b"a=1; Path=/", b"b=2, c"],
    "h.get_all('missing')": [],
    "'content-type' in h": True,
    "b'Content-TYPE' in h": True,
    "'missing' in h": False,
    "'content' in h": False,
    "'Content-Length: 2' in h": True,
    "b'Content-Length: 2' in h": True,
    "'Content-Length: 3' in h": False,
    "'content-length: 2' in h": False,
    "5 in h": False,
    "h.append('X-Str: 1') or 'X-Str: 1' in h": True,
}


def test_lookups(headers):
    found = headers("{" + ", ".join(f"{expression!r}: {expression}" for expression in LOOKUPS) + "}")
    assert found == LOOKUPS


def test_in_compares_no_str_with_bytes(mpy, peer):
    """MicroPython built with MICROPY_PY_STR_BYTES_CMP_WARN warns at each comparison of str and bytes."""
    server = peer(MESSAGE)
    result = mpy.run(
        """
    h = mrequests.get(url, save_headers=True).headers
    show('missing' in h, b'missing' in h, 'x-one' in h, 'Content-Length: 2' in h, 5 in h)
    """,
        url=server.url,
    )
    assert result.shown == [(False, False, True, True, False)]
    assert "Warning" not in result.out + result.err


def test_missing_name(headers):
    assert headers("attempt(lambda: h['missing'])")[0] == "KeyError"


def test_cookies_are_never_joined(headers):
    assert headers("h['set-cookie']") == b"a=1; Path=/"


def test_items(headers):
    items = [(name.lower(), value) for name, value in headers("list(h.items())")]
    assert (b"content-type", b"text/plain") in items
    assert (b"x-one", b"1") in items
    assert (b"x-empty", b"") in items
    assert (b"set-cookie", b"a=1; Path=/") in items and (b"set-cookie", b"b=2, c") in items
    many = [value for name, value in items if name == b"x-many"]
    assert many == [b"a, b, c"]


def test_bytes_are_never_decoded(mpy, peer):
    server = peer(b"HTTP/1.1 200 OK\r\nX-A: \xff\xe9\r\nContent-Length: 0\r\n\r\n")
    shown = mpy("h = mrequests.get(url, save_headers=True).headers\nshow(h[0], h['x-a'])", url=server.url)
    assert shown == (
        b"X-A: \xff\xe9",
        b"\xff\xe9",
    )


def test_only_those_of_the_last_response(mpy, peer):
    server = peer(redirect("/x", "X-First: 1"), response(b"", "X-Last: 1"))
    shown = mpy("show(list(mrequests.get(url, save_headers=True).headers))", url=server.url)
    assert shown == [
        b"X-Last: 1",
        b"Content-Length: 0",
    ]


def test_no_headers_at_all(mpy, peer):
    server = peer(b"HTTP/1.0 200 OK\r\n\r\nbody")
    shown = mpy(
        "r = mrequests.get(url, save_headers=True)\nshow(list(r.headers), r.headers.get('x'), r.content)",
        url=server.url,
    )
    assert shown == ([], None, b"body")


def test_many(mpy, peer):
    fields = [f"X-{n}: {n}" for n in range(90)]
    server = peer(response(b"", *fields))
    shown = mpy(
        "h = mrequests.get(url, save_headers=True).headers\nshow(len(h), [h['x-%d' % n] for n in (0, 45, 89)])",
        url=server.url,
    )
    assert shown == (91, [b"0", b"45", b"89"])


def test_they_outlive_the_body_and_the_socket(mpy, peer):
    server = peer(MESSAGE)
    shown = mpy(
        "r = mrequests.get(url, save_headers=True)\nr.content\nr.close()\ngc.collect()\nshow(r.headers['x-many'])",
        url=server.url,
    )
    assert shown == b"a, b, c"
