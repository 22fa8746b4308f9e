"""Parse header fields as they arrive and keep selected ones.

usage: parse_response_headers.py [url]
"""

import sys

import mrequests


class FieldsResponse(mrequests.Response):
    """A response with `fields`: a dict of wanted names in lower case to lists of values."""

    wanted = (b"content-type", b"content-length", b"set-cookie")

    def __init__(self, sock: object, sockfile: object, save_headers: bool = False) -> None:
        super().__init__(sock, sockfile, save_headers)
        self.fields: dict[bytes, list[bytes]] = {}

    def add_header(self, line: bytes) -> None:
        super().add_header(line)
        name, value = line.split(b":", 1)
        name = name.lower()
        if name in self.wanted:
            self.fields.setdefault(name, []).append(value.strip())


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/response-headers?Set-Cookie=a&Set-Cookie=b"
    with mrequests.get(url, response_class=FieldsResponse) as r:
        r.raise_for_status()
        for name in sorted(r.fields):
            for value in r.fields[name]:
                print("%s: %s" % (name.decode(), value.decode()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
