#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab-verdict.sh KLOG2TAP BASE ALLOW REPORT
# Judge REPORT/boot.log of a lab run: the stages by the client's own plan and
# lines, the rest by klog2tap. Leave lab.tap and verdict there, and print what
# failed. A stage that the plan has and that did not run is a failure.
set -u

klog2tap=$1 base=$2 allow=$3 report=$4
# UML's own splats depend on what memory reclaim does, so not each comes each time.
while IFS='|' read -r bases title function reason; do
	function=$(echo "$function" | tr -d ' ')
	[ -n "$function" ] && grep -q "$function+0x" "$report/boot.log" &&
		echo "$bases|$title| $function |$reason"
done <"$allow" >"$report/allow"
"$klog2tap" -n -b "$base" -a "$report/allow" -s "$report/verdict" \
	"$report/boot.log" >"$report/lab.tap"
status=$?
plan=$(sed -n 's/^1\.\.\([0-9][0-9]*\)\r*$/\1/p' "$report/boot.log" | head -n 1)
ran=$(grep -cE '^(not )?ok [0-9]+ [a-z-]+' "$report/boot.log")
if [ -z "$plan" ] || [ "$plan" != "$ran" ]; then
	echo "FAIL: ${ran:-0} of ${plan:-?} stages ran" >&2
	status=1
fi
grep -E '^not ok [0-9]+ [a-z-]+' "$report/boot.log" >&2 && status=1
[ $status -eq 0 ] || grep '^not ok' "$report/lab.tap" >&2
printf '%s: %s of %s stages, exit %s\n' "$(basename "$report")" \
	"$ran" "${plan:-?}" "$status"
exit $status
