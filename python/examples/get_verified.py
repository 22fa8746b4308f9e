"""Fetch over https from a verified server.

usage: get_verified.py url ca

ca: a file with trust anchors in PEM or DER, or a pin of the server's key (sha256:...).
"""

import errno
import sys

import mrequests


def main(argv: list[str]) -> int:
    if len(argv) != 3:
        print(__doc__)
        return 2
    url, ca = argv[1:]
    # Applies to all later calls; verify= applies to one.
    mrequests.set_ca(ca)
    try:
        with mrequests.get(url, timeout=10) as r:
            print(r.status_code, len(r.content), "bytes from the right server")
    except OSError as e:
        if e.errno != errno.EACCES:
            raise
        print("not trusted:", e.args[1])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
