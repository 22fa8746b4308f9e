# shellcheck shell=bash
# shellcheck disable=SC2154  # $root is set by the scripts that source this
# Checks of Rust toolchains.

# The oldest Rust that compiles this repository.
rust_version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")

# Whether a version is at least another one: at_least VERSION LEAST
at_least() { printf '%s\n' "$2" "$1" | sort --version-sort --check=quiet; }

# Prints the version of a rustc or cargo.
version_of() { "$1" --version | cut -d ' ' -f 2; }

is_new_enough() {
    local version
    version=$(version_of "$1" 2>/dev/null) && at_least "$version" "$rust_version"
}

# Whether rustc is a toolchain of rustup.
is_from_rustup() { [ "$(rustup which rustc 2>/dev/null)" -ef "$(rustc --print sysroot 2>/dev/null)/bin/rustc" ]; }

# Whether a rustc has the source of its own core library.
has_rust_source() {
    local source
    source=$("$1" --print sysroot 2>/dev/null)/lib/rustlib/src/rust || return
    [ -e "$source/library/Cargo.toml" ] || return
    # Debian's source is a separate package, which may be older than the compiler.
    [ ! -e "$source/src/version" ] || [ "$(cat "$source/src/version")" = "$(version_of "$1")" ]
}

# Ends with one line where Rust is missing or too old.
require_rust() {
    local tool version
    for tool in rustc cargo; do
        version=$(version_of "$tool" 2>/dev/null) || version=missing
        if ! is_new_enough "$tool"; then
            echo "Rust $rust_version or later is needed, but $tool is $version: install it by rustup, or as Debian's packages rustc-web and cargo-web." >&2
            exit 1
        fi
    done
}
