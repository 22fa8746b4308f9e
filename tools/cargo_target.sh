#!/usr/bin/env bash
# Runs cargo for a target, with a Rust toolchain that has the core library for the target, or its source.
#   tools/cargo_target.sh TARGET SUBCOMMAND [ARGUMENT...]
#   tools/cargo_target.sh --install TARGET    only makes sure of such a toolchain, also by the system's packages
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/rust.sh"

has_core() { compgen -G "$(rustc --print target-libdir --target "$target")/libcore-*.rlib" >/dev/null 2>&1; }
add_target() { is_from_rustup && rustup target add "$target" >&2; }
add_source() { is_from_rustup && rustup component add rust-src >&2; }

# Sets $rustc to a compiler that has the source of its core library: the first rustc, or Debian's rustc-web.
find_source() {
    for rustc in rustc /usr/bin/rustc; do
        if is_new_enough "$rustc" && has_rust_source "$rustc"; then
            return
        fi
    done
    return 1
}

install=
if [ "$1" = --install ]; then
    install=1
    shift
fi
target=$1
shift

if has_core || { add_target && has_core; }; then
    options=()
elif find_source || { add_source && find_source; } || { [ -n "$install" ] && "$root/tools/packages.sh" rust-source && find_source; }; then
    export RUSTC=$rustc RUSTC_BOOTSTRAP=1
    options=(-Zbuild-std=core)
else
    echo "Rust has no core library for $target: run 'rustup target add $target', or install Debian's rustc-web and rust-web-src, $rust_version or later." >&2
    exit 1
fi
[ -n "$install" ] || exec cargo "$1" "${options[@]}" --target "$target" "${@:2}"
