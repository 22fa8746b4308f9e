# Settings of all boards: lwIP over PPP, and only our TLS.

set(MICROPY_PY_LWIP ON)
list(APPEND MICROPY_DEF_BOARD MP_CONFIGFILE="${CMAKE_CURRENT_LIST_DIR}/mpconfigport.h")

set(MICROPY_FROZEN_MANIFEST ${CMAKE_CURRENT_LIST_DIR}/manifest.py)
# No module of micropython-lib is frozen, but the port requires a README.md in this directory.
set(MICROPY_LIB_DIR ${MICROPY_DIR})
