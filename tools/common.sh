# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the scripts that source this
# Shared by the scripts that build something.
#   $cargo_directory   cargo's directory below build/: cargo, unless the script that sources this has set another

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

die() {
    echo "$*" >&2
    exit 1
}

source "$root/tools/rust.sh"
require_rust

make=(make --no-print-directory)
# V=1 shows every command.
[ -n "${V:-}" ] || make+=(-s)
# Without a job server from `make -j`, use every processor.
[[ ${MAKEFLAGS:-} == *--jobserver* ]] || make+=("-j$(nproc)")

# An unpacked tree in build/ must not take its version from our git history.
export GIT_CEILING_DIRECTORIES=$root/build
# Keeps MicroPython's scripts from writing into a user's tree.
export PYTHONDONTWRITEBYTECODE=1
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/build/${cargo_directory:-cargo}}

# Prepares a build: begin_build STEP...    STEP: of tools/packages.sh
begin_build() {
    mkdir -p "$root/build"
    # One build at a time: builds share directories, and each uses every processor. The lock ends with the script.
    exec 9>"$root/build/.lock"
    if ! flock --nonblock 9; then
        echo "waiting for another build to end" >&2
        flock 9
    fi
    "$root/tools/packages.sh" "$@"
    "$root/tools/cargo_cache.sh" load "$CARGO_TARGET_DIR"
}

is_empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }

# Sets $tree, a MicroPython source tree, $version, and $name, which tells builds of it from those of other trees.
use_micropython() {
    local part numbers=()
    tree=$("$root/tools/micropython.sh")
    for part in MAJOR MINOR MICRO; do
        numbers+=("$(sed -n "s/^#define MICROPY_VERSION_$part \([0-9]*\).*/\1/p" "$tree/py/mpconfig.h")")
    done
    version=${numbers[0]}.${numbers[1]}.${numbers[2]}
    at_least "$version" 1.24.0 ||
        die "$tree is MicroPython $version: 1.24 or later is needed."
    name=$version
    if [ -n "${MICROPY_DIR:-}" ]; then
        name+=-$(cksum <<<"$tree" | cut -d ' ' -f 1)
    fi
}

# Names builds with some options of the module: objects of C are not rebuilt when flags change, so each set of flags
# has a separate build directory. Sets $c_options to the suffix of its name, and $rust_options to the one for Rust
# objects of builds that share the objects of C.
name_options() {
    case ${MREQUESTS_CA_BUNDLE:-webpki-roots} in
    webpki-roots) ;;
    *)
        # Absolute, as ports build in another folder.
        MREQUESTS_CA_BUNDLE=$(realpath "$MREQUESTS_CA_BUNDLE")
        export MREQUESTS_CA_BUNDLE
        ;;
    esac
    c_options=
    if [ "${MREQUESTS_TLS:-1}" = 0 ]; then
        c_options=-notls
    fi
    local options=${MREQUESTS_TLS_SUITES-}/${MREQUESTS_TLS_SIGNATURES-}/${MREQUESTS_CA_BUNDLE-}
    rust_options=
    if [ "$options" != // ]; then
        rust_options=-$(cksum <<<"$options" | cut -d ' ' -f 1)
    fi
}

# Debian's mpversion.h depends on its directory, which is newer after every first build.
settle_version() { touch -r "$1/genhdr/mpversion.h" "$1/genhdr"; }

# Builds MicroPython's compiler, and sets $mpy_cross to its path.
build_mpy_cross() {
    local out=$root/build/mpy-cross-$name
    # Not optimised: it compiles only the few files of one build.
    "${make[@]}" -C "$tree/mpy-cross" BUILD="$out" USER_C_MODULES= COPT=-O0 >&2
    settle_version "$out"
    mpy_cross=$out/mpy-cross
}

# Links a directory into a folder of modules, for USER_C_MODULES: link_module FOLDER NAME DIRECTORY
link_module() {
    mkdir -p "$1"
    [ "$1/$2" -ef "$3" ] || ln -sfn "$3" "$1/$2"
}
