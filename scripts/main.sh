#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: main.sh BASE
# The main job for one base: import, branches, work tree, kernel, boot, verdict.
set -u
# The kernel's make gets its own jobs and none of our variables.
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
report=$build/report/$base
times=$report/times.tsv
tree=$build/trees/$base
[ -f "$top/bases/$base" ] || {
	echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
mkdir -p "$report" && : >"$times" || exit 4
# A step that fails ends the job, but for "branches": with a topic that fails,
# the rest is still built, booted and judged, and the exit code says so.
step() { "$top/scripts/step.sh" "$times" "$@"; }
stop() { echo "headway: $base: stopped in the step \"$1\"" >&2; exit "$2"; }

step import "$HEADWAY" import "$base" || stop import $?
step branches "$HEADWAY" build "$base"
branches=$?
[ $branches -le 1 ] || stop branches $branches
step checkout "$HEADWAY" checkout "$base" "$tree" || stop checkout $?
"$HEADWAY" status --kunit "$base" >"$report/suites" || [ $? -eq 1 ] || stop status $?
step kernel make --no-print-directory -s -f "$top/scripts/Makefile.kernel" \
	BASE="$base" TREE="$tree" OUT="$build/kernel/$base" \
	SUITES="$report/suites" REPORT="$report"
kernel=$?

echo
"$HEADWAY" status
echo
echo "branches: $build/linux.git ($base/topic/*, $base/integration)"
echo "sources:  $tree"
echo "report:   $report"
awk -F '\t' '{ printf "%s%s %s s", (NR > 1 ? ", " : "time:     "), $1, $2; t += $2 }
	END { printf ", together %.1f s\n", t }' "$times"
echo
if [ $kernel -eq 0 ] && [ $branches -eq 0 ]; then
	echo "headway: $base: PASS: $(cat "$report/verdict")"
else
	[ $branches -eq 0 ] || echo "headway: a change fails, see above"
	echo "headway: $base: FAIL: $(cat "$report/verdict" 2>/dev/null || echo "no kernel")"
	exit 1
fi
