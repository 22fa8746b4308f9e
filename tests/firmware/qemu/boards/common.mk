# What the boards have in common.

CFLAGS += -DMP_CONFIGFILE='<$(abspath $(BOARD_DIR)/../config.h)>' -DBOARD_NETWORK=$(BOARD_NETWORK)
# The port's main() and console are taken as they are, but for these calls: see board/start.c and board/events.c.
LDFLAGS += -L$(BOARD_DIR)/.. -Wl,-z,noexecstack -Wl,--wrap=mp_init -Wl,--wrap=mp_hal_stdin_rx_chr
# A heap that main() has until the first mp_init().
MICROPY_HEAP_SIZE = 1024
# The scripts of the boards include it.
$(BUILD)/firmware.elf: $(BOARD_DIR)/../program.ld
