"""urlencode, urlunquote and urlparseqs, with CPython's urllib.parse as the oracle where they agree."""

import urllib.parse

import pytest

TEXTS = {
    "empty": "",
    "plain": "abcXYZ019",
    "unreserved": "-._~",
    "reserved": "!*'();:@&=+$,/?#[]",
    "space": "a b  c",
    "percent": "100%",
    "slash": "/a/b",
    "controls": "\x00\t\r\n\x7f",
    "latin": "z\u00fcrich",
    "wide": "\u20ac \U0001f600",
    "quotes": '"<>\\^`{|}',
    "long": "a b/\u00fc" * 200,
}
FUNCTIONS = ["quote", "quote_plus"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("name", FUNCTIONS)
def test_quote(mpy, name, text):
    expected = getattr(urllib.parse, name)(text)
    assert mpy(f"from mrequests.urlencode import {name}\nshow({name}(text))", text=text) == expected


@pytest.mark.parametrize("safe", ["", "/", "/:", " ", "+", "~!", "abc"], ids=repr)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_quote_safe(mpy, name, safe):
    text = "a b/c:d+e~f!g%"
    expected = getattr(urllib.parse, name)(text, safe)
    shown = mpy(
        f"from mrequests.urlencode import {name}\nshow({name}(text, safe), {name}(text, safe=safe))",
        text=text,
        safe=safe,
    )
    assert shown == (expected, expected)


@pytest.mark.parametrize("data", [b"", b"abc", bytes(range(256)), b"/ ~"], ids=["empty", "plain", "all", "slash"])
@pytest.mark.parametrize("name", ["quote", "quote_plus", "quote_from_bytes"])
def test_quote_bytes(mpy, name, data):
    expected = getattr(urllib.parse, name)(data)
    assert mpy(f"from mrequests.urlencode import {name}\nshow({name}(data))", data=data) == expected


@pytest.mark.parametrize("safe, expected", [("", "a%2Fb%20c"), (" ", "a%2Fb c")])
def test_quote_from_bytes_safe(mpy, safe, expected):
    assert mpy("from mrequests.urlencode import quote_from_bytes as q\nshow(q(b'a/b c', safe))", safe=safe) == expected


@pytest.mark.parametrize(
    "call", ["quote(5)", "quote(None)", "quote_plus(5)", "quote_from_bytes('text')", "quote_from_bytes(5)"]
)
def test_quote_of_something_else(mpy, call):
    assert mpy.error(f"from mrequests.urlencode import quote, quote_plus, quote_from_bytes\n{call}").kind == "TypeError"


def test_clear_cache(mpy):
    shown = mpy("from mrequests.urlencode import clear_cache, quote\nquote('a b')\nshow(clear_cache(), quote('a b'))")
    assert shown == (None, "a%20b")


QUERIES = {
    "dict": {"a": "1"},
    "pairs": [("a", "1"), ("b", "2"), ("a", "3")],
    "tuples": (("a", "1"), ("b", "2")),
    "empty-dict": {},
    "empty-list": [],
    "empty-value": [("a", "")],
    "quoted": [("a b", "c&d=e"), ("/?", "+%")],
    "bytes": [(b"k\xff", b"v \xfe")],
    "numbers": [("i", 5), ("n", -3), (7, "x")],
    "none": [("a", None)],
    "bool": [("a", True)],
    "non-ascii": [("z\u00fc", "\u20ac")],
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_urlencode(mpy, query):
    shown = mpy("from mrequests.urlencode import urlencode\nshow(urlencode(query))", query=query)
    assert shown == urllib.parse.urlencode(query)


SEQUENCES = {
    "list": [("a", ["1", "2"]), ("b", "3")],
    "tuple": {"a": ("1", "2 3")},
    "empty": [("a", []), ("b", "1")],
    "numbers": {"a": [1, 2]},
    "bytes": [("a", b"12")],
    "str": [("a", "12")],
}


@pytest.mark.parametrize("query", SEQUENCES.values(), ids=SEQUENCES.keys())
def test_urlencode_doseq(mpy, query):
    expected = urllib.parse.urlencode(query, True)
    shown = mpy(
        "from mrequests.urlencode import urlencode\nshow(urlencode(query, True), urlencode(query, doseq=True))",
        query=query,
    )
    assert shown == (expected, expected)


def test_urlencode_safe(mpy):
    shown = mpy("from mrequests.urlencode import urlencode\nshow(urlencode([('a/b', 'c/d e')], safe='/'))")
    assert shown == "a/b=c/d+e"


# What derives from list or tuple is one.
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


# Python code that runs while a form is written: the str of a value.
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


@pytest.mark.parametrize(
    "query, kind",
    [
        ("5", "TypeError"),
        ("None", "TypeError"),
        ("['ab', 'c']", "TypeError"),
        ("[1, 2]", "TypeError"),
        ("[('a',)]", "ValueError"),
    ],
)
def test_urlencode_of_something_else(mpy, query, kind):
    assert mpy.error(f"from mrequests.urlencode import urlencode\nurlencode({query})").kind == kind


QUOTED = {
    "empty": "",
    "plain": "abc",
    "upper": "%41%2F%C3%BC",
    "lower": "%2f%c3%bc",
    "percent": "100%25",
    "plus": "a+b%2B",
    "incomplete": "100%",
    "one-digit": "%4",
    "no-digits": "%zz%4z",
    "double": "%2541",
    "nul": "%00",
    "wide": "%E2%82%AC%F0%9F%98%80",
    "unquoted-wide": "\u20ac%20\u00fc",
    "long": "%20a" * 500,
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED.keys())
def test_unquote(mpy, text):
    assert mpy("from mrequests.urlunquote import unquote\nshow(unquote(text))", text=text) == urllib.parse.unquote(text)


@pytest.mark.parametrize("call", ["unquote(5)", "unquote(None)"])
def test_unquote_of_something_else(mpy, call):
    assert mpy.error(f"from mrequests.urlunquote import unquote\n{call}").kind == "TypeError"


QUERY_STRINGS = {
    "empty": "",
    "one": "a=1",
    "several": "a=1&b=2&a=3",
    "quoted": "a%20b=c%26d&e=f+g",
    "equals-in-value": "a=b=c",
    "semicolon": "a=1;b=2",
    "empty-pieces": "&&a=1&&b=2&",
    "blank": "a=&b=2",
    "no-equals": "a&b=2",
    "no-name": "=1&b=2",
    "non-ascii": "z%C3%BC=%E2%82%AC",
    "bad-quoting": "a=%zz&b=%",
    "plus-quoted": "a=1%2B1",
    "many": "&".join(f"k{n}={n}" for n in range(100)),
}


@pytest.mark.parametrize("text", QUERY_STRINGS.values(), ids=QUERY_STRINGS.keys())
@pytest.mark.parametrize("blanks", [False, True], ids=["", "blanks"])
@pytest.mark.parametrize("name", ["parse_qsl", "parse_qs"])
def test_parse(mpy, name, blanks, text):
    expected = getattr(urllib.parse, name)(text, keep_blank_values=blanks)
    shown = mpy(
        f"from mrequests.urlparseqs import {name}\nshow({name}(text, keep_blank_values=blanks))",
        text=text,
        blanks=blanks,
    )
    assert shown == expected


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
