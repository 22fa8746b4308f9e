#!/usr/bin/env bash
# Builds the Rust half of the module for a C compiler and links it to one object.
#   tools/rust_object.sh OBJECT CC [FLAG...]
# OBJECT is written only where it changes. Environment:
#   CARGO_TARGET_DIR           where cargo builds; else a folder beside OBJECT
#   MREQUESTS_RUST_TARGET      the Rust target; else found from the C compiler
#   MREQUESTS_TLS              0: without the built-in TLS
#   MREQUESTS_TLS_SUITES       its cipher suites: aes128 aes256 chacha20
#   MREQUESTS_TLS_SIGNATURES   its algorithms of signatures, besides P-256: p384 rsa ed25519
#   MREQUESTS_CA_BUNDLE        its trust anchors: a PEM file, or webpki-roots for those of the web
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
object=$1
shift
mkdir -p "$(dirname "$object")"

# The C compiler, with only the flags that choose the machine.
cc=()
for word in "$@"; do
    case $word in
    -m* | --target=*) cc+=("$word") ;;
    -*) in_flags=1 ;;
    *) [ -n "${in_flags:-}" ] || cc+=("$word") ;;
    esac
done

features=()
if [ "${MREQUESTS_TLS:-1}" != 0 ]; then
    features+=(tls)
    for option in ${MREQUESTS_TLS_SUITES:-aes128} ${MREQUESTS_TLS_SIGNATURES-p384 rsa}; do
        features+=("tls-$option")
    done
    case ${MREQUESTS_CA_BUNDLE:-} in
    '') ;;
    webpki-roots) features+=(ca-web) ;;
    /*) features+=(ca-file) ;;
    *) echo "MREQUESTS_CA_BUNDLE=$MREQUESTS_CA_BUNDLE is not an absolute path." >&2 && exit 1 ;;
    esac
fi

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(dirname "$object")/cargo}
target=${MREQUESTS_RUST_TARGET:-$("$root/tools/rust_target.sh" "${cc[@]}")}
profile=()
case $target in
*-none-*)
    # Optimised for size, as boards are short of flash. TLS, which takes the most time, is in other crates.
    for package in mrequests mrequests-engine; do
        profile+=(--config "profile.release.package.$package.opt-level='z'")
    done
    ;;
esac
"$root/tools/cargo_target.sh" "$target" build --locked --release --manifest-path "$root/Cargo.toml" -p mrequests \
    --no-default-features --features "$(IFS=, && echo "${features[*]}")" "${profile[@]}"

# Compares with a copy of the archive: times say nothing where several builds share cargo's directory.
library=$CARGO_TARGET_DIR/$target/release/libmrequests.a
linked=${object%.o}.a
if [ "$object" -ot "$0" ] || ! cmp -s "$library" "$linked"; then
    cp "$library" "$linked"
    # Not compiler_builtins: the firmware has libgcc, its own memcpy(), and c_glue/aeabi.c.
    ar=$("${cc[@]}" -print-prog-name=ar)
    mapfile -t builtins < <("$ar" t "$linked" | grep '^compiler_builtins')
    "$ar" d "$linked" "${builtins[@]}"
    # An archive could add more to the firmware than the code that our entry points reach.
    mapfile -t entries < <("${cc[@]}" -ffreestanding -E -P -DMREQUESTS_TLS="${MREQUESTS_TLS:-1}" "$root/c_glue/mrequests_glue.h" |
        grep -oE '\bmrq_rs_[a-z0-9_]+' | sort -u | sed 's/^/-Wl,-u,/')
    "${cc[@]}" -r -nostdlib -Wl,--gc-sections "${entries[@]}" -o "$object.all" "$linked"
    # No unwind tables: nothing unwinds, and ports' linker scripts have no place for them. Without an operating system
    # no word on an executable stack either: C compilers say none there, and ld would warn of all their objects.
    case $target in *-none-*) note=(-R .note.GNU-stack) ;; *) note=() ;; esac
    "$("${cc[@]}" -print-prog-name=objcopy)" --wildcard --keep-global-symbol='mrq_*' \
        -R '.ARM.exidx*' -R '.rel.ARM.exidx*' -R '.ARM.extab*' -R '.rel.ARM.extab*' \
        -R '.eh_frame*' -R '.rel*.eh_frame*' "${note[@]}" "$object.all" "$object"
    rm "$object.all"
    cp "$library" "$linked"
fi
