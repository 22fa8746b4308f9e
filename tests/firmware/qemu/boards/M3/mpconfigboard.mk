# A Cortex-M3 with the LAN9118 Ethernet chip: qemu-system-arm -M mps2-an385 -nic user,model=lan9118
QEMU_ARCH = arm
QEMU_MACHINE = mps2-an385

CFLAGS += -mthumb -mcpu=cortex-m3 -mfloat-abi=soft
CFLAGS += -DQEMU_SOC_MPS2 -DMICROPY_HW_MCU_NAME='"Cortex-M3"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o

BOARD_NETWORK = 1
BOARD_DRIVERS = machine_mps2.c cortex_m.c lan9118.c
include $(BOARD_DIR)/../common.mk
