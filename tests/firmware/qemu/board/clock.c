// MicroPython's clock functions, based on the machine's clock.

#include "py/mphal.h"
#include "py/runtime.h"

#include "board.h"
#include "machine.h"

// Unix time at machine_init(). Not set at boot, as on a board without a battery.
static uint64_t start_us;

void board_set_time(uint64_t seconds) {
    start_us = seconds * 1000000 - machine_ticks_us();
}

uint64_t mp_hal_time_ns(void) {
    return (start_us + machine_ticks_us()) * 1000;
}

// The port defines these functions from MicroPython 1.28 on; the linker's --wrap selects ours on all versions.

mp_uint_t __wrap_mp_hal_ticks_ms(void) {
    return machine_ticks_us() / 1000;
}

mp_uint_t __wrap_mp_hal_ticks_us(void) {
    return machine_ticks_us();
}

mp_uint_t __wrap_mp_hal_ticks_cpu(void) {
    return machine_ticks_cpu();
}

void __wrap_mp_hal_delay_ms(mp_uint_t ms) {
    uint64_t end = machine_ticks_us() + (uint64_t)ms * 1000;
    mp_event_handle_nowait();
    while (machine_ticks_us() < end) {
        mp_event_wait_ms(1);
    }
}

void __wrap_mp_hal_delay_us(mp_uint_t us) {
    uint64_t end = machine_ticks_us() + us;
    while (machine_ticks_us() < end) {
    }
}
