// Initialisation at boot and at each soft reset, before Python runs.

#include "py/runtime.h"

#include "board.h"
#include "machine.h"

void __real_mp_init(void);

// The port's main() calls this at the start of its loop, once per soft reset.
void __wrap_mp_init(void) {
    static bool booted;
    if (!booted) {
        booted = true;
        machine_init();
        #if BOARD_NETWORK
        network_init();
        #endif
    }
    board_init_memory();
    __real_mp_init();
}
