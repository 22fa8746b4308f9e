#!/usr/bin/env bash
# Prints the Rust target for which a C compiler makes code, as its predefined macros tell.
#   tools/rust_target.sh CC [FLAG...]
set -euo pipefail

macros=$("$@" -dM -E -x c /dev/null)

# Whether a macro is defined, with a given value where there is a second argument.
is() { grep -qE "^#define $1 ${2:-.*}$" <<<"$macros"; }

unknown() {
    echo "No Rust target is known for '$*': set MREQUESTS_RUST_TARGET." >&2
    exit 1
}

linux() {
    local host libc=gnu
    host=$(rustc -vV | sed -n 's/^host: //p')
    # Code without std is the same for every C library: prefer the installed target.
    case $host in *-linux-musl*) libc=musl ;; esac
    if is __x86_64__; then
        echo "x86_64-unknown-linux-$libc"
    elif is __i386__; then
        echo "i686-unknown-linux-$libc"
    elif is __aarch64__; then
        echo "aarch64-unknown-linux-$libc"
    elif is __ARM_PCS_VFP && is __ARM_ARCH '[78]'; then
        echo "armv7-unknown-linux-${libc}eabihf"
    elif is __ARM_PCS_VFP; then
        echo "arm-unknown-linux-${libc}eabihf"
    elif is __ARM_EABI__; then
        echo "arm-unknown-linux-${libc}eabi"
    elif is __riscv_xlen 64; then
        echo "riscv64gc-unknown-linux-$libc"
    else
        return 1
    fi
}

cortex_m() {
    local float=
    ! is __ARM_PCS_VFP || float=hf
    if is __ARM_ARCH_6M__; then
        echo thumbv6m-none-eabi
    elif is __ARM_ARCH_7M__; then
        echo thumbv7m-none-eabi
    elif is __ARM_ARCH_7EM__; then
        echo "thumbv7em-none-eabi$float"
    elif is __ARM_ARCH_8M_BASE__; then
        echo thumbv8m.base-none-eabi
    elif is '__ARM_ARCH_8(_1)?M_MAIN__'; then
        echo "thumbv8m.main-none-eabi$float"
    else
        return 1
    fi
}

rv32() {
    local extensions=i
    ! is __riscv_mul || extensions+=m
    ! is __riscv_atomic || extensions+=a
    ! is __riscv_float_abi_single || extensions+=f
    ! is __riscv_compressed || extensions+=c
    echo "riscv32$extensions-unknown-none-elf"
}

if is __linux__; then
    linux
elif is __ARM_ARCH_PROFILE "(77|'M')"; then
    cortex_m
elif is __riscv_xlen 32; then
    rv32
else
    false
fi || unknown "$@"
