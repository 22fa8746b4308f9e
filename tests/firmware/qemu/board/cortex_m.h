// Sleeping and waking on a Cortex-M.

#ifndef BOARD_CORTEX_M_H
#define BOARD_CORTEX_M_H

#include <stdint.h>

// Sleeps last at most a millisecond. The interrupts in the mask end them earlier, but are never taken.
void cortex_m_init(uint32_t clock_hz, uint32_t interrupts);

void cortex_m_wait(void);

#endif // BOARD_CORTEX_M_H
