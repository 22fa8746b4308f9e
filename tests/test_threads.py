"""Threads: the unix port has no GIL, so calls may not share state."""

import pytest

from support.messages import response

pytestmark = pytest.mark.needs("threads")

# Each thread writes to its own slots: MicroPython's containers are not thread-safe without a GIL.
WORKERS = """
import _thread

THREADS = 8
CALLS = 50
results = [None] * THREADS
locks = [_thread.allocate_lock() for _ in range(THREADS)]

def worker(number):
    wrong = []
    try:
        for call in range(CALLS):
            problem = once(number, call)
            if problem is not None:
                wrong.append(problem)
    except Exception as error:
        wrong.append(repr(error))
    results[number] = wrong
    locks[number].release()

for lock in locks:
    lock.acquire()
_thread.stack_size(256 * 1024)
for number in range(THREADS):
    _thread.start_new_thread(worker, (number,))
for lock in locks:
    lock.acquire()
show(results)
"""


def echo(connection):
    """Answers with the body of the request and its X-Id."""
    request = connection.last_request
    connection.send(response(request.body, "X-Id: " + (request.get("X-Id") or "")))


@pytest.fixture
def echo_server(peer):
    return peer([echo], repeat=True)


def test_eight_threads_with_fifty_requests_each(mpy, echo_server):
    results = mpy(
        """
def once(number, call):
    body = ("%d-%d " % (number, call)).encode() * (1 + (number * CALLS + call) * 7 % 300)
    r = mrequests.post(url, data=body, headers={"X-Id": "%d.%d" % (number, call)}, save_headers=True)
    content = r.content
    if r.status_code != 200 or content != body or r.headers["x-id"] != b"%d.%d" % (number, call):
        return (number, call, len(body), len(content))
"""
        + WORKERS,
        url=echo_server.url,
        heap="8m",
        timeout=50,
    )
    assert results == [[]] * 8
    assert len(echo_server.requests) == 400


def test_threads_that_stream(mpy, nginx):
    results = mpy(
        """
def once(number, call):
    if call >= 5:
        return None
    r = mrequests.get(url)
    buf = bytearray(4096)
    total = 0
    while True:
        n = r.readinto(buf)
        if not n:
            break
        total += n
    if total != 1048576:
        return (number, call, total)
"""
        + WORKERS,
        url=nginx.url + "/chunked/1m.bin",
        heap="8m",
        timeout=50,
    )
    assert results == [[]] * 8


def test_errors_in_threads(mpy, peer):
    """Failing calls of one thread do not affect the others."""
    server = peer([echo], repeat=True)
    bad = peer(b"garbage\r\n\r\n", repeat=True)
    results = mpy(
        """
def once(number, call):
    if number % 2:
        try:
            mrequests.get(bad)
        except ValueError:
            return None
        return "garbage passed"
    body = b"%d" % number
    if mrequests.post(url, data=body).content != body:
        return (number, call)
"""
        + WORKERS,
        url=server.url,
        bad=bad.url,
        heap="8m",
        timeout=50,
    )
    assert results == [[]] * 8
