#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What reclaimcheck costs, on a tree that it has built.
#
# usage: bench.sh BINDIR KDIR
#
# Compiles every 20th unit (EVERY) to bitcode again, makes skeletons of these,
# and reports on the whole tree.

bin=$1 kdir=$2
[ -x "$bin/reclaimcheck" ] && [ -d "$kdir" ] || { echo "usage: $0 BINDIR KDIR" >&2; exit 2; }
cd "$kdir" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

find . -name '.*.o.cmd' | sort | awk -v every="${EVERY:-20}" "NR % every == 0" | while read -r cmd; do
	sed -n 's/^\(save\)\{0,1\}cmd_[^ ]* := //p' "$cmd" | head -n 1
done | grep ' -c -o [^ ]*\.o [^ ;]*\.c' | grep -v -e libstub -e vdso -e scripts/ |
	sed "s/ -c -o [^ ]* / -c -o OUT /; s/ ;.*//; s/^[^ ]* //; s/-Wp,-MMD,[^ ]*//" >"$tmp/args"
units=$(wc -l <"$tmp/args")

# CPU seconds of a shell that runs the lines of a file.
cpu() {
	/usr/bin/env bash -c "TIMEFORMAT='%U %S'; time sh $1 >/dev/null 2>$tmp/err" 2>&1 |
		awk '{ print $1 + $2 }'
}

awk -v tmp="$tmp" '{
	sub("-o OUT", "-o " tmp "/" NR ".bc")
	print "clang-19 -emit-llvm -Xclang -disable-llvm-passes " $0
}' "$tmp/args" >"$tmp/compile"
awk -v tmp="$tmp" -v cc="$bin/reclaimcheck-cc" '{
	print cc " --extract " tmp "/" NR ".bc " tmp "/out.o"
}' "$tmp/args" >"$tmp/extract"
clang=$(cpu "$tmp/compile")
ours=$(cpu "$tmp/extract")
echo "$clang $ours $units" | awk '{
	printf "%d units: clang to bitcode %.0f ms a unit\n", $3, 1000 * $1 / $3
	printf "extraction, a process of its own: %.1f ms a unit, %.1f %% of its compile\n",
		1000 * $2 / $3, 100 * $2 / $1
}'
"$bin/reclaimcheck" report --partial --stats --porcelain . 2>&1 >/dev/null | grep units
