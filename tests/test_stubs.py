"""The typing stubs of python/stubs against the real module, and against mypy."""

import ast
import functools
import os
import pathlib
import subprocess
import sys

import pytest

from support.messages import response

PYTHON = pathlib.Path(__file__).resolve().parent.parent / "python"
STUBS = PYTHON / "stubs" / "mrequests"
EXAMPLES = PYTHON / "examples"

NEEDS_TLS = functools.partial(pytest.param, marks=pytest.mark.needs("tls"))

# Underscore names that scripts use. Others in the stubs only name types.
PRIVATE = {"_sf", "_sock", "_content_size", "_chunk_size", "_cached", "_parse_header"}


def stub(name="__init__"):
    """Returns the statements of a stub file."""
    return ast.parse((STUBS / f"{name}.pyi").read_text()).body


def stub_class(name):
    """Returns the statements of a class in the main stub."""
    return next(node.body for node in stub() if isinstance(node, ast.ClassDef) and node.name == name)


def is_checked(name):
    """Tells whether both the stub and the module must have a name."""
    return not name.startswith("_") or name in PRIVATE


def declared(body):
    """Returns the names that a stub, or a class in it, defines."""
    names = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            names.add(node.target.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            # Only `import a as a` exports a name (PEP 484).
            names.update(alias.asname for alias in node.names if alias.asname == alias.name)
    return set(filter(is_checked, names))


def function(body, name):
    """Returns the last definition of a function, the one with all parameters."""
    return [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name][-1]


def parameters(body, name):
    """Returns the number of a function's positional-only parameters, and the names of the others, without self."""
    arguments = function(body, name).args
    positional = [each.arg for each in arguments.posonlyargs if each.arg != "self"]
    return len(positional), [each.arg for each in arguments.args + arguments.kwonlyargs if each.arg != "self"]


def found(mpy, expression, **names):
    """Returns the names that an object has in the interpreter."""
    return set(filter(is_checked, mpy(f"show(dir({expression}))", **names)))


@pytest.mark.parametrize("path", [NEEDS_TLS("__init__"), "urlencode", "urlunquote", "urlparseqs"])
def test_names_of_a_module(mpy, path):
    name = "mrequests" if path == "__init__" else f"mrequests.{path}"
    assert declared(stub(path)) == found(mpy, name)


def test_every_submodule_has_a_stub():
    modules = {"__init__", "urlencode", "urlunquote", "urlparseqs"}
    assert {path.stem for path in STUBS.glob("*.pyi")} == modules
    assert (STUBS / "py.typed").exists()


def test_names_of_a_response(mpy, peer):
    server = peer(response(b"body"))
    assert declared(stub_class("Response")) == found(mpy, "mrequests.get(url)", url=server.url)


def test_methods_of_the_response_class(mpy):
    methods = {
        node.name
        for node in stub_class("Response")
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and is_checked(node.name)
    }
    assert methods == found(mpy, "mrequests.Response")


def test_special_methods_of_a_response(mpy, peer):
    special = {
        node.name for node in stub_class("Response") if isinstance(node, ast.FunctionDef) and node.name.startswith("__")
    }
    assert special == {"__init__", "__enter__", "__exit__", "__iter__", "__next__"}
    server = peer(response(b"a\nb\nc\n"))
    assert mpy(
        """
        with mrequests.get(url) as r:
            show(iter(r) is r, next(r), [line for line in r])
        """,
        url=server.url,
    ) == (True, b"a\n", [b"b\n", b"c\n"])


def test_names_of_the_headers(mpy, peer):
    server = peer(response(b"body"))
    names = declared(stub_class("_Headers")) | found(mpy, "[]")
    assert names == found(mpy, "mrequests.get(url, save_headers=True).headers", url=server.url)


def test_names_of_a_request_context(mpy):
    assert declared(stub_class("RequestContext")) == found(mpy, "mrequests.RequestContext('http://h/', 'GET')")


@pytest.mark.needs("tls")
def test_names_of_a_tls_context(mpy):
    assert declared(stub_class("TLSContext")) == found(mpy, "mrequests.TLSContext()")


@pytest.mark.needs("fileno")
def test_names_of_a_tls_socket(mpy, peer, server_tls):
    names = mpy(
        """
        import socket
        sock = socket.socket()
        sock.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        context = mrequests.TLSContext()
        context.verify_mode = context.CERT_NONE
        show(dir(context.wrap_socket(sock)))
        """,
        port=peer(b"", tls=server_tls).port,
    )
    assert declared(stub_class("_TLSSocket")) == set(filter(is_checked, names))


# A keyword value for every parameter.
REQUEST = {
    "method": "GET",
    "data": b"x",
    "json": [1],
    "headers": {"A": "b"},
    "auth": ("joe", "secret"),
    "encoding": "utf-8",
    "save_headers": True,
    "max_redirects": 2,
    "timeout": 5.0,
    "ssl_context": None,
    "params": {"a": "b"},
    "allow_redirects": False,
    "deadline": 5.0,
    "verify": False,
    "cert": None,
}


def test_parameters_of_request_by_name(mpy, peer):
    count, names = parameters(stub(), "request")
    assert (count, set(names)) == (0, {*REQUEST, "url", "response_class"})
    server = peer(response(b"body"))
    assert (
        mpy(
            "show(mrequests.request(url=url, response_class=mrequests.Response, **rest).content)",
            url=server.url,
            rest=REQUEST,
        )
        == b"body"
    )


@pytest.mark.parametrize("name", ["request", "head", "get", "post", "put", "patch", "delete", "options"])
def test_each_parameter_is_taken_and_others_are_not(mpy, peer, name):
    names = set(parameters(stub(), "request")[1]) - {"method", "url"}
    first = ["GET"] if name == "request" else []
    accepted, refused = mpy(
        """
        def call(**kw):
            return attempt(lambda: getattr(mrequests, name)(*first, url=url, **kw).close())

        rest["response_class"] = mrequests.Response
        show([key for key in sorted(rest) if call(**{key: rest[key]}) is None], call(no_such_thing=1)[0])
        """,
        name=name,
        first=first,
        url=peer(response(b""), repeat=True).url,
        rest={key: value for key, value in REQUEST.items() if key != "method"},
    )
    assert accepted == sorted(names)
    assert refused == "TypeError"


def test_keywords_of_get_and_the_others_are_those_of_request():
    keywords = {node.target.id for name in ("_Keywords", "_Late") for node in stub_class(name)}
    assert keywords == set(parameters(stub(), "request")[1]) - {"method", "url", "response_class"}


def test_order_of_the_positional_parameters_of_request(mpy, peer):
    arguments = function(stub(), "request").args
    assert [argument.arg for argument in arguments.args] == [
        "method",
        "url",
        "data",
        "json",
        "headers",
        "auth",
        "encoding",
        "response_class",
        "save_headers",
        "max_redirects",
        "timeout",
        "ssl_context",
    ]
    # Each value changes the request or the response, or is refused in another place.
    server = peer(response(b"body"), repeat=True)
    assert mpy(
        """
        class Sub(mrequests.Response):
            pass

        given = ("PUT", url, "\\u00e9", None, {"A": "b"}, ("joe", "secret"), "latin-1", Sub, True, 0, 5.0, None)
        r = mrequests.request(*given)
        show(type(r) is Sub, len(r.headers), attempt(lambda: mrequests.request(*given, None))[0])
        """,
        url=server.url,
    ) == (True, 1, "TypeError")
    request = server.request
    assert (request.method, request.body, request.get("A")) == ("PUT", "é".encode("latin-1"), "b")
    assert request.get("Authorization") == "Basic am9lOnNlY3JldA=="


CODING = {"encoding": "utf-8", "errors": "replace"}
PARSING = {
    "qs": "a=1&b=",
    "keep_blank_values": True,
    "strict_parsing": True,
    **CODING,
    "max_num_fields": 2,
    "separator": "&",
}

# Calls with every parameter: (where, function, by position, by name, result).
CALLS = [
    ("__init__", "parse_url", ["http://h/p"], {}, ("http", "h", None, "/p")),
    ("__init__", "set_ca", [None], {}, None),
    ("__init__", "encode_basic_auth", ["joe", "secret"], {}, {b"Authorization": b"Basic am9lOnNlY3JldA=="}),
    ("urlencode", "quote", [], {"string": "a b/", "safe": "", **CODING}, "a%20b%2F"),
    ("urlencode", "quote_plus", [], {"string": "a b/", "safe": "/", **CODING}, "a+b/"),
    ("urlencode", "quote_from_bytes", [], {"bs": b"a b/", "safe": ""}, "a%20b%2F"),
    ("urlencode", "urlencode", [], {"query": {"a": ["b", "c/"]}, "doseq": True, "safe": "/", **CODING}, "a=b&a=c/"),
    ("urlencode", "clear_cache", [], {}, None),
    ("urlunquote", "unquote", [], {"string": "a%20b", **CODING}, "a b"),
    ("urlparseqs", "parse_qsl", [], PARSING, [("a", "1"), ("b", "")]),
    ("urlparseqs", "parse_qs", [], PARSING, {"a": ["1"], "b": [""]}),
]


@pytest.mark.parametrize(
    "where, name, first, named, result",
    [NEEDS_TLS(*call, id=call[1]) if call[1] == "set_ca" else pytest.param(*call, id=call[1]) for call in CALLS],
)
def test_parameters_of_a_function(mpy, where, name, first, named, result):
    assert parameters(stub(where), name) == (len(first), list(named))
    path = f"mrequests.{name}" if where == "__init__" else f"mrequests.{where}.{name}"
    assert mpy(
        f"show({path}(*first, **named), {path}(*first, *values))",
        first=first,
        named=named,
        values=list(named.values()),
    ) == (result, result)


def test_every_function_is_called():
    requests = {"request", "head", "get", "post", "put", "patch", "delete", "options"}
    functions = {
        node.name
        for path in STUBS.glob("*.pyi")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }
    assert functions - requests == {call[1] for call in CALLS}


# Calls of the methods of a response whose body is b"body", with every parameter.
METHODS = [
    ("json", "", ValueError),
    ("read", "size=3", b"bod"),
    ("readinto", "buf=bytearray(9), size=3", 3),
    ("save", "fn='saved', buf=bytearray(9), chunk_size=3", 4),
    ("saveinto", "fobj=io.BytesIO(), buf=bytearray(9), chunk_size=3", 4),
    ("saveto", "fobj=io.BytesIO(), buf=bytearray(9), chunk_size=3", 4),
    ("iter_content", "chunk_size=3", [b"bod", b"y"]),
    ("iter_lines", "", [b"body"]),
    ("raise_for_status", "", None),
    ("close", "", None),
    ("add_header", "b'A: b\\r\\n'", None),
    ("_parse_header", "b'A: b\\r\\n'", None),
]


@pytest.mark.parametrize("name, arguments, result", METHODS, ids=[call[0] for call in METHODS])
def test_parameters_of_a_response_method(mpy, peer, name, arguments, result):
    given = ast.parse(f"f({arguments})", mode="eval").body
    assert parameters(stub_class("Response"), name) == (len(given.args), [word.arg for word in given.keywords])
    server = peer(response(b"body"))
    call = f"mrequests.get(url).{name}({arguments})"
    if result is ValueError:
        assert mpy(f"show(attempt(lambda: {call}))", url=server.url)[0] == "ValueError"
    elif isinstance(result, list):
        assert mpy(f"show(list({call}))", url=server.url) == result
    else:
        assert mpy(f"show({call})", url=server.url) == result


def test_every_method_of_a_response_is_called():
    methods = {
        node.name
        for node in stub_class("Response")
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and is_checked(node.name)
    }
    # These two take positional-only parameters, as other streams do.
    assert methods - {"readline", "readlines"} == {name for name, _, _ in METHODS}


def test_parameters_of_the_classes(mpy):
    assert parameters(stub_class("Response"), "__init__") == (0, ["sock", "sockfile", "save_headers"])
    assert parameters(stub_class("RequestContext"), "__init__") == (0, ["url", "method"])
    assert parameters(stub_class("RequestContext"), "set_location") == (2, [])
    assert mpy(
        """
        body = io.BytesIO(b"body")
        r = mrequests.Response(sock=body, sockfile=body, save_headers=True)
        c = mrequests.RequestContext(url="http://h/a", method="GET")
        c.set_location(302, b"/b")
        show(list(r.headers), c.url)
        """
    ) == ([], "http://h/b")


# Stubs for MicroPython modules that typeshed lacks.
DEFLATE = """
from typing import Protocol

class _Stream(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...

AUTO: int

class DeflateIO:
    def __init__(self, stream: _Stream, format: int = ..., wbits: int = ..., close: bool = ...) -> None: ...
    def read(self, size: int = ..., /) -> bytes: ...
"""

# Correct and wrong uses: mypy --strict also reports unused ignore comments.
USES = """
import io
import json
import ssl
from typing import Any, Iterator, Union
from typing_extensions import assert_type

import mrequests
from mrequests import Response, get
from mrequests import mrequests as requests
from mrequests.urlencode import quote, urlencode
from mrequests.urlparseqs import parse_qs, parse_qsl
from mrequests.urlunquote import unquote

class Sub(Response):
    extra = 1

def pieces() -> Iterator[bytes]:
    yield b"piece"

URL = "http://h/"
assert_type(requests.get(URL), Response)
assert_type(get(URL, response_class=Sub), Sub)
assert_type(mrequests.request("GET", URL, response_class=Sub).extra, int)
assert_type(mrequests.request("POST", URL, b"data", None, {}, None, "utf-8", deadline=2.5), Response)

fields: dict[str, str] = {}
get(URL, headers=fields, params=fields, data=fields, auth=("joe", b"secret"))
get(URL, headers={b"Length": 5, b"Host": None}, params=b"a=b", data="text", auth=lambda: (b"joe", b"secret"))
get(URL, headers=[("A", b"b"), (b"A", 5)], params=[("a", 1)], data=[("a", 1)], auth=lambda: {b"Authorization": b"x"})
get(URL, headers=None, params=None, data=pieces(), timeout=5, deadline=None)
get(URL, data=io.BytesIO(b"data"), timeout=(1, None), ssl_context=ssl.create_default_context())
get(URL, data=open("file", "rb"), timeout=0.5)
get(URL, data=memoryview(b"data"), json={"a": [1, None]}, save_headers=True, allow_redirects=False)

with get(URL, response_class=Sub) as r:
    assert_type(r, Sub)
    assert_type(r.status_code, int)
    assert_type(r.reason, bytes)
    assert_type(r.content, bytes)
    assert_type(r.text, str)
    assert_type(r.json(), Any)
    assert_type(r.content_length, Union[int, None])
    assert_type(r.read(5), bytes)
    assert_type(r.readinto(bytearray(5)), int)
    assert_type(r.save("file", memoryview(bytearray(5))), int)
    assert_type(r.saveinto(io.BytesIO()), int)
    assert_type(r.history, list[tuple[int, str]])
    assert_type([line for line in r], list[bytes])
    json.load(r)
    if r.headers is not None:
        assert_type(r.headers["Content-Type"], bytes)
        assert_type(r.headers[0], bytes)
        assert_type(r.headers.get(b"Content-Type"), Union[bytes, None])
        assert_type(r.headers.get("Age", 0), Union[bytes, int])
        assert_type(r.headers.get_all("Set-Cookie"), list[bytes])
        assert_type([line for line in r.headers], list[bytes])

assert_type(mrequests.encode_basic_auth("joe", b"secret"), dict[bytes, bytes])
assert_type(mrequests.parse_url(URL)[3], str)
assert_type(urlencode({"a": [1, 2]}, doseq=True) + quote("a b") + unquote("a%20b"), str)
assert_type(parse_qsl("a=1"), list[tuple[str, str]])
assert_type(parse_qs(b"a=1"), dict[bytes, list[bytes]])

get(URL, data=42)  # type: ignore
get(URL, headers=5)  # type: ignore
get(URL, headers={"A": 1.5})  # type: ignore
get(URL, auth="joe:secret")  # type: ignore
get(URL, timeout="5")  # type: ignore
get(URL, no_such_thing=1)  # type: ignore
get(URL, None, b"data")  # type: ignore
get(URL, response_class=dict)  # type: ignore
get(URL).readinto(b"fixed")  # type: ignore
get(URL).headers["A"]  # type: ignore
"""


@pytest.fixture(scope="session")
def mypy(tmp_path_factory):
    """Runs mypy --strict and returns what it reports."""
    directory = tmp_path_factory.mktemp("mypy")
    (directory / "deflate.pyi").write_text(DEFLATE)

    def run(*files):
        process = subprocess.run(
            [
                sys.executable,
                "-m",
                "mypy",
                "--strict",
                "--no-error-summary",
                "--hide-error-context",
                "--cache-dir",
                directory / "cache",
                *files,
            ],
            cwd=directory,
            env=dict(os.environ, MYPYPATH=f"{STUBS.parent}{os.pathsep}{directory}"),
            capture_output=True,
            text=True,
        )
        return process.stdout + process.stderr

    return run


def test_mypy_accepts_the_stubs(mypy):
    assert mypy(*sorted(STUBS.glob("*.pyi"))) == ""


def test_mypy_accepts_good_uses_and_refuses_wrong_ones(mypy, tmp_path):
    (tmp_path / "uses.py").write_text(USES)
    assert mypy(tmp_path / "uses.py") == ""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_mypy_accepts_an_example(mypy, path):
    assert mypy(path) == ""
