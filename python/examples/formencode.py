"""Send a form as a query and as a body, and encode one by hand.

usage: formencode.py [url]
"""

import sys

import mrequests
from mrequests.urlencode import urlencode
from mrequests.urlparseqs import parse_qsl

# A list of pairs: a name can occur more than once.
FORM = [("name", "Zoë & co"), ("sensor", "indoor"), ("sensor", "outdoor"), ("level", 42)]


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/anything"

    with mrequests.get(url, params=FORM) as r:
        r.raise_for_status()
        print("as a query:", r.json()["args"])

    with mrequests.post(url, data=FORM) as r:
        r.raise_for_status()
        print("as a body: ", r.json()["form"])

    text = urlencode(FORM)
    print("encoded:   ", text)
    print("decoded:   ", parse_qsl(text))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
