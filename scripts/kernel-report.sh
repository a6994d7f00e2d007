#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: kernel-report.sh TREE OUT IMAGE COMPILER
# Say what was built in OUT from the git work tree TREE: one "NAME VALUE" a line.
# OUT/times has the seconds of the last build.
set -eu

tree=$1 out=$2 image=$3 compiler=$4
echo "commit $(git -C "$tree" rev-parse HEAD)"
echo "tree $(git -C "$tree" rev-parse 'HEAD^{tree}')"
[ -z "$(git -C "$tree" diff --no-ext-diff --name-only HEAD)" ] ||
	echo "edited $(git -C "$tree" diff --no-ext-diff HEAD | sha256sum | cut -d' ' -f1)"
echo "release $(cat "$out/include/config/kernel.release")"
echo "compiler $($compiler --version | head -n 1)"
echo "config $(grep -v '^#' "$out/.config" | sha256sum | cut -d' ' -f1)"
echo "built $(grep -cE '^  (CC|AS) ' "$out/build.log") objects of $(
	find "$out" -name '.*.o.cmd' | wc -l)"
echo "seconds $(awk '$1 == "build" { s = $2 } END { print s }' "$out/times")"
echo "image $image"
echo "bytes $(stat -c %s "$image")"
echo "vmlinux $(stat -c %s "$out/vmlinux")"
echo "sha256 $(sha256sum <"$image" | cut -d' ' -f1)"
