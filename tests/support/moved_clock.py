"""Moves and speeds up the clocks of a process, by a preloaded library."""

import functools
import pathlib
import subprocess
import tempfile
import time

# 2000-01-01, the start of a board's clock that was never set.
NEVER_SET = 946684800

SOURCE = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) {
        now->tv_sec += atol(getenv("CLOCK_MOVED_BY"));
    } else if (clock == CLOCK_MONOTONIC) {
        long long ns = (now->tv_sec * 1000000000LL + now->tv_nsec) * atol(getenv("TICKS_TIMES"));
        now->tv_sec = ns / 1000000000;
        now->tv_nsec = ns % 1000000000;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return out ? (*out = now.tv_sec) : now.tv_sec;
}
"""


@functools.cache
def directory():
    """Builds the library in a temporary directory, which is removed after the tests."""
    made = tempfile.TemporaryDirectory()
    (pathlib.Path(made.name) / "clock.c").write_text(SOURCE)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "clock.so", "clock.c"], cwd=made.name, check=True)
    return made


def environment(seconds, times=1):
    """Returns environment variables that move a process's clock by `seconds`; None: to a clock never set.

    Ticks run `times` as fast, which shortens long waits.
    """
    by = NEVER_SET - int(time.time()) if seconds is None else seconds
    return {"LD_PRELOAD": f"{directory().name}/clock.so", "CLOCK_MOVED_BY": str(by), "TICKS_TIMES": str(times)}
