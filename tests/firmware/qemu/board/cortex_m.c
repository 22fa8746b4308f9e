#include "cortex_m.h"

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)
#define NVIC_ISER (*(volatile uint32_t *)0xe000e100)
#define NVIC_ICPR (*(volatile uint32_t *)0xe000e280)
#define SCB_ICSR (*(volatile uint32_t *)0xe000ed04)

#define SYST_CSR_ON (7)
#define SCB_ICSR_PENDSTCLR (1 << 25)

void cortex_m_init(uint32_t clock_hz, uint32_t interrupts) {
    // A pending interrupt ends WFI even where PRIMASK keeps it from being taken.
    __asm__ volatile ("cpsid i");
    NVIC_ISER = interrupts;
    SYST_RVR = clock_hz / 1000 - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_ON;
}

void cortex_m_wait(void) {
    __asm__ volatile ("wfi" ::: "memory");
    // What becomes pending after this ends the next sleep, and all devices are polled in between.
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
    NVIC_ICPR = UINT32_MAX;
}
