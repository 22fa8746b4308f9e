#!/usr/bin/env bash
# Runs cargo for a target, with a Rust toolchain that has the core library for it or its source.
#   tools/cargo_target.sh TARGET SUBCOMMAND [ARGUMENT...]
set -euo pipefail

target=$1
subcommand=$2
shift 2

has_core() { compgen -G "$(rustc --print target-libdir --target "$target")/libcore-*.rlib"; }
has_source() { test -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.toml"; }

if has_core >/dev/null 2>&1; then
    exec cargo "$subcommand" --target "$target" "$@"
fi
# Debian's rustc-web with rust-web-src, say.
for rustc in rustc /usr/bin/rustc; do
    if has_source "$rustc" 2>/dev/null; then
        export RUSTC=$rustc RUSTC_BOOTSTRAP=1
        exec cargo "$subcommand" -Zbuild-std=core --target "$target" "$@"
    fi
done
echo "Rust has no core library for $target: run 'rustup target add $target', or install Debian's rustc-web and rust-web-src." >&2
exit 1
