#!/usr/bin/env bash
# Compiles the module for a Cortex-M3, as a part of MicroPython's qemu port, and prints the build directory.
# No firmware is linked.
#   MREQUESTS_TLS and others   options of the module: see tools/rust_object.sh
set -euo pipefail

source "$(dirname "$0")/common.sh"
target=thumbv7m-none-eabi

"$root/tools/packages.sh" build m3
rust_core $target
tree=$("$root/tools/micropython.sh")
out=$root/build/$target-tls${MREQUESTS_TLS:-1}

objects=("$out/mrequests/mrequests.o")
for source in "$root"/c_glue/*.c; do
    objects+=("$out/mrequests/c_glue/$(basename "$source" .c).o")
done
# The port has no random numbers: for the size that makes no difference.
"${make[@]}" -C "$tree/ports/qemu" BOARD=MPS2_AN385 BUILD="$out" USER_C_MODULES="$modules" FROZEN_MANIFEST= \
    CFLAGS_EXTRA=-DMICROPY_PY_OS_URANDOM=1 "${objects[@]}" >&2
echo "$out"
