"""Resolve a name by DNS over https, in JSON.

usage: dns_over_https.py [url [name [type]]]
"""

import sys

import mrequests

# For type checkers only: boards have no typing module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext

# An IP address: a name would need a resolver itself.
RESOLVER = "https://1.1.1.1/dns-query"


def resolve(
    name: str, kind: str = "A", url: str = RESOLVER, ssl_context: SSLContext | None = None
) -> list[tuple[str, int]]:
    """Return the data and the time to live (in seconds) of each record.

    Without an ssl_context that verifies the resolver's certificate, an attacker on the
    network path can forge the response.
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
    # RCODE of RFC 1035 section 4.1.1; 3: the name does not exist.
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
