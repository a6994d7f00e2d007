#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-medians.sh TSV
# From "side round name value unit", a line for each name: the medians of base and
# fork, the lowest and the highest value of each, and fork / base. A value ">N" is one
# that was not reached in N.
set -eu

printf '%-24s %12s %12s %8s  %-4s  %s\n' measured base fork ratio unit 'lowest..highest, base | fork'
sed -e 1d -e 's/	>\([0-9]*\)	\(.*\)/	\1	\2	>/' "$1" | sort -t '	' -k3,3 -k1,1 -k4,4n | awk -F '\t' '
	function median(key) { return v[key, int((n[key] + 1) / 2)] }
	function shown(key, i) { return over[key, i] v[key, i] }
	function middle(key) { return n[key] ? shown(key, int((n[key] + 1) / 2)) : "-" }
	function range(key) { return n[key] ? shown(key, 1) ".." shown(key, n[key]) : "-" }
	function ratio(b, f) {
		if (!n[b] || !n[f] || median(b) <= 0)
			return "-"
		b = median(f) / median(b)
		return sprintf(b < 0.1 ? "%.4f" : "%.2f", b)
	}
	{ key = $3 SUBSEP $1; v[key, ++n[key]] = $4; over[key, n[key]] = $6; unit[$3] = $5
	  if (!($3 in seen)) { seen[$3]; names[++count] = $3 } }
	END { for (i = 1; i <= count; i++) {
		b = names[i] SUBSEP "base"; f = names[i] SUBSEP "fork"
		printf "%-24s %12s %12s %8s  %-4s  %s | %s\n", names[i], middle(b), middle(f),
			ratio(b, f), unit[names[i]], range(b), range(f) } }'
