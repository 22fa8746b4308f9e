#!/usr/bin/env bash
# Builds the Rust half of the module for a C compiler and links it to one object.
#   tools/rust_object.sh OBJECT CC [FLAG...]
# OBJECT is written only where it changes. Environment:
#   CARGO_TARGET_DIR        where cargo builds; else a folder beside OBJECT
#   MREQUESTS_RUST_TARGET   the Rust target; else found from the C compiler
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
object=$1
shift
mkdir -p "$(dirname "$object")"

# The C compiler, with no other flags than those that choose the machine.
cc=()
for word in "$@"; do
    case $word in
    -m* | --target=*) cc+=("$word") ;;
    -*) in_flags=1 ;;
    *) [ -n "${in_flags:-}" ] || cc+=("$word") ;;
    esac
done

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(dirname "$object")/cargo}
target=${MREQUESTS_RUST_TARGET:-$("$root/tools/rust_target.sh" "${cc[@]}")}
MREQUESTS_C_INCLUDE=$("${cc[@]}" -print-file-name=include)
export MREQUESTS_C_INCLUDE
"$root/tools/cargo_target.sh" "$target" build --locked --release --manifest-path "$root/Cargo.toml" -p mrequests

# Its source is kept to compare with, as times tell nothing where several builds share cargo's directory.
library=$CARGO_TARGET_DIR/$target/release/libmrequests.a
linked=${object%.o}.a
if [ "$object" -ot "$0" ] || ! cmp -s "$library" "$linked"; then
    # As an archive it would lend compiler_builtins to the whole firmware: keep only what our entry points reach.
    mapfile -t entries < <(grep -oE '\bmrq_rs_[a-z0-9_]+' "$root/c_glue/mrequests_glue.h" | sort -u | sed 's/^/-Wl,-u,/')
    "${cc[@]}" -r -nostdlib -Wl,--gc-sections "${entries[@]}" -o "$object.all" "$library"
    # No unwind tables: nothing unwinds, and ports' linker scripts have no place for them.
    "$("${cc[@]}" -print-prog-name=objcopy)" --wildcard --keep-global-symbol='mrq_*' \
        -R '.ARM.exidx*' -R '.rel.ARM.exidx*' -R '.ARM.extab*' -R '.rel.ARM.extab*' \
        -R '.eh_frame*' -R '.rel*.eh_frame*' "$object.all" "$object"
    rm "$object.all"
    cp "$library" "$linked"
fi
