"""Snippets that many tests share."""

from support.messages import response

# used(): the bytes of heap in use, without garbage.
USED = """
def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()
"""

# starved(left): the result of once() with `left` free heap blocks of 64 bytes, or "MemoryError".
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
    """Runs a snippet on `r`, a response parsed from `message`; returns the value it shows."""
    server = peer(message)
    return mpy(f"r = mrequests.get(url)\n{source}", url=server.url, **names)


def sent(mpy, peer, source, **options):
    """Returns the request that a snippet sends to `base`."""
    server = peer(response())
    mpy.run(source, base=server.url, **options)
    return server.request


def values(mpy, expressions, before="", **names):
    """Evaluates expressions in one run; returns {expression: value}."""
    # A list, because MicroPython's dict is unordered.
    made = "".join(f"    lambda: {text},\n" for text in expressions)
    shown = mpy(f"{before}\nmade = [\n{made}]\nshow([each() for each in made])", **names)
    return dict(zip(expressions, shown, strict=True))


def errors(mpy, calls, before="", **names):
    """Makes calls in one run; returns {call: error}. No call may leave a descriptor open."""
    before += """
def raised_by(call):
    open_before = descriptors()
    return attempt(call), descriptors() - open_before
"""
    shown = values(mpy, [f"raised_by(lambda: {call})" for call in calls], before, **names).values()
    outcomes = dict(zip(calls, shown, strict=True))
    assert {call: left_open for call, (_, left_open) in outcomes.items() if left_open} == {}
    return {call: raised for call, (raised, _) in outcomes.items()}


def kinds(mpy, calls, before="", **names):
    """Returns {call: class of the error}: see `errors`."""
    return {call: raised and raised[0] for call, raised in errors(mpy, calls, before, **names).items()}
