"""Ask a resolver for the addresses of a name, over https and in JSON.

usage: dns_over_https.py [url [name [type]]]
"""

import sys

import mrequests

# For type checkers only: boards have no typing module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext

# An address: reaching the resolver takes no resolver.
RESOLVER = "https://1.1.1.1/dns-query"


def resolve(
    name: str, kind: str = "A", url: str = RESOLVER, ssl_context: SSLContext | None = None
) -> list[tuple[str, int]]:
    """The data and the time to live, in seconds, of each record in the answer.

    Without an ssl_context that checks the resolver's certificate, anybody on the way
    can forge the answer.
    """
    with mrequests.get(
        url,
        params={"name": name, "type": kind},
        headers={"Accept": "application/dns-json"},
        ssl_context=ssl_context,
        deadline=10,
    ) as r:
        r.raise_for_status()
        reply = r.json()
    # The response code of RFC 1035 section 4.1.1; 3: there is no such name.
    if reply["Status"] != 0:
        raise OSError("DNS error %d for %s" % (reply["Status"], name))
    return [(record["data"], record["TTL"]) for record in reply.get("Answer", [])]


def main(argv: list[str]) -> int:
    url = argv[1] if len(argv) > 1 else RESOLVER
    name = argv[2] if len(argv) > 2 else "micropython.org"
    kind = argv[3] if len(argv) > 3 else "A"
    for data, ttl in resolve(name, kind, url):
        print("%s %s %s (for %d s)" % (name, kind, data, ttl))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
