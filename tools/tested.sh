#!/usr/bin/env bash
# Builds firmware with every option that has tests, and prints its path. All other output goes to stderr.
#   tools/tested.sh unix|unix-no-ssl|unix-bundle|m3|rv32|rp2040|microbit
set -euo pipefail
cd "$(dirname "$0")/.."

all_of_tls=(MREQUESTS_TLS_SUITES='aes128 aes256 chacha20' MREQUESTS_TLS_SIGNATURES='p384 rsa ed25519')

case ${1:-} in
unix) build=("${all_of_tls[@]}" tools/firmware.sh) ;;
unix-no-ssl) build=(MICROPY_SSL=0 tools/firmware.sh) ;;
unix-bundle) build=(MICROPY_SSL=0 MREQUESTS_CA_BUNDLE=tests/data/bundle-ca.pem tools/firmware.sh) ;;
m3 | rv32) build=("${all_of_tls[@]}" tools/board.sh "$1") ;;
# The smallest boards have no room for TLS.
microbit) build=(MREQUESTS_TLS=0 tools/board.sh microbit) ;;
rp2040) build=(MREQUESTS_TLS=0 tools/rp2.sh pico) ;;
*) echo "tools/tested.sh: unknown firmware '${1:-}'" >&2 && exit 2 ;;
esac
echo "building what has changed of the tested firmware: $1" >&2
exec env "${build[@]}"
