// Memory as MicroPython's heap gives it: exact blocks that move, and a collector.
#ifndef MRQ_MEMORY_H
#define MRQ_MEMORY_H

#include <stddef.h>

// The number of allocations that succeed from now on.
void memory_allow(size_t number);
// The number of allocations that succeeded since then.
size_t memory_allocations(void);
// Frees all blocks.
void memory_collect(void);

#endif // MRQ_MEMORY_H
