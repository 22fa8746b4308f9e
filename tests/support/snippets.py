"""Snippets that many tests have in common."""

from support.messages import response


def look(mpy, peer, message, source, **names):
    """What a snippet shows that looks at `r`, the response to a GET answered with `message`."""
    server = peer(message)
    return mpy(f"r = mrequests.get(url)\n{source}", url=server.url, **names)


def sent(mpy, peer, source, **options):
    """The request of a snippet that sends one to `base`."""
    server = peer(response())
    mpy.run(source, base=server.url, **options)
    return server.request
