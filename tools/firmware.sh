#!/usr/bin/env bash
# Builds MicroPython's unix port with this module in it and prints the path of the interpreter.
# All other output goes to stderr.
#   tools/firmware.sh [--without]    --without: without mrequests, to compare with
#   MICROPY_DIR, MICROPY_VERSION   which MicroPython: see tools/micropython.sh
#   MICROPY_SSL=0                  without the port's TLS
#   MREQUESTS_TLS and others       options of the module: see tools/rust_object.sh
set -euo pipefail

source "$(dirname "$0")/common.sh"

begin_build build
use_micropython
name_options

options=()
if [ -f "$tree/debian/config/manifest.py" ]; then
    # Debian's package: libraries that it takes from the system are not in the tree.
    options+=(MICROPY_SSL_AXTLS=0 MICROPY_SSL_MBEDTLS=1 MICROPY_PY_BTREE=0
        FROZEN_MANIFEST="$tree/debian/config/manifest.py")
else
    # A git checkout or a release archive: the port's own defaults, which use these submodules.
    for library in mbedtls berkeley-db-1.xx micropython-lib; do
        if is_empty "$tree/lib/$library"; then
            "${make[@]}" -C "$tree/ports/unix" submodules >&2 ||
                die "$tree/lib/$library is empty: run 'make -C ports/unix submodules' in $tree where its remotes can be reached."
        fi
    done
fi

out=$root/build/unix-$name
if [ "${MICROPY_SSL:-1}" = 0 ]; then
    options+=(MICROPY_PY_SSL=0)
    out+=-nossl
fi
modules=$root/build/modules
if [ "${1:-}" = --without ]; then
    out+=-without
    modules='' rust_options=''
else
    out+=$c_options
    link_module "$modules" mrequests "$root"
fi
build_mpy_cross
"${make[@]}" -C "$tree/ports/unix" BUILD="$out" USER_C_MODULES="$modules" \
    MICROPY_MPYCROSS="$mpy_cross" PROG="micropython$rust_options" MREQUESTS_OBJECT="$out/mrequests/mrequests$rust_options.o" \
    "${options[@]}" >&2
settle_version "$out"
echo "$out/micropython$rust_options"
