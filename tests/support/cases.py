"""Plays the cases of tests/cases in MicroPython, many in one run, and checks their outcomes.

A case is a line of tests/cases/*.jsonl. rust/engine/tests/exchange/cases.rs plays them too. Strings are bytes in
Latin-1. `%%BASE%%`, `%%HOSTPORT%%`, `%%PORT%%` are the origin of the request, `%%BASE2%%` and so on another one.

    id, source, notes   the name of the case and the rule that it tests
    request             method, path or url, headers, body, json, auth, timeout, deadline,
                        max_redirects
    prelude             a request that the same process makes first
    server              exchanges: send, fragments ([bytes, ms to wait after them]),
                        generate (see `generated`), early (does not wait for a request),
                        then: close, keep or rst
    repeat_last         the last exchange answers all later requests too
    expect              error ("ValueError", "MemoryError", "OSError" or the name of an errno), or
                        status, body, reason, headers, headers_absent
    sent                the requests, in their order: method, target, listener (the origin), body, headers
    wire                text that no request may contain, and the number of requests
    limits              elapsed_max_s, server_bytes_max
"""

import contextlib
import errno
import json
import pathlib
import re
import subprocess

import pytest

from support.peer import EARLY, KEEP, Peer, drip, endless, pause
from support.reading import WAYS

CASES = pathlib.Path(__file__).parent.parent / "cases"

CALLS = """
def perform(method, url, headers, auth, timeout, deadline, max_redirects, **body):
    kw = dict(body, timeout=timeout, deadline=deadline, max_redirects=max_redirects, save_headers=True)
    if headers:
        kw["headers"] = headers
    if auth:
        kw["auth"] = auth
    return mrequests.request(method, url, **kw)

for prelude, request in calls:
    r = body = None
    if prelude:
        try:
            perform(**prelude).content
        except ValueError:
            pass
    before = descriptors()
    started = time.ticks_ms()
    try:
        r = perform(**request)
        WAY
    except Exception as error:
        outcome = dict(error=describe(error))
    else:
        outcome = dict(status=r.status_code, reason=r.reason, headers=list(r.headers), body=bytes(body))
    outcome["seconds"] = time.ticks_diff(time.ticks_ms(), started) / 1000
    outcome["left_open"] = descriptors() - before
    show(outcome)
"""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
REQUEST_LINE = re.compile(TOKEN.pattern + r" [\x21-\x7e]+ HTTP/1\.[01]")


def load(*names):
    """Returns the cases of some files, or of all."""
    paths = [CASES / f"{name}.jsonl" for name in names] or sorted(CASES.glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text("ascii").splitlines()]


def play(cases, mpy, way, pace, refused):
    """Plays cases in one run; returns a list of problems for each. After a crash or a hang, plays the halves."""
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(peer_of(case, pace)) for case in cases]
        outcomes, ending = perform(cases, peers, mpy, way)
        if len(outcomes) == len(cases):
            return [judge(*each, refused) for each in zip(cases, outcomes, peers, strict=True)]
    if len(cases) == 1:
        return [[ending]]
    half = len(cases) // 2
    return [problems for part in (cases[:half], cases[half:]) for problems in play(part, mpy, way, pace, refused)]


def perform(cases, peers, mpy, way):
    """Returns the outcomes of the cases' calls, and the end of the run in words."""
    calls = [
        (arguments(case["prelude"], peer) if "prelude" in case else None, arguments(case["request"], peer))
        for case, peer in zip(cases, peers, strict=True)
    ]
    source = CALLS.replace("WAY", "\n        ".join(WAYS[way].strip().splitlines()))
    try:
        result = mpy.run(source, check=False, timeout=10 + len(calls), calls=calls)
    except subprocess.TimeoutExpired as hang:
        return [], f"no end within {hang.timeout} s"
    except pytest.fail.Exception as silence:
        return [], str(silence)
    return result.shown, f"the interpreter ended with {result.returncode}: {result.out} {result.err}"


def peer_of(case, pace):
    return Peer(*map(steps, case["server"]), pace=pace, repeat=case.get("repeat_last", False))


def steps(exchange):
    """Returns the peer's steps for an exchange."""
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
    """Returns steps that send endlessly or slowly."""
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
    """Returns the arguments of `perform` for a request."""

    def filled(text):
        return peer.fill(text.encode("latin-1"))

    made = {
        "method": request["method"],
        "url": filled(request["url"]).decode("latin-1") if request.get("url") else peer.url + request["path"],
        "headers": {name.encode("latin-1"): filled(value) for name, value in request.get("headers") or ()},
        "auth": tuple(part.encode() for part in request.get("auth") or ()),
        # Long enough for a busy machine.
        "timeout": request.get("timeout", 10),
        "deadline": request.get("deadline", 20),
        "max_redirects": request.get("max_redirects", 5),
    }
    if request.get("body") is not None:
        made["data"] = request["body"].encode("latin-1")
    if "json" in request:
        made["json"] = request["json"]
    return made


def judge(case, outcome, peer, refused):
    """Returns the problems in the outcome of a case."""
    return judge_outcome(case["expect"], outcome, refused) + judge_wire(case, peer) + judge_limits(case, peer, outcome)


# Results of the caller.


def judge_outcome(expected, outcome, refused):
    problems = [f"{outcome['left_open']} descriptors left open"] if outcome["left_open"] else []
    if "error" in outcome:
        return problems + judge_error(expected, *outcome["error"], refused)
    if "error" in expected:
        return [*problems, f"accepted: {outcome}"]
    if expected["status"] != outcome["status"]:
        problems.append(f"status {outcome['status']}")
    if expected["body"].encode("latin-1") != outcome["body"]:
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


def judge_error(expected, kind, number, text, refused):
    # lwIP has one errno for refused and reset connections.
    names = {kind, errno.errorcode.get(number)} | ({"ECONNREFUSED"} if number == refused else set())
    return [] if expected.get("error") in names else [f"{kind} {number or ''} {text}"]


def squeezed(text):
    """Replaces each run of white space with one space."""
    return re.sub(rb"[ \t\r\n]+", b" ", text).strip(b" ")


def joined(fields):
    """Returns the values of fields by lower-case name; joins repeated fields."""
    values = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(squeezed(value))
    return {name: b", ".join(parts) for name, parts in values.items()}


# Requests that the peer received.


def judge_wire(case, peer):
    requests, wire = peer.requests, case.get("wire") or {}
    problems = [f"peer: {error!r}" for error in peer.errors]
    for index, expected in enumerate(case.get("sent") or ()):
        problems += (
            compare_request(expected, requests[index], peer) if index < len(requests) else [f"request {index} not sent"]
        )
    if len(requests) != wire.get("requests", len(requests)):
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
    def filled(value):
        return peer.fill(value.encode()).decode()

    problems = []
    if request.method != expected.get("method", request.method):
        problems.append(f"method {request.method}")
    if "target" in expected and request.target != filled(expected["target"]):
        problems.append(f"target {request.target}")
    if request.listener != expected.get("listener", request.listener):
        problems.append("sent to the wrong origin")
    if "body" in expected and request.body != expected["body"].encode("latin-1"):
        problems.append(f"body {request.body[:200]}")
    for name, value in (expected.get("headers") or {}).items():
        if request.all(name) != ([] if value is None else [filled(value)]):
            problems.append(f"field {name}: {request.all(name)}")
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


def judge_limits(case, peer, outcome):
    limits = case.get("limits") or {}
    problems = []
    if outcome["seconds"] > limits.get("elapsed_max_s", outcome["seconds"]):
        problems.append(f"took {outcome['seconds']:.1f} s")
    if peer.bytes_sent > limits.get("server_bytes_max", peer.bytes_sent):
        problems.append(f"let the peer send {peer.bytes_sent} bytes")
    return problems
