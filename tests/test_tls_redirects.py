"""Redirects with verification: every server on the way is verified."""

import ssl

import pytest

from support import certificates
from support.certificates import server
from support.messages import redirect, response
from support.tls_snippets import CONTEXT, EACCES
from tls_fixtures import server_context


@pytest.fixture
def bad(tls_peer, root):
    """A server with an expired certificate."""
    return tls_peer(response(b"secret"), certificate=server(root, days=(-20, -2)), repeat=True)


@pytest.mark.parametrize("arguments", ["verify=ca", "ssl_context=context(ca)"])
def test_http_to_https(mpy, peer, tls_peer, root, arguments):
    target = tls_peer(response(b"there"))
    start = peer(redirect(target.at + "x"))
    shown = mpy(CONTEXT + f"r = mrequests.get(url, {arguments})\nshow(r.content, r.url)", url=start.url, ca=root.pem)
    assert shown == (b"there", target.at + "x")


@pytest.mark.parametrize("arguments", ["verify=ca", "ssl_context=context(ca)"])
def test_http_to_https_that_is_refused(mpy, peer, bad, root, arguments):
    start = peer(redirect(bad.at))
    raised = mpy.error(CONTEXT + f"mrequests.get(url, {arguments})", url=start.url, ca=root.pem)
    assert (raised.kind, raised.errno) == ("OSError", EACCES)
    assert bad.requests == []


def test_http_to_https_with_set_ca(mpy, peer, tls_peer, bad, root):
    target = tls_peer(response(b"there"))
    good, wrong = peer(redirect(target.at)), peer(redirect(bad.at))
    shown = mpy(
        "mrequests.set_ca(ca)\nshow(mrequests.get(good).content, attempt(lambda: mrequests.get(wrong))[1])",
        good=good.url,
        wrong=wrong.url,
        ca=root.pem,
    )
    assert shown == (b"there", EACCES)


def test_https_to_https(mpy, tls_peer, root):
    target = tls_peer(response(b"there"))
    start = tls_peer(redirect(target.at))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=start.at, ca=root.pem) == b"there"


def test_https_to_https_that_is_refused(mpy, tls_peer, bad, root):
    start = tls_peer(redirect(bad.at))
    raised = mpy.error("mrequests.get(url, verify=ca)", url=start.at, ca=root.pem)
    assert raised.errno == EACCES
    assert bad.requests == []


def test_to_another_name(mpy, tls_peer, root):
    """Verification uses the name of the redirect's target."""
    target = tls_peer(response(b"there"), certificate=server(root, addresses=[]))
    by_name, by_address = tls_peer(redirect(target.at)), tls_peer(redirect(target.url))
    shown = mpy(
        "show(mrequests.get(a, verify=ca).content, attempt(lambda: mrequests.get(b, verify=ca))[1:])",
        a=by_name.url,
        b=by_address.url,
        ca=root.pem,
    )
    assert shown[0] == b"there"
    assert shown[1][0] == EACCES and "name" in shown[1][1]


def test_on_the_same_origin(mpy, tls_peer, root):
    server = tls_peer(redirect("/next"), response(b"there"))
    assert mpy("show(mrequests.get(url, verify=ca).content)", url=server.at, ca=root.pem) == b"there"
    assert [request.target for request in server.requests] == ["/", "/next"]


def test_a_pin_is_for_each_server(mpy, tls_peer, root, identity):
    """A redirect's target must match the pin too."""
    other = tls_peer(response(), certificate=server(root))
    same = tls_peer(response(b"there"))
    a, b = tls_peer(redirect(same.at)), tls_peer(redirect(other.at))
    shown = mpy(
        "show(mrequests.get(a, verify=pin).content, attempt(lambda: mrequests.get(b, verify=pin))[1])",
        a=a.at,
        b=b.at,
        pin="sha256:" + identity.pin.hex(),
    )
    assert shown == (b"there", EACCES)
    assert other.requests == []


def test_https_to_http_is_not_followed(mpy, peer, tls_peer, root):
    plain = peer(response())
    start = tls_peer(redirect(plain.url))
    assert mpy("show(mrequests.get(url, verify=ca).status_code)", url=start.at, ca=root.pem) == 302
    assert plain.requests == []


@pytest.mark.parametrize("given", ["auth=('joe', 'secret')", "headers={'Authorization': 'x', 'Cookie': 'y'}"])
def test_credentials_stay_with_the_first_server(mpy, peer, tls_peer, root, given):
    """Another origin gets no credentials, even if verified: from http to https, and between two https origins."""
    targets = [tls_peer(response(b"there")) for _ in range(2)]
    starts = [peer(redirect(targets[0].at)), tls_peer(redirect(targets[1].at))]
    urls = [starts[0].url, starts[1].at]
    shown = mpy(f"show([mrequests.get(url, verify=ca, {given}).content for url in urls])", urls=urls, ca=root.pem)
    assert shown == [b"there"] * 2
    for start, target in zip(starts, targets, strict=True):
        assert start.request.get("Authorization")
        assert target.request.get("Authorization") is target.request.get("Cookie") is None


def test_credentials_are_kept_on_the_same_origin(mpy, tls_peer, root):
    server = tls_peer(redirect("/next"), response(b"there"))
    mpy("show(mrequests.get(url, verify=ca, auth=('joe', 'secret')).content)", url=server.at, ca=root.pem)
    first, second = server.requests
    assert first.get("Authorization") == second.get("Authorization") is not None


def test_a_body_is_not_sent_to_a_server_that_is_refused(mpy, tls_peer, bad, root):
    start = tls_peer(redirect(bad.at, status="307 Temporary Redirect"))
    raised = mpy.error("mrequests.post(url, data=b'secret', verify=ca)", url=start.at, ca=root.pem)
    assert raised.errno == EACCES
    assert bad.requests == []


@pytest.mark.needs("ssl")
def test_the_old_tls_on_the_way(mpy, tls_peer, root, identity, tmp_path):
    """A server that needs the fallback redirects to one that does not."""
    old = server_context(
        identity, tmp_path, minimum_version=ssl.TLSVersion.TLSv1_2, maximum_version=ssl.TLSVersion.TLSv1_2
    )
    target = tls_peer(response(b"there"))
    start = tls_peer(redirect(target.at), context=old)
    other = certificates.root("another root").pem
    shown = mpy(
        "show(mrequests.get(url, verify=ca).content, attempt(lambda: mrequests.get(url, verify=other))[1])",
        url=start.at,
        ca=root.pem,
        other=other,
    )
    assert shown == (b"there", EACCES)
