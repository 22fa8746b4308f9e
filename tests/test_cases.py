"""Plays tests/cases against a scripted peer: see support/cases.py."""

import concurrent.futures

import pytest

from support.cases import load, play
from support.reading import WAYS

# The number of cases that one interpreter plays in sequence.
BATCH = 32

# file, way to read the body, size of the peer's segments
RUNS = [
    ("rfc", "content", "whole"),
    ("inject", "content", "whole"),
    ("redirect", "content", "whole"),
    ("robust", "content", "whole"),
    ("state", "content", "whole"),
    ("large", "read", "whole"),
    *(("body", way, "whole") for way in WAYS),
]
# These repeat cases: a board plays fewer of them.
MORE_RUNS = [
    ("rfc", "read", "bytes"),
    ("rfc", "readinto", "random"),
    ("rfc", "saveinto", "lines"),
    ("robust", "readinto", "random"),
    *(("body", way, "bytes") for way in WAYS),
]


@pytest.mark.needs("network")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "name, way, pace",
    [pytest.param(*run, id="-".join(run)) for run in RUNS]
    + [pytest.param(*run, id="-".join(run), marks=pytest.mark.thorough) for run in MORE_RUNS],
)
def test_cases(mpy, sample, figures, name, way, pace):
    cases = sample(load(name))
    batches = -(-len(cases) // BATCH)
    failures = []

    def play_batch(number):
        batch = cases[number::batches]
        for case, problems in zip(batch, play(batch, mpy, way, pace, figures.refused), strict=True):
            failures.extend(f"{case['id']}: {problem}" for problem in problems)

    with concurrent.futures.ThreadPoolExecutor(mpy.at_once) as pool:
        # A board stops when the thread that started it ends.
        play_all = map if mpy.at_once == 1 else pool.map
        list(play_all(play_batch, range(batches)))
    assert not failures, f"{len(failures)} problems in {len(cases)} cases:\n" + "\n".join(sorted(failures))


def test_each_id_is_there_once():
    ids = [case["id"] for case in load()]
    assert len(ids) == len(set(ids))
