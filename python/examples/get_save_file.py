"""Save a document to a file in small pieces.

usage: get_save_file.py [url [file]]
"""

import sys

import mrequests


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/image/png"
    path = argv[2] if len(argv) > 2 else "image.png"
    # The only memory used, regardless of the size of the file.
    buf = bytearray(1024)
    with mrequests.get(url) as r:
        r.raise_for_status()
        size = r.save(path, buf)
    print("%d bytes saved to %s" % (size, path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
