"""2000 calls of all kinds, good and bad, in one run: the heap does not grow, no socket stays open, no call hangs."""

import pytest

from support import certificates
from support.messages import chunked, redirect, response
from support.peer import hang
from support.servers import free_port
from support.snippets import USED
from support.tls_snippets import EACCES, ECONNABORTED, ECONNRESET, ETIMEDOUT

COUNT = 2000
STREAMED = bytes(range(250)) * 200

# The calls by kind, with the share of each in percent. Each returns its result or raises.
CALLS = """
def plain():
    return mrequests.get(urls["plain"], timeout=10).content

def in_chunks():
    return mrequests.get(urls["in_chunks"], timeout=10, save_headers=True).content

def to_the_close():
    return mrequests.get(urls["to_the_close"], deadline=10).text

def redirected():
    r = mrequests.get(urls["redirected"], timeout=10)
    return r.content, len(r.history)

def posted():
    return mrequests.post(urls["posted"], json={"n": [1, 2, 3]}, auth=("u", "p"), timeout=10).json()

def generated():
    return mrequests.post(urls["posted"], data=(b"[%d]" % n for n in range(1)), timeout=10).json()

def streamed():
    with mrequests.get(urls["streamed"], timeout=10) as r:
        total = 0
        while True:
            n = r.readinto(buffer)
            if not n:
                return total
            total += n

def left_unread():
    mrequests.get(urls["streamed"], timeout=10).close()

def dropped():
    mrequests.get(urls["streamed"], timeout=10)

def truncated():
    return mrequests.get(urls["truncated"], timeout=10).content

def bad_chunk():
    return mrequests.get(urls["bad_chunk"], timeout=10).content

def reset():
    return mrequests.get(urls["reset"], timeout=10).content

def refused():
    return mrequests.get(urls["refused"], timeout=10)

def timed_out():
    return mrequests.get(urls["timed_out"], timeout=0.02)

def past_the_deadline():
    return mrequests.get(urls["timed_out"], deadline=0.02)

def verified():
    return mrequests.get(urls["verified"], verify=ca, timeout=20).content

def untrusted():
    return mrequests.get(urls["verified"], verify=other, timeout=20).content
"""

SHARES = {
    "plain": 20,
    "in_chunks": 15,
    "to_the_close": 8,
    "redirected": 8,
    "posted": 8,
    "generated": 5,
    "streamed": 5,
    "left_unread": 4,
    "dropped": 4,
    "truncated": 5,
    "bad_chunk": 4,
    "reset": 4,
    "refused": 4,
    "timed_out": 2,
    "past_the_deadline": 2,
    "verified": 1,
    "untrusted": 1,
}

# Mixes the kinds of calls. Measures the heap after the first round and after the last.
SOAK = (
    CALLS
    + USED
    + """
buffer = bytearray(2048)
outcomes = {}
slowest = dict((name, 0) for name in shares)
calls = [globals()[name] for name in shares for _ in range(shares[name])]

def once(name, call):
    started = time.ticks_ms()
    try:
        outcome = call()
    except (OSError, ValueError) as error:
        outcome = describe(error)[:2]
    slowest[name] = max(slowest[name], time.ticks_diff(time.ticks_ms(), started))
    seen = outcomes.setdefault(name, [])
    for entry in seen:
        if entry[0] == outcome:
            entry[1] += 1
            return
    seen.append([outcome, 1])

def round():
    for n in range(len(calls)):
        call = calls[n * 37 % len(calls)]
        once(names[call], call)

names = dict((globals()[name], name) for name in shares)
before = descriptors()
round()
memory = used()
for _ in range(count // len(calls) - 1):
    round()
growth = used() - memory
show(outcomes, slowest, growth, descriptors() - before)
"""
)


@pytest.mark.needs("soak")
@pytest.mark.timeout(300)
def test_calls_of_every_kind(mpy, peer, tls_peer, root, figures):
    servers = {
        "plain": peer(response(b"hello"), repeat=True),
        "in_chunks": peer(chunked(b"hel", b"lo"), repeat=True),
        "to_the_close": peer(response(b"hello", length=False), repeat=True),
        "redirected": peer([redirect_once], repeat=True),
        "posted": peer([echo], repeat=True),
        "streamed": peer(chunked(*[STREAMED[:5000]] * 10), repeat=True),
        "truncated": peer(response(b"some", "Content-Length: 100", length=False), repeat=True),
        "bad_chunk": peer(response(b"x\r\n", "Transfer-Encoding: chunked", length=False), repeat=True),
        "reset": peer([lambda connection: connection.reset()], repeat=True),
        "timed_out": peer([hang], repeat=True),
    }
    urls = {name: server.url for name, server in servers.items()}
    urls["verified"] = tls_peer(response(b"hello"), repeat=True).at
    urls["refused"] = f"http://127.0.0.1:{free_port()}/"
    outcomes, slowest, growth, leaked = mpy(
        SOAK,
        urls=urls,
        shares=SHARES,
        count=COUNT,
        ca=root.pem,
        other=certificates.root("another root").pem,
        heap=figures.soak_heap,
        timeout=figures.soak_seconds,
    )
    expected = {
        "plain": b"hello",
        "in_chunks": b"hello",
        "to_the_close": "hello",
        "redirected": (b"hello", 1),
        "posted": {"n": [1, 2, 3]},
        "generated": [0],
        "streamed": 50_000,
        "left_unread": None,
        "dropped": None,
        "truncated": ("OSError", ECONNABORTED),
        "bad_chunk": ("ValueError", None),
        "reset": ("OSError", ECONNRESET),
        "refused": ("OSError", figures.refused),
        "timed_out": ("OSError", ETIMEDOUT),
        "past_the_deadline": ("OSError", ETIMEDOUT),
        "verified": b"hello",
        "untrusted": ("OSError", EACCES),
    }
    times = COUNT // sum(SHARES.values())
    assert outcomes == {name: [[outcome, SHARES[name] * times]] for name, outcome in expected.items()}
    assert max(slowest.values()) < 10_000
    assert growth < 500
    assert leaked <= 1  # a response that waits for the collector


def redirect_once(connection):
    """Answers / with a redirect, and the target with a body."""
    connection.send(redirect("/there") if connection.last_request.target == "/" else response(b"hello"))


def echo(connection):
    """Answers with the body of the request."""
    connection.send(response(connection.last_request.body))
