#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: kernel.sh kernel|debs|qemu
# A whole kernel of a base's integration branch. What and how is in the environment:
#
#   BASE      name of the base
#   ARCH      arm64 (the default), x86_64 or arm
#   CONFIG    a line of scripts/kernels; by default the first of the architecture,
#             and "debug" for qemu
#   LLVM=1    clang and lld instead of gcc
#   HEADWAY   the program
#
# Exit: 0 if all is well, 1 if a topic fails, 2 for what cannot be, else the step's.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

target=$1 base=$BASE arch=${ARCH:-arm64} llvm=${LLVM:-}
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
table=$top/scripts/kernels
. "$top/scripts/kernel-lib.sh"

need_base "$base"
case $target in
kernel | debs) config=${CONFIG:-$(default_config "$arch")} goal=$target ;;
qemu) config=${CONFIG:-debug} goal=verdict ;;
*) sed -n '3s/^# //p' "$0" >&2; exit 2 ;;
esac
need_line "$arch" "$config"
[ "$target" != qemu ] || [ "$config" = debug ] || bad "CONFIG=$config has no initramfs and no console for QEMU" \
	"make qemu boots CONFIG=debug"
case $llvm in
'' | 0) compiler=gcc llvm= ;;
1) compiler=clang ;;
*) bad "LLVM=$llvm is neither 1 nor empty" "LLVM=1 takes clang-19" ;;
esac

name=$base-$arch-$config-$compiler
report=$build/report/$name
"$top/scripts/deps.sh" main kernels || exit
prepare_tree "$base" integration "$build/trees/$base"
mkdir -p "$report" || exit 4
{ "$HEADWAY" status --kunit "$base"; echo headway_user_space; } >"$report/suites"
make --no-print-directory -s -f "$top/scripts/Makefile.full" \
	BASE="$base" TREE="$build/trees/$base" ARCH="$arch" CONFIG="$config" LLVM="$llvm" \
	OUT="$build/kernel/$name" REPORT="$report" SUITES="$report/suites" \
	DEBS="$build/debs/$name" $goal
status=$?
[ ! -f "$report/kernel.txt" ] || sed "s/^/$name: /" "$report/kernel.txt"
[ "$target" != debs ] || [ $status -ne 0 ] || ls -1 "$build/debs/$name/"*.deb
if [ "$target" = qemu ]; then
	verdict=FAIL
	[ $status -ne 0 ] || verdict=PASS
	echo "headway: $name: $verdict: $(cat "$report/verdict" 2>/dev/null || echo "no kernel")"
	[ $status -eq 0 ] || status=1
fi
exit $status
