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

# The suites that have a version, the one that keeps it first. $digest is the SHA-256 of the upstream part of a package:
# all machines get the same. It is empty if the package differs between architectures.
digest=
case $name-$version in
micropython-1.26.1)
    suites="sid forky"
    digest=f5ad2ec89d3e921f753d448955af98b6005655f84ba26087dde6ba0e8d062f34
    ;;
micropython-1.25.0)
    suites="trixie sid"
    digest=7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea
    ;;
lwip-2.2.1)
    suites="trixie sid"
    digest=83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1
    ;;
pico-sdk-source-2.1.1)
    suites="trixie sid"
    digest=507a3ca37636641bc90239d7c04dc9dc28c5008087a8162102ea94d2273153d3
    ;;
tinyusb-source-0.18.0)
    suites="trixie sid"
    digest=01ce2c645df68f14a8a7dcfc8fb355713152543757955820479a87949a61154e
    ;;
uncrustify-0.72.0) suites=bookworm ;;
*)
    echo "No Debian package of $name $version is pinned." >&2
    exit 1
    ;;
esac

# The archives that this Debian is installed from.
archives() {
    local VERSION_CODENAME=none
    # shellcheck source=/dev/null
    . /etc/os-release
    # shellcheck disable=SC2016  # the fields are apt's
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v own="$VERSION_CODENAME" '$2 ~ "^(" own "|(old)?stable|testing|unstable|sid)$" && !seen[$1]++ { print $1 }'
}

# apt with a separate configuration and lists, which stay in the cache. A mirror may be older than the date until
# which a release file of sid is valid; its signature is still checked.
own_apt() {
    local tool=$1
    shift
    "$tool" -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Dir::Etc::SourceParts=- -o Dir::Etc::SourceList="$apt/sources.list" -o APT::Sandbox::User=root \
        -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
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

# Whether a file in the current directory is the pinned one.
is_pinned() { [ -z "$digest" ] || sha256sum -- * | grep "^$digest " >/dev/null; }

# Fetches the package into the current directory, with the lists that are there or with new ones.
fetch_from() {
    local archive=$1 suite=$2 signed_by='' type=deb-src
    [ ! -e "$keyring" ] || signed_by="[signed-by=$keyring]"
    [ "$kind" != binary ] || type=deb
    apt=$cache/apt/$suite-$type
    mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    echo "$type $signed_by $archive $suite main" >"$apt/sources.list"
    { fetch_listed || { own_apt apt-get -q update >&2 && fetch_listed; }; } && is_pinned
}

fetch() {
    local archive suite
    for archive in $(archives); do
        for suite in $suites; do
            fetch_from "$archive" "$suite" && return
            rm -f -- *
        done
    done
    return 1
}

is_cached() { (cd "$download" && sha256sum --check --quiet SHA256SUMS && is_pinned) 2>/dev/null; }

unpack() {
    case $kind in
    source) dpkg-source --no-check --no-copy -x "$download"/*.dsc "$1" >&2 ;;
    binary) dpkg-deb -x "$download"/*.deb "$1" ;;
    esac
}

if [ ! -d "$tree" ]; then
    command -v apt-get >/dev/null && "$root/tools/packages.sh" fetch
    mkdir -p "$cache" "$root/build"
    # One at a time: several builds may fetch the same package.
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
