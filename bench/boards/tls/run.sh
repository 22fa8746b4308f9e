#!/usr/bin/env bash
# Measures TLS on a Cortex-M3 in qemu: instructions and stack. Prints a table for each cipher suite.
#   bench/boards/tls/run.sh [SUITE...]    suites: aes128 aes256 chacha20
# A firmware mostly has one suite, so each is measured in a separate build. qemu counts instructions; how many
# cycles they take depends on the board, mostly on its flash.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
source "$here/../../../tools/common.sh"
target=thumbv7m-none-eabi
out=$root/build/tls-m3

"$root/tools/packages.sh" test-rust m3 qemu-arm >&2
"$root/tools/cargo_target.sh" --install $target

link="-Clinker=arm-none-eabi-ld -Clinker-flavor=ld -Clink-arg=-T$here/link.ld -Clink-arg=--gc-sections"

measure() {
    # The versions and the profiles of the firmware.
    cp "$root/Cargo.lock" "$here/Cargo.lock"
    local build=(build --release --quiet --manifest-path "$here/Cargo.toml" --config "$root/Cargo.toml"
        --features "$1 p384 rsa")
    cargo "${build[@]}" --bin record
    CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=$link "$root/tools/cargo_target.sh" $target "${build[@]}" --bin replay
    "$CARGO_TARGET_DIR/release/record" "$out"
    # A separate chardev for the program's output: qemu would send it to stderr.
    qemu-system-arm -M mps2-an385 -icount shift=6 -display none -monitor none -serial none \
        -chardev stdio,id=console -semihosting-config enable=on,target=native,chardev=console \
        -device loader,file="$out/sessions",addr=0x21000000,force-raw=on \
        -kernel "$CARGO_TARGET_DIR/$target/release/replay" </dev/null
}

mkdir -p "$out"
"$here/certificates.sh" "$out"
qemu-system-arm --version | head -n 1
openssl version
[ $# -gt 0 ] || set -- aes128 aes256 chacha20
for suite in "$@"; do
    echo
    measure "$suite"
done
