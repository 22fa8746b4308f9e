"""Upload a file as a web form does (multipart/form-data), in small pieces.

usage: upload.py [url [file]]

Without a file it writes and uploads a small one.
"""

import binascii
import os
import sys

import mrequests

# For type checkers only: boards have no typing module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 512
SEEK_END = 2


def quoted(text: str) -> str:
    """Escape a name as browsers do, for use between quotes in the head of a part."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def parts_around(boundary: str, path: str, fields: dict[str, str]) -> tuple[bytes, bytes]:
    """Return the bytes before and after the content of the file."""
    before = ""
    for name in fields:
        before += '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
            boundary,
            quoted(name),
            fields[name],
        )
    before += '--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n' % (
        boundary,
        quoted(path.split("/")[-1]),
    )
    before += "Content-Type: application/octet-stream\r\n\r\n"
    return before.encode(), ("\r\n--%s--\r\n" % boundary).encode()


def upload(url: str, path: str, fields: dict[str, str]) -> mrequests.Response:
    """Send the text fields, then the file."""
    boundary = binascii.hexlify(os.urandom(12)).decode()
    before, after = parts_around(boundary, path, fields)
    headers = {"Content-Type": "multipart/form-data; boundary=" + boundary}

    with open(path, "rb") as file:
        try:
            size = file.seek(0, SEEK_END)
            file.seek(0)
            headers["Content-Length"] = str(len(before) + size + len(after))
        except OSError:
            # The size of a pipe is unknown: without Content-Length the body is sent in chunks.
            pass

        def body() -> Iterator[bytes]:
            yield before
            while True:
                piece = file.read(PIECE)
                if not piece:
                    break
                yield piece
            yield after

        return mrequests.post(url, data=body(), headers=headers)


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/post"
    path = argv[2] if len(argv) > 2 else "upload.txt"
    if len(argv) <= 2:
        with open(path, "w") as file:
            file.write("21.5 degrees\n" * 100)
    with upload(url, path, {"board": "pico"}) as r:
        r.raise_for_status()
        reply = r.json()
    print("text fields:", reply["form"])
    print("file: %d characters" % len(reply["files"]["file"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
