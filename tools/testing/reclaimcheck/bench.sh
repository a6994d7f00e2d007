#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What reclaimcheck costs, on a tree that it has built.
#
# usage: bench.sh BINDIR KDIR
#
# Compiles every 20th unit again: to bitcode by clang alone, and as
# reclaimcheck-cc does; and reports on the whole tree.

bin=$1 kdir=$2
[ -x "$bin/reclaimcheck" ] && [ -d "$kdir" ] || { echo "usage: $0 BINDIR KDIR" >&2; exit 2; }
cd "$kdir" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

find . -name '.*.o.cmd' | sort | awk 'NR % 20 == 0' | while read -r cmd; do
	sed -n 's/^\(save\)\{0,1\}cmd_[^ ]* := //p' "$cmd" | head -n 1
done | grep ' -c -o [^ ]*\.o [^ ;]*\.c' | grep -v -e libstub -e vdso -e scripts/ |
	sed "s/ -c -o [^ ]* / -c -o OUT /; s/ ;.*//; s/^[^ ]* //; s/-Wp,-MMD,[^ ]*//" >"$tmp/args"
units=$(wc -l <"$tmp/args")

# CPU seconds of a shell that runs each line behind a compiler.
cpu() {
	sed "s|^|$1 |; s|-o OUT|-o $tmp/out.o|" "$tmp/args" >"$tmp/run"
	/usr/bin/env bash -c "TIMEFORMAT='%U %S'; time sh $tmp/run >/dev/null 2>$tmp/err" 2>&1 |
		awk '{ print $1 + $2 }'
}

clang=$(cpu "clang-19 -emit-llvm -Xclang -disable-llvm-passes")
ours=$(cpu "$bin/reclaimcheck-cc")
echo "$clang $ours $units" | awk '{
	printf "%d units: clang to bitcode %.0f ms a unit, with extraction %.0f ms\n",
		$3, 1000 * $1 / $3, 1000 * $2 / $3
	printf "extraction: %.1f ms a unit, %.1f %% of its compile\n",
		1000 * ($2 - $1) / $3, 100 * ($2 - $1) / $1
}'
"$bin/reclaimcheck" report --partial --stats --porcelain . 2>&1 >/dev/null | grep units
