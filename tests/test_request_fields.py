"""Header fields of a request: defaults, and fields from the caller."""

import re

import pytest

from support.messages import response
from support.snippets import sent


def test_default_fields(mpy, peer):
    request = sent(mpy, peer, "mrequests.get(base)")
    assert request.line == "GET / HTTP/1.1"
    assert sorted(name for name, _ in request.fields) == ["Connection", "Host", "User-Agent"]
    assert request.get("Connection") == "close"
    assert re.fullmatch(r"mrequests/\d+\.\d+\.\d+", request.get("User-Agent"))


def test_host_names_the_port(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.get(base)", base=server.url)
    assert server.request.get("Host") == server.hostport


@pytest.mark.parametrize("authority", ["127.0.0.1", "user:pass@127.0.0.1", "localhost"])
def test_host_has_no_credentials(mpy, peer, authority):
    server = peer(response())
    mpy.run("mrequests.get(url)", url=f"http://{authority}:{server.port}/")
    assert server.request.get("Host") == f"{authority.split('@')[-1]}:{server.port}"


GIVEN = [
    ({"X-A": "1"}, {"X-A": "1"}),
    ({b"X-A": b"1"}, {"X-A": "1"}),
    ({"X-A": b"1", b"X-B": "2"}, {"X-A": "1", "X-B": "2"}),
    ([("X-A", "1"), (b"X-B", b"2")], {"X-A": "1", "X-B": "2"}),
    ({"X-A": 5, "X-B": 0, "X-C": -7}, {"X-A": "5", "X-B": "0", "X-C": "-7"}),
    ({"X-A": 12345678901234567890}, {"X-A": "12345678901234567890"}),
    ({"X-A": ""}, {"X-A": ""}),
    ({"X-A": b"caf\xe9"}, {"X-A": "caf\xe9"}),
    ({"X-A": 'a, b; c="d"'}, {"X-A": 'a, b; c="d"'}),
    ({"x-a": "1"}, {"x-a": "1"}),
    (None, {}),
    ({}, {}),
    ([], {}),
]


@pytest.mark.parametrize("headers, fields", GIVEN, ids=[repr(headers) for headers, _ in GIVEN])
def test_given_fields(mpy, peer, headers, fields):
    request = sent(mpy, peer, "mrequests.get(base, headers=headers)", headers=headers)
    assert {name: value for name, value in request.fields if name.lower().startswith("x-")} == fields
    assert request.get("Host") and request.get("User-Agent")


def test_fields_keep_the_order_of_a_list(mpy, peer):
    pairs = [("X-B", "1"), ("X-A", "2"), ("X-B", "3")]
    request = sent(mpy, peer, "mrequests.get(base, headers=pairs)", pairs=pairs)
    assert [field for field in request.fields if field[0].startswith("X-")] == pairs


REPLACED = ["Host", "User-Agent", "Connection", "Accept-Encoding"]


@pytest.mark.parametrize("spell", [str, str.lower, str.upper], ids=["as-is", "lower", "upper"])
@pytest.mark.parametrize("name", REPLACED)
def test_given_field_replaces_the_default(mpy, peer, name, spell):
    request = sent(mpy, peer, "mrequests.get(base, headers={name: value})", name=spell(name), value="mine")
    assert request.get(name) == "mine"


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "CONTENT-TYPE"])
@pytest.mark.parametrize("body", ["json={}", "data={'a': 'b'}"])
def test_given_content_type_replaces_the_default(mpy, peer, name, body):
    request = sent(mpy, peer, f"mrequests.post(base, {body}, headers={{name: 'text/x-mine'}})", name=name)
    assert request.get("Content-Type") == "text/x-mine"


@pytest.mark.parametrize("name", ["Content-Length", "content-length"])
@pytest.mark.parametrize("value", ["5", b"5", 5], ids=repr)
def test_given_content_length_is_sent_once(mpy, peer, name, value):
    request = sent(mpy, peer, "mrequests.post(base, data=b'12345', headers={name: value})", name=name, value=value)
    assert request.get("Content-Length") == "5"
    assert request.body == b"12345"


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", b"User-Agent", "Connection"], ids=repr)
def test_none_drops_a_default(mpy, peer, name):
    request = sent(mpy, peer, "mrequests.get(base, headers={name: None})", name=name)
    assert request.get(name if isinstance(name, str) else name.decode()) is None


def test_none_drops_the_content_type(mpy, peer):
    request = sent(mpy, peer, "mrequests.post(base, json={}, headers={'Content-Type': None})")
    assert request.get("Content-Type") is None
    assert request.body == b"{}"


SINGLETONS = ["Host", "User-Agent", "Authorization", "Content-Type", "Connection"]


@pytest.mark.parametrize("name", SINGLETONS)
def test_last_of_a_singleton_wins(mpy, peer, name):
    request = sent(
        mpy, peer, "mrequests.post(base, data=b'x', headers=[(name, 'first'), (name.lower(), 'last')])", name=name
    )
    assert request.get(name) == "last"


LENGTHS = [
    ("get", "", None),
    ("head", "", None),
    ("delete", "", None),
    ("options", "", None),
    ("post", "", "0"),
    ("put", "", "0"),
    ("patch", "", "0"),
    ("post", "data=b''", "0"),
    ("post", "data=''", "0"),
    ("post", "data={}", "0"),
    ("post", "data=None", "0"),
    ("get", "data=b'abc'", "3"),
    ("head", "data=b'abc'", "3"),
    ("delete", "data=b'abc'", "3"),
    ("post", "data=b'abc'", "3"),
]


@pytest.mark.parametrize("method, body, length", LENGTHS, ids=[f"{m}-{b}" for m, b, _ in LENGTHS])
def test_content_length(mpy, peer, method, body, length):
    request = sent(mpy, peer, f"mrequests.{method}(base, {body})")
    assert request.get("Content-Length") == length
    assert request.get("Transfer-Encoding") is None
