# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the scripts that source this
# What the scripts that build something share.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

die() {
    echo "$*" >&2
    exit 1
}

command -v cargo >/dev/null || die "Rust is missing: install version 1.88 or later (rustup does)."

make=(make --no-print-directory)
# V=1 shows every command.
[ -n "${V:-}" ] || make+=(-s)
# Without a job server from `make -j`, use every processor.
[[ ${MAKEFLAGS:-} == *--jobserver* ]] || make+=("-j$(nproc)")

# USER_C_MODULES wants a folder of modules: this one holds a link to us.
modules=$root/build/modules
mkdir -p "$modules"
ln -sfn ../.. "$modules/mrequests"

# A tree that is unpacked in build/ shall not take our git history for its own.
export GIT_CEILING_DIRECTORIES=$root/build
# Keeps MicroPython's scripts from writing into a user's tree.
export PYTHONDONTWRITEBYTECODE=1
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/build/cargo}

# Makes sure that Rust has a core library for a target, or Debian's source of it.
rust_core() {
    compgen -G "$(rustc --print target-libdir --target "$1")/libcore-*" >/dev/null || "$root/tools/packages.sh" rust-source
}
