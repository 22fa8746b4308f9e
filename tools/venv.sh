#!/usr/bin/env bash
# Makes a Python environment with the packages of REQUIREMENTS, where it is older than that or one of the other files.
#   tools/venv.sh DIRECTORY REQUIREMENTS [FILE...]
set -euo pipefail

directory=$1
shift
"$(dirname "$0")/packages.sh" venv
mkdir -p "$directory"
# One at a time: what `make test` does side by side wants the same one.
exec 9>"$directory/.lock"
flock 9
for file in "$@"; do
    if [ ! "$directory/installed" -nt "$file" ]; then
        python3 -m venv "$directory"
        "$directory/bin/pip" install --quiet --disable-pip-version-check --no-compile -r "$1"
        touch "$directory/installed"
        break
    fi
done
