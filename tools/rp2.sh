#!/usr/bin/env bash
# Builds MicroPython's rp2 port with this module in it, for a board of our own, and prints the path of firmware.uf2.
# firmware.elf is beside it. All other output goes to stderr.
#   tools/rp2.sh [pico|pico2] [--without]    --without: leave this module out, to measure its size
#   V=1                            show every command
#   MICROPY_DIR, MICROPY_VERSION   which MicroPython: see tools/micropython.sh
#   MREQUESTS_TLS and others       options of the module: see tools/rust_object.sh
set -euo pipefail

cargo_directory=cargo-boards
source "$(dirname "$0")/common.sh"
boards=$root/tests/firmware/rp2

case ${1:-pico} in
pico) board=PICO target=thumbv6m-none-eabi family=0xe48bff56 ;;
pico2) board=PICO2 target=thumbv8m.main-none-eabi family=0xe48bff59 ;;
*) die "tools/rp2.sh: unknown board '$1'" ;;
esac

# The source package of a library of MicroPython, for trees without it.
package_of() {
    case $1 in
    pico-sdk) echo "$("$root/tools/debian_package.sh" binary pico-sdk-source 2.1.1)/usr/src/pico-sdk" ;;
    tinyusb) echo "$("$root/tools/debian_package.sh" binary tinyusb-source 0.18.0)/usr/src/tinyusb" ;;
    lwip) "$root/tools/debian_package.sh" source lwip 2.2.1 ;;
    esac
}

# Makes a tree of links, which has the libraries that $tree lacks. Nothing is written into $tree.
complete_tree() {
    local library package
    rm -rf "$1.new"
    mkdir -p "$1.new/lib"
    find "$tree" -mindepth 1 -maxdepth 1 ! -name lib -exec ln -st "$1.new" {} +
    find "$tree/lib" -mindepth 1 -maxdepth 1 ! -empty -exec ln -st "$1.new/lib" {} +
    for library in pico-sdk tinyusb lwip; do
        if [ ! -e "$1.new/lib/$library" ]; then
            package=$(package_of "$library")
            ln -s "$package" "$1.new/lib/$library"
        fi
    done
    mv "$1.new" "$1"
}

begin_build build rp2
use_micropython
complete=$root/build/rp2-tree-$name
[ -d "$complete" ] || complete_tree "$complete"
build_mpy_cross
export MICROPY_MPYCROSS=$mpy_cross

modules=$boards/trim.cmake
if [ "${2:-}" = --without ]; then
    out=$root/build/rp2-${board,,}-$name-without
else
    "$root/tools/cargo_target.sh" --install "$target"
    name_options
    modules+=";$root/micropython.cmake"
    out=$root/build/rp2-${board,,}-$name$c_options$rust_options
fi

configure=(cmake -G Ninja) build=(ninja -j "$(nproc)")
if [ -n "${V:-}" ]; then
    build+=(-v)
else
    configure+=(--log-level=WARNING)
    build+=(--quiet)
fi
if [ ! -e "$out/build.ninja" ]; then
    "${configure[@]}" -S "$complete/ports/rp2" -B "$out" -DMICROPY_BOARD="$board" \
        -DMICROPY_BOARD_DIR="$boards/boards/$board" -DUSER_C_MODULES="$modules" -DPICO_NO_PICOTOOL=1 >&2
fi
"${build[@]}" -C "$out" >&2

# A Pico starts the program at the beginning of its flash.
if [ "$out/firmware.bin" -nt "$out/firmware.uf2" ]; then
    python3 "$tree/tools/uf2conv.py" --convert --base 0x10000000 --family "$family" --output "$out/firmware.uf2" \
        "$out/firmware.bin" >&2
fi
echo "$out/firmware.uf2"
