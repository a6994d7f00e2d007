#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A real kernel base: the package that was fetched for the fork, or the tarball that is
# installed. The tree, the size of the repository, the memory that it takes.

. "$(dirname "$0")/lib-import.sh"

top=$(cd "$(dirname "$0")/../../../.." && pwd)
tarball=
for deb in "$top"/build/apt/linux-source-*_all.deb /var/cache/apt/archives/linux-source-*_all.deb; do
	[ -f "$deb" ] && [ -z "$tarball" ] || continue
	package=${deb##*/}
	package=${package%%_*}
	tarball=$W/$package.tar.xz
	dpkg-deb --fsys-tarfile "$deb" | tar -xOf - "./usr/src/$package.tar.xz" > "$tarball" || tarball=
done
for installed in /usr/src/linux-source-*.tar.xz; do
	[ -z "$tarball" ] && [ -f "$installed" ] && tarball=$installed
done
[ -n "$tarball" ] || fail_all "no linux-source package is here: run make bases"
echo "# $tarball"

want=$(git_tree "$tarball")
sum=$(sum "$tarball")
command -v /usr/bin/time > /dev/null && measure='/usr/bin/time -f %M -o '$W/memory || measure=
$measure "$HEADWAY" import 1.0 --tarball "$tarball" --sha256 "$sum" > "$W/out" 2> "$W/err"
rc=$?
is "the tree is that of tar and git" "$rc $(tree_of 1.0)" "0 $want"
ok "git finds nothing wrong" sound
megabytes=$(du -sm "$REPO" | cut -f1)
ok "the repository has less than 500 MB: $megabytes" [ "$megabytes" -lt 500 ]
# Sanitizers take several times as much for themselves.
[ -s "$W/memory" ] && echo "# memory: $(cat "$W/memory") kB"
# The best of three: others may use the machine, too.
took= failed=0
for _ in 1 2 3; do
	start=$(date +%s%N)
	import 1.0 --tarball "$tarball" --sha256 "$sum"
	ms=$((($(date +%s%N) - start) / 1000000))
	[ "$rc" = 0 ] || failed=$rc
	[ -n "$took" ] && [ "$took" -le "$ms" ] || took=$ms
done
ok "asked for again: nothing to do, in $took ms" [ "$failed" = 0 -a "$took" -lt 1000 ]
finish
