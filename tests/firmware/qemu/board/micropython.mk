# The C module `board`: extends the port's emulated boards for tests.

BOARD_MODULE_DIR := $(USERMOD_DIR)
BOARD_MODULE_C := $(addprefix $(BOARD_MODULE_DIR)/,modboard.c start.c events.c clock.c memory.c random.c semihosting.c \
	hostfs.c hostfile.c wire.c $(BOARD_DRIVERS))

SRC_USERMOD_LIB_C += shared/timeutils/timeutils.c
CFLAGS_USERMOD += -I$(BOARD_MODULE_DIR)

ifeq ($(BOARD_NETWORK),1)
BOARD_MODULE_C += $(BOARD_MODULE_DIR)/network.c
CFLAGS_USERMOD += -I$(USER_C_MODULES)/lwip/src/include
SRC_USERMOD_LIB_C += shared/netutils/netutils.c
SRC_USERMOD_LIB_C += $(addprefix $(USER_C_MODULES)/lwip/src/,$(addprefix core/,def.c dns.c inet_chksum.c init.c ip.c mem.c \
	memp.c netif.c pbuf.c raw.c stats.c sys.c tcp.c tcp_in.c tcp_out.c timeouts.c udp.c $(addprefix ipv4/,acd.c dhcp.c \
	etharp.c icmp.c igmp.c ip4.c ip4_addr.c ip4_frag.c)) netif/ethernet.c)
endif

SRC_USERMOD_C += $(BOARD_MODULE_C)
$(patsubst $(BOARD_MODULE_DIR)/%.c,$(BUILD)/$(notdir $(BOARD_MODULE_DIR))/%.o,$(BOARD_MODULE_C)): private CFLAGS += \
	-Wall -Wextra -Wno-unused-parameter -Werror
