"""Demonstrate mrequests against an httpbin server; `make run` starts one.

usage: demo.py [url]

Writes the file demo.txt in the current directory.
"""

import sys

import mrequests as requests
from get_save_file_with_progress import download


def expect(got: object, wanted: object) -> None:
    if got != wanted:
        raise ValueError("expected %r, got %r" % (wanted, got))


def get_json(base: str) -> str:
    with requests.get(base + "/get", params={"sensor": "indoor"}) as r:
        expect(r.status_code, 200)
        reply = r.json()
    expect(reply["args"], {"sensor": "indoor"})
    return "the server was told %s by %s" % (reply["args"], reply["headers"]["User-Agent"])


def post_json(base: str) -> str:
    reading = {"sensor": "indoor", "celsius": [20.5, 21.0]}
    with requests.post(base + "/post", json=reading) as r:
        reply = r.json()
    expect(reply["json"], reading)
    return "the server got %s" % reply["data"]


def post_form(base: str) -> str:
    with requests.post(base + "/post", data={"name": "Zoë", "room": "1 & 2"}) as r:
        reply = r.json()
    expect(reply["form"], {"name": "Zoë", "room": "1 & 2"})
    return "the server got %s" % reply["form"]


def redirect(base: str) -> str:
    with requests.get(base + "/redirect/2", max_redirects=2) as r:
        expect(r.status_code, 200)
        expect([status for status, _ in r.history], [302, 302])
        return "from %s to %s" % (r.history[0][1], r.url)


def basic_auth(base: str) -> str:
    url = base + "/basic-auth/joe/sesame"
    with requests.get(url) as r:
        expect(r.status_code, 401)
    with requests.get(url, auth=("joe", "sesame")) as r:
        expect(r.status_code, 200)
        return "401 without a password, with it %s" % r.json()


def save_file(base: str) -> str:
    # The server takes two seconds, so that the progress bar is visible.
    size = download(base + "/range/102400?duration=2&chunk_size=2048", "demo.txt")
    expect(size, 102400)
    with open("demo.txt", "rb") as file:
        expect(file.read(26), b"abcdefghijklmnopqrstuvwxyz")
    return "%d bytes saved to demo.txt" % size


def missing_page(base: str) -> str:
    with requests.get(base + "/status/404") as r:
        try:
            r.raise_for_status()
        except OSError as exc:
            return "raised %r" % exc
    raise ValueError("no error was raised")


STEPS = (
    ("GET, answered in JSON", get_json),
    ("POST of JSON", post_json),
    ("POST of a form", post_form),
    ("redirects", redirect),
    ("basic authentication", basic_auth),
    ("download to a file", save_file),
    ("a page that is missing", missing_page),
)


def main(argv: list[str]) -> int:
    base = argv[1].rstrip("/") if len(argv) > 1 else "http://httpbin.org"
    failed = 0
    for title, step in STEPS:
        print("-- " + title)
        try:
            print("   " + step(base))
        except (OSError, ValueError, KeyError) as exc:
            failed += 1
            print("   FAILED: %r" % exc)
    print("%d of %d as expected" % (len(STEPS) - failed, len(STEPS)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
