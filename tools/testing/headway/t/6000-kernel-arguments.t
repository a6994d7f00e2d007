#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "make kernel" and its kin are asked for: each wrong word is an error of its
# own that names what there is, before anything is installed or built. And the
# table of kernels is what it says it is.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
unset ARCH CONFIG LLVM BASE
cd "$W" || exit 1
# kernel CODE TARGET [VARIABLE=VALUE...]. A program that must not be reached: false.
kernel() {
	local want=$1 target=$2 got=0
	shift 2
	env HEADWAY=/bin/false BASE=6.1 "$@" "$top/scripts/kernel.sh" "$target" >"$W/out" 2>&1 || got=$?
	cat "$W/out"
	[ $got = "$want" ]
}
has() { grep -qF -- "$1" "$W/out"; }
table() { grep -v '^#' "$top/scripts/kernels" | awk NF; }

check "a base that is not there" '
	kernel 2 kernel BASE=5.4
	has "there is no base \"5.4\""
	has "BASE= is one of: 6.1 6.12 7.2"
'
check "no base at all" 'kernel 2 kernel BASE=; has "BASE= is one of"'
check "an architecture that is not there" '
	kernel 2 kernel ARCH=sparc
	has "there is no architecture \"sparc\""
	has "ARCH= is one of: arm64 x86_64 arm"
'
check "a configuration that the architecture has not" '
	kernel 2 kernel ARCH=arm CONFIG=debug
	has "arm has no configuration \"debug\""
	has "CONFIG= is one of: multi_v7_defconfig"
'
check "an architecture that nothing boots" 'kernel 2 qemu ARCH=arm; has "no configuration \"debug\""'
check "a configuration without a console does not go to QEMU" '
	kernel 2 qemu ARCH=arm64 CONFIG=headway
	has "make qemu boots CONFIG=debug"
'
check "a compiler that is neither" 'kernel 2 kernel LLVM=18; has "LLVM=1 takes clang-19"'
check "another target" 'kernel 2 kernels; has "usage: kernel.sh kernel|debs|qemu"'
check "a dist of a format that is not there" '
	got=0
	"$top/scripts/dist.sh" nowhere.git 6.1 packed rar >out.log 2>&1 || got=$?
	[ $got = 2 ] && grep -q "FORMAT= is one of: xz gz zst tar" out.log
	[ ! -e packed ]
'
check "a make without what it needs says its usage" '
	! make -s -f "$top/scripts/Makefile.full" >out 2>&1
	has "usage: make -f scripts/Makefile.full BASE="
'
check "a make with a line that the table has not" '
	! make -s -f "$top/scripts/Makefile.full" BASE=6.1 TREE=t ARCH=arm CONFIG=x OUT=o REPORT=r >out 2>&1
	has "scripts/kernels has no arm x"
'
check "every fragment of the table is there, and only lists symbols" '
	for f in $(table | awk "\$4 != \"-\" { print \$4 }" | tr , "\n" | sort -u); do
		[ -s "$top/$f" ]
		! grep -nvE "^(#.*|CONFIG_[A-Z0-9_]+=(y|n|m|[0-9]+|\".*\"))?\$" "$top/$f"
	done
'
check "no line is there twice, and each architecture to be booted has a debug" '
	[ -z "$(table | awk "{ print \$1, \$2 }" | sort | uniq -d)" ]
	[ "$(table | awk "\$2 == \"debug\" { print \$1 }" | paste -sd" ")" = "arm64 x86_64" ]
'
check "a debug configuration has lockdep and every suite that UML has" '
	for s in $(grep -oE "^CONFIG_[A-Z0-9_]*KUNIT_TEST=y" "$top/arch/um/configs/headway.config"); do
		grep -qx "$s" "$top/kernel/configs/headway-debug.config" || { echo "$s is missing"; exit 1; }
	done
	grep -qx CONFIG_PROVE_LOCKING=y "$top/kernel/configs/headway-debug.config"
'
finish
