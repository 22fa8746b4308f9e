"""Method, URL and params, and arguments refused before anything is sent."""

import pytest

from support.messages import response
from support.snippets import errors, kinds, sent

METHODS = [
    ("get", "GET"),
    ("Post", "POST"),
    ("PROPFIND", "PROPFIND"),
    ("M-SEARCH", "M-SEARCH"),
    ("x!#$%&'*+.^_`|~1", "X!#$%&'*+.^_`|~1"),
]


@pytest.mark.parametrize("given, sent", METHODS, ids=[given for given, _ in METHODS])
def test_method(mpy, peer, given, sent):
    server = peer(response())
    mpy.run("mrequests.request(method, base)", base=server.url, method=given)
    assert server.request.method == sent


TARGETS = [
    ("", "/"),
    ("/", "/"),
    ("/a/b;c?d=e&f", "/a/b;c?d=e&f"),
    ("?x=1", "/?x=1"),
    ("#part", "/"),
    ("/a#part", "/a"),
    ("/a?b#part?c", "/a?b"),
    ("/a b", "/a%20b"),
    ("/a?b c", "/a?b%20c"),
    ("/%20%41%zz", "/%20%41%25zz"),
    ("/100%", "/100%25"),
    ("/z\u00fcrich", "/z%C3%BCrich"),
    ("/\u20ac?\U0001f600", "/%E2%82%AC?%F0%9F%98%80"),
    ("/a\tb\x7f", "/a%09b%7F"),
    ('/<">', "/%3C%22%3E"),
    ("/a?x=[1]", "/a?x=[1]"),
    ("//a//b", "//a//b"),
]


@pytest.mark.parametrize("tail, target", TARGETS, ids=[repr(tail) for tail, _ in TARGETS])
def test_target(mpy, peer, tail, target):
    assert sent(mpy, peer, "mrequests.get(base + tail)", tail=tail).target == target


def test_scheme_in_any_case(mpy, peer):
    assert sent(mpy, peer, "mrequests.get('HtTp' + base[4:] + '/x')").target == "/x"


@pytest.mark.needs("ipv6")
def test_ipv6_literal(mpy, peer):
    server = peer(response(b"six"), host="::1")
    assert mpy("show(mrequests.get(base + '/x').content)", base=server.url) == b"six"
    assert server.request.get("Host") == f"[::1]:{server.port}"


def test_host_name(mpy, peer):
    server = peer(response(b"here"))
    assert mpy("show(mrequests.get(url).content)", url=f"http://localhost:{server.port}/") == b"here"
    assert server.request.get("Host") == f"localhost:{server.port}"


PARAMS = [
    ({"a": "1"}, "/x?a=1"),
    ([("a", "1"), ("b", "2"), ("a", "3")], "/x?a=1&b=2&a=3"),
    ([("a b", "c&d=e")], "/x?a+b=c%26d%3De"),
    ({"n": 5}, "/x?n=5"),
    ({"k": b"\xff"}, "/x?k=%FF"),
    ({"z": "\u00fc"}, "/x?z=%C3%BC"),
    ("a=1&b=2", "/x?a=1&b=2"),
    (b"a=1", "/x?a=1"),
    ({}, "/x"),
    ([], "/x"),
    ("", "/x"),
    (None, "/x"),
]


@pytest.mark.parametrize("params, target", PARAMS, ids=[repr(params) for params, _ in PARAMS])
def test_params(mpy, peer, params, target):
    assert sent(mpy, peer, "mrequests.get(base + '/x', params=params)", params=params).target == target


def test_params_follow_the_query_of_the_url(mpy, peer):
    assert sent(mpy, peer, "mrequests.get(base + '/x?a=1#f', params={'b': '2'})").target == "/x?a=1&b=2"


def test_params_cannot_break_the_request_line(mpy, peer):
    assert sent(mpy, peer, "mrequests.get(base, params={'a': '1\\r\\nX-A: 2'})").target == "/?a=1%0D%0AX-A%3A+2"


def test_params_without_a_path(mpy, peer):
    assert sent(mpy, peer, "mrequests.get(base, params={'b': '2'})").target == "/?b=2"


# Subclasses of list and tuple count as sequences.
DERIVED = {
    "list": "class L(list): pass",
    "tuple": "class L(tuple): pass",
    "namedtuple": "from collections import namedtuple\nL = lambda items: namedtuple('P', 'a b')(*items)",
}


@pytest.mark.parametrize("derive", DERIVED.values(), ids=DERIVED.keys())
def test_pairs_that_derive_from_a_sequence(mpy, peer, derive):
    given = "headers=[L(['X-A', '1'])], params=[L(['b', '2'])], timeout=L([5, 5]), auth=L(['u', 'p'])"
    call = f"mrequests.post(base, {given}, data=L([('c', '3'), ('d', '4')]))"
    request = sent(mpy, peer, f"{derive}\n{call}")
    assert (request.get("X-A"), request.target) == ("1", "/?b=2")
    assert (request.get("Authorization"), request.body) == ("Basic dTpw", b"c=3&d=4")


def test_fields_of_a_dict_that_derives_from_dict(mpy, peer):
    call = "class D(dict): pass\nmrequests.get(base, headers=D({'X-A': '1'}), auth=D({'X-B': '2'}))"
    request = sent(mpy, peer, call)
    assert (request.get("X-A"), request.get("X-B")) == ("1", "2")


# Refused arguments: the peer at `base` must not see a connection.

WRONG_VALUES = [
    "mrequests.request('', base)",
    "mrequests.request('GET /', base)",
    "mrequests.request('GET\\r\\nX: 1', base)",
    "mrequests.request('G\u00cbT', base)",
    "mrequests.get(base + '/a\\r\\nX-Injected: 1')",
    "mrequests.get(base + '/a\\nb')",
    "mrequests.get(base + '/a\\rb')",
    "mrequests.get(base + '/a\\0b')",
    "mrequests.get(base + '/#\\r\\n')",
    "mrequests.get(base.replace('127', '127\\r\\n'))",
    "mrequests.get('/path')",
    "mrequests.get(base[5:])",
    "mrequests.get('')",
    "mrequests.get('http:///x')",
    "mrequests.get('ftp' + base[4:])",
    "mrequests.get('http://a b/')",
    "mrequests.get('http://[::1/')",
    "mrequests.get('http://127.0.0.1\\\\@evil/')",
    "mrequests.get('http://127.0.0.1:0/')",
    "mrequests.get('http://127.0.0.1:65536/')",
    "mrequests.get('http://127.0.0.1:99999999999999999999/')",
    "mrequests.get('http://127.0.0.1:http/')",
    "mrequests.get('http://127.0.0.1:-80/')",
    "mrequests.get(base, headers={'': '1'})",
    "mrequests.get(base, headers={'X A': '1'})",
    "mrequests.get(base, headers={'X-A:': '1'})",
    "mrequests.get(base, headers={'X\\r\\nX-Injected': '1'})",
    "mrequests.get(base, headers={b'X\\xff': '1'})",
    "mrequests.get(base, headers={'X-A': '1\\r\\nX-Injected: 1'})",
    "mrequests.get(base, headers={'X-A': b'1\\n2'})",
    "mrequests.get(base, headers={'X-A': b'1\\r2'})",
    "mrequests.get(base, headers={'X-A': b'1\\x002'})",
    "mrequests.get(base, headers={'Host': 'a\\r\\nX: 1'})",
    "mrequests.get(base, auth=lambda: {'Authorization': 'a\\r\\nX: 1'})",
    "mrequests.post(base, data=b'12345', headers={'Content-Length': '4'})",
    "mrequests.post(base, data=b'12345', headers={'Content-Length': 6})",
    "mrequests.post(base, data=b'12345', headers={'Content-Length': 'five'})",
    "mrequests.post(base, headers={'Content-Length': '5'})",
    "mrequests.post(base, data='x', encoding='no-such-charset')",
    "mrequests.post(base, data='\u20ac', encoding='latin-1')",
    "mrequests.post(base, json={}, encoding='utf-8\\r\\nX: 1')",
    "mrequests.get(base, timeout=-1)",
    "mrequests.get(base, timeout=(1, -1))",
    "mrequests.get(base, timeout=(1, 1, 1))",
    "mrequests.get(base, timeout=float('nan'))",
    "mrequests.get(base, deadline=-1)",
]


def test_wrong_values(mpy, peer):
    server = peer(response(), repeat=True)
    assert kinds(mpy, WRONG_VALUES, base=server.url) == dict.fromkeys(WRONG_VALUES, "ValueError")
    assert server.connections == []


# Each error text covers several mistakes.
INVALID_URL = "invalid URL: must be absolute, without line breaks and NUL"
NEGATIVE = "timeout and deadline must be 0 or more"
TEXTS = {
    "mrequests.get('/path')": INVALID_URL,
    "mrequests.get(base + '/a\\r\\nb')": INVALID_URL,
    "mrequests.get(base + '/a\\0b')": INVALID_URL,
    "mrequests.get(base, params='a\\nb')": INVALID_URL,
    "mrequests.parse_url('a\\nb')": INVALID_URL,
    "mrequests.get(base, timeout=-1)": NEGATIVE,
    "mrequests.get(base, deadline=-1)": NEGATIVE,
    "mrequests.get(base, timeout=(1, float('nan')))": NEGATIVE,
}


def test_texts_of_wrong_values(mpy):
    raised = errors(mpy, TEXTS, base="http://127.0.0.1:9")
    assert raised == {call: ("ValueError", None, text) for call, text in TEXTS.items()}


WRONG_TYPES = [
    "mrequests.request(None, base)",
    "mrequests.request(5, base)",
    "mrequests.get(None)",
    "mrequests.get(5)",
    "mrequests.get()",
    "mrequests.get(base, no_such_keyword=1)",
    "mrequests.post(base, data=42)",
    "mrequests.post(base, data=1.5)",
    "mrequests.post(base, data=True)",
    "mrequests.post(base, data=object())",
    "mrequests.post(base, data=[1, 2])",
    "mrequests.get(base, headers=5)",
    "mrequests.get(base, headers='X-A: 1')",
    "mrequests.get(base, headers=['X-A'])",
    "mrequests.get(base, headers={5: '1'})",
    "mrequests.get(base, headers={None: '1'})",
    "mrequests.get(base, headers={'X-A': ['1']})",
    "mrequests.get(base, headers={'X-A': 1.5})",
    "mrequests.get(base, params=5)",
    "mrequests.get(base, auth=5)",
    "mrequests.get(base, auth=(1, 2))",
    "mrequests.get(base, auth=lambda: 5)",
    "mrequests.post(base, data='x', encoding=5)",
    "mrequests.get(base, timeout='1')",
    "mrequests.get(base, deadline='1')",
    "mrequests.get(base, max_redirects='1')",
    "mrequests.get(base, response_class=5)",
    "mrequests.get('https' + base[4:], ssl_context=5)",
]


def test_wrong_types(mpy, peer):
    server = peer(response(), repeat=True)
    assert kinds(mpy, WRONG_TYPES, base=server.url) == dict.fromkeys(WRONG_TYPES, "TypeError")
    assert server.connections == []


def test_auth_that_is_no_pair(mpy, peer):
    server = peer(response(), repeat=True)
    calls = [f"mrequests.get(base, auth={auth})" for auth in ("('user',)", "('a', 'b', 'c')", "()")]
    assert kinds(mpy, calls, base=server.url) == dict.fromkeys(calls, "ValueError")
    assert server.connections == []


def test_callbacks_run_before_the_connection(mpy, peer):
    server = peer(response(), repeat=True)
    raised = mpy.error(
        """
    def credentials():
        raise RuntimeError("no credentials today")
    mrequests.get(base, auth=credentials)
    """,
        base=server.url,
    )
    assert (raised.kind, raised.text) == ("RuntimeError", "no credentials today")
    assert server.connections == []


def test_headers_argument_is_not_changed(mpy, peer):
    server = peer(response(), repeat=True)
    shown = mpy(
        """
    headers = {"X-A": "1"}
    mrequests.post(base, json={}, headers=headers, auth=("u", "p"))
    pairs = [("X-A", "1")]
    mrequests.post(base, json={}, headers=pairs, auth=("u", "p"))
    show(headers, pairs)
    """,
        base=server.url,
    )
    assert shown == ({"X-A": "1"}, [("X-A", "1")])


def test_a_call_leaves_nothing_for_the_next(mpy, peer):
    server = peer(response(), repeat=True)
    mpy.run(
        "mrequests.post(base, json={'a': 1}, auth=('u', 'p'), encoding='utf-8')\nmrequests.get(base)", base=server.url
    )
    first, second = server.requests
    assert first.get("Authorization") and first.get("Content-Type")
    assert [name for name, _ in second.fields if name not in ("Host", "User-Agent", "Connection")] == []
