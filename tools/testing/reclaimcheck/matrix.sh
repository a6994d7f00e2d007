#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Are the defects that a file lists in a report, or gone from it?
#
# usage: matrix.sh present|absent LIST REPORT [CHANGE...]
#
# LIST: lines "CHANGE KIND EDGE", or "CHANGE KIND via CALL" for the call that
# leads to the edge; REPORT: of "reclaimcheck report --porcelain".
# With CHANGEs, only those lines. Exit code 1 if a line is not as it should be.

want=$1 list=$2 report=$3
[ -r "$list" ] && [ -r "$report" ] || { echo "usage: $0 present|absent LIST REPORT" >&2; exit 2; }
shift 3
only=" $* "
bad=0
n=0
# Tabs are white space to read, which would swallow empty fields.
tmp=$(mktemp) || exit 2
trap 'rm -f "$tmp"' EXIT

while read -r change kind edge; do
	case $change in
	'' | '#'*) continue ;;
	esac
	[ "$only" = "  " ] || case $only in *" $change "*) ;; *) continue ;; esac
	n=$((n + 1))
	got=absent
	via=
	case $edge in "via "*) via=1 edge=${edge#via } ;; esac
	tr '\t' '|' <"$report" >"$tmp"
	while IFS='|' read -r tier k root e waived into; do
		[ "$tier" = high ] && [ "$k" = "$kind" ] || continue
		[ -z "$via" ] || e=$into
		# shellcheck disable=SC2254 # a pattern is what it is
		case $e in $edge) got=present && break ;; esac
	done <"$tmp"
	if [ "$got" = "$want" ]; then
		echo "ok $change: $edge is $got"
	else
		echo "not ok $change: $edge is $got"
		bad=1
	fi
done <"$list"
[ $n -gt 0 ] || { echo "nothing to look for" >&2; exit 2; }
exit $bad
