"""urlencode, urlunquote and urlparseqs, compared with CPython's urllib.parse where both agree."""

import functools
import urllib.parse

import pytest

from support.snippets import kinds

TEXTS = [
    "",
    "abcXYZ019",
    "-._~",
    "!*'();:@&=+$,/?#[]",
    "a b  c",
    "100%",
    "/a/b",
    "\x00\t\r\n\x7f",
    "z\u00fcrich",
    "\u20ac \U0001f600",
    '"<>\\^`{|}',
    "a b/\u00fc" * 200,
]
FUNCTIONS = ["quote", "quote_plus"]


def table(mpy, module, expression, expected, inputs):
    """Evaluates an expression of `x` for each input in one run, and compares the results."""
    shown = mpy(f"from mrequests.{module} import *\nshow([({expression}) for x in inputs])", inputs=list(inputs))
    assert list(zip(inputs, shown, strict=True)) == [(x, expected(x)) for x in inputs]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_quote(mpy, name):
    table(mpy, "urlencode", f"{name}(x)", getattr(urllib.parse, name), TEXTS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_quote_safe(mpy, name):
    text = "a b/c:d+e~f!g%"
    safe = ["", "/", "/:", " ", "+", "~!", "abc"]
    expression = f"{name}({text!r}, x), {name}({text!r}, safe=x)"
    table(mpy, "urlencode", expression, lambda x: (getattr(urllib.parse, name)(text, x),) * 2, safe)


@pytest.mark.parametrize("name", ["quote", "quote_plus", "quote_from_bytes"])
def test_quote_bytes(mpy, name):
    table(mpy, "urlencode", f"{name}(x)", getattr(urllib.parse, name), [b"", b"abc", bytes(range(256)), b"/ ~"])


@pytest.mark.parametrize("safe, expected", [("", "a%2Fb%20c"), (" ", "a%2Fb c")])
def test_quote_from_bytes_safe(mpy, safe, expected):
    assert mpy("from mrequests.urlencode import quote_from_bytes as q\nshow(q(b'a/b c', safe))", safe=safe) == expected


def test_quote_of_something_else(mpy):
    calls = ["quote(5)", "quote(None)", "quote_plus(5)", "quote_from_bytes('text')", "quote_from_bytes(5)"]
    assert kinds(mpy, calls, "from mrequests.urlencode import *") == dict.fromkeys(calls, "TypeError")


def test_clear_cache(mpy):
    shown = mpy("from mrequests.urlencode import clear_cache, quote\nquote('a b')\nshow(clear_cache(), quote('a b'))")
    assert shown == (None, "a%20b")


QUERIES = [
    {"a": "1"},
    [("a", "1"), ("b", "2"), ("a", "3")],
    (("a", "1"), ("b", "2")),
    {},
    [],
    [("a", "")],
    [("a b", "c&d=e"), ("/?", "+%")],
    [(b"k\xff", b"v \xfe")],
    [("i", 5), ("n", -3), (7, "x")],
    [("a", None)],
    [("a", True)],
    [("z\u00fc", "\u20ac")],
]


def test_urlencode(mpy):
    table(mpy, "urlencode", "urlencode(x)", urllib.parse.urlencode, QUERIES)


SEQUENCES = [
    [("a", ["1", "2"]), ("b", "3")],
    {"a": ("1", "2 3")},
    [("a", []), ("b", "1")],
    {"a": [1, 2]},
    [("a", b"12")],
    [("a", "12")],
]


def test_urlencode_doseq(mpy):
    expression = "urlencode(x, True), urlencode(x, doseq=True)"
    table(mpy, "urlencode", expression, lambda x: (urllib.parse.urlencode(x, True),) * 2, SEQUENCES)


def test_urlencode_safe(mpy):
    shown = mpy("from mrequests.urlencode import urlencode\nshow(urlencode([('a/b', 'c/d e')], safe='/'))")
    assert shown == "a/b=c/d+e"


# Subclasses of list and tuple count as sequences.
DERIVED = {
    "list": "class L(list): pass",
    "tuple": "class L(tuple): pass",
    "namedtuple": "from collections import namedtuple\nL = lambda items: namedtuple('P', 'a b')(*items)",
}


@pytest.mark.parametrize("derive", DERIVED.values(), ids=DERIVED.keys())
def test_urlencode_of_what_derives_from_a_sequence(mpy, derive):
    opening = "from mrequests.urlencode import urlencode\n" + derive
    shown = mpy(opening + "\nshow(urlencode(L([L(['a', '1']), L(['b', L(['2', '3'])])]), True))")
    assert shown == "a=1&b=2&b=3"


# __str__ of a value runs while urlencode writes the form.
CHANGES = {
    "name": ("urlencode([(buf, Value())])", "%E9" * 100 + "=v"),
    "name-of-several": ("urlencode([(buf, [Value(), Value()])], True)", "&".join(["%E9" * 100 + "=v"] * 2)),
    "safe": ("urlencode([('a', Value()), (b'\\xe9/', '')], safe=buf)", "a=v&%E9%2F="),
}


@pytest.mark.parametrize("call, expected", CHANGES.values(), ids=CHANGES.keys())
def test_urlencode_is_not_disturbed_by_the_text_of_a_value(mpy, call, expected):
    shown = mpy(
        f"""
    from mrequests.urlencode import urlencode

    class Value:
        def __str__(self):
            buf.extend(b"x" * 1000)
            gc.collect()
            self.kept = [b"/" * (80 + n) for n in range(40)]
            return "v"

    buf = bytearray(b"\\xe9" * 100)
    show({call})
    """
    )
    assert shown == expected


def test_urlencode_of_a_dict_that_changes_meanwhile(mpy):
    text = mpy(
        """
    from mrequests.urlencode import urlencode

    class Value:
        def __str__(self):
            for n in range(100):
                query[n] = b"new"
            gc.collect()
            return "v"

    class Clearing:
        def __str__(self):
            query.clear()
            gc.collect()
            return "v"

    query = {"a": Value(), "b": "2"}
    grown = urlencode(query)
    query["c"] = Clearing()
    show(grown, urlencode(query))
    """
    )
    for query in text:
        names = {name for name, _ in urllib.parse.parse_qsl(query, strict_parsing=True)}
        assert names <= {"a", "b", "c", *map(str, range(100))}


NO_QUERIES = {
    "urlencode(5)": "TypeError",
    "urlencode(None)": "TypeError",
    "urlencode(['ab', 'c'])": "TypeError",
    "urlencode([1, 2])": "TypeError",
    "urlencode([('a',)])": "ValueError",
}


def test_urlencode_of_something_else(mpy):
    assert kinds(mpy, NO_QUERIES, "from mrequests.urlencode import urlencode") == NO_QUERIES


QUOTED = [
    "",
    "abc",
    "%41%2F%C3%BC",
    "%2f%c3%bc",
    "100%25",
    "a+b%2B",
    "100%",
    "%4",
    "%zz%4z",
    "%2541",
    "%00",
    "%E2%82%AC%F0%9F%98%80",
    "\u20ac%20\u00fc",
    "%20a" * 500,
]


def test_unquote(mpy):
    table(mpy, "urlunquote", "unquote(x)", urllib.parse.unquote, QUOTED)


@pytest.mark.parametrize("call", ["unquote(5)", "unquote(None)"])
def test_unquote_of_something_else(mpy, call):
    assert mpy.error(f"from mrequests.urlunquote import unquote\n{call}").kind == "TypeError"


QUERY_STRINGS = [
    "",
    "a=1",
    "a=1&b=2&a=3",
    "a%20b=c%26d&e=f+g",
    "a=b=c",
    "a=1;b=2",
    "&&a=1&&b=2&",
    "a=&b=2",
    "a&b=2",
    "=1&b=2",
    "z%C3%BC=%E2%82%AC",
    "a=%zz&b=%",
    "a=1%2B1",
    "&".join(f"k{n}={n}" for n in range(100)),
]


@pytest.mark.parametrize("blanks", [False, True], ids=["", "blanks"])
@pytest.mark.parametrize("name", ["parse_qsl", "parse_qs"])
def test_parse(mpy, name, blanks):
    expected = functools.partial(getattr(urllib.parse, name), keep_blank_values=blanks)
    table(mpy, "urlparseqs", f"{name}(x, keep_blank_values={blanks})", expected, QUERY_STRINGS)


def test_parse_defaults(mpy):
    shown = mpy(
        "from mrequests.urlparseqs import parse_qsl, parse_qs\nshow(parse_qsl('a=1&b='), parse_qs('a=1&a=2&b='))"
    )
    assert shown == ([("a", "1")], {"a": ["1", "2"]})


@pytest.mark.parametrize("name", ["parse_qsl", "parse_qs"])
def test_strict_parsing(mpy, name):
    opening = f"from mrequests.urlparseqs import {name}\n"
    assert mpy.error(opening + f"{name}('a=1&b', strict_parsing=True)").kind == "ValueError"
    assert mpy(opening + f"show(len({name}('a=1&b=2', strict_parsing=True)))") == 2


def test_there_and_back(mpy):
    pairs = [("a b", "c&d"), ("z\u00fc", "\u20ac=+%"), ("a b", "again")]
    shown = mpy(
        """
    from mrequests.urlencode import urlencode
    from mrequests.urlparseqs import parse_qsl
    show(parse_qsl(urlencode(pairs)))
    """,
        pairs=pairs,
    )
    assert shown == pairs
