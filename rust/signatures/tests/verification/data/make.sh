#!/usr/bin/env bash
# Makes the samples of this folder with OpenSSL 3: NAME.key, a public key in the form that webpki passes, and NAME.sig,
# its signature of the file "message".
set -euo pipefail
cd "$(dirname "$0")"
private=$(mktemp)
trap 'rm -f "$private"' EXIT

# NAME BYTES GENPKEY_OPTION...: makes a key, and keeps the last BYTES of its SubjectPublicKeyInfo
key() {
    openssl genpkey -quiet -out "$private" "${@:3}"
    openssl pkey -in "$private" -pubout -outform DER | tail -c "$2" >"$1.key"
}
rsa_key() { # NAME BITS EXPONENT
    openssl genpkey -quiet -out "$private" -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -pkeyopt "rsa_keygen_pubexp:$3"
    openssl rsa -in "$private" -RSAPublicKey_out -outform DER >"$1.key" 2>/dev/null
}
sign() { openssl dgst -"$2" -sign "$private" "${@:3}" -out "$1.sig" message; } # NAME HASH OPTION...

printf 'what is signed' >message
for bits in 256 384; do
    for hash in sha256 sha384 sha512; do
        key "p${bits}_$hash" $((bits / 4 + 1)) -algorithm EC -pkeyopt "ec_paramgen_curve:P-$bits"
        sign "p${bits}_$hash" $hash
    done
done
for hash in sha256 sha384 sha512; do
    rsa_key pkcs1_$hash 2048 65537
    sign pkcs1_$hash $hash
    rsa_key pss_$hash 2048 65537
    sign pss_$hash $hash -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
key ed25519 32 -algorithm ed25519
openssl pkeyutl -sign -rawin -inkey "$private" -in message -out ed25519.sig

# NAME BITS EXPONENT: the shortest and the longest exponent; supported and unsupported moduli
while read -r name bits exponent; do
    rsa_key "$name" "$bits" "$exponent"
    sign "$name" sha256
done <<END
rsa_2056_bits 2056 3
rsa_2072_bits 2072 65537
rsa_4096_bits 4096 18446744073709551615
rsa_2040_bits 2040 65537
rsa_2052_bits 2052 65537
rsa_4104_bits 4104 65537
rsa_long_exponent 2048 18446744073709551617
END
