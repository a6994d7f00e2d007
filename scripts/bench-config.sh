#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-config.sh WITHOUT FRAGMENT...
# Print the fragments without the symbols that WITHOUT lists as not set, and without
# the KUnit suites, which nothing would run.
set -eu

without=$1
shift
# shellcheck disable=SC2016 # awk's own
awk 'NR == FNR { if ($1 == "#" && $3 == "is") gone[$2]; next }
	{ split($0, a, "=") }
	!(a[1] in gone) && a[1] !~ /KUNIT/' "$without" "$@"
# Said, so that a default does not bring one back.
sed -n 's/^# \(CONFIG_.*\) is not set$/\1=n/p' "$without"
