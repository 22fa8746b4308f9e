// What each machine has its own way for.

#ifndef BOARD_MACHINE_H
#define BOARD_MACHINE_H

#include <stdint.h>

// Starts the clock and whatever ends the sleep.
void machine_init(void);

// Sleeps until a device has something to say, a millisecond at most. May return at once.
void machine_wait(void);

// Time since machine_init(), in microseconds.
uint64_t machine_ticks_us(void);

// The finest clock there is; its unit is the machine's.
uint32_t machine_ticks_cpu(void);

#endif // BOARD_MACHINE_H
