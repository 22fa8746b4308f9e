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
    ("inject", "content", "whole"),
    ("redirect", "content", "whole"),
    ("robust", "content", "whole"),
    ("state", "content", "whole"),
]
# The same cases again: a board need not play them all that often.
MORE_RUNS = [
    ("rfc", "read", "bytes"),
    ("rfc", "readinto", "random"),
    ("rfc", "saveinto", "lines"),
    ("robust", "readinto", "random"),
]


@pytest.mark.needs("network")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "name, way, pace",
    [pytest.param(*run, id="-".join(run)) for run in RUNS]
    + [pytest.param(*run, id="-".join(run), marks=pytest.mark.thorough) for run in MORE_RUNS],
)
def test_set(mpy, sample, name, way, pace):
    cases = sample([case for case in load(name) if case["id"] not in EXCEPTIONS])
    with concurrent.futures.ThreadPoolExecutor(mpy.at_once) as pool:
        verdicts = list(pool.map(lambda case: play(case, mpy, way, pace), cases))
    failures = [f"{case['id']}: {'; '.join(problems)}" for case, problems in zip(cases, verdicts) if problems]
    assert not failures, f"{len(failures)} of {len(cases)} cases fail:\n" + "\n".join(failures)


def test_the_exceptions_are_cases():
    assert EXCEPTIONS <= {case["id"] for case in load("redirect")}
