#!/bin/bash
# A signing program for git's gpg.format = x509 with an SM2 key: writes the one
# form of CMS that jiedu reads. It needs openssl (3.0 or later).
#
#   git config gpg.format x509
#   git config gpg.x509.program /path/to/sm2-sign.sh
#   git config user.signingkey <SHA-256 of the public key, 64 hex digits>
#   export SM2_KEY=/path/to/key.pem
#
# For a token, replace the one line marked TOKEN by the command of its maker
# that signs a file with SM2 and SM3 (identity 1234567812345678) and writes the
# signature as DER (a SEQUENCE of two INTEGERs).
set -euo pipefail

case " $* " in
*" --verify "*)
    echo "sm2-sign.sh only signs; run jiedu check" >&2
    exit 1
    ;;
esac
key=$(printf '%s' "${!#}" | tr 'A-F' 'a-f')
[[ $key =~ ^[0-9a-f]{64}$ ]] || { echo "user.signingkey must be 64 hex digits" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/text"

# TOKEN
openssl dgst -sm3 -sign "$SM2_KEY" -sigopt distid:1234567812345678 -out "$work/sig" "$work/text"

tlv() {
    local n=$((${#2} / 2))
    if ((n < 128)); then printf '%s%02x%s' "$1" "$n" "$2"
    elif ((n < 256)); then printf '%s81%02x%s' "$1" "$n" "$2"
    else printf '%s82%04x%s' "$1" "$n" "$2"; fi
}
signature=$(od -An -v -tx1 "$work/sig" | tr -d ' \n')
sm3=$(tlv 30 06082a811ccf55018311)
sm2=$(tlv 30 06082a811ccf55018375)
signer=$(tlv 30 "020103$(tlv 80 "$key")$sm3$sm2$(tlv 04 "$signature")")
data=$(tlv 30 "020103$(tlv 31 "$sm3")$(tlv 30 06092a864886f70d010701)$(tlv 31 "$signer")")
cms=$(tlv 30 "06092a864886f70d010702$(tlv a0 "$data")")

echo '-----BEGIN SIGNED MESSAGE-----'
printf '%b' "$(printf '%s' "$cms" | sed 's/../\\x&/g')" | openssl base64
echo '-----END SIGNED MESSAGE-----'
printf '[GNUPG:] BEGIN_SIGNING\n[GNUPG:] SIG_CREATED D\n' >&2
