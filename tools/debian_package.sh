#!/usr/bin/env bash
# Prints the directory in which a package of the machine's Debian archive is unpacked: build/NAME-VERSION.
# Fetches and unpacks it first where needed, without a change to the system's apt; apt checks what it fetches.
#   tools/debian_package.sh KIND NAME VERSION    VERSION is upstream's: 2.2.1 takes 2.2.1+dfsg1-1
#     KIND is source or binary
#   MREQUESTS_CACHE   where downloads are kept
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/cache.sh"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
kind=$1 name=$2 version=$3
download=$cache/$name-$version
tree=$root/build/$name-$version
scratch=
trap 'rm -rf "$scratch" "$tree.unpack"' EXIT

# The suites that have a version, the one that keeps it first.
suites() {
    case $name-$version in
    micropython-1.26.1) echo sid forky ;;
    uncrustify-*) echo bookworm ;;
    *) echo trixie sid ;;
    esac
}

# The archives that this Debian is installed from.
archives() {
    local VERSION_CODENAME=none
    # shellcheck source=/dev/null
    . /etc/os-release
    # shellcheck disable=SC2016  # the fields are apt's
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v own="$VERSION_CODENAME" '$2 ~ "^(" own "|(old)?stable|testing|unstable|sid)$" && !seen[$1]++ { print $1 }'
}

# apt with a configuration and lists of its own, which stay in the cache.
own_apt() {
    local tool=$1
    shift
    "$tool" -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Dir::Etc::SourceParts=- -o Dir::Etc::SourceList="$apt/sources.list" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# Fetches the package into the current directory from the suite whose lists are in $apt.
fetch_listed() {
    local full show=showsrc
    [ "$kind" != binary ] || show=show
    full=$(own_apt apt-cache "$show" "$name" 2>/dev/null | sed -n "s/^Version: \(${version//./\\.}[+-].*\)/\1/p" | tail -n 1)
    [ -n "$full" ] || return
    case $kind in
    source) own_apt apt-get -q source --download-only "$name=$full" >&2 ;;
    binary) own_apt apt-get -q download "$name=$full" >&2 ;;
    esac
}

# Fetches the package into the current directory, with the lists that are there or with new ones.
fetch_from() {
    local archive=$1 suite=$2 signed_by='' type=deb-src
    [ ! -e "$keyring" ] || signed_by="[signed-by=$keyring]"
    [ "$kind" != binary ] || type=deb
    apt=$cache/apt/$suite-$type
    mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    echo "$type $signed_by $archive $suite main" >"$apt/sources.list"
    fetch_listed || { own_apt apt-get -q update >&2 && fetch_listed; }
}

fetch() {
    local archive suite
    for archive in $(archives); do
        for suite in $(suites); do
            fetch_from "$archive" "$suite" && return
        done
    done
    return 1
}

is_cached() { (cd "$download" && sha256sum --check --quiet SHA256SUMS) 2>/dev/null; }

unpack() {
    case $kind in
    source) dpkg-source --no-check --no-copy -x "$download"/*.dsc "$1" >&2 ;;
    binary) dpkg-deb -x "$download"/*.deb "$1" ;;
    esac
}

if [ ! -d "$tree" ]; then
    command -v apt-get >/dev/null && "$root/tools/packages.sh" fetch
    mkdir -p "$cache" "$root/build"
    # One at a time: several builds may want the same.
    exec 9>"$cache/.lock"
    flock 9
    if ! is_cached; then
        echo "fetching $name $version: Debian $kind package" >&2
        scratch=$(mktemp -d "$cache/.fetch.XXXXXX")
        if ! (cd "$scratch" && fetch && sha256sum -- * >SHA256SUMS); then
            echo "$name $version can be had from no Debian archive of this machine." >&2
            exit 1
        fi
        rm -rf "$download"
        mv "$scratch" "$download"
    fi
    [ -d "$tree" ] || { rm -rf "$tree.unpack" && unpack "$tree.unpack" && mv "$tree.unpack" "$tree"; }
fi
echo "$tree"
