#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab-verdict.sh KLOG2TAP BASE ALLOW REPORT
#        lab-verdict.sh --stale BASE ALLOW REPORT...
# Judge REPORT/boot.log of a lab run: the stages by the client's own plan and
# lines, the rest by klog2tap. Leave lab.tap and verdict there, and print what
# failed. A stage that the plan has and that did not run is a failure.
#
# UML's own splats depend on what memory reclaim does, so not each entry of ALLOW
# is needed each time. But --stale, after all variants of a base, fails for one
# that none of them needed.
set -u

# needed BASE ALLOW LOG: the entries for BASE whose function is in LOG
needed() {
	while IFS='|' read -r bases title function reason; do
		case " $bases " in *" $1 "* | *" * "*) ;; *) continue ;; esac
		name=$(echo "$function" | tr -d ' ')
		[ -n "$name" ] && grep -q "$name+0x" "$3" &&
			echo "$bases|$title|$function|$reason"
	done <"$2"
}

# stale BASE ALLOW REPORT...: say which entries are in no REPORT/allow
stale() {
	base=$1 list=$2 found=0
	shift 2
	while IFS='|' read -r bases title function reason; do
		case " $bases " in *" $base "* | *" * "*) ;; *) continue ;; esac
		for report; do
			grep -qxF "$bases|$title|$function|$reason" "$report/allow" && continue 2
		done
		echo "FAIL: no variant of $base needed the entry \"$title|$function\" of $list: remove it" >&2
		found=1
	done <"$list"
	return $found
}

if [ "$1" = --stale ]; then
	shift
	stale "$@"
	exit
fi

klog2tap=$1 base=$2 allow=$3 report=$4
needed "$base" "$allow" "$report/boot.log" >"$report/allow"
"$klog2tap" -n -b "$base" -a "$report/allow" -s "$report/verdict" \
	"$report/boot.log" >"$report/lab.tap"
status=$?
plan=$(sed -n 's/^1\.\.\([0-9][0-9]*\)\r*$/\1/p' "$report/boot.log" | head -n 1)
ran=$(grep -cE '^(not )?ok [0-9]+ [a-z0-9-]+' "$report/boot.log")
skipped=$(grep -cE '^ok [0-9]+ [a-z0-9-]+ # SKIP' "$report/boot.log")
if [ -z "$plan" ] || [ "$plan" != "$ran" ]; then
	echo "FAIL: ${ran:-0} of ${plan:-?} stages ran" >&2
	status=1
fi
grep -E '^not ok [0-9]+ [a-z0-9-]+' "$report/boot.log" >&2 && status=1
[ $status -eq 0 ] || grep '^not ok' "$report/lab.tap" >&2
# By the host's clock: the kernel's own may stand still, or jump.
init=$(sed -n 's/^umlrun: Run .init .* after \([0-9]*\) ms$/\1/p' "$report/boot.log")
took=$(($(date +%s%3N) - $(cat "$report/start" 2>/dev/null || date +%s%3N)))
printf '%s: %s of %s stages, %s skipped, /init after %s ms, all in %d.%01d s, exit %s\n' \
	"$(basename "$report")" "$ran" "${plan:-?}" "$skipped" "${init:-?}" \
	$((took / 1000)) $((took % 1000 / 100)) "$status"
exit $status
