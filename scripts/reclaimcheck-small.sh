#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: reclaimcheck-small.sh BASE
#
# What "make check" can afford of the checker's tests on a kernel: the regression
# matrix and some mutants, in a work tree of its own of which only the objects of
# tools/testing/reclaimcheck/small-BASE are compiled. Prints TAP.
set -u

base=$1
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
rc=${RECLAIMCHECK:-$build/reclaimcheck/reclaimcheck}
tests=$top/tools/testing/reclaimcheck
list=$tests/small-$base
[ -f "$list" ] || { echo "Bail out! no objects are listed for $base"; exit 2; }
DIRS=$(grep -v '^#' "$list" | tr '\n' ' ')
TREE=$build/reclaimcheck-trees/$base-small
REPORT=$build/report/$base/reclaimcheck-small
export DIRS TREE REPORT

# Its plan comes last, so one more test is one more line.
mkdir -p "$REPORT" || exit 4
"$top/scripts/reclaimcheck-matrix.sh" "$base" >"$REPORT.tap"
status=$?
n=$(grep -c '^\(not \)\{0,1\}ok ' "$REPORT.tap")
grep -v '^1\.\.' "$REPORT.tap"
grep -q '^Bail out' "$REPORT.tap" && exit $status

# The tree is at the base now: as many mutants as are enough for each kind to be there.
if make -s -C "$top/tools/reclaimcheck" mutants O="$(dirname "$rc")" KDIR="$TREE" MUTANTS="${MUTANTS:-28}" \
	>"$REPORT/mutants" 2>&1; then
	echo "ok $((n + 1)) - $(tail -n 1 "$REPORT/mutants")"
else
	echo "not ok $((n + 1)) - mutants"
	sed 's/^/#   /' "$REPORT/mutants"
	status=1
fi
echo "1..$((n + 1))"
exit $status
