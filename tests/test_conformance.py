"""Conformance cases written from RFC 9110, 9112 and 3986: see conformance/judge.py."""

import concurrent.futures

import pytest

from conformance.judge import load, play

# Cases where the specification of mrequests decides otherwise:
# a 303 answer to GET is not followed, as the reference documents.
EXCEPTIONS = {"redirect/get-303", "redirect/lower-case-303", "redirect/cross-auth-303", "redirect/same-auth-303"}

# set, the way to read the body, how the peer cuts what it sends
RUNS = [
    ("rfc", "content", "whole"),
    ("rfc", "read", "bytes"),
    ("rfc", "readinto", "random"),
    ("rfc", "saveinto", "lines"),
    ("inject", "content", "whole"),
    ("redirect", "content", "whole"),
    ("robust", "content", "whole"),
    ("robust", "readinto", "random"),
    ("state", "content", "whole"),
]

# Most cases that take their time wait for a time-out.
AT_ONCE = 24


@pytest.mark.parametrize("name, way, pace", RUNS, ids=["-".join(run) for run in RUNS])
def test_set(mpy, name, way, pace):
    cases = [case for case in load(name) if case["id"] not in EXCEPTIONS]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        verdicts = list(pool.map(lambda case: play(case, mpy, way, pace), cases))
    failures = [f"{case['id']}: {'; '.join(problems)}" for case, problems in zip(cases, verdicts) if problems]
    assert not failures, f"{len(failures)} of {len(cases)} cases fail:\n" + "\n".join(failures)


def test_the_exceptions_are_cases():
    assert EXCEPTIONS <= {case["id"] for case in load("redirect")}
