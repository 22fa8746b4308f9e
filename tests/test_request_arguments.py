"""Method, URL, params and what is refused before anything is sent (SPEC section 2)."""

import pytest

from support.messages import response
from support.snippets import sent

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


# What derives from list or tuple is one.
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


# Refusals: `base` is the address of a peer, which must not see a connection.

WRONG_VALUES = {
    "method-empty": "mrequests.request('', base)",
    "method-space": "mrequests.request('GET /', base)",
    "method-crlf": "mrequests.request('GET\\r\\nX: 1', base)",
    "method-non-ascii": "mrequests.request('G\u00cbT', base)",
    "url-crlf": "mrequests.get(base + '/a\\r\\nX-Injected: 1')",
    "url-lf": "mrequests.get(base + '/a\\nb')",
    "url-cr": "mrequests.get(base + '/a\\rb')",
    "url-nul": "mrequests.get(base + '/a\\0b')",
    "url-fragment-crlf": "mrequests.get(base + '/#\\r\\n')",
    "url-host-crlf": "mrequests.get(base.replace('127', '127\\r\\n'))",
    "url-relative": "mrequests.get('/path')",
    "url-no-scheme": "mrequests.get(base[5:])",
    "url-empty": "mrequests.get('')",
    "url-no-host": "mrequests.get('http:///x')",
    "url-other-scheme": "mrequests.get('ftp' + base[4:])",
    "url-host-space": "mrequests.get('http://a b/')",
    "url-host-bracket": "mrequests.get('http://[::1/')",
    "url-backslash": "mrequests.get('http://127.0.0.1\\\\@evil/')",
    "port-zero": "mrequests.get('http://127.0.0.1:0/')",
    "port-too-big": "mrequests.get('http://127.0.0.1:65536/')",
    "port-huge": "mrequests.get('http://127.0.0.1:99999999999999999999/')",
    "port-letters": "mrequests.get('http://127.0.0.1:http/')",
    "port-negative": "mrequests.get('http://127.0.0.1:-80/')",
    "header-name-empty": "mrequests.get(base, headers={'': '1'})",
    "header-name-space": "mrequests.get(base, headers={'X A': '1'})",
    "header-name-colon": "mrequests.get(base, headers={'X-A:': '1'})",
    "header-name-crlf": "mrequests.get(base, headers={'X\\r\\nX-Injected': '1'})",
    "header-name-non-ascii": "mrequests.get(base, headers={b'X\\xff': '1'})",
    "header-value-crlf": "mrequests.get(base, headers={'X-A': '1\\r\\nX-Injected: 1'})",
    "header-value-lf": "mrequests.get(base, headers={'X-A': b'1\\n2'})",
    "header-value-cr": "mrequests.get(base, headers={'X-A': b'1\\r2'})",
    "header-value-nul": "mrequests.get(base, headers={'X-A': b'1\\x002'})",
    "host-crlf": "mrequests.get(base, headers={'Host': 'a\\r\\nX: 1'})",
    "auth-header-crlf": "mrequests.get(base, auth=lambda: {'Authorization': 'a\\r\\nX: 1'})",
    "length-too-small": "mrequests.post(base, data=b'12345', headers={'Content-Length': '4'})",
    "length-too-large": "mrequests.post(base, data=b'12345', headers={'Content-Length': 6})",
    "length-no-number": "mrequests.post(base, data=b'12345', headers={'Content-Length': 'five'})",
    "length-without-body": "mrequests.post(base, headers={'Content-Length': '5'})",
    "encoding-unknown": "mrequests.post(base, data='x', encoding='no-such-charset')",
    "encoding-cannot": "mrequests.post(base, data='\u20ac', encoding='latin-1')",
    "encoding-crlf": "mrequests.post(base, json={}, encoding='utf-8\\r\\nX: 1')",
    "timeout-negative": "mrequests.get(base, timeout=-1)",
    "timeout-pair-negative": "mrequests.get(base, timeout=(1, -1))",
    "timeout-triple": "mrequests.get(base, timeout=(1, 1, 1))",
    "timeout-nan": "mrequests.get(base, timeout=float('nan'))",
    "deadline-negative": "mrequests.get(base, deadline=-1)",
}


@pytest.mark.parametrize("call", WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_wrong_value(mpy, peer, call):
    server = peer(response(), repeat=True)
    assert mpy.error(call, base=server.url).kind == "ValueError"
    assert server.connections == []


# Texts that have to be true of several mistakes.
INVALID_URL = "invalid URL: must be absolute, without line breaks and NUL"
NEGATIVE = "timeout and deadline must be 0 or more"
TEXTS = [
    ("mrequests.get('/path')", INVALID_URL),
    ("mrequests.get(base + '/a\\r\\nb')", INVALID_URL),
    ("mrequests.get(base + '/a\\0b')", INVALID_URL),
    ("mrequests.get(base, params='a\\nb')", INVALID_URL),
    ("mrequests.parse_url('a\\nb')", INVALID_URL),
    ("mrequests.get(base, timeout=-1)", NEGATIVE),
    ("mrequests.get(base, deadline=-1)", NEGATIVE),
    ("mrequests.get(base, timeout=(1, float('nan')))", NEGATIVE),
]


@pytest.mark.parametrize("call, text", TEXTS, ids=[call for call, _ in TEXTS])
def test_text_of_a_wrong_value(mpy, call, text):
    raised = mpy.error(call, base="http://127.0.0.1:9")
    assert (raised.kind, raised.text) == ("ValueError", text)


WRONG_TYPES = {
    "method-none": "mrequests.request(None, base)",
    "method-int": "mrequests.request(5, base)",
    "url-none": "mrequests.get(None)",
    "url-int": "mrequests.get(5)",
    "url-missing": "mrequests.get()",
    "keyword-unknown": "mrequests.get(base, no_such_keyword=1)",
    "data-int": "mrequests.post(base, data=42)",
    "data-float": "mrequests.post(base, data=1.5)",
    "data-true": "mrequests.post(base, data=True)",
    "data-object": "mrequests.post(base, data=object())",
    "data-list-of-ints": "mrequests.post(base, data=[1, 2])",
    "headers-int": "mrequests.get(base, headers=5)",
    "headers-str": "mrequests.get(base, headers='X-A: 1')",
    "headers-list-of-str": "mrequests.get(base, headers=['X-A'])",
    "header-name-int": "mrequests.get(base, headers={5: '1'})",
    "header-name-none": "mrequests.get(base, headers={None: '1'})",
    "header-value-list": "mrequests.get(base, headers={'X-A': ['1']})",
    "header-value-float": "mrequests.get(base, headers={'X-A': 1.5})",
    "params-int": "mrequests.get(base, params=5)",
    "auth-int": "mrequests.get(base, auth=5)",
    "auth-of-ints": "mrequests.get(base, auth=(1, 2))",
    "auth-callable-int": "mrequests.get(base, auth=lambda: 5)",
    "encoding-int": "mrequests.post(base, data='x', encoding=5)",
    "timeout-str": "mrequests.get(base, timeout='1')",
    "deadline-str": "mrequests.get(base, deadline='1')",
    "redirects-str": "mrequests.get(base, max_redirects='1')",
    "response-class-int": "mrequests.get(base, response_class=5)",
    "ssl-context-int": "mrequests.get('https' + base[4:], ssl_context=5)",
}


@pytest.mark.parametrize("call", WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_wrong_type(mpy, peer, call):
    server = peer(response(), repeat=True)
    assert mpy.error(call, base=server.url).kind == "TypeError"
    assert server.connections == []


@pytest.mark.parametrize("auth", ["('user',)", "('a', 'b', 'c')", "()"])
def test_auth_that_is_no_pair(mpy, peer, auth):
    server = peer(response(), repeat=True)
    assert mpy.error(f"mrequests.get(base, auth={auth})", base=server.url).kind == "ValueError"
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
