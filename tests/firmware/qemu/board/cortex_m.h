// The parts of a Cortex-M that sleep and wake.

#ifndef BOARD_CORTEX_M_H
#define BOARD_CORTEX_M_H

#include <stdint.h>

// Sleeps are at most a millisecond long, and interrupts (a mask) end them earlier; none is ever taken.
void cortex_m_init(uint32_t clock_hz, uint32_t interrupts);

void cortex_m_wait(void);

#endif // BOARD_CORTEX_M_H
