"""Request a compressed document and decompress it while it arrives.

usage: get_deflate.py [url]
"""

import json
import sys

import deflate
import mrequests


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/gzip"
    with mrequests.get(url, headers={"Accept-Encoding": "gzip, deflate"}) as r:
        r.raise_for_status()
        print("Content-Encoding:", r.encoding)
        if r.encoding in ("gzip", "deflate"):
            # AUTO detects gzip or zlib from the first bytes. Both can require a window of 32 kB.
            reply = json.load(deflate.DeflateIO(r, deflate.AUTO))
        else:
            reply = json.load(r)
    for name in sorted(reply):
        print("%s: %s" % (name, reply[name]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
