#!/usr/bin/env bash
# Makes a root, a CA and a server's certificate for each kind of key, in the given directory. Keeps existing files.
set -euo pipefail

cd "$1"
cat >openssl.cnf <<'EOF'
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
subjectAltName = DNS:localhost
EOF

# make KIND NAME EXTENSIONS ISSUER OPTION...
make() {
    local kind=$1 name=$2 extensions=$3 issuer=$4
    shift 4
    [ "$issuer" = "$name" ] || set -- "$@" -CA "$kind-$issuer.pem" -CAkey "$kind-$issuer.key"
    openssl req -x509 -nodes -days 3650 -config openssl.cnf -subj "/C=EU/O=mrequests/CN=$kind $name" \
        -extensions "$extensions" "$@" -keyout "$kind-$name.key" -out "$kind-$name.pem" 2>/dev/null
}

chain() {
    local kind=$1
    shift
    [ ! -e "$kind-leaf.pem" ] || return 0
    make "$kind" root ca root "$@"
    make "$kind" ca ca root "$@"
    make "$kind" leaf leaf ca "$@"
}

# The longest allowed chain: each CA's certificate is issued by the CA before it.
longest() {
    [ ! -e long-leaf.pem ] || return 0
    make long root ca root "$@"
    local issuer=root ca
    for ca in ca1 ca2 ca3 ca4; do
        make long $ca ca $issuer "$@"
        issuer=$ca
    done
    make long leaf leaf ca4 "$@"
    cat long-ca?.pem >long-ca.pem
}

chain p256 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256
chain p384 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384
chain rsa2048 -newkey rsa:2048 -sha256
chain rsa4096 -newkey rsa:4096 -sha256
longest -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256
