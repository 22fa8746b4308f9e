// For workers in CPython: limits callgrind's counts to the calls, without the loading of Python and of a client.

#include <valgrind/callgrind.h>

void mark_start(void) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
}

// Dumps the counts since the last mark.
void mark_end(void) {
    CALLGRIND_DUMP_STATS;
}
