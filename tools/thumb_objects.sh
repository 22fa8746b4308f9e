#!/usr/bin/env bash
# Compiles the module for a Cortex-M3, as a part of MicroPython's qemu port, and prints the build directory.
# No firmware is linked.
set -euo pipefail

source "$(dirname "$0")/common.sh"
target=thumbv7m-none-eabi

"$root/tools/packages.sh" build thumb
# rustup's core library where it is installed, else Debian's.
if ! compgen -G "$(rustc --print target-libdir --target $target)/libcore-*" >/dev/null; then
    "$root/tools/packages.sh" rust-thumb
fi
tree=$("$root/tools/micropython.sh")
out=$root/build/$target

objects=("$out/mrequests/mrequests.o")
for source in "$root"/c_glue/*.c; do
    objects+=("$out/mrequests/c_glue/$(basename "$source" .c).o")
done
"${make[@]}" -C "$tree/ports/qemu" BOARD=MPS2_AN385 BUILD="$out" USER_C_MODULES="$modules" FROZEN_MANIFEST= \
    "${objects[@]}" >&2
echo "$out"
