#!/usr/bin/env bash
# Keeps compiled third-party crates for later clones, which saves half of the compilers' work.
#   tools/cargo_cache.sh load|save DIRECTORY...    DIRECTORY: cargo's target directory
# Loads into new directories only. Cargo itself checks whether the loaded crates are current.
#   MREQUESTS_CACHE   the directory of the cache
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/cache.sh"
action=$1
shift

# The key of the cache: manifest, lock file and compilers.
key() {
    local rustc
    cat "$root/Cargo.toml" "$root/Cargo.lock"
    # Debian's rustc may be installed for boards: see tools/cargo_target.sh.
    for rustc in rustc /usr/bin/rustc; do
        "$rustc" -vV || true
    done
}

load() {
    if [ -e "$2" ]; then
        mkdir -p "$1.load"
        tar -xzf "$2" -C "$1.load"
        mv "$1.load" "$1"
    fi
}

# The crates of this repository, to which cargo gives different names in each clone.
own_crates() {
    local name
    sed -n 's/^name = "\(.*\)"/\1/p' "$root"/rust/*/Cargo.toml | while read -r name; do
        printf '%s\n' "--exclude=$name-*" "--exclude=lib${name//-/_}-*" "--exclude=${name//-/_}-*"
    done
}

save() {
    local exclude scratch
    if [ -e "$2" ]; then return; fi
    mapfile -t exclude < <(own_crates)
    mkdir -p "$cache"
    scratch=$(mktemp "$cache/.save.XXXXXX")
    # Programs, such as tests, have no dot in their names.
    (cd "$1" && find . \( -path '*/.fingerprint/*' -o -path '*/build/*' -o -path '*/deps/*.*' \) -type f) |
        tar --format=pax "${exclude[@]}" -I 'gzip -1' -cf "$scratch" -C "$1" -T -
    rm -f "$cache/$(basename "$1")"-*.tar.gz
    mv "$scratch" "$2"
}

for directory in "$@"; do
    if [ "$action" = load ] && [ -e "$directory" ]; then
        continue
    fi
    key=$(key 2>/dev/null | cksum | cut -d ' ' -f 1)
    "$action" "$directory" "$cache/$(basename "$directory")-$key.tar.gz"
done
