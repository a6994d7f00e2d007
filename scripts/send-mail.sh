#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: send-mail.sh FOLDER smtp://HOST[:PORT] plain|tls -i -f FROM RECIPIENT... <MAIL
#
# What b4 calls for each mail: hand it to the mail server, and keep it in FOLDER
# once the server has it. "tls" demands STARTTLS; name and password come from
# ~/.netrc then, if they are there.
set -eu

folder=$1 url=$2 tls=$3
shift 3
[ "$1 $2" = '-i -f' ] || { echo "send-mail.sh: not called as b4 does: $*" >&2; exit 2; }
from=$3
shift 3
n=$(find "$folder" -name '*.eml' | wc -l)
mail=$(printf '%s/%04d' "$folder" "$n")
sed "s/\r$//" >"$mail.part"
for to; do
	set -- "$@" --mail-rcpt "$to"
	shift
done
[ "$tls" = plain ] || set -- --ssl-reqd --netrc-optional "$@"
# No proxy: mail goes to the named host or nowhere.
curl -sS --noproxy '*' --crlf --max-time 120 --url "$url" --mail-from "$from" "$@" \
	--upload-file "$mail.part"
mv "$mail.part" "$mail.eml"
