"""Plays conformance cases and judges what came of them.

A case is a line of cases/*.jsonl. Text stands for bytes, in Latin-1.

    id, source, notes   what it is and which rule it shows
    request             method, path or url, headers, body, json, auth, timeout, max_redirects
    prelude             a request that the same process makes before
    server              exchanges: send, fragments ([bytes, ms to wait after them]),
                        generate (see `generated`), early (not waiting for a request),
                        then: close, keep or rst
    repeat_last         the last exchange answers all later requests too
    expect              outcomes, any of which is right: kind "ok" or "error", status, body,
                        reason, headers, headers_absent
    sent                what the requests must look like, in their order
    wire                what no request may look like, and how many there may be
    limits              elapsed_max_s, server_bytes_max
"""

import json
import pathlib
import re
import time

from support.peer import EARLY, KEEP, Peer, drip, endless, pause
from support.reading import WAYS

CASES = pathlib.Path(__file__).parent / "cases"

CALL = """
def perform(method, url, headers, auth, timeout, max_redirects, **body):
    kw = dict(body, timeout=timeout, deadline=2.5, max_redirects=max_redirects, save_headers=True)
    if headers:
        kw["headers"] = headers
    if auth:
        kw["auth"] = auth
    return mrequests.request(method, url, **kw)

if prelude:
    try:
        perform(**prelude).content
    except (OSError, ValueError):
        pass
try:
    r = perform(**request)
    WAY
except (OSError, ValueError, TypeError, MemoryError) as error:
    show(dict(error=repr(error)))
else:
    show(dict(status=r.status_code, reason=r.reason, headers=list(r.headers), body=bytes(body)))
"""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
REQUEST_LINE = re.compile(TOKEN.pattern + r" [\x21-\x7e]+ HTTP/1\.[01]")


def load(name):
    """The cases of a set."""
    with open(CASES / f"{name}.jsonl", encoding="ascii") as lines:
        return [json.loads(line) for line in lines]


def play(case, interpreter, way, pace):
    """Plays a case; returns what is wrong, as a list of words."""
    exchanges = [steps(exchange) for exchange in case["server"]]
    with Peer(*exchanges, pace=pace, repeat=bool(case.get("repeat_last"))) as peer:
        source = CALL.replace("WAY", "\n    ".join(WAYS[way].strip().splitlines()))
        names = {
            "request": arguments(case["request"], peer),
            "prelude": arguments(case["prelude"], peer) if "prelude" in case else None,
        }
        started = time.monotonic()
        result = interpreter.run(source, check=False, timeout=30, **names)
        elapsed = time.monotonic() - started
    if result.returncode != 0 or len(result.shown) != 1:
        return [f"the interpreter ended with {result.returncode}: {result.out} {result.err}"]
    return judge_outcome(case, result.shown[0]) + judge_wire(case, peer) + judge_limits(case, peer, elapsed)


def steps(exchange):
    """The steps of the peer for an exchange."""
    data = exchange["send"].encode("latin-1")
    made = [EARLY] if exchange.get("early") else []
    for size, wait in exchange.get("fragments", ()):
        made += [data[:size], pause(wait / 1000)]
        data = data[size:]
    made.append(data)
    if "generate" in exchange:
        made += generated(**exchange["generate"])
    if exchange["then"] == "keep":
        made.append(KEEP)
    elif exchange["then"] == "rst":
        made += [pause(0.08), lambda connection: connection.reset()]
    return made


def generated(kind, byte="a", ms=0, data=None):
    """Steps that send something endless, or slow."""
    if kind == "drip":
        text = byte * 10_000 if data is None else data
        return [drip(text.encode("latin-1"), ms / 1000)]
    if kind == "sleep":
        return [pause(ms / 1000), (data or "").encode("latin-1")]
    blocks = {
        "bytes": byte.encode() * 8192,
        "header_lines": b"X-Name: %s\r\n" % (b"a" * 60) * 64,
        "informational": b"HTTP/1.1 100 Continue\r\n\r\n" * 64,
        "trailers": b"T: %s\r\n" % (b"t" * 60) * 64,
    }
    return [endless(blocks[kind])]


def arguments(request, peer):
    """The arguments of `perform` for a request."""

    def filled(text):
        return peer.fill(text.encode("latin-1"))

    made = {
        "method": request["method"],
        "url": filled(request["url"]).decode("latin-1") if request.get("url") else peer.url + request["path"],
        "headers": {name.encode("latin-1"): filled(value) for name, value in request.get("headers") or ()},
        "auth": tuple(part.encode() for part in request.get("auth") or ()),
        "timeout": request.get("timeout", 1.5),
        "max_redirects": request.get("max_redirects", 5),
    }
    if request.get("body") is not None:
        made["data"] = request["body"].encode("latin-1")
    if "json" in request:
        made["json"] = request["json"]
    return made


# What the caller got.


def judge_outcome(case, outcome):
    """What is wrong with an outcome: nothing where it is one of those expected."""
    return min((compare(expected, outcome) for expected in case["expect"]), key=len)


def compare(expected, outcome):
    if expected["kind"] == "error":
        return [] if "error" in outcome else [f"accepted: {outcome}"]
    if "error" in outcome:
        return [f"refused: {outcome['error']}"]
    problems = []
    if expected.get("status") not in (None, outcome["status"]):
        problems.append(f"status {outcome['status']}")
    if "body" in expected and expected["body"].encode("latin-1") != outcome["body"]:
        problems.append(f"body {outcome['body'][:200]}")
    if "reason" in expected and squeezed(expected["reason"].encode("latin-1")) != squeezed(outcome["reason"]):
        problems.append(f"reason {outcome['reason']}")
    headers = joined(line.split(b":", 1) for line in outcome["headers"])
    for name, values in joined(
        (n.encode("latin-1"), v.encode("latin-1")) for n, v in expected.get("headers") or ()
    ).items():
        if headers.get(name) != values:
            problems.append(f"header {name} {headers.get(name)}")
    problems += [f"header {name} is there" for name in expected.get("headers_absent", ()) if name.encode() in headers]
    return problems


def squeezed(text):
    """Text with its runs of white space made one space."""
    return re.sub(rb"[ \t\r\n]+", b" ", text).strip(b" ")


def joined(fields):
    """The values of fields by lower-case name, repeated ones joined."""
    values = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(squeezed(value))
    return {name: b", ".join(parts) for name, parts in values.items()}


# What the peer got.


def judge_wire(case, peer):
    requests, wire = peer.requests, case.get("wire") or {}
    problems = [f"peer: {error!r}" for error in peer.errors]
    for index, expected in enumerate(case.get("sent") or ()):
        if expected is not None:
            problems += (
                compare_request(expected, requests[index], peer)
                if index < len(requests)
                else [f"request {index} not sent"]
            )
    if len(requests) != wire.get("requests", len(requests)) or len(requests) > wire.get("max_requests", len(requests)):
        problems.append(f"{len(requests)} requests")
    for request in requests:
        problems += [f"field {name} sent" for name in wire.get("forbid_headers", ()) if request.all(name)]
        problems += [
            f"bytes {text!r} sent" for text in wire.get("forbid_bytes", ()) if text.encode("latin-1") in request.head
        ]
        if wire.get("wellformed"):
            problems += malformed(request)
    if not any(exchange.get("early") for exchange in case["server"]):
        problems += [f"more than a request: {c.unread!r}" for c in peer.connections if c.last_request and c.unread]
    return problems


def compare_request(expected, request, peer):
    def filled(values):
        return [peer.fill(value.encode()).decode() for value in (values if isinstance(values, list) else [values])]

    problems = []
    if request.method != expected.get("method", request.method):
        problems.append(f"method {request.method}")
    if "target" in expected and request.target not in filled(expected["target"]):
        problems.append(f"target {request.target}")
    if request.listener != expected.get("listener", request.listener):
        problems.append("sent to the wrong origin")
    if "body" in expected and request.body != expected["body"].encode("latin-1"):
        problems.append(f"body {request.body[:200]}")
    for name, values in (expected.get("headers") or {}).items():
        sent = request.all(name)
        if sent if values is None else len(sent) != 1 or sent[0] not in filled(values):
            problems.append(f"field {name}: {sent}")
    return problems


def malformed(request):
    problems = []
    if not REQUEST_LINE.fullmatch(request.line):
        problems.append(f"request line {request.line!r}")
    if len(request.all("Host")) != 1:
        problems.append(f"Host {request.all('Host')}")
    for name, value in request.fields:
        if not TOKEN.fullmatch(name) or re.search(r"[\0\r\n]", value):
            problems.append(f"field {name!r}: {value!r}")
    return problems


def judge_limits(case, peer, elapsed):
    limits = case.get("limits") or {}
    problems = []
    if elapsed > limits.get("elapsed_max_s", elapsed):
        problems.append(f"took {elapsed:.1f} s")
    if peer.bytes_sent > limits.get("server_bytes_max", peer.bytes_sent):
        problems.append(f"let the peer send {peer.bytes_sent} bytes")
    return problems
