// Random numbers from the host.

#include "py/mperrno.h"
#include "py/runtime.h"

#include "board.h"
#include "semihosting.h"

void board_random(void *buf, size_t size) {
    // The file stays open.
    static int device = -1;
    if (device < 0) {
        device = host_open("/dev/urandom", HOST_OPEN_R);
    }
    if (device < 0 || host_read(device, buf, size) != (int)size) {
        mp_raise_OSError(MP_EIO);
    }
}

// From MicroPython 1.28 on os.urandom() calls this function; the port's version is a dummy.
void __wrap_mp_hal_get_random(size_t size, uint8_t *buf) {
    board_random(buf, size);
}
