"""Snippets that many tests have in common."""

from support.messages import response

# used(): the heap in use, without garbage.
USED = """
def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()
"""

# starved(left): what once() returns with so many blocks of 64 bytes left of the heap, or "MemoryError".
STARVED = """
def starved(left):
    hog = [None] * 4000
    count = 0
    try:
        while True:
            hog[count] = bytearray(64)
            count += 1
    except MemoryError:
        pass
    for n in range(left):
        hog[count - 1 - n] = None
    gc.collect()
    try:
        return once()
    except MemoryError:
        return "MemoryError"
"""


def look(mpy, peer, message, source, **names):
    """What a snippet shows that looks at `r`, the response to a GET answered with `message`."""
    server = peer(message)
    return mpy(f"r = mrequests.get(url)\n{source}", url=server.url, **names)


def sent(mpy, peer, source, **options):
    """The request of a snippet that sends one to `base`."""
    server = peer(response())
    mpy.run(source, base=server.url, **options)
    return server.request
