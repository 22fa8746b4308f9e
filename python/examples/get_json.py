"""Request a JSON document and print values from it.

usage: get_json.py [url]
"""

import sys

import mrequests


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else "http://httpbin.org/get"
    with mrequests.get(url, params={"board": "pico"}, headers={"Accept": "application/json"}) as r:
        r.raise_for_status()
        # Parses while the document arrives: its text is never in memory as a whole.
        reply = r.json()
    print("asked for", reply["url"])
    for name in sorted(reply["args"]):
        print("argument %s = %s" % (name, reply["args"][name]))
    for name in sorted(reply["headers"]):
        print("%s: %s" % (name, reply["headers"][name]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
