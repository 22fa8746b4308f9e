#!/usr/bin/env bash
# Runs the README's commands on a Debian that was never used: a chroot with git, make and a Rust toolchain, nothing else.
#   tools/fresh.sh [RELEASE...]    as root, with mmdebstrap; RELEASE is bookworm or trixie, default: both
#   GOALS="run test"               the make goals to run; default: run test test-boards
# bookworm gets this machine's rustup toolchain, trixie gets Debian's packages: both kinds are in use.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
read -ra goals <<<"${GOALS:-run test test-boards}"
chroot=
report=()

die() {
    echo "$*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || die "tools/fresh.sh makes a chroot: run it as root."
command -v mmdebstrap >/dev/null || die "tools/fresh.sh needs mmdebstrap: apt-get install mmdebstrap."

discard() {
    [ -n "$chroot" ] || return 0
    umount -l "$chroot/proc" "$chroot/dev" 2>/dev/null || true
    rm -rf --one-file-system "$chroot"
    chroot=
}
trap discard EXIT

# Runs a command in the chroot, with no environment but the machine's settings for its network.
in_chroot() {
    local name settings=()
    for name in http_proxy https_proxy no_proxy PIP_CERT PIP_INDEX_URL; do
        [ -z "${!name:-}" ] || settings+=("$name=${!name}")
    done
    chroot "$chroot" env -i HOME=/root LANG=C.UTF-8 PATH=/root/.cargo/bin:/usr/sbin:/usr/bin:/sbin:/bin "${settings[@]}" "$@"
}

install_rustup() {
    local toolchain
    toolchain=$(rustc --print sysroot)
    mkdir -p "$chroot/root/.rustup/toolchains" "$chroot/root/.cargo/bin"
    cp -a "$HOME/.rustup/settings.toml" "$chroot/root/.rustup/"
    cp -a "$toolchain" "$chroot/root/.rustup/toolchains/"
    cp -a "$HOME/.cargo/bin/." "$chroot/root/.cargo/bin/"
    in_chroot rustup default "$(basename "$toolchain")"
}

make_machine() {
    local packages=ca-certificates,git,make
    [ "$1" = bookworm ] || packages+=,cargo-web,rust-clippy-web,rustc-web,rustfmt-web
    chroot=$(mktemp -d "${TMPDIR:-/tmp}/fresh-$1.XXXXXX")
    mmdebstrap --quiet --variant=apt --include="$packages" "$1" "$chroot"
    mount --rbind /dev "$chroot/dev"
    mount -t proc proc "$chroot/proc"
    cp /etc/resolv.conf "$chroot/etc/resolv.conf"
    cp -a /usr/local/share/ca-certificates/. "$chroot/usr/local/share/ca-certificates/"
    in_chroot update-ca-certificates >/dev/null
    [ "$1" != bookworm ] || install_rustup
    git clone --quiet --no-local "$root" "$chroot/root/mrequests"
}

# Runs one make goal and adds a line to the report.
run_goal() {
    local start=$SECONDS result=passed
    echo "== $1: make $2"
    in_chroot make -C /root/mrequests "$2" </dev/null || result=FAILED
    report+=("$1: make $2 $result in $((SECONDS - start)) s")
    [ "$result" = passed ]
}

releases=("$@")
[ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
failed=0
for release in "${releases[@]}"; do
    make_machine "$release"
    for goal in "${goals[@]}"; do
        run_goal "$release" "$goal" || { failed=1 && break; }
    done
    discard
done
printf '%s\n' "${report[@]}"
exit $failed
