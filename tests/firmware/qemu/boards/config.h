// The port's configuration with additions for these boards. MicroPython includes it through MP_CONFIGFILE.

#include "mpconfigport.h"

// As on all ports with lwIP; files of the host return the same numbers.
#define MICROPY_USE_INTERNAL_ERRNO (1)
#undef MICROPY_PY_SELECT
#define MICROPY_PY_SELECT (1)
#undef MICROPY_PY_TIME
#define MICROPY_PY_TIME (1)
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_INCLUDEFILE "board_time.h"
#define MICROPY_EPOCH_IS_1970 (1)
#define MICROPY_PY_OS_URANDOM (1)
#define MICROPY_PY_OS_INCLUDEFILE "board_random.h"

#if BOARD_NETWORK
#define MICROPY_PY_LWIP (1)
#define MICROPY_PY_NETWORK (1)
#define MICROPY_PY_NETWORK_HOSTNAME_DEFAULT "board"
#endif

// See board/events.c.
void board_poll(void);
void board_wait(void);
#define MICROPY_INTERNAL_EVENT_HOOK board_poll()
#define MICROPY_INTERNAL_WFE(timeout_ms) board_wait()
// Busy loops poll the devices too, in place of a real board's interrupts.
#define MICROPY_VM_HOOK_INIT static unsigned int turns;
#define MICROPY_VM_HOOK_LOOP if (++turns % 128 == 0) { board_poll(); }
#define MICROPY_VM_HOOK_RETURN MICROPY_VM_HOOK_LOOP
