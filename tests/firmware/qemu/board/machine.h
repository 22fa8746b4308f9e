// Functions that each machine implements.

#ifndef BOARD_MACHINE_H
#define BOARD_MACHINE_H

#include <stdint.h>

// Starts the clock, and enables the interrupts that end a sleep.
void machine_init(void);

// Sleeps until a device has an interrupt pending, for at most a millisecond. May return at once.
void machine_wait(void);

// Time since machine_init(), in microseconds.
uint64_t machine_ticks_us(void);

// The clock with the highest resolution, in units of the machine.
uint32_t machine_ticks_cpu(void);

#endif // BOARD_MACHINE_H
