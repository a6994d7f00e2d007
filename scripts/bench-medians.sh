#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-medians.sh TSV
# From "side round name value unit", a line for each name: the medians of base and
# fork, the lowest and the highest value of each, and fork / base.
set -eu

printf '%-28s %12s %12s %8s  %-4s  %s\n' measured base fork ratio unit 'lowest-highest, base | fork'
sed 1d "$1" | sort -t '	' -k3,3 -k1,1 -k4,4n | awk -F '\t' '
	function median(key) { return v[key, int((n[key] + 1) / 2)] }
	function range(key) { return n[key] ? v[key, 1] "-" v[key, n[key]] : "-" }
	{ key = $3 SUBSEP $1; v[key, ++n[key]] = $4; unit[$3] = $5
	  if (!($3 in seen)) { seen[$3]; names[++count] = $3 } }
	END { for (i = 1; i <= count; i++) {
		b = names[i] SUBSEP "base"; f = names[i] SUBSEP "fork"
		mb = n[b] ? median(b) : "-"; mf = n[f] ? median(f) : "-"
		ratio = mb > 0 && n[f] ? sprintf("%.2f", mf / mb) : "-"
		printf "%-28s %12s %12s %8s  %-4s  %s | %s\n", names[i], mb, mf,
			ratio, unit[names[i]], range(b), range(f) } }'
