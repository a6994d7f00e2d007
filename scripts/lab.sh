#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab.sh BASE
# The lab for one base: branches, work tree, a kernel with the virtual Adreno, and
# every variant booted through all stages.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
[ -f "$top/bases/$base" ] || {
	echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
"$HEADWAY" import "$base" && "$HEADWAY" build "$base" || exit
"$HEADWAY" checkout "$base" "$build/trees/$base" || exit
exec make --no-print-directory -s -k -j"$(nproc)" -f "$top/scripts/Makefile.lab" BASE="$base" \
	TREE="$build/trees/$base" OUT="$build/lab/$base" REPORT="$build/report/lab-$base"
