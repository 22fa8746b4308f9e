# Adds this module to a make port: USER_C_MODULES=<the folder that holds this one>.
# Options: MREQUESTS_TLS=0, MREQUESTS_TLS_SUITES, MREQUESTS_TLS_SIGNATURES, MREQUESTS_CA_BUNDLE; see docs/tls.md.

MREQUESTS_DIR := $(USERMOD_DIR)
MREQUESTS_BUILD = $(BUILD)/$(notdir $(MREQUESTS_DIR))
MREQUESTS_C := $(wildcard $(MREQUESTS_DIR)/c_glue/*.c $(MREQUESTS_DIR)/c_glue/*/*.c)

MREQUESTS_TLS ?= 1
MREQUESTS_TLS_SUITES ?= aes128
MREQUESTS_TLS_SIGNATURES ?= p384 rsa
export MREQUESTS_TLS MREQUESTS_TLS_SUITES MREQUESTS_TLS_SIGNATURES MREQUESTS_CA_BUNDLE

SRC_USERMOD_C += $(MREQUESTS_C)
CFLAGS_USERMOD += -I$(MREQUESTS_DIR)/c_glue -DMREQUESTS_TLS=$(MREQUESTS_TLS)
# For `from mrequests.urlencode import quote`.
CFLAGS_USERMOD += -DMICROPY_MODULE_BUILTIN_SUBPACKAGES=1

# Our own files, not the port's, compile without any warning.
$(patsubst $(MREQUESTS_DIR)/%.c,$(MREQUESTS_BUILD)/%.o,$(MREQUESTS_C)): private CFLAGS += -Wall -Wextra -Wno-unused-parameter -Werror

# An object rather than LDFLAGS_USERMOD += libmrequests.a: see tools/rust_object.sh.
MREQUESTS_OBJECT ?= $(MREQUESTS_BUILD)/mrequests.o
PY_O += $(MREQUESTS_OBJECT)
$(MREQUESTS_OBJECT): FORCE
	+$(Q)$(MREQUESTS_DIR)/tools/rust_object.sh $@ $(CC) $(CFLAGS)
