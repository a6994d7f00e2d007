#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What reclaimcheck costs, on a tree that it has built, against what it may cost:
#
#   extraction  25 ms a unit, and 10 % of its compile
#   solving     1 s for a thousand units
#   memory      1 GB
#   a change    15 s from one edited file to the new report
#
# All but the last are CPU time, of a process of its own for each unit.
#
# usage: bench.sh BINDIR KDIR [FILE.c]
#
# Compiles every 20th unit (EVERY) to bitcode again, makes skeletons of these,
# reports on the whole tree, edits FILE.c, builds and reports again: a whole build,
# to compare with, and then one of what has changed, which is what counts. Exit code 1 if
# something costs more than it may.

bin=$1 kdir=$2 file=${3:-drivers/gpu/drm/msm/msm_gpu.c}
[ -x "$bin/reclaimcheck" ] && [ -d "$kdir" ] ||
	{ echo "usage: $0 BINDIR KDIR [FILE.c]" >&2; exit 2; }
[ -f "$kdir/$file" ] || { echo "$0: no $file in $kdir" >&2; exit 2; }
cd "$kdir" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
bad=0

find . -name '.*.o.cmd' | sort | awk -v every="${EVERY:-20}" "NR % every == 0" | while read -r cmd; do
	sed -n 's/^\(save\)\{0,1\}cmd_[^ ]* := //p' "$cmd" | head -n 1
done | grep ' -c -o [^ ]*\.o [^ ;]*\.c' | grep -v -e libstub -e vdso -e scripts/ |
	sed "s/ -c -o [^ ]* / -c -o OUT /; s/ ;.*//; s/^.*reclaimcheck-cc //; s/-Wp,-MMD,[^ ]*//" >"$tmp/args"
units=$(wc -l <"$tmp/args")
[ "$units" -gt 0 ] || { echo "$0: $kdir was not built by reclaimcheck" >&2; exit 2; }

# CPU seconds of a shell that runs the lines of a file.
cpu() {
	bash -c "TIMEFORMAT='%U %S'; time sh $1 >/dev/null 2>$tmp/err" 2>&1 |
		awk '{ print $1 + $2 }'
}

# bar WHAT FIGURE LIMIT UNIT: one line, and whether it is kept
bar() {
	if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'; then
		echo "ok $1: $2 $4 (at most $3)"
	else
		echo "not ok $1: $2 $4 (at most $3)"
		bad=1
	fi
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
echo "# $units units: clang to bitcode $(echo "$clang $units" | awk '{ printf "%.0f", 1000 * $1 / $2 }') ms a unit"
bar "extraction of a unit" "$(echo "$ours $units" | awk '{ printf "%.1f", 1000 * $1 / $2 }')" 25 ms
bar "extraction of its compile" "$(echo "$ours $clang" | awk '{ printf "%.1f", 100 * $1 / $2 }')" 10 %

# "N units, ...: X s user, Y s system, Z MB"
"$bin/reclaimcheck" report --stats --porcelain . 2>&1 >/dev/null | grep units >"$tmp/stats"
sed 's/^/# /' "$tmp/stats"
bar "solving a thousand units" \
	"$(sed 's/,//g' "$tmp/stats" | awk '{ for (i = 2; i <= NF; i++) if ($i == "s") t += $(i - 1); printf "%.2f", 1000 * t / $1 }')" 1 s
bar "memory" "$(awk '{ print $(NF - 1) }' "$tmp/stats")" 1024 MB

# Wall clock, since who edits waits; beside it the CPU time, which other users of the
# machine do not change. By the compiler that the tree was built with, or all of it is
# built again. The second time, so that all is in the page cache.
prefix=$(sed -n "1s|^[a-z]*cmd_[^ ]* := \\(\\(.*\\) \\)\\{0,1\\}[^ ]*/reclaimcheck-cc -.*|\\2|p" \
	"$(dirname "$file")/.$(basename "$file" .c).o.cmd" )
# A comment more, so that no cache has it; the file is put back.
cp -p "$file" "$tmp/source" || exit 4
trap 'cp "$tmp/source" "$file"; rm -rf "$tmp"' EXIT
cat >"$tmp/change" <<C
echo "/* \$\$ */" >>$file
$bin/reclaimcheck build \$1 -j$(nproc) ${prefix:+--prefix "$prefix"} . || exit 4
$bin/reclaimcheck report --porcelain .
[ \$? -le 1 ]
C
for how in "" --changed --changed; do
	bash -c "TIMEFORMAT='%R %U %S'; time sh $tmp/change $how >$tmp/out 2>&1" 2>"$tmp/time" ||
		{ cat "$tmp/out" >&2; exit 4; }
	awk -v how="$how" '{ printf "# a change, build %s: %.1f s, %.1f s of CPU\n", how, $1, $2 + $3 }' "$tmp/time"
done
bar "a change of $file" "$(awk '{ print $1 }' "$tmp/time")" 15 s
exit $bad
