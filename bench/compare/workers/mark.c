// For workers in CPython: tells callgrind what to count, so that it need not count how Python and a client are loaded.

#include <valgrind/callgrind.h>

void mark_start(void) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
}

// Writes down what was counted since the last mark.
void mark_end(void) {
    CALLGRIND_DUMP_STATS;
}
