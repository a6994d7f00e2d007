#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: dist.sh REPO BASE DIR [FORMAT]
# The source of BASE's integration branch as DIR/linux-VERSION-headway.tar.FORMAT:
# xz (the default), gz, zst or tar. The same branch gives the same file to the byte,
# whoever packs it, when and where. "git get-tar-commit-id" tells the commit.
#
# Exit: 0 packed, 2 usage, 3 no such branch, 4 the machine.
set -u

[ $# -ge 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
repo=$1 base=$2 dir=$3 format=${4:-xz}
case $format in
# A block size of its own makes the result independent of the number of threads.
xz) pack() { xz -6 -T0 --block-size=24MiB; }; suffix=.xz ;;
gz) pack() { gzip -n; }; suffix=.gz ;;
zst) pack() { zstd -q -T1 -3; }; suffix=.zst ;;
tar) pack() { cat; }; suffix= ;;
*)
	echo "headway: error: there is no format \"$format\"" >&2
	echo "headway: hint: FORMAT= is one of: xz gz zst tar" >&2
	exit 2
	;;
esac

# Neither the user's configuration nor the machine's has a say.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
export LC_ALL=C TZ=UTC
g() { git --git-dir="$repo" -c tar.umask=0022 "$@"; }
ref=refs/heads/$base/integration
commit=$(g rev-parse --verify -q "$ref^{commit}") || {
	echo "headway: error: $repo has no branch $base/integration" >&2
	echo "headway: hint: headway import $base && headway build $base" >&2
	exit 3
}
version=$(g show "$commit:Makefile" | awk -F '[ \t]*=[ \t]*' '
	$1 == "VERSION" || $1 == "PATCHLEVEL" || $1 == "SUBLEVEL" {
		v = v (v == "" ? "" : ".") $2; if ($1 == "SUBLEVEL") exit }
	END { print v }')
file=$dir/linux-$version-headway.tar$suffix
mkdir -p "$dir" || exit 4
trap 'rm -f "$file.new" "$file.failed"' EXIT
trap 'exit 4' INT TERM
rm -f "$file.failed"
{ g archive --format=tar --prefix="linux-$version-headway/" "$commit" ||
	: >"$file.failed"; } | pack >"$file.new" && [ ! -e "$file.failed" ] || {
	echo "headway: error: cannot write $file" >&2
	exit 4
}
mv "$file.new" "$file" || exit 4
(cd "$dir" && sha256sum "${file##*/}" >"${file##*/}.sha256") || exit 4
echo "$file: $(stat -c %s "$file") bytes, $base/integration at $(echo "$commit" | cut -c1-12)"
