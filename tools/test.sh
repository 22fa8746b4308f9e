#!/usr/bin/env bash
# Runs parts of the tests, and says how many tests of each part passed.
#   tools/test.sh PART[,PART...]...    parts: lint rust miri unix m3 rv32 rp2040 microbit guard
# Arguments run at the same time, the parts of an argument one after the other. The terminal shows the first argument,
# and the failures of the others. Output goes to build/test/PART.log, the result to build/test/PART.result.
#   BOARD_TESTS   options of pytest on boards, such as --thorough
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
source "$root/tools/rust.sh"
cd "$root"
require_rust

results=build/test
python=build/venv/bin/python
lanes=("${@//,/ }")
read -ra parts <<<"${lanes[*]}"
without_network=(tests/test_memory_socket.py tests/test_http_only.py)

# The steps of tools/packages.sh for a part.
packages_of() {
    case $1 in
    lint) echo build fetch lint ;;
    rust) echo test-rust ;;
    miri) echo test-rust miri ;;
    unix) echo build test ;;
    m3 | guard) echo build test m3 qemu-arm ;;
    rv32) echo build test rv32 qemu-riscv ;;
    rp2040) echo build test rp2 ;;
    microbit) echo build test microbit qemu-arm ;;
    *) echo "tools/test.sh: unknown part '$1'" >&2 && return 2 ;;
    esac
}

test_rust() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --all-features && cargo test --locked --all-features --doc
    else
        cargo test --locked --all-features --no-fail-fast
    fi && cargo test --locked -p micropython-sys -p mrequests
}

# Not in build/cargo, which goes to the cache.
test_miri() { CARGO_TARGET_DIR=build/cargo-miri rustup run nightly cargo miri test --locked -p mrequests; }

# Runs pytest on a board: test_board BOARD ARGUMENT...
test_board() {
    local options
    IFS=' ' read -ra options <<<"${BOARD_TESTS:-}"
    "$python" -m pytest --target "$@" "${options[@]}"
}

test_guard() {
    local firmware
    firmware=$(tools/tested.sh m3) && "$python" bench/boards/guard.py "$firmware"
}

test_part() {
    case $1 in
    lint) tools/lint.sh ;;
    rust) test_rust ;;
    miri) test_miri ;;
    unix) "$python" -m pytest -n 4 tests ;;
    m3 | rv32) test_board "$1" -n 3 tests ;;
    rp2040 | microbit) test_board "$1" -n 2 "${without_network[@]}" ;;
    guard) test_guard ;;
    esac
}

# Prints the result of a part: tally PART STATUS. The last lines of pytest, cargo test and nextest have the numbers.
tally() {
    sed 's/\x1b\[[0-9;]*m//g' "$results/$1.log" | awk -v part="$1" -v status="$2" '
        /^=+ .* in [0-9.]+s|^test result: |^ *Summary \[/ {
            for (i = 2; i <= NF; i++) {
                if ($i ~ /^passed/) passed += $(i - 1)
                if ($i ~ /^(failed|errors?)[,;]?$/) failed += $(i - 1)
                if ($i ~ /^(skipped|ignored)/) skipped += $(i - 1)
            }
        }
        END {
            # A check without numbers, or a failure before the tests.
            if (status != 0 && !failed) failed = 1
            if (status == 0 && !passed) passed = 1
            printf "%s: %d passed, %d failed, %d skipped\n", part, passed, failed, skipped
        }'
}

# Runs a part, and writes its log and result: run_part PART [--hidden]
run_part() {
    local log=$results/$1.log status=0
    if [ "${2:-}" = --hidden ]; then
        test_part "$1" >"$log" 2>&1 </dev/null || status=$?
    else
        test_part "$1" 2>&1 | tee "$log" || status=$?
    fi
    tally "$1" "$status" >"$results/$1.result"
    if [ "${2:-}" = --hidden ] && [ "$status" != 0 ]; then
        cat "$log"
    fi
    return "$status"
}

# Runs parts one after the other, each also where one before failed: run_lane "PART..." [--hidden]
run_lane() {
    local part failed=0
    for part in $1; do
        run_part "$part" "${@:2}" || failed=1
    done
    return "$failed"
}

steps=()
for part in "${parts[@]}"; do
    read -ra more < <(packages_of "$part")
    steps+=("${more[@]}")
done
tools/packages.sh "${steps[@]}"
tools/cargo_cache.sh load build/cargo
mkdir -p "$results"
for part in "${parts[@]}"; do
    rm -f "$results/$part".*
done

others=() failed=0
for lane in "${lanes[@]:1}"; do
    echo "running beside this: $lane"
    run_lane "$lane" --hidden &
    others+=($!)
done
run_lane "${lanes[0]}" || failed=1
for lane in "${others[@]}"; do
    wait "$lane" || failed=1
done

echo
for part in "${parts[@]}"; do
    cat "$results/$part.result"
done
exit "$failed"
