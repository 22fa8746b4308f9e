#!/usr/bin/env bash
# Checks the repository with formatters and linters.
#   tools/lint.sh [--fix] [PART...]    PART: spelling shell python c rust; default: all
#     --fix   formats Python, C and Rust instead, and applies ruff's fixes
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$root"

tools=$root/build/lint-venv/bin

# Prints the files that git tracks or would add. Arguments are git's patterns.
files() {
    git ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
        while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done
}

# Truncated words in tests, and technical terms.
lint_spelling() {
    files ':!*.svg' ':!*.pem' ':!*.lock' ':!rust/signatures/tests/verification/data' ':!rust/tls/tests/data/trust.txt' |
        xargs "$tools/codespell" --ignore-words-list accep,caf,firs,hel,inout,statics,te,worl
}

lint_shell() {
    files | xargs grep -lE '^#!.*bash|^# shellcheck shell=' | xargs "$tools/shellcheck" --external-sources --source-path SCRIPTDIR
}

lint_python() {
    "$tools/ruff" check --quiet --output-format concise
    "$tools/ruff" format --quiet --output-format concise --check
}

fix_python() {
    "$tools/ruff" check --quiet --fix
    "$tools/ruff" format --quiet
}

# MicroPython's formatter, with its configuration: the style is that of this version of uncrustify.
format_c() {
    local tree
    tree=$("$root/tools/micropython.sh")
    if ! uncrustify --version 2>/dev/null | grep -q 0.72.0; then
        PATH=$("$root/tools/debian_package.sh" binary uncrustify 0.72.0)/usr/bin:$PATH
    fi
    python3 "$tree/tools/codeformat.py" -c "$@"
}

fix_c() {
    mapfile -t sources < <(files '*.c' '*.h')
    format_c "${sources[@]}"
}

# The formatter has no option to check: it formats a copy.
lint_c() {
    local copy=$root/build/lint-c file differs=
    mapfile -t sources < <(files '*.c' '*.h')
    rm -rf "$copy" && mkdir -p "$copy"
    cp --parents -t "$copy" "${sources[@]}"
    (cd "$copy" && format_c "${sources[@]}")
    for file in "${sources[@]}"; do
        diff -u --label "$file" --label "$file, formatted" "$file" "$copy/$file" || differs=1
    done
    [ -z "$differs" ] || die "'make fmt' formats these files."
}

# Formats each of the workspaces. Arguments are rustfmt's.
format_rust() {
    local manifest
    for manifest in Cargo.toml bench/boards/tls/Cargo.toml rust/engine/fuzz/Cargo.toml rust/tls/fuzz/Cargo.toml; do
        cargo fmt --all --manifest-path "$manifest" -- "$@"
    done
}

lint_rust() {
    format_rust --check
    cargo clippy --locked --release --workspace -- -D warnings
    cargo clippy --locked --release -p mrequests --tests -- -D warnings
    cargo clippy --locked --all-targets --all-features -- -D warnings
}

fix_rust() { format_rust; }

action=lint
if [ "${1:-}" = --fix ]; then
    action=fix
    shift
fi
parts=("$@")
if [ $# = 0 ]; then
    parts=(python c rust)
    [ $action = fix ] || parts=(spelling shell "${parts[@]}")
fi

tools/packages.sh build lint
tools/cargo_cache.sh load "$CARGO_TARGET_DIR"
tools/venv.sh build/lint-venv tools/lint-requirements.txt
for part in "${parts[@]}"; do
    declare -F "${action}_$part" >/dev/null || die "tools/lint.sh: no part '$part' to $action"
    "${action}_$part"
done
