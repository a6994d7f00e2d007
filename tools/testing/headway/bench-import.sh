#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-import.sh TARBALL [ROUNDS]
# headway import against tar x + git add + git commit of the same tarball, in turn;
# prints the times (and the processor's, which other work on the machine does not
# disturb), the medians, their ratios and the sizes. $HEADWAY is the program,
# $TMPDIR wants room for an unpacked tree and two repositories (3 GB for a kernel).

set -eu
: "${HEADWAY:?name the program to measure}"
tarball=$(realpath "$1")
rounds=${2:-3}
W=$(mktemp -d "${TMPDIR:-/tmp}/headway-bench.XXXXXX")
trap 'rm -rf "$W"' EXIT
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null TIMEFORMAT='%R %U %S'
export HEADWAY_TOP=$W/top
mkdir -p "$W/top/topics"
: > "$W/top/topics/order"
sum=$(sha256sum "$tarball" | cut -d' ' -f1)

by_hand() {
	mkdir "$W/tree"
	tar -xf "$tarball" -C "$W/tree" --strip-components=1
	git init -q "$W/tree"
	git -C "$W/tree" add -A -f
	git -C "$W/tree" -c user.name=Headway -c user.email=headway@localhost \
		-c gc.auto=0 commit -q -m Import
}
by_import() { "$HEADWAY" -q import base --tarball "$tarball" --sha256 "$sum"; }
# median FILE wall|cpu
median() {
	awk -v what="$2" '{ print what == "wall" ? $1 : $2 + $3 }' "$1" | sort -n |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
last() { awk 'END { printf "%s s (cpu %s s)", $1, $2 + $3 }' "$1"; }

for ((i = 1; i <= rounds; i++)); do
	rm -rf "$W/tree" "$W/top/build"
	sync
	{ time by_hand; } 2>> "$W/hand"
	sync
	{ time by_import; } 2>> "$W/import"
	echo "round $i: tar + git $(last "$W/hand"), import $(last "$W/import")"
done
a=$(git -C "$W/tree" rev-parse 'HEAD^{tree}')
b=$(git -C "$W/top/build/linux.git" rev-parse 'base/base^{tree}')
[ "$a" = "$b" ] || { echo "the trees differ: $a $b"; exit 1; }
for what in wall cpu; do
	hand=$(median "$W/hand" $what)
	import=$(median "$W/import" $what)
	echo "median, $what: tar + git $hand s, import $import s, ratio $(ratio "$hand" "$import")"
done
echo "same tree: $a"
echo "repository: tar + git $(du -sm "$W/tree/.git" | cut -f1) MB, import" \
	"$(du -sm "$W/top/build/linux.git" | cut -f1) MB"
