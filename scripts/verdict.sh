#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: verdict.sh KLOG2TAP BASE REPORT [SUITES]
# Judge REPORT/boot.log: leave kunit.tap and verdict there, and print what failed.
set -u

klog2tap=$1 base=$2 report=$3 suites=${4:-}
"$klog2tap" -b "$base" ${suites:+-e "$suites"} -s "$report/verdict" \
	"$report/boot.log" >"$report/kunit.tap"
status=$?
[ $status -eq 0 ] || awk '/^#/ { if (bad) print; next }
	{ bad = /^not ok/ } bad { sub(/^not ok [0-9]+ - /, "FAIL: "); print }' \
	"$report/kunit.tap" >&2
exit $status
