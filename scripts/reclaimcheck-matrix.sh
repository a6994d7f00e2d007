#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: reclaimcheck-matrix.sh BASE [TOPIC/CHANGE...]
#
# The regression matrix of reclaimcheck: each defect of
# tools/testing/reclaimcheck/live-BASE is reported on the base, gone on the
# integration branch, and back without the change that mends it. The same for each
# "Proof: reclaimcheck" of a topic, but for the base, which may have other reasons
# for the same, and where DIRS is set. All in the one
# work tree of "make reclaimcheck", or in TREE with DIRS and REPORT as there.
# Prints TAP.
set -u

base=$1
shift
top=$(cd "$(dirname "$0")/.." && pwd)
tests=$top/tools/testing/reclaimcheck
report=${REPORT:-$top/build/report/$base/reclaimcheck}
live=$report/live
[ -f "$tests/live-$base" ] || { echo "Bail out! no defects are listed for $base"; exit 2; }
mkdir -p "$report"
sed '/^#/d; /^$/d' "$tests/live-$base" >"$live"
listed=" $(cut -d ' ' -f 1 "$live" | uniq | tr '\n' ' ')"
[ -n "${DIRS:-}" ] || "$HEADWAY" status --proof "$base" |
	awk -F '\t' 'sub(/^reclaimcheck /, "", $3) { print $1, $3 }' |
	grep -vxFf "$live" >"$report/proofs"
[ -n "${DIRS:-}" ] || cat "$report/proofs" >>"$live"
[ $# -gt 0 ] || set -- $(cut -d ' ' -f 1 "$live" | awk '!seen[$0]++')
n=0 bad=0

# expect present|absent REPORT CHANGE: one test
expect() {
	n=$((n + 1))
	if "$tests/matrix.sh" "$1" "$live" "$report/$2.keys" "$3" >"$report/matrix.out" 2>&1; then
		echo "ok $n - $3 $1: $2"
	else
		echo "not ok $n - $3 $1: $2"
		sed 's/^/#   /' "$report/matrix.out"
		bad=1
	fi
}

# read WHAT: a report on it; 1 is that something was found
read_it() {
	"$top/scripts/reclaimcheck.sh" "$base" "$1" >"$report/matrix.log" 2>&1
	[ $? -le 1 ] || { sed 's/^/# /' "$report/matrix.log"; echo "Bail out! $1"; exit 4; }
}

read_it integration
for c; do expect absent integration "$c"; done
for c; do
	read_it "$c"
	expect present "$(echo "$c" | tr / -)" "$c"
done
sed '/^#/d; /^$/d' "$tests/live-$base" >"$live"
read_it base
for c; do
	case $listed in *" $c "*) expect present base "$c" ;; esac
done
echo "1..$n"
exit $bad
