# Settings of all boards.

CFLAGS += -DMP_CONFIGFILE='<$(abspath $(BOARD_DIR)/../config.h)>' -DBOARD_NETWORK=$(BOARD_NETWORK)
LDFLAGS += -L$(BOARD_DIR)/.. -Wl,-z,noexecstack
# Functions of the port that `board` replaces: see start.c, events.c, clock.c and random.c.
LDFLAGS += $(addprefix -Xlinker --wrap=,mp_init mp_hal_stdin_rx_chr mp_hal_get_random \
	mp_hal_ticks_ms mp_hal_ticks_us mp_hal_ticks_cpu mp_hal_delay_ms mp_hal_delay_us)
# main() uses this heap until the first mp_init().
MICROPY_HEAP_SIZE = 1024
# The boards' linker scripts include program.ld.
$(BUILD)/firmware.elf: $(BOARD_DIR)/../program.ld
