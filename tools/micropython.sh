#!/usr/bin/env bash
# Prints the path of a MicroPython source tree, which it fetches and unpacks first where needed.
#   MICROPY_DIR       the user's own tree: printed as it is
#   MICROPY_VERSION   the version to fetch; else the first available one of $versions
#   MREQUESTS_CACHE   where downloads are kept
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
# One pinned tree for each version rather than one for all: git reaches the newest, Debian's archive has older ones, and
# a machine that reaches only one of the two can still test.
versions="1.28.0 1.26.1 1.25.0"
repository=https://github.com/micropython/micropython
source "$root/tools/cache.sh"
scratch=
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "$*" >&2
    exit 1
}

# The commit of a version's tag, which pins its submodules, too. tools/debian_package.sh has the digests of packages.
commit_of() {
    case $1 in
    1.28.0) echo e0e9fbb17ed6fd06bb76e266ae554784c9c80804 ;;
    1.27.0) echo 78ff170de9e32c79db6e64d3e33d2bd60002bdcd ;;
    1.26.1) echo 647c8b96cae7e202c7a020395b7cfe65e5b8ce04 ;;
    1.25.0) echo f498a16c7db6d4b2de200b3e0856528dfe0613c3 ;;
    1.24.1) echo ecfdd5d6f9be971852003c2049600dc7b3e2a838 ;;
    *) die "tools/micropython.sh pins no MicroPython $1: set MICROPY_DIR to a source tree." ;;
    esac
}

# Fetches the upstream tag with the submodules of the unix port and of our boards, as one archive in the current directory.
fetch_by_git() {
    local version=$1 commit=$2
    export GIT_TERMINAL_PROMPT=0
    command -v git >/dev/null &&
        timeout 15 git ls-remote --exit-code "$repository" "refs/tags/v$version" >/dev/null 2>&1 &&
        git -c advice.detachedHead=false clone --depth 1 --branch "v$version" "$repository" tree >&2 &&
        [ "$(git -C tree rev-parse HEAD)" = "$commit" ] &&
        make -C tree/ports/unix submodules >&2 &&
        git -C tree submodule update --init --depth 1 lib/lwip lib/pico-sdk lib/tinyusb >&2 &&
        tar -czf "micropython-$version.tar.gz" --exclude-vcs -C tree . &&
        rm -rf tree
}

# Brings the upstream tag into the cache.
fetch() {
    local commit
    commit=$(commit_of "$1")
    mkdir -p "$cache"
    scratch=$(mktemp -d "$cache/.fetch.XXXXXX")
    echo "fetching MicroPython $1: upstream tag" >&2
    if (cd "$scratch" && fetch_by_git "$1" "$commit"); then
        rm -rf "$cache/micropython-$1"
        mv "$scratch" "$cache/micropython-$1"
    else
        rm -rf "$scratch"
        return 1
    fi
}

# Makes sure of a version's tree: from the cache, from upstream, or from Debian.
obtain() {
    local tree=$root/build/micropython-$1 download=$cache/micropython-$1
    [ ! -d "$tree" ] || return 0
    mkdir -p "$root/build" "$cache"
    # One at a time: `make test` lints C beside the first build.
    exec 8>"$download.lock"
    flock 8
    [ ! -d "$tree" ] || return 0
    if ! compgen -G "$download/*.dsc" >/dev/null && { [ -e "$download/micropython-$1.tar.gz" ] || fetch "$1"; }; then
        scratch=$tree.unpack
        rm -rf "$scratch" && mkdir "$scratch" && tar -xzf "$download/micropython-$1.tar.gz" -C "$scratch" && mv "$scratch" "$tree"
    else
        "$root/tools/debian_package.sh" source micropython "$1" >/dev/null
    fi
}

if [ -n "${MICROPY_DIR:-}" ]; then
    [ -f "$MICROPY_DIR/py/mpconfig.h" ] || die "MICROPY_DIR=$MICROPY_DIR holds no MicroPython source tree."
    cd "$MICROPY_DIR" && pwd -P
    exit
fi

# A fallback, once chosen, stays until `make clean`.
chosen=$root/build/micropython
if [ -n "${MICROPY_VERSION:-}" ]; then
    versions=$MICROPY_VERSION
    commit_of "$versions" >/dev/null
elif [ -d "$chosen" ]; then
    readlink -f "$chosen"
    exit
fi
for version in $versions; do
    if obtain "$version"; then
        [ -n "${MICROPY_VERSION:-}" ] || ln -sfn "micropython-$version" "$chosen"
        echo "$root/build/micropython-$version"
        exit
    fi
done
die "MicroPython ${versions// / or } can be had neither by git nor from a Debian archive: set MICROPY_DIR to a source tree (1.24 or later)."
