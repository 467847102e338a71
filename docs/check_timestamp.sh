#!/bin/sh
# check_timestamp.sh NUMBER.json.p7s root.pem [tsa.pem]: check the time stamp of an examination or a check with the
# openssl command alone, and print its time. The root comes from the council, never from beside the certificate; so does
# tsa.pem where the council used an outside authority: that one's own certificate, or its root.
# `openssl cms -verify` does not look at the time stamp; that the JSON says "timestamp":"required" and there is one,
# is for this.
set -eu
[ $# = 2 ] || [ $# = 3 ] || { echo "usage: $0 NUMBER.json.p7s root.pem [tsa.pem]" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
openssl asn1parse -inform DER -in "$1" > "$folder/tree"
# The signature value is the one OCTET STRING of SignerInfo; the token is the value of the unsigned attribute.
signature=$(awk -F: '/d=5 .*prim: OCTET STRING/ { print $1 + 0; exit }' "$folder/tree")
token=$(awk -F: '/:id-smime-aa-timeStampToken/ { at = NR } at && NR == at + 2 { print $1 + 0; exit }' "$folder/tree")
[ -n "$token" ] || { echo "there is no time stamp in $1" >&2; exit 1; }
openssl asn1parse -inform DER -in "$1" -strparse "$signature" -noout -out "$folder/signature" 2> "$folder/quiet" || true
openssl asn1parse -inform DER -in "$1" -strparse "$token" -noout -out "$folder/token.der"
if [ $# = 3 ]; then
    openssl ts -verify -token_in -in "$folder/token.der" -data "$folder/signature" -CAfile "$3" -partial_chain
else
    openssl ts -verify -token_in -in "$folder/token.der" -data "$folder/signature" -CAfile "$2"
fi
openssl ts -reply -token_in -in "$folder/token.der" -text -token_out | grep '^Time stamp:'
