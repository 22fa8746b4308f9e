// The machine microbit: a Cortex-M0 nRF51 at 16 MHz, without a network.

#include "machine.h"
#include "cortex_m.h"

#define CLOCK_HZ (16000000)

#define IRQ_UART0 (1 << 2)

typedef volatile uint32_t reg_t;

#define UART0_INTENSET (*(reg_t *)0x40002304)
#define UART_INT_RXDRDY (1 << 2)

#define TIMER0_TASKS_START (*(reg_t *)0x40008000)
#define TIMER0_TASKS_CAPTURE0 (*(reg_t *)0x40008040)
#define TIMER0_BITMODE (*(reg_t *)0x40008508)
#define TIMER0_PRESCALER (*(reg_t *)0x40008510)
#define TIMER0_CC0 (*(reg_t *)0x40008540)
#define BITMODE_32 (3)
// The timer divides the clock by 2 to the power of this value.
#define PRESCALER_1_MHZ (4)

void machine_init(void) {
    TIMER0_BITMODE = BITMODE_32;
    TIMER0_PRESCALER = PRESCALER_1_MHZ;
    TIMER0_TASKS_START = 1;
    UART0_INTENSET = UART_INT_RXDRDY;
    cortex_m_init(CLOCK_HZ, IRQ_UART0);
}

void machine_wait(void) {
    cortex_m_wait();
}

uint64_t machine_ticks_us(void) {
    // The timer wraps after 71 minutes; calls are closer together.
    static uint32_t last;
    static uint64_t total;
    TIMER0_TASKS_CAPTURE0 = 1;
    uint32_t now = TIMER0_CC0;
    total += now - last;
    last = now;
    return total;
}

uint32_t machine_ticks_cpu(void) {
    return machine_ticks_us();
}
