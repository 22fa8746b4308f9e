# What the boards have in common: lwIP over PPP, and no TLS but ours.

set(MICROPY_PY_LWIP ON)
list(APPEND MICROPY_DEF_BOARD MP_CONFIGFILE="${CMAKE_CURRENT_LIST_DIR}/mpconfigport.h")

set(MICROPY_FROZEN_MANIFEST ${CMAKE_CURRENT_LIST_DIR}/manifest.py)
# Nothing of micropython-lib is frozen, but the port looks for a README.md there.
set(MICROPY_LIB_DIR ${MICROPY_DIR})
