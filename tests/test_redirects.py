"""Redirects. tests/cases/redirect.jsonl covers which are followed, with which method and URL."""

import pytest

from support.messages import redirect, response
from support.peer import KEEP, endless, hang


def test_without_a_location(mpy, peer):
    server = peer(response(b"stay", status="302 Found"))
    shown = mpy("r = mrequests.get(base)\nshow(r.status_code, r.content, r.history)", base=server.url)
    assert shown == (302, b"stay", [])


class TestLimit:
    LOOP = redirect("/again")

    @pytest.mark.parametrize("limit", [0, 1, 3, 10])
    def test_too_many(self, mpy, peer, limit):
        server = peer(self.LOOP, repeat=True)
        raised = mpy.error("mrequests.get(base, max_redirects=limit)", base=server.url, limit=limit)
        assert (raised.kind, raised.text) == ("ValueError", "Maximum redirection count exceeded.")
        assert len(server.requests) == limit + 1

    def test_one_by_default(self, mpy, peer):
        server = peer(self.LOOP, repeat=True)
        assert mpy.error("mrequests.get(base)", base=server.url).kind == "ValueError"
        assert len(server.requests) == 2

    @pytest.mark.parametrize("limit", [1, 3])
    def test_as_many_as_allowed(self, mpy, peer, limit):
        server = peer(*[self.LOOP] * limit, response(b"there"))
        assert mpy("show(mrequests.get(base, max_redirects=limit).content)", base=server.url, limit=limit) == b"there"

    def test_none_wanted(self, mpy, peer):
        server = peer(redirect("/next"))
        shown = mpy(
            """
            r = mrequests.get(base, allow_redirects=False, save_headers=True)
            show(r.status_code, r.headers["location"], r.history)
            """,
            base=server.url,
        )
        assert shown == (302, b"/next", [])
        assert len(server.requests) == 1

    def test_a_limit_of_none_is_no_matter_without_a_redirect(self, mpy, peer):
        server = peer(response(b"here"))
        assert mpy("show(mrequests.get(base, max_redirects=0).content)", base=server.url) == b"here"


class TestBodyOfTheRedirect:
    """The client does not wait for the body of a redirect."""

    @pytest.mark.parametrize("then", [KEEP, hang, endless(b"x" * 1000)], ids=["keep-alive", "hang", "endless"])
    @pytest.mark.parametrize(
        "fields",
        [("Content-Length: 1000000000",), ("Transfer-Encoding: chunked",), ()],
        ids=["length", "chunked", "close"],
    )
    def test_unread(self, mpy, peer, fields, then):
        first = response(b"", "Location: /next", *fields, status="302 Found", length=False)
        server = peer([first, b"some", then], response(b"there"))
        assert mpy("show(mrequests.get(base, timeout=5).content)", base=server.url) == b"there"

    def test_its_socket_is_closed(self, mpy, peer):
        server = peer(*[[redirect("/next"), hang]] * 3, response(b"there"))
        shown = mpy(
            "before = descriptors()\nr = mrequests.get(base, max_redirects=3)\nshow(r.content, descriptors() - before)",
            base=server.url,
        )
        assert shown == (b"there", 0)


REPLAYED = {
    "bytes": "data=b'body'",
    "str": "data='body'",
    "file": "data=open('upload', 'rb')",
    "bytesio": "data=io.BytesIO(b'body')",
    "bytearray": "data=bytearray(b'body')",
}


class TestSendingAgain:
    @pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
    @pytest.mark.parametrize("data", REPLAYED.values(), ids=REPLAYED.keys())
    def test_body(self, mpy, peer, tmp_path, data, status):
        (tmp_path / "upload").write_bytes(b"body")
        server = peer(redirect("/next", status=status), response())
        mpy.run(f"mrequests.post(base, {data})", base=server.url)
        assert [(r.method, r.body, r.get("Content-Length")) for r in server.requests] == [("POST", b"body", "4")] * 2

    def test_file_from_where_it_stood(self, mpy, peer, tmp_path):
        (tmp_path / "upload").write_bytes(b"0123456789")
        server = peer(redirect("/next", status="307 X"), response())
        mpy.run("f = open('upload', 'rb')\nf.seek(4)\nmrequests.post(base, data=f)", base=server.url)
        assert [r.body for r in server.requests] == [b"456789"] * 2

    @pytest.mark.parametrize(
        "call, kind",
        [
            ("json={'a': 1}", "application/json"),
            ("data={'a': '1'}", "application/x-www-form-urlencoded"),
        ],
        ids=["json", "form"],
    )
    def test_content_type(self, mpy, peer, call, kind):
        server = peer(redirect("/next", status="307 X"), response())
        mpy.run(f"mrequests.post(base, {call})", base=server.url)
        first, second = server.requests
        assert first.body == second.body != b""
        assert first.get("Content-Type") == second.get("Content-Type") == kind

    def test_to_another_origin(self, mpy, peer):
        server = peer(redirect("%%BASE2%%/x", status="307 X"), response())
        mpy.run("mrequests.post(base, data=b'body')", base=server.url)
        assert [(r.listener, r.body) for r in server.requests] == [(1, b"body"), (2, b"body")]

    @pytest.mark.parametrize("status", ["307 X", "308 X"])
    def test_generator_cannot_be_sent_again(self, mpy, peer, status):
        server = peer(redirect("/next", status=status), response())
        assert mpy.error("mrequests.post(base, data=(p for p in (b'one', b'two')))", base=server.url).kind == "OSError"
        assert not any(r.complete for r in server.requests[1:])

    def test_stream_that_cannot_be_wound_back(self, mpy, peer):
        server = peer(redirect("/next", status="307 X"), response())
        raised = mpy.error(
            """
            class Source:
                def __init__(self):
                    self.left = io.BytesIO(b"body")
                def read(self, size=-1):
                    return self.left.read(size)
            mrequests.post(base, data=Source())
            """,
            base=server.url,
        )
        assert raised.kind == "OSError"

    def test_generator_is_no_matter_when_the_method_becomes_get(self, mpy, peer):
        server = peer(redirect("/next", status="303 X"), response(b"there"))
        assert mpy("show(mrequests.post(base, data=(p for p in (b'one',))).content)", base=server.url) == b"there"


class TestFieldsThatGo:
    def test_with_the_body(self, mpy, peer):
        server = peer(redirect("/next"), response())
        mpy.run(
            """mrequests.post(base, data=b"body", headers={
            "Content-Type": "text/x", "content-encoding": "identity", "Content-Length": "4", "X-Keep": "1"})""",
            base=server.url,
        )
        first, second = server.requests
        assert first.body == b"body" and second.body == b""
        for name in ("Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding"):
            assert second.get(name) is None, name
        assert second.get("X-Keep") == "1"

    def test_with_a_chunked_body(self, mpy, peer):
        server = peer(redirect("/next"), response())
        mpy.run("mrequests.post(base, data=(p for p in (b'one',)))", base=server.url)
        assert server.requests[1].get("Transfer-Encoding") is None

    HEADERS = {
        "Authorization": "Bearer a",
        "Cookie": "b=c",
        "Proxy-Authorization": "Basic d",
        "Host": "virtual.example",
        "X-Keep": "1",
    }

    @pytest.mark.parametrize("spell", [str, str.lower], ids=["as-is", "lower"])
    def test_with_the_origin(self, mpy, peer, spell):
        server = peer(redirect("%%BASE2%%/x"), response())
        mpy.run(
            "mrequests.get(base, headers=headers)",
            base=server.url,
            headers={spell(k): v for k, v in self.HEADERS.items()},
        )
        first, second = server.requests
        assert first.get("Host") == "virtual.example" and first.get("Cookie") == "b=c"
        for name in ("Authorization", "Cookie", "Proxy-Authorization"):
            assert second.get(name) is None, name
        assert second.get("Host") == server.hostport2
        assert second.get("X-Keep") == "1"

    def test_auth_goes_with_the_origin(self, mpy, peer):
        server = peer(redirect("%%BASE2%%/x"), response())
        mpy.run("mrequests.get(base, auth=('u', 'p'))", base=server.url)
        assert [bool(r.get("Authorization")) for r in server.requests] == [True, False]

    def test_credentials_of_the_url_go_with_the_origin(self, mpy, peer):
        server = peer(redirect("%%BASE2%%/x"), response())
        mpy.run("mrequests.get(url)", url=f"http://u:p@{server.hostport}/")
        assert [bool(r.get("Authorization")) for r in server.requests] == [True, False]

    def test_they_do_not_come_back(self, mpy, peer):
        """Two redirects, to another origin and back."""
        server = peer(redirect("%%BASE2%%/x"), redirect("%%BASE%%/y"), response())
        mpy.run("mrequests.get(base, auth=('u', 'p'), headers={'Cookie': 'a=b'}, max_redirects=2)", base=server.url)
        assert [(bool(r.get("Authorization")), bool(r.get("Cookie"))) for r in server.requests] == [
            (True, True),
            (False, False),
            (False, False),
        ]

    def test_all_stay_on_the_same_origin(self, mpy, peer):
        server = peer(redirect("%%BASE%%/x"), response())
        mpy.run("mrequests.get(base, headers=headers)", base=server.url, headers=self.HEADERS)
        for name, value in self.HEADERS.items():
            assert server.requests[1].get(name) == value

    @pytest.mark.parametrize(
        "given", ["auth=('u', 'p')", "headers={'Authorization': 'Basic dTpw'}"], ids=["auth", "headers"]
    )
    def test_authorization_stays_on_the_same_origin(self, mpy, peer, given):
        server = peer(redirect("/x"), response())
        mpy.run(f"mrequests.get(base, {given})", base=server.url)
        assert [r.get("Authorization") for r in server.requests] == ["Basic dTpw"] * 2

    def test_credentials_of_a_location_are_dropped(self, mpy, peer):
        server = peer(redirect("http://evil:pass@%%HOSTPORT2%%/x"), response())
        url = mpy("show(mrequests.get(base).url)", base=server.url)
        assert server.requests[1].get("Authorization") is None
        assert url == server.url2 + "/x"


class TestSchemes:
    def test_http_to_https_is_followed(self, mpy, nginx):
        assert mpy("show(mrequests.get(url).content)", url=nginx.url + "/to-https") == b"a small file\n"

    def test_https_to_http_is_not(self, mpy, nginx):
        status, url, history = mpy(
            "r = mrequests.get(url)\nshow(r.status_code, r.url, r.history)", url=nginx.https + "/to-http"
        )
        assert (status, url, history) == (302, nginx.https + "/to-http", [])


class TestServers:
    def test_nginx(self, mpy, nginx):
        shown = mpy("r = mrequests.get(url)\nshow(r.content, r.history)", url=nginx.url + "/moved/small.txt")
        assert shown == (
            b"a small file\n",
            [(301, nginx.url + "/moved/small.txt")],
        )

    @pytest.mark.parametrize("kind", ["redirect", "relative-redirect", "absolute-redirect"])
    def test_httpbin(self, mpy, httpbin, kind):
        shown = mpy(
            "r = mrequests.get(url, max_redirects=3)\nshow(r.json()['url'], len(r.history))", url=f"{httpbin}/{kind}/3"
        )
        assert shown == (httpbin + "/get", 3)

    def test_httpbin_redirect_to(self, mpy, httpbin):
        shown = mpy(
            """
            r = mrequests.post(base + "/redirect-to", params={"url": "/post", "status_code": 307}, data=b"abc")
            show(r.json()["data"])
            """,
            base=httpbin,
        )
        assert shown == "abc"
