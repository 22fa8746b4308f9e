#!/usr/bin/env bash
# Builds MicroPython's unix port with this module in it and prints the path of the interpreter.
# All else that is said goes to stderr.
#   MICROPY_DIR, MICROPY_VERSION   which MicroPython: see tools/micropython.sh
#   MICROPY_SSL=0                  without the port's TLS
#   MREQUESTS_TLS and others       options of the module: see tools/rust_object.sh
set -euo pipefail

source "$(dirname "$0")/common.sh"

version_of() {
    local part numbers=()
    for part in MAJOR MINOR MICRO; do
        numbers+=("$(sed -n "s/^#define MICROPY_VERSION_$part \([0-9]*\).*/\1/p" "$1/py/mpconfig.h")")
    done
    echo "${numbers[0]}.${numbers[1]}.${numbers[2]}"
}

is_empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }

"$root/tools/packages.sh" build
tree=$("$root/tools/micropython.sh")
version=$(version_of "$tree")
[ "$(printf '%s\n' 1.24.0 "$version" | sort -V | head -n 1)" = 1.24.0 ] ||
    die "$tree is MicroPython $version: 1.24 or later is needed."

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

# Objects are not rebuilt when flags change: each set of flags has a build directory of its own.
name=$version
if [ -n "${MICROPY_DIR:-}" ]; then
    name+=-$(cksum <<<"$tree" | cut -d ' ' -f 1)
fi
mpy_cross=$root/build/mpy-cross-$name
out=$root/build/unix-$name
if [ "${MICROPY_SSL:-1}" = 0 ]; then
    options+=(MICROPY_PY_SSL=0)
    out+=-nossl
fi

case ${MREQUESTS_CA_BUNDLE:-webpki-roots} in
webpki-roots) ;;
*)
    # The port's makefile runs in another folder.
    MREQUESTS_CA_BUNDLE=$(realpath "$MREQUESTS_CA_BUNDLE")
    export MREQUESTS_CA_BUNDLE
    ;;
esac
module_options=${MREQUESTS_TLS-}/${MREQUESTS_TLS_SUITES-}/${MREQUESTS_TLS_SIGNATURES-}/${MREQUESTS_CA_BUNDLE-}
if [ "$module_options" != /// ]; then
    out+=-$(cksum <<<"$module_options" | cut -d ' ' -f 1)
fi

"${make[@]}" -C "$tree/mpy-cross" BUILD="$mpy_cross" USER_C_MODULES= >&2
"${make[@]}" -C "$tree/ports/unix" BUILD="$out" USER_C_MODULES="$modules" \
    MICROPY_MPYCROSS="$mpy_cross/mpy-cross" "${options[@]}" >&2
# Debian's mpversion.h depends on its own directory, which is younger after every first build.
touch -r "$mpy_cross/genhdr/mpversion.h" "$mpy_cross/genhdr"
touch -r "$out/genhdr/mpversion.h" "$out/genhdr"
echo "$out/micropython"
