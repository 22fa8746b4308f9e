"""Show a redirect without following it, then follow it to its end.

usage: get_redirect.py [url]
"""

import sys

import mrequests


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/redirect/3"

    with mrequests.get(url, allow_redirects=False, save_headers=True) as r:
        location = r.headers.get("location", b"nowhere") if r.headers else b"nowhere"
        print("first answer: %d to %s" % (r.status_code, location.decode()))

    with mrequests.get(url, max_redirects=5) as r:
        r.raise_for_status()
        for status, source in r.history:
            print("%d %s" % (status, source))
        print("%d %s" % (r.status_code, r.url))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
