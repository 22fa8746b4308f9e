#!/usr/bin/env bash
# Prints the path of a MicroPython source tree, which it fetches and unpacks first where needed.
#   MICROPY_DIR       the user's own tree: printed as it is
#   MICROPY_VERSION   the version to fetch; else the first of $versions that can be had
#   MREQUESTS_CACHE   where downloads are kept
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
versions="1.26.1 1.25.0"
repository=https://github.com/micropython/micropython
cache=${MREQUESTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mrequests}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
scratch=
trap 'rm -rf "$scratch"' EXIT

die() {
    echo "$*" >&2
    exit 1
}

# The suites of Debian that have a version as a source package.
suites_of() {
    case $1 in
    1.26.1) echo sid forky ;;
    1.25.0) echo trixie ;;
    esac
}

# Fetches the upstream tag with the submodules of the unix port, as one archive in the current directory.
fetch_by_git() {
    local version=$1
    export GIT_TERMINAL_PROMPT=0
    command -v git >/dev/null &&
        timeout 15 git ls-remote --exit-code "$repository" "refs/tags/v$version" >/dev/null 2>&1 &&
        git -c advice.detachedHead=false clone --depth 1 --branch "v$version" "$repository" tree >&2 &&
        make -C tree/ports/unix submodules >&2 &&
        tar -czf "micropython-$version.tar.gz" --exclude-vcs -C tree . &&
        rm -rf tree
}

# The archives that this Debian is installed from: address and suite.
debian_archives() {
    local VERSION_CODENAME=none
    # shellcheck source=/dev/null
    . /etc/os-release
    # shellcheck disable=SC2016  # the fields are apt's
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v own="$VERSION_CODENAME" '$2 ~ "^(" own "|(old)?stable|testing|unstable|sid)$" && !seen[$1]++ { print $1 }'
}

# Fetches the source package into the current directory, without a change to the system's apt. apt checks it.
fetch_by_apt() {
    local version=$1 signed_by='' archive suite full
    [ ! -e "$keyring" ] || signed_by="[signed-by=$keyring]"
    command -v apt-get >/dev/null || return 1
    "$root/tools/packages.sh" fetch || return 1
    local -a options=(-o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache" -o Dir::Etc::SourceParts=-
        -o Dir::Etc::SourceList="$PWD/sources.list" -o APT::Sandbox::User=root)
    for archive in $(debian_archives); do
        for suite in $(suites_of "$version"); do
            mkdir -p lists/partial cache/archives/partial
            echo "deb-src $signed_by $archive $suite main" >sources.list
            apt-get "${options[@]}" -q update >&2 || continue
            full=$(apt-cache "${options[@]}" showsrc micropython | sed -n "s/^Version: \(${version}[+-].*\)/\1/p" | head -n 1)
            if [ -n "$full" ] && apt-get "${options[@]}" -q source --download-only "micropython=$full" >&2; then
                rm -rf lists cache sources.list
                return 0
            fi
        done
    done
    return 1
}

# Fetches a version into the current directory.
download() {
    echo "fetching MicroPython $1: upstream tag" >&2
    fetch_by_git "$1" && return
    echo "not reached; fetching MicroPython $1: Debian source package" >&2
    rm -rf tree
    fetch_by_apt "$1"
}

# Brings a version into the cache.
fetch() {
    mkdir -p "$cache"
    scratch=$(mktemp -d "$cache/.fetch.XXXXXX")
    if (cd "$scratch" && download "$1" && sha256sum -- * >SHA256SUMS); then
        rm -rf "$cache/micropython-$1"
        mv "$scratch" "$cache/micropython-$1"
    else
        rm -rf "$scratch"
        return 1
    fi
}

is_cached() {
    (cd "$cache/micropython-$1" && sha256sum --check --quiet SHA256SUMS) 2>/dev/null
}

# Unpacks a version from the cache into the directory $2.
unpack() {
    local download=$cache/micropython-$1 tree=$2
    scratch=$tree.unpack
    rm -rf "$scratch"
    if compgen -G "$download/*.dsc" >/dev/null; then
        "$root/tools/packages.sh" fetch && dpkg-source --no-check --no-copy -x "$download"/*.dsc "$scratch" >&2
    else
        mkdir -p "$scratch" && tar -xzf "$download/micropython-$1.tar.gz" -C "$scratch"
    fi && mv "$scratch" "$tree"
}

# Makes sure of a version's tree.
obtain() {
    local tree=$root/build/micropython-$1
    [ ! -d "$tree" ] || return 0
    mkdir -p "$root/build"
    { is_cached "$1" || fetch "$1"; } && unpack "$1" "$tree"
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
