#!/usr/bin/env bash
# Runs goals of make as a newcomer does: in a chroot with only git, make and Rust. Needs root and mounts.
#   tools/fresh.sh [--release RELEASE] [--keep] [GOAL...]
#     RELEASE   of Debian: bookworm or trixie; default: both
#     GOAL      default: run test test-boards
#     --keep    leave the chroot in build/fresh/RELEASE
# Tests the commit that is checked out. Archives, proxies and certificates are those of this machine.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"

die() {
    echo "$*" >&2
    exit 1
}

releases=(bookworm trixie) keep=
while [[ ${1:-} == --* ]]; do
    case $1 in
    --release)
        releases=("$2")
        shift
        ;;
    --keep) keep=1 ;;
    *) die "tools/fresh.sh: unknown option '$1'" ;;
    esac
    shift
done
goals=("$@")
[ $# -gt 0 ] || goals=(run test test-boards)

# The packages of Rust that a newcomer finds in a release.
rust_packages() {
    case $1 in
    bookworm) echo rustc-web,cargo-web ;;
    trixie) echo rustup ;;
    *) die "tools/fresh.sh: no Rust is known for '$1'" ;;
    esac
}

# Prints lines of sources.list for a release, with the archives of this machine.
sources() {
    local own uri suite
    # shellcheck source=/dev/null
    own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016  # the fields are apt's
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' | sort -u |
        while read -r uri suite; do
            case $suite in
            "$own" | "$own"-updates | "$own"-security) echo "deb $uri $1${suite#"$own"} main" ;;
            esac
        done
}

# Prints the settings of apt for reaching an archive from this machine.
apt_settings() { apt-config dump | grep -E '^Acquire::(https?|Check)[^"]*"[^"]+";' || true; }

# Prints the environment variables of proxies and certificates, as arguments of env.
network_environment() {
    env | grep -iE '^([a-z]+_proxy|ssl_cert_(file|dir)|[a-z_]*ca_?(bundle|info)|pip_(cert|index_url|default_timeout)|cargo_(http|registries|source)_[a-z_]*|rustup_(dist_server|update_root))=' || true
}

# Makes the chroot of a release.
make_chroot() {
    local setting options=()
    while read -r setting; do
        options+=(--aptopt="$setting")
    done < <(apt_settings)
    sources "$1" | mmdebstrap --mode=root --variant=apt --quiet "${options[@]}" \
        --include="git,make,ca-certificates,$(rust_packages "$1")" "$1" "$chroot" - &&
        cp -L /etc/resolv.conf /etc/hosts "$chroot/etc/" &&
        cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$chroot/etc/ssl/certs/ca-certificates.crt" &&
        git clone --quiet --no-hardlinks . "$chroot/root/mrequests"
}

# Runs a command in the chroot, with mounts that end with the command: inside COMMAND...
inside() {
    local variables
    mapfile -t variables < <(network_environment)
    # shellcheck disable=SC2016  # for the shell in the namespace
    unshare --mount --pid --fork --kill-child bash -euc '
        mount --bind "$0" "$0"
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        mount --rbind /sys "$0/sys"
        exec chroot "$0" "$@"
    ' "$chroot" env -i -C /root/mrequests HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "${variables[@]}" "$@"
}

# Runs a command in the chroot, keeps its output, and notes its result and time.
step() {
    local start=$SECONDS result=passed
    echo "=== $release: $*"
    inside "$@" 2>&1 | tee "$logs/$release-${*: -1}.log" || result=failed
    summary+=("$release: $*: $result after $((SECONDS - start)) s")
    [ "$result" = passed ]
}

test_release() {
    local goal
    chroot=$root/build/fresh/$release
    rm -rf "$chroot"
    echo "=== $release: a chroot"
    make_chroot "$release" || { summary+=("$release: no chroot") && return 1; }
    [ "$release" != trixie ] || step rustup default stable || return
    for goal in "${goals[@]}"; do
        step make "$goal" || return
    done
}

[ "$(id -u)" = 0 ] || die "tools/fresh.sh makes a chroot: run it as root."
tools/packages.sh fresh
logs=build/fresh
mkdir -p "$logs"
summary=("commit $(git rev-parse --short HEAD)") failed=0
[ -n "$keep" ] || trap 'rm -rf "${releases[@]/#/build/fresh/}"' EXIT
for release in "${releases[@]}"; do
    test_release || failed=1
done
echo
printf '%s\n' "${summary[@]}"
exit "$failed"
