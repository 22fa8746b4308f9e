# A 32-bit RISC-V with virtio-net: qemu-system-riscv32 -M virt -bios none
#     -netdev user,id=n0 -device virtio-net-device,netdev=n0,bus=virtio-mmio-bus.0
QEMU_ARCH = riscv32
QEMU_MACHINE = virt

CFLAGS += -DQEMU_SOC_VIRT -DMICROPY_HW_MCU_NAME='"RV32IMAC"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
# With _zicsr in this name Debian's compiler finds no libgcc and takes the 64-bit one.
LIBS = -march=rv32imac
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_rv32i.o

BOARD_NETWORK = 1
BOARD_DRIVERS = machine_virt.c virtio_net.c
include $(BOARD_DIR)/../common.mk
