// The machine mps2-an385: Arm's FPGA board with a Cortex-M3 at 25 MHz.

#include "machine.h"
#include "cortex_m.h"

#define CLOCK_HZ (25000000)
#define CYCLES_PER_MS (CLOCK_HZ / 1000)
#define CYCLES_PER_US (CLOCK_HZ / 1000000)

#define IRQ_UART0_RX (1 << 0)
#define IRQ_ETHERNET (1 << 13)

typedef struct _uart_t {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t ctrl;
    volatile uint32_t intstatus;
} uart_t;

#define UART0 ((uart_t *)0x40004000)
#define UART_CTRL_RX_INTERRUPT (1 << 3)
#define UART_INT_RX (1 << 1)

// The counter advances each time the prescaler reaches 0.
typedef struct _fpgaio_t {
    volatile uint32_t reserved[6];
    volatile uint32_t counter;
    volatile uint32_t prescale;
    volatile uint32_t prescale_counter;
} fpgaio_t;

#define FPGAIO ((fpgaio_t *)0x40028000)

void machine_init(void) {
    FPGAIO->prescale = CYCLES_PER_MS - 1;
    FPGAIO->counter = 0;
    UART0->ctrl |= UART_CTRL_RX_INTERRUPT;
    // QEMU polls its network at this tick, so it is needed even without sleeping.
    cortex_m_init(CLOCK_HZ, IRQ_UART0_RX | IRQ_ETHERNET);
}

void machine_wait(void) {
    cortex_m_wait();
    UART0->intstatus = UART_INT_RX;
}

static uint64_t cycles(void) {
    uint32_t ms, rest;
    do {
        ms = FPGAIO->counter;
        rest = FPGAIO->prescale_counter;
    } while (ms != FPGAIO->counter);
    return (uint64_t)ms * CYCLES_PER_MS + (CYCLES_PER_MS - 1 - rest);
}

uint64_t machine_ticks_us(void) {
    return cycles() / CYCLES_PER_US;
}

uint32_t machine_ticks_cpu(void) {
    return cycles();
}
