#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: reclaimcheck-oracle.sh BASE
#
# lockdep as the oracle of reclaimcheck: boots the UML kernel of the main job for
# BASE, which must be built, with an /init that lets lockdep see something and
# copies /proc/lockdep; has clang read the same sources in the same configuration;
# and asks whether each dependency of the run is in the order that the code has.
#
# build/report/BASE/reclaimcheck/lockdep (the copy) and lockdep.txt (what came out).
# Exit code of "reclaimcheck lockdep": 0 all there or excepted, 1 not, 3 input.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
rc=${RECLAIMCHECK:-$build/reclaimcheck/reclaimcheck}
tests=$top/tools/testing/reclaimcheck
kernel=$build/kernel/$base
tree=$build/trees/$base
out=$build/reclaimcheck-um/$base
report=$build/report/$base/reclaimcheck
[ -x "$kernel/linux" ] || {
	echo "reclaimcheck: error: no $kernel/linux: run \"make BASE=$base\" first" >&2
	exit 2
}
mkdir -p "$out/boot" "$report" || exit 4

# What lockdep saw.
gcc -O1 -std=gnu11 -D_GNU_SOURCE -march=x86-64 -static -o "$out/boot/init" \
	"$tests/lockdep-init.c" || exit 4
printf '%s\n' 'dir /dev 0755 0 0' 'nod /dev/console 0600 0 0 c 5 1' 'dir /proc 0755 0 0' \
	'dir /sys 0755 0 0' 'dir /tmp 0755 0 0' "file /init $out/boot/init 0755 0 0" \
	>"$out/boot/list"
"$kernel/usr/gen_init_cpio" "$out/boot/list" >"$out/boot/initrd" || exit 4
make -s -C "$top/tools/testing/headway/boot" OUT="$build/obj/boot" all || exit 4
"$build/obj/boot/umlrun" -t 120 -o "$out/boot/log" "$kernel/linux" mem=128M console=tty0 \
	con=null con0=null,fd:1 initrd="$out/boot/initrd" || [ $? -eq 1 ] || exit 4
tr -d '\r' <"$out/boot/log" | sed -n '/^--- begin/,/^--- end/p' >"$report/lockdep"
grep -q '^--- end' "$report/lockdep" || {
	echo "reclaimcheck: error: /init did not get to its end, see $out/boot/log" >&2
	exit 4
}

# What the code says. Objects of kernels are not bitcode, so a build of its own; the
# layout of structs that clang could shuffle stays, and the fields have names.
cat "$kernel/fragment" - >"$out/boot/fragment.new" <<'K'
CONFIG_RANDSTRUCT_NONE=y
CONFIG_DEBUG_INFO_DWARF5=y
K
cmp -s "$out/boot/fragment.new" "$out/boot/fragment" ||
	mv "$out/boot/fragment.new" "$out/boot/fragment"
[ -e "$out/Makefile" ] && [ "$out/.config" -nt "$out/boot/fragment" ] ||
	make -s -C "$tree" O="$out" ARCH=um LLVM=-19 CC="${rc}-cc" \
		KCONFIG_ALLCONFIG="$out/boot/fragment" allnoconfig || exit 4
"$rc" build --arch um -j"${JOBS:-$(nproc)}" "$out" || exit

"$rc" lockdep --except "$tests/lockdep-except-$base" "$report/lockdep" "$out" \
	>"$report/lockdep.txt"
status=$?
tail -n 1 "$report/lockdep.txt"
echo "report:   $report/lockdep.txt"
exit $status
