# Adds this module to a make port: USER_C_MODULES=<the folder that holds this one>.

MREQUESTS_DIR := $(USERMOD_DIR)
MREQUESTS_BUILD = $(BUILD)/$(notdir $(MREQUESTS_DIR))
MREQUESTS_C := $(wildcard $(MREQUESTS_DIR)/c_glue/*.c)

SRC_USERMOD_C += $(MREQUESTS_C)
CFLAGS_USERMOD += -I$(MREQUESTS_DIR)/c_glue
# For `from mrequests.urlencode import quote`.
CFLAGS_USERMOD += -DMICROPY_MODULE_BUILTIN_SUBPACKAGES=1

# Our own files, not the port's, compile without any warning.
$(patsubst $(MREQUESTS_DIR)/%.c,$(MREQUESTS_BUILD)/%.o,$(MREQUESTS_C)): private CFLAGS += -Wall -Wextra -Wno-unused-parameter -Werror

# An object rather than LDFLAGS_USERMOD += libmrequests.a: see tools/rust_object.sh.
PY_O += $(MREQUESTS_BUILD)/mrequests.o
$(MREQUESTS_BUILD)/mrequests.o: FORCE
	+$(Q)$(MREQUESTS_DIR)/tools/rust_object.sh $@ $(CC) $(CFLAGS)
