"""Basic authentication."""

import base64

import pytest

from support.messages import redirect, response


def basic(user, password):
    return "Basic " + base64.b64encode(user + b":" + password).decode()


def authorization(mpy, peer, call, **names):
    """Returns the Authorization field that a call sends; `base` and `hostport` name the peer."""
    server = peer(response())
    mpy.run(call, base=server.url, hostport=server.hostport, **names)
    return server.request.get("Authorization")


PAIRS = {
    "str": (("user", "pass"), basic(b"user", b"pass")),
    "bytes": ((b"user", b"pass"), basic(b"user", b"pass")),
    "mixed": (("user", b"pass"), basic(b"user", b"pass")),
    "list": (["user", "pass"], basic(b"user", b"pass")),
    "utf-8": (("z\u00fc", "\u20ac"), basic("z\u00fc".encode(), "\u20ac".encode())),
    "any-bytes": ((b"\xff\x00", b"\xfe"), basic(b"\xff\x00", b"\xfe")),
    "empty": (("", ""), basic(b"", b"")),
    "colon-in-password": (("user", "a:b"), basic(b"user", b"a:b")),
    "long": (("u" * 200, "p" * 300), basic(b"u" * 200, b"p" * 300)),
    "one-over": (("ab", "c"), basic(b"ab", b"c")),
    "two-over": (("ab", "cd"), basic(b"ab", b"cd")),
}


@pytest.mark.parametrize("pair, field", PAIRS.values(), ids=PAIRS.keys())
def test_pair(mpy, peer, pair, field):
    assert authorization(mpy, peer, "mrequests.get(base, auth=pair)", pair=pair) == field


CALLABLES = {
    "pair": ("lambda: ('user', 'pass')", basic(b"user", b"pass")),
    "bytes-pair": ("lambda: (b'user', b'pass')", basic(b"user", b"pass")),
    "fields": ("lambda: {'Authorization': 'Bearer token'}", "Bearer token"),
    "bytes-fields": ("lambda: {b'Authorization': b'Bearer token'}", "Bearer token"),
    "helper": ("lambda: mrequests.encode_basic_auth('user', 'pass')", basic(b"user", b"pass")),
}


@pytest.mark.parametrize("auth, field", CALLABLES.values(), ids=CALLABLES.keys())
def test_callable(mpy, peer, auth, field):
    assert authorization(mpy, peer, f"mrequests.get(base, auth={auth})") == field


def test_callable_may_return_other_fields(mpy, peer):
    server = peer(response())
    mpy.run("mrequests.get(base, auth=lambda: {'X-Api-Key': 'secret', 'X-User': 'joe'})", base=server.url)
    assert server.request.get("X-Api-Key") == "secret"
    assert server.request.get("X-User") == "joe"
    assert server.request.get("Authorization") is None


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION", b"Authorization"], ids=repr)
@pytest.mark.parametrize(
    "auth, field",
    [("('user', 'pass')", basic(b"user", b"pass")), ("lambda: {'Authorization': 'mine'}", "mine")],
    ids=["pair", "callable"],
)
def test_auth_replaces_the_field(mpy, peer, name, auth, field):
    source = f"mrequests.get(base, headers={{name: 'Bearer other'}}, auth={auth})"
    assert authorization(mpy, peer, source, name=name) == field


IN_URL = [
    ("user:pass@", basic(b"user", b"pass")),
    ("user@", basic(b"user", b"")),
    ("us%40er:p%3Ass@", basic(b"us@er", b"p:ss")),
    ("user:pa@ss@", basic(b"user", b"pa@ss")),
    ("user:a:b@", basic(b"user", b"a:b")),
    ("z\u00fc:pass@", basic("z\u00fc".encode(), b"pass")),
    ("", None),
]


@pytest.mark.parametrize("userinfo, field", IN_URL, ids=[userinfo or "none" for userinfo, _ in IN_URL])
def test_credentials_in_the_url(mpy, peer, userinfo, field):
    assert authorization(mpy, peer, "mrequests.get('http://' + userinfo + hostport + '/')", userinfo=userinfo) == field


def test_credentials_of_the_url_stay_out_of_everything_else(mpy, peer):
    server = peer(response())
    url = mpy("show(mrequests.get(url).url)", url=f"http://user:secret@{server.hostport}/x")
    assert url == f"http://{server.hostport}/x"
    assert server.request.target == "/x"
    assert server.request.get("Host") == server.hostport
    assert b"secret" not in server.request.head


@pytest.mark.parametrize(
    "call, field",
    [
        ("auth=('a', 'b')", basic(b"a", b"b")),
        ("headers={'Authorization': 'Bearer mine'}", "Bearer mine"),
    ],
    ids=["auth", "headers"],
)
def test_the_caller_wins_over_the_url(mpy, peer, call, field):
    assert authorization(mpy, peer, f"mrequests.get('http://user:pass@' + hostport + '/', {call})") == field


def test_no_credentials_by_default(mpy, peer):
    """Credentials of one call are not sent by the next."""
    server = peer(response(), repeat=True)
    mpy.run(
        "mrequests.get(base, auth=('u', 'p'))\nmrequests.get(base)\nmrequests.get(base, headers={})", base=server.url
    )
    assert [bool(request.get("Authorization")) for request in server.requests] == [True, False, False]


def test_credentials_stay_with_their_origin(mpy, peer):
    server = peer(redirect("/next"), redirect("%%BASE2%%/other"), response())
    mpy.run("mrequests.get(base, auth=('u', 'p'), max_redirects=2)", base=server.url)
    assert [bool(request.get("Authorization")) for request in server.requests] == [True, True, False]


def test_server_accepts(mpy, nginx):
    shown = mpy(
        """
    refused = mrequests.get(base + "/private/small.txt")
    wrong = mrequests.get(base + "/private/small.txt", auth=("joe", "wrong"))
    accepted = mrequests.get(base + "/private/small.txt", auth=("joe", "secret"))
    show(refused.status_code, wrong.status_code, accepted.content)
    """,
        base=nginx.url,
    )
    assert shown == (401, 401, b"a small file\n")
