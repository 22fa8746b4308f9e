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
    // A pending interrupt ends WFI even if PRIMASK masks it.
    __asm__ volatile ("cpsid i");
    NVIC_ISER = interrupts;
    SYST_RVR = clock_hz / 1000 - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_ON;
}

void cortex_m_wait(void) {
    __asm__ volatile ("wfi" ::: "memory");
    // An interrupt after this line ends the next sleep; all devices are polled before that.
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
    NVIC_ICPR = UINT32_MAX;
}
