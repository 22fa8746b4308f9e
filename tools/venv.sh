#!/usr/bin/env bash
# Makes a Python environment with the packages of REQUIREMENTS: a link into the cache, which later clones reuse.
#   tools/venv.sh LINK REQUIREMENTS [FILE...]    FILE: a file that REQUIREMENTS includes
#   MREQUESTS_CACHE   the directory of the cache
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/cache.sh"
link=$1
shift

"$root/tools/packages.sh" venv
key=$({ cat "$@" && python3 -VV && command -v python3; } | cksum | cut -d ' ' -f 1)
venv=$cache/$(basename "$link")-$key
mkdir -p "$cache" "$(dirname "$link")"
# One at a time: parallel parts of `make test` need the same environment.
exec 9>"$venv.lock"
flock 9
if [ ! -e "$venv/installed" ]; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-compile -r "$1"
fi
# Newer than the files that make compares it with.
touch "$venv/installed"
[ "$link" -ef "$venv" ] || { rm -rf "$link" && ln -s "$venv" "$link"; }
