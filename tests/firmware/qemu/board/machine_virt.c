// QEMU's machine virt with a 32-bit RISC-V.

#include "machine.h"

// The timer counts at 10 MHz.
#define TICKS_PER_US (10)
#define TICKS_PER_MS (10000)

typedef volatile uint32_t reg_t;

#define CLINT_MTIMECMP ((reg_t *)0x02004000)
#define CLINT_MTIME ((reg_t *)0x0200bff8)

#define PLIC_PRIORITY ((reg_t *)0x0c000000)
#define PLIC_ENABLE (*(reg_t *)0x0c002000)
#define PLIC_THRESHOLD (*(reg_t *)0x0c200000)
#define PLIC_CLAIM (*(reg_t *)0x0c200004)

#define UART_IER (*(volatile uint8_t *)0x10000001)
#define UART_IER_RX (1)

// The first virtio slot, and the UART.
static const uint8_t interrupts[] = { 1, 10 };

#define MIE_TIMER_AND_EXTERNAL (1 << 7 | 1 << 11)
#define MSTATUS_MIE (1 << 3)

static uint64_t ticks(void) {
    uint32_t high, low;
    do {
        high = CLINT_MTIME[1];
        low = CLINT_MTIME[0];
    } while (high != CLINT_MTIME[1]);
    return (uint64_t)high << 32 | low;
}

static uint64_t start;

void machine_init(void) {
    start = ticks();
    for (unsigned int i = 0; i < sizeof(interrupts); ++i) {
        PLIC_PRIORITY[interrupts[i]] = 1;
        PLIC_ENABLE |= 1 << interrupts[i];
    }
    PLIC_THRESHOLD = 0;
    UART_IER = UART_IER_RX;
    // A pending interrupt ends WFI even if it is not taken.
    __asm__ volatile ("csrc mstatus, %0" : : "r" (MSTATUS_MIE));
    __asm__ volatile ("csrw mie, %0" : : "r" (MIE_TIMER_AND_EXTERNAL));
}

void machine_wait(void) {
    uint64_t end = ticks() + TICKS_PER_MS;
    // This order avoids an intermediate compare value before the end.
    CLINT_MTIMECMP[0] = UINT32_MAX;
    CLINT_MTIMECMP[1] = end >> 32;
    CLINT_MTIMECMP[0] = end;
    __asm__ volatile ("wfi" : : : "memory");
    // An interrupt after this line ends the next sleep; all devices are polled before that.
    uint32_t interrupt;
    while ((interrupt = PLIC_CLAIM) != 0) {
        PLIC_CLAIM = interrupt;
    }
}

uint64_t machine_ticks_us(void) {
    return (ticks() - start) / TICKS_PER_US;
}

uint32_t machine_ticks_cpu(void) {
    uint32_t cycles;
    __asm__ volatile ("csrr %0, mcycle" : "=r" (cycles));
    return cycles;
}
