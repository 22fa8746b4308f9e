#!/usr/bin/env bash
# Installs the system packages that a step needs and this machine lacks.
#   tools/packages.sh STEP...    steps: build fetch venv lint test-rust test m3 rv32 microbit rp2 qemu-arm qemu-riscv
#     bench bench-micro rust-source
# Without root, sudo or apt it names them in one line and fails.
set -euo pipefail

missing=()

# need PACKAGE COMMAND...: PACKAGE is missing if COMMAND fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has() { command -v "$1"; }
has_header() { echo "#include <$1>" | cc -E -; }
has_venv() { python3 -c 'import ensurepip, venv'; }
has_nginx() { command -v nginx || test -x /usr/sbin/nginx; }
has_library() { test "$("$1-gcc" -print-file-name="$2")" != "$2"; }

# libclang itself, which neither llvm-config nor libclang-cpp brings. bindgen looks in the same places.
has_libclang() {
    local libdir pattern
    libdir=$(llvm-config --libdir 2>/dev/null || true)
    for pattern in {"${LIBCLANG_PATH:-}","$libdir",/usr/{,local/}lib{,64,/llvm*/lib,/*-linux-*}}/libclang{.,-[0-9]*.}so*; do
        if compgen -G "$pattern"; then
            return 0
        fi
    done
    return 1
}

find_missing() {
    missing=()
    local step
    for step in "$@"; do
        case $step in
        build)
            need build-essential has cc
            need python3 has python3
            need pkg-config has pkg-config
            need libffi-dev has_header ffi.h
            need libmbedtls-dev has_header mbedtls/ssl.h
            ;;
        fetch) need dpkg-dev has dpkg-source ;;
        venv) need python3-venv has_venv ;;
        lint)
            need rustfmt has cargo-fmt
            need rust-clippy has cargo-clippy
            ;;
        test-rust)
            need build-essential has cc
            need libclang-dev has_libclang
            need openssl has openssl
            ;;
        test)
            need nginx has_nginx
            need openssl has openssl
            ;;
        m3 | microbit)
            need gcc-arm-none-eabi has arm-none-eabi-gcc
            need picolibc-arm-none-eabi has_library arm-none-eabi picolibc.specs
            ;;
        rv32)
            need gcc-riscv64-unknown-elf has riscv64-unknown-elf-gcc
            need picolibc-riscv64-unknown-elf has_library riscv64-unknown-elf picolibc.specs
            ;;
        rp2)
            need cmake has cmake
            need ninja-build has ninja
            need gcc-arm-none-eabi has arm-none-eabi-gcc
            need libnewlib-arm-none-eabi has_library arm-none-eabi nosys.specs
            need libstdc++-arm-none-eabi-newlib has_library arm-none-eabi libstdc++.a
            ;;
        qemu-arm) need qemu-system-arm has qemu-system-arm ;;
        bench)
            need valgrind has_header valgrind/callgrind.h
            need strace has strace
            ;;
        bench-micro) need valgrind has valgrind ;;
        qemu-riscv) need qemu-system-misc has qemu-system-riscv32 ;;
        rust-source)
            # Rust's core library for targets that the installed toolchain lacks: see tools/cargo_target.sh.
            need rustc-web test -x /usr/bin/rustc
            need rust-web-src test -e /usr/lib/rustlib/src/rust/library/core
            ;;
        *)
            echo "tools/packages.sh: unknown step '$step'" >&2
            exit 2
            ;;
        esac
    done
}

install_missing() {
    local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || return
        # Ask for a password only where somebody can type one.
        if [ -t 0 ]; then apt=(sudo "${apt[@]}"); else apt=(sudo -n "${apt[@]}"); fi
    fi
    local -a install=("${apt[@]}" install -y --no-install-recommends "${missing[@]}")
    echo "installing: ${missing[*]}"
    "${install[@]}" || { "${apt[@]}" update && "${install[@]}"; }
}

find_missing "$@"
if [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null; then
    install_missing >&2 || true
    find_missing "$@"
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "Missing packages, please install them and try again: ${missing[*]}" >&2
    exit 1
fi
