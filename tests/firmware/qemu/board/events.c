// Waiting. Interrupts are never taken: a pending one ends the sleep, then all devices are polled.

#include "py/mphal.h"
#include "py/ringbuf.h"
#include "py/runtime.h"

#include "ports/qemu/uart.h"

#include "board.h"
#include "machine.h"

static uint8_t input_bytes[256];
static ringbuf_t input = { input_bytes, sizeof(input_bytes), 0, 0 };

static void console_poll(void) {
    int c;
    while (ringbuf_free(&input) > 0 && (c = uart_rx_chr()) != UART_RX_NO_CHAR) {
        if (c == mp_interrupt_char) {
            mp_sched_keyboard_interrupt();
        } else {
            ringbuf_put(&input, c);
        }
    }
}

// Polls all devices.
void board_poll(void) {
    console_poll();
    #if BOARD_NETWORK
    network_poll();
    #endif
}

// Sleeps until an interrupt is pending, for at most a millisecond, then polls.
void board_wait(void) {
    machine_wait();
    board_poll();
}

// Replaces the port's function, which never sleeps.
int __wrap_mp_hal_stdin_rx_chr(void) {
    int c;
    while ((c = ringbuf_get(&input)) < 0) {
        board_wait();
    }
    return c;
}
