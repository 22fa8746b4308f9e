# A Cortex-M0 without a network: qemu-system-arm -M microbit
#     -global nrf51-soc.flash-size=1048576 -global nrf51-soc.sram-size=262144
QEMU_ARCH = arm
QEMU_MACHINE = microbit

CFLAGS += -mthumb -mcpu=cortex-m0 -mfloat-abi=soft
CFLAGS += -DQEMU_SOC_NRF51 -DMICROPY_HW_MCU_NAME='"nRF51"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb1.o

BOARD_NETWORK = 0
BOARD_DRIVERS = machine_nrf51.c cortex_m.c
include $(BOARD_DIR)/../common.mk
