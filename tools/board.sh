#!/usr/bin/env bash
# Builds MicroPython's qemu port for an emulated board, with this module in it, and prints the path of firmware.elf.
# All other output goes to stderr.
#   tools/board.sh m3|rv32|microbit [--without]    --without: without mrequests, to compare with
#   MICROPY_DIR, MICROPY_VERSION   which MicroPython: see tools/micropython.sh
#   MREQUESTS_TLS and others       options of the module: see tools/rust_object.sh
set -euo pipefail

cargo_directory=cargo-boards
source "$(dirname "$0")/common.sh"

case ${1:-} in
m3) target=thumbv7m-none-eabi ;;
rv32) target=riscv32imac-unknown-none-elf ;;
microbit) target=thumbv6m-none-eabi ;;
*) die "usage: tools/board.sh m3|rv32|microbit [--without]" ;;
esac
board=$1
firmware=$root/tests/firmware/qemu

begin_build build "$board"
use_micropython
out=$root/build/qemu-$board-$name
if [ "${2:-}" = --without ]; then
    out+=-without
else
    "$root/tools/cargo_target.sh" --install "$target"
    name_options
    out+=$c_options$rust_options
    link_module "$out/modules" mrequests "$root"
fi

link_module "$out/modules" board "$firmware/board"
if [ "$board" != microbit ]; then
    lwip=$tree/lib/lwip
    if is_empty "$lwip"; then
        lwip=$("$root/tools/debian_package.sh" source lwip 2.2.1)
    fi
    link_module "$out/modules" lwip "$lwip"
fi

# Nothing is frozen, so that mpy-cross is not needed.
"${make[@]}" -C "$tree/ports/qemu" BOARD="${board^^}" BOARD_DIR="$firmware/boards/${board^^}" BUILD="$out" \
    USER_C_MODULES="$out/modules" FROZEN_MANIFEST= >&2
settle_version "$out"
echo "$out/firmware.elf"
