"""The names of the module and its import forms."""

import pytest

from support.snippets import kinds

IMPORT_FORMS = [
    "import mrequests; f = mrequests.get",
    "import mrequests as requests; f = requests.get",
    "from mrequests import get as f",
    "from mrequests import mrequests as requests; f = requests.get",
    "from mrequests import mrequests; f = mrequests.request",
    "from mrequests import Response as f",
    "from mrequests.urlencode import urlencode as f",
    "from mrequests.urlencode import quote, quote_plus, quote_from_bytes, clear_cache as f",
    "from mrequests.urlunquote import unquote as f",
    "from mrequests.urlparseqs import parse_qsl, parse_qs as f",
    "import mrequests.urlencode; f = mrequests.urlencode.quote",
    "import mrequests.urlencode as urlencode; f = urlencode.quote",
    "from mrequests import urlencode; f = urlencode.quote",
]


def test_import_forms(mpy):
    source = "".join(f"{form}\nfound.append(callable(f))\n" for form in IMPORT_FORMS)
    shown = mpy(f"found = []\n{source}show(found)")
    assert dict(zip(IMPORT_FORMS, shown, strict=True)) == dict.fromkeys(IMPORT_FORMS, True)


def test_module_is_an_attribute_of_itself(mpy):
    assert mpy("show(mrequests.mrequests is mrequests)") is True


def test_names_of_the_module(mpy):
    names = [
        "request",
        "head",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "options",
        "Response",
        "RequestContext",
        "parse_url",
        "encode_basic_auth",
        "MAX_READ_SIZE",
    ]
    assert mpy("show([n for n in names if not hasattr(mrequests, n)])", names=names) == []


@pytest.mark.needs("socket")
def test_socket_is_the_socket_module(mpy):
    assert mpy("import socket\nshow(mrequests.socket is socket)") is True


def test_max_read_size(mpy):
    assert mpy("show(mrequests.MAX_READ_SIZE)") == 4096


PARSED_URLS = {
    "http://host:8888/foo/bar#spamm": ("http", "host", 8888, "/foo/bar#spamm"),
    "//host/foo": (None, "host", None, "/foo"),
    "/foo#x": (None, None, None, "/foo#x"),
    "http://host": ("http", "host", None, "/"),
    "http://host/": ("http", "host", None, "/"),
    "https://host/foo": ("https", "host", None, "/foo"),
    "https://host:8443": ("https", "host", 8443, "/"),
    "//host:8080/foo?q=1": (None, "host", 8080, "/foo?q=1"),
    "foo/bar": (None, None, None, "foo/bar"),
    "?q=1": (None, None, None, "?q=1"),
    "http://host?x=1": ("http", "host", None, "/?x=1"),
    "http://host/a?b=http://other/c": ("http", "host", None, "/a?b=http://other/c"),
    "http://host/a:b@c": ("http", "host", None, "/a:b@c"),
    "HTTP://host/": ("http", "host", None, "/"),
    "http://[::1]:8080/x": ("http", "::1", 8080, "/x"),
    "http://[fe80::1]/": ("http", "fe80::1", None, "/"),
    "http://user:pass@host:81/x": ("http", "host", 81, "/x"),
    "http://host:/x": ("http", "host", None, "/x"),
}


def test_parse_url(mpy):
    assert mpy("show({url: mrequests.parse_url(url) for url in urls})", urls=list(PARSED_URLS)) == PARSED_URLS


def test_parse_url_refuses(mpy):
    urls = ["http://host:x/", "http://host:65536/", "http://host:-1/", "http://h/\r\nx", "http://h/\0"]
    calls = [f"mrequests.parse_url({url!r})" for url in urls]
    assert kinds(mpy, calls) == dict.fromkeys(calls, "ValueError")


def context(mpy, actions, *arguments):
    """Returns the attributes of a RequestContext after `actions`."""
    return mpy(
        "c = mrequests.RequestContext(*arguments)\n"
        + actions
        + "\nshow(dict((n, getattr(c, n)) for n in ('scheme', 'host', 'port', 'path', 'method', 'url', 'redirect')))",
        arguments=list(arguments),
    )


CONTEXTS = [
    ("http://host/foo", dict(scheme="http", host="host", port=80, path="/foo", url="http://host/foo")),
    ("https://host/foo", dict(scheme="https", host="host", port=443, path="/foo", url="https://host/foo")),
    ("http://host:8080/foo", dict(scheme="http", host="host", port=8080, path="/foo", url="http://host:8080/foo")),
    ("http://host", dict(port=80, path="/", url="http://host/")),
    ("http://[::1]:8080/x", dict(host="::1", port=8080, url="http://[::1]:8080/x")),
]


@pytest.mark.parametrize("url, expected", CONTEXTS, ids=[url for url, _ in CONTEXTS])
def test_request_context(mpy, url, expected):
    found = context(mpy, "", url, "GET")
    assert {name: found[name] for name in expected} == expected
    assert not found["redirect"]
    assert found["method"] == "GET"


def test_request_context_wants_an_absolute_url(mpy):
    urls = ["/foo", "//host/foo", "foo", "", "host/foo", "ftp://host/", "http://", "http:///x"]
    calls = [f"mrequests.RequestContext({url!r})" for url in urls]
    assert kinds(mpy, calls) == dict.fromkeys(calls, "ValueError")


LOCATIONS = [
    # method, url, status, location -> followed, method, url
    ("GET", "http://host/a/b", 302, "http://other/x", True, "GET", "http://other/x"),
    ("GET", "http://host/a/b", 301, "/x", True, "GET", "http://host/x"),
    ("GET", "http://host/a/b", 302, "x", True, "GET", "http://host/a/x"),
    ("GET", "http://host/a/b", 302, "x/y", True, "GET", "http://host/a/x/y"),
    ("GET", "http://host/a/b", 302, "../x", True, "GET", "http://host/x"),
    ("GET", "http://host/a/b", 302, "?q=1", True, "GET", "http://host/a/b?q=1"),
    ("GET", "http://host:81/a", 302, "/x", True, "GET", "http://host:81/x"),
    ("GET", "http://host:81/a", 302, "//other/x", True, "GET", "http://other/x"),
    ("GET", "http://host/a", 302, "https://host/x", True, "GET", "https://host/x"),
    ("POST", "http://host/a", 301, "/x", True, "GET", "http://host/x"),
    ("POST", "http://host/a", 302, "/x", True, "GET", "http://host/x"),
    ("POST", "http://host/a", 303, "/x", True, "GET", "http://host/x"),
    ("POST", "http://host/a", 307, "/x", True, "POST", "http://host/x"),
    ("PUT", "http://host/a", 308, "/x", True, "PUT", "http://host/x"),
    ("HEAD", "http://host/a", 302, "/x", True, "HEAD", "http://host/x"),
    ("GET", "http://host/a", 303, "/x", False, "GET", "http://host/a"),
    ("GET", "http://host/a", 200, "/x", False, "GET", "http://host/a"),
    ("GET", "http://host/a", 304, "/x", False, "GET", "http://host/a"),
    ("GET", "https://host/a", 302, "http://host/x", False, "GET", "https://host/a"),
    ("GET", "http://host/a", 65536 + 301, "/x", False, "GET", "http://host/a"),
    ("GET", "http://host/a", 301 - 65536, "/x", False, "GET", "http://host/a"),
]


def test_set_location(mpy):
    shown = mpy(
        """
    def found(method, url, status, location):
        c = mrequests.RequestContext(url, method)
        c.set_location(status, location)
        return bool(c.redirect), c.method, c.url
    show([found(*given) for given in locations])
    """,
        locations=[given for *given, _, _, _ in LOCATIONS],
    )
    assert [(*given, *found) for (*given, _, _, _), found in zip(LOCATIONS, shown, strict=True)] == LOCATIONS


def test_set_location_gives_the_new_scheme_its_port(mpy):
    found = context(mpy, "c.set_location(302, 'https://other/x')", "http://host:8080/a", "GET")
    assert (found["scheme"], found["host"], found["port"], found["path"]) == ("https", "other", 443, "/x")


BASIC = [
    (("user", "password"), b"Basic dXNlcjpwYXNzd29yZA=="),
    ((b"user", b"password"), b"Basic dXNlcjpwYXNzd29yZA=="),
    (("", ""), b"Basic Og=="),
    (("Z\u00fcrich", "\u20ac"), b"Basic WsO8cmljaDrigqw="),
]


@pytest.mark.parametrize("pair, value", BASIC, ids=["str", "bytes", "empty", "utf-8"])
def test_encode_basic_auth(mpy, pair, value):
    assert mpy("show(mrequests.encode_basic_auth(*pair))", pair=pair) == {b"Authorization": value}


def test_encode_basic_auth_is_one_line(mpy):
    value = mpy("show(mrequests.encode_basic_auth('u' * 300, 'p' * 300))")[b"Authorization"]
    assert b"\n" not in value and len(value) == len(b"Basic ") + 804


METHODS = ["head", "get", "post", "put", "patch", "delete", "options"]


@pytest.mark.parametrize("name", METHODS)
def test_method_wrapper(mpy, peer, name):
    server = peer(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert mpy(f"show(mrequests.{name}(url, headers={{'X-A': '1'}}).status_code)", url=server.url) == 204
    assert server.request.method == name.upper()
    assert server.request.get("X-A") == "1"


def test_positional_order_of_request(mpy, peer):
    server = peer(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 0\r\n\r\n")
    order = """
    headers, auth = {"X-B": "2"}, ("u", "p")
    r = mrequests.request("POST", url, b"body", None, headers, auth, "utf-8", mrequests.Response, True, 1, 5.0, None)
    show(list(r.headers))
    """
    assert mpy(order, url=server.url) == [b"X-A: 1", b"Content-Length: 0"]
    assert server.request.body == b"body"
    assert server.request.get("X-B") == "2"
    assert server.request.get("Authorization") == "Basic dTpw"
