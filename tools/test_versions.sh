#!/usr/bin/env bash
# Runs the tests of the unix port with each available version of MicroPython, and prints those versions.
#   MICROPY_DIRS   source trees to test as well, as a list with spaces
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
unset MICROPY_DIR MICROPY_VERSION
passed='' failed='' missing=''

# test_with VARIABLE VALUE: the variable chooses MicroPython.
test_with() {
    echo "MicroPython: $2"
    if ! env "$1=$2" tools/micropython.sh >/dev/null; then
        missing+=" $2"
    elif env "$1=$2" make --no-print-directory test-unix; then
        passed+=" $2"
    else
        failed+=" $2"
    fi
}

for version in 1.28.0 1.27.0 1.26.1 1.25.0 1.24.1; do
    test_with MICROPY_VERSION "$version"
done
for directory in ${MICROPY_DIRS:-}; do
    test_with MICROPY_DIR "$directory"
done

echo "passed:${passed:- none}"
[ -z "$missing" ] || echo "not to be had:$missing"
[ -z "$failed" ] || echo "failed:$failed"
[ -n "$passed" ] && [ -z "$failed" ]
