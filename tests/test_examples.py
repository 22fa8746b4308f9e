"""Runs each example of python/examples as a user would."""

import ast
import json
import os
import pathlib
import ssl
import subprocess
import threading

import pytest
import trustme

from support.messages import chunked, redirect, response

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "python" / "examples"
BAR_WIDTH = 60


@pytest.fixture
def example(mpy):
    """Runs an example and returns the lines it prints."""

    def run(name, *arguments, **options):
        return mpy.run_file(EXAMPLES / f"{name}.py", *arguments, **options).out.splitlines()

    return run


@pytest.fixture
def console(mpy):
    """Runs an example and returns its exit code and its output, carriage returns included."""

    def run(name, *arguments):
        process = subprocess.run(
            mpy.command(EXAMPLES / f"{name}.py", *arguments),
            cwd=mpy.directory,
            env=mpy.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=20,
        )
        return process.returncode, process.stdout.decode()

    return run


def after(lines, start):
    """Returns the rest of the only line that starts with `start`."""
    rests = [line[len(start) :] for line in lines if line.startswith(start)]
    assert len(rests) == 1, f"expected one line that starts with {start!r}: {lines}"
    return rests[0]


def test_every_example_has_a_test():
    tested = pathlib.Path(__file__).read_text()
    names = [path.stem for path in EXAMPLES.glob("*.py")]
    assert names
    assert [name for name in names if f'("{name}"' not in tested] == []


def test_get_json(example, httpbin):
    lines = example("get_json", f"{httpbin}/get")
    assert lines[:2] == [f"asked for {httpbin}/get?board=pico", "argument board = pico"]
    assert "Accept: application/json" in lines
    assert after(lines, "User-Agent: ").startswith("mrequests/")


def test_get_verified(example, peer, server_tls, authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = peer(response(b"body"), tls=server_tls)
    lines = example("get_verified", f"https://localhost:{server.port}/", "ca.pem")
    assert lines == ["200 4 bytes from the right server"]


@pytest.mark.parametrize(
    "ca, reason",
    [
        ("other.pem", "certificate issuer unknown"),
        ("sha256:" + 64 * "0", "certificate key does not match pin"),
    ],
)
def test_get_verified_from_another_server(mpy, peer, server_tls, tmp_path, ca, reason):
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    server = peer(b"", tls=server_tls)
    result = mpy.run_file(EXAMPLES / "get_verified.py", f"https://localhost:{server.port}/", ca, check=False)
    assert (result.returncode, result.out) == (1, f"not trusted: {reason}\n")


@pytest.mark.parametrize("coding, key", [("gzip", "gzipped"), ("deflate", "deflated")])
def test_get_deflate(example, httpbin, coding, key):
    lines = example("get_deflate", f"{httpbin}/{coding}")
    assert lines[0] == f"Content-Encoding: {coding}"
    assert f"{key}: True" in lines


def test_get_deflate_of_a_plain_document(example, peer):
    server = peer(response(b'{"plain": 1}'))
    assert example("get_deflate", server.url)[1:] == ["plain: 1"]
    assert server.request.get("Accept-Encoding") == "gzip, deflate"


def test_get_redirect(example, httpbin):
    assert example("get_redirect", f"{httpbin}/relative-redirect/3") == [
        "first answer: 302 to /relative-redirect/2",
        f"302 {httpbin}/relative-redirect/3",
        f"302 {httpbin}/relative-redirect/2",
        f"302 {httpbin}/relative-redirect/1",
        f"200 {httpbin}/get",
    ]


def test_get_redirect_gives_up(mpy, peer):
    server = peer(redirect("/again"), repeat=True)
    result = mpy.run_file(EXAMPLES / "get_redirect.py", server.url, check=False)
    assert result.returncode == 1
    assert "Maximum redirection count exceeded." in result.out + result.err
    assert len(server.requests) == 1 + 6


@pytest.mark.parametrize("path", ["1m.bin", "chunked/1m.bin"])
def test_get_save_file(example, nginx, tmp_path, path):
    content = nginx.files["1m.bin"]
    # The heap is smaller than the file.
    lines = example("get_save_file", f"{nginx.url}/{path}", "saved.bin", heap="128k")
    assert lines == [f"{len(content)} bytes saved to saved.bin"]
    assert (tmp_path / "saved.bin").read_bytes() == content


@pytest.mark.parametrize(
    "path, last",
    [
        ("1m.bin", "[" + "#" * 41 + "] 100%   1024.0 kB"),
        ("chunked/1m.bin", "  1024.0 kB of an unknown size"),
        ("empty.txt", "[" + "#" * 41 + "] 100%      0.0 kB"),
    ],
)
def test_get_save_file_with_progress(console, nginx, tmp_path, path, last):
    content = nginx.files[path.split("/")[-1]]
    code, output = console("get_save_file_with_progress", f"{nginx.url}/{path}", "saved.bin")
    assert code == 0
    assert (tmp_path / "saved.bin").read_bytes() == content
    bar, done, rest = output.split("\n")
    assert done == f"{len(content)} bytes saved to saved.bin"
    assert rest == ""
    # The progress bar redraws one line.
    empty, *drawn = bar.split("\r")
    assert empty == ""
    assert drawn[-1] == last
    assert len(drawn) == len(set(drawn))
    assert max(map(len, drawn)) <= BAR_WIDTH
    assert (len(drawn) > 100) == bool(content)


def test_progress_of_a_truncated_file(console, peer, tmp_path):
    server = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + b"x" * 2048)
    code, output = console("get_save_file_with_progress", server.url, "saved.bin")
    assert code == 1
    assert "]  50%      2.0 kB\n" in output
    assert "incomplete body: 2048 of 4096 bytes" in output
    assert (tmp_path / "saved.bin").read_bytes() == b"x" * 2048


def test_parse_response_headers(example, peer):
    server = peer(
        response(
            b"body",
            "SET-COOKIE:a=1:2",
            "Set-Cookie:  b=2 ",
            "content-type: text/plain",
            "X-Unwanted: 1",
        )
    )
    assert example("parse_response_headers", server.url) == [
        "content-length: 4",
        "content-type: text/plain",
        "set-cookie: a=1:2",
        "set-cookie: b=2",
    ]


def test_formencode(example, httpbin):
    lines = example("formencode", f"{httpbin}/anything")
    form = {"name": "Zoë & co", "sensor": ["indoor", "outdoor"], "level": "42"}
    assert ast.literal_eval(after(lines, "as a query: ")) == form
    assert ast.literal_eval(after(lines, "as a body:  ")) == form
    assert after(lines, "encoded:    ") == "name=Zo%C3%AB+%26+co&sensor=indoor&sensor=outdoor&level=42"
    assert ast.literal_eval(after(lines, "decoded:    ")) == [
        ("name", "Zoë & co"),
        ("sensor", "indoor"),
        ("sensor", "outdoor"),
        ("level", "42"),
    ]


def test_upload(example, httpbin, tmp_path):
    (tmp_path / "log.txt").write_text("line\n" * 1000)
    lines = example("upload", f"{httpbin}/post", "log.txt")
    assert lines == ["text fields: {'board': 'pico'}", "file: 5000 characters"]


def test_upload_without_a_file_writes_one(example, httpbin, tmp_path):
    lines = example("upload", f"{httpbin}/post")
    size = (tmp_path / "upload.txt").stat().st_size
    assert size > 1000
    assert lines[-1] == f"file: {size} characters"


ECHO = response(b'{"form": {}, "files": {"file": ""}}')


def test_upload_of_a_file_has_a_content_length(example, peer, tmp_path):
    content = os.urandom(100_000)
    name = 'a "strange" name.bin'
    (tmp_path / name).write_bytes(content)
    server = peer(ECHO)
    example("upload", server.url, name, heap="64k")
    request = server.request
    assert request.get("Content-Length") == str(len(request.body))
    assert request.get("Transfer-Encoding") is None
    boundary = request.get("Content-Type").removeprefix("multipart/form-data; boundary=")
    assert request.body == (
        b'--%(b)s\r\nContent-Disposition: form-data; name="board"\r\n\r\npico\r\n'
        b'--%(b)s\r\nContent-Disposition: form-data; name="file"; filename="a %%22strange%%22 name.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%(content)s\r\n--%(b)s--\r\n"
        % {b"b": boundary.encode(), b"content": content}
    )


@pytest.mark.needs("pipes")
def test_upload_from_a_pipe_is_chunked(example, peer, tmp_path):
    content = os.urandom(5_000)
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=[content], daemon=True)
    writer.start()
    server = peer(ECHO)
    example("upload", server.url, "pipe")
    writer.join()
    assert server.request.get("Content-Length") is None
    assert server.request.get("Transfer-Encoding") == "chunked"
    assert content in server.request.body
    assert len(server.request.chunks) > 3


ANSWER = {
    "Status": 0,
    "Answer": [
        {"name": "host.example", "type": 1, "TTL": 300, "data": "192.0.2.1"},
        {"name": "host.example", "type": 1, "TTL": 60, "data": "192.0.2.2"},
    ],
}


def test_dns_over_https(example, peer):
    server = peer(response(json.dumps(ANSWER).encode(), "Content-Type: application/dns-json"))
    assert example("dns_over_https", f"{server.url}/dns-query", "host.example") == [
        "host.example A 192.0.2.1 (for 300 s)",
        "host.example A 192.0.2.2 (for 60 s)",
    ]
    assert server.request.target == "/dns-query?name=host.example&type=A"
    assert server.request.get("Accept") == "application/dns-json"


def test_dns_over_https_of_a_missing_name(mpy, peer):
    server = peer(response(b'{"Status": 3}'))
    result = mpy.run_file(EXAMPLES / "dns_over_https.py", server.url, "no.example", "AAAA", check=False)
    assert result.returncode == 1
    assert "DNS error 3 for no.example" in result.out + result.err
    assert server.request.target == "/?name=no.example&type=AAAA"


@pytest.mark.needs("ssl")
@pytest.mark.parametrize("known", [True, False], ids=["known issuer", "unknown issuer"])
def test_dns_over_https_with_a_context_that_verifies(mpy, peer, authority, server_tls, tmp_path, known):
    issuer = authority if known else trustme.CA()
    (tmp_path / "ca.der").write_bytes(ssl.PEM_cert_to_DER_cert(issuer.cert_pem.bytes().decode()))
    server = peer(response(json.dumps(ANSWER).encode()), tls=server_tls)
    records, error = mpy(
        """
        import tls
        sys.path.append(examples)
        from dns_over_https import resolve

        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        context.verify_mode = tls.CERT_REQUIRED
        with open("ca.der", "rb") as file:  # MicroPython 1.28 reads no PEM
            context.load_verify_locations(file.read())
        records = []
        error = attempt(lambda: records.extend(resolve("host.example", "A", url, context)))
        show(records, error and error[0])
        """,
        examples=str(EXAMPLES),
        url=server.url.replace("127.0.0.1", "localhost"),
    )
    if known:
        assert (records, error) == ([("192.0.2.1", 300), ("192.0.2.2", 60)], None)
    else:
        assert (records, error, server.requests) == ([], "OSError", [])


def test_demo(console, httpbin, tmp_path):
    code, output = console("demo", httpbin)
    assert code == 0, output
    assert "FAILED" not in output
    assert output.endswith("7 of 7 as expected\n")
    assert "102400 bytes saved to demo.txt" in output
    assert (tmp_path / "demo.txt").read_bytes() == (b"abcdefghijklmnopqrstuvwxyz" * 4000)[:102400]


def test_demo_tells_of_what_failed(console, peer):
    server = peer(chunked(b"{}"), repeat=True)
    code, output = console("demo", server.url)
    assert code == 1
    assert output.count("FAILED") == 7
    assert output.endswith("0 of 7 as expected\n")
