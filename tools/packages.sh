#!/usr/bin/env bash
# Installs the packages that a step needs and this machine lacks.
#   tools/packages.sh STEP...    steps: the first column of the table below
# Without root, sudo or apt it names them in one line and fails.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/rust.sh"

# Debian has two sets of Rust packages: rustc, and the newer rustc-web. Sets the names of those that go together.
name_rust_packages() {
    rustc=rustc-web rust_src=rust-web-src rustfmt=rustfmt-web clippy=rust-web-clippy
    if is_new_enough /usr/bin/rustc && dpkg -S /usr/bin/rustc 2>/dev/null | grep -q '^rustc:'; then
        rustc=rustc rust_src=rust-src rustfmt=rustfmt clippy=rust-clippy
    fi
    if is_from_rustup; then
        rustfmt=rustup:rustfmt clippy=rustup:clippy
    fi
}

# Step, package (with its least version, or a component of a toolchain of rustup), and the command that fails where it is missing.
table() {
    cat <<TABLE
build        build-essential                 has cc
build        python3                         has python3
build        pkg-config                      has pkg-config
build        libffi-dev                      has_header ffi.h
build        libmbedtls-dev                  has_header mbedtls/ssl.h
fetch        dpkg-dev                        has dpkg-source
fresh        mmdebstrap                      has mmdebstrap
venv         python3-venv                    has_venv
lint         $rustfmt                        cargo fmt --version
lint         $clippy                         cargo clippy --version
test-rust    build-essential                 has cc
test-rust    libclang-dev                    has_libclang
test-rust    openssl                         has openssl
miri         nightly:miri                    rustup run nightly cargo miri --version
test         openssl                         has openssl
test         nginx                           has_nginx
m3           gcc-arm-none-eabi               has arm-none-eabi-gcc
m3           picolibc-arm-none-eabi          has_library arm-none-eabi picolibc.specs
microbit     gcc-arm-none-eabi               has arm-none-eabi-gcc
microbit     picolibc-arm-none-eabi          has_library arm-none-eabi picolibc.specs
rv32         gcc-riscv64-unknown-elf         has riscv64-unknown-elf-gcc
rv32         picolibc-riscv64-unknown-elf    has_library riscv64-unknown-elf picolibc.specs
rp2          cmake                           has cmake
rp2          ninja-build                     has ninja
rp2          gcc-arm-none-eabi               has arm-none-eabi-gcc
rp2          libnewlib-arm-none-eabi         has_library arm-none-eabi nosys.specs
rp2          libstdc++-arm-none-eabi-newlib  has_library arm-none-eabi libstdc++.a
qemu-arm     qemu-system-arm                 has qemu-system-arm
qemu-riscv   qemu-system-misc                has qemu-system-riscv32
bench        valgrind                        has_header valgrind/callgrind.h
bench        strace                          has strace
rust-source  $rustc>=$rust_version           is_new_enough /usr/bin/rustc
rust-source  $rust_src>=$rust_version        has_rust_source /usr/bin/rustc
TABLE
}

has() { command -v "$1"; }
has_venv() { python3 -c 'import ensurepip, venv'; }
has_header() { echo "#include <$1>" | cc -E -; }
has_nginx() { command -v nginx || test -x /usr/sbin/nginx; }

has_library() {
    local path
    path=$("$1-gcc" -print-file-name="$2") && [ "$path" != "$2" ]
}

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

# Sets $missing to the packages of some steps whose command fails.
find_missing() {
    local step package check
    missing=()
    for step in "$@"; do
        while read -r package check; do
            # shellcheck disable=SC2086  # a command and its arguments
            if ! $check >/dev/null 2>&1 </dev/null && [[ " ${missing[*]} " != *" $package "* ]]; then
                missing+=("$package")
            fi
        done < <(table | sed -n "s/^$step  *//p")
    done
}

# Whether apt would install a package in the version that is wanted: NAME or NAME>=VERSION
is_available() {
    local candidate
    [[ $1 == *'>='* ]] || return 0
    candidate=$(apt-cache policy "${1%%>=*}" | sed -n 's/^ *Candidate: //p')
    at_least "${candidate#*:}" "${1##*>=}"
}

# Runs apt-get as root.
run_apt() {
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 "$@")
    if [ "$(id -u)" = 0 ]; then
        "${command[@]}"
    elif [ -t 0 ]; then
        sudo "${command[@]}"
    else
        # Without a terminal nobody can type a password.
        sudo -n "${command[@]}"
    fi
}

install_by_apt() {
    local package available=()
    # Lists that are weeks old name packages that are gone, or older than the archive's.
    run_apt -qq update || true
    for package in "$@"; do
        ! is_available "$package" || available+=("${package%%>=*}")
    done
    # To remove a package is up to the machine's owner.
    run_apt -q install -y --no-install-recommends --no-remove "${available[@]}"
}

install_missing() {
    local package packages=()
    echo "installing: ${missing[*]}"
    for package in "${missing[@]}"; do
        case $package in
        rustup:*) rustup component add "${package#rustup:}" || true ;;
        nightly:*) rustup toolchain install nightly --profile minimal --component "${package#nightly:},rust-src" || true ;;
        *) packages+=("$package") ;;
        esac
    done
    if [ ${#packages[@]} -gt 0 ] && command -v apt-get >/dev/null; then
        install_by_apt "${packages[@]}" || true
    fi
}

name_rust_packages
for step in "$@"; do
    if ! table | grep -q "^$step "; then
        echo "tools/packages.sh: unknown step '$step'" >&2
        exit 2
    fi
done

# An installed package may show that another one is missing.
find_missing "$@"
before=
while [ ${#missing[@]} -gt 0 ] && [ "${missing[*]}" != "$before" ]; do
    before=${missing[*]}
    install_missing >&2
    find_missing "$@"
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "Missing packages, please install them and try again: ${missing[*]}" >&2
    exit 1
fi
