#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: lab.sh BASE [KERNEL]
# The lab for one base: branches, work tree, a kernel with the virtual Adreno, and
# every variant booted through all stages. KERNEL "kasan" takes the kernel that
# watches memory instead, "smp" that with two processors, from object trees of their own.
# CLOCK=host: see scripts/Makefile.lab.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1 kernel=${2:-}
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
[ -f "$top/bases/$base" ] || {
	echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
case ${CLOCK:-} in
host | "") ;;
*)
	echo "headway: error: the lab has no clock \"$CLOCK\": leave CLOCK out, or say CLOCK=host" >&2
	exit 2
	;;
esac
[ -z "$kernel" ] || [ -f "$top/arch/um/configs/headway-$kernel.config" ] || {
	echo "headway: error: the lab has no kernel \"$kernel\": leave KERNEL out, or say KERNEL=kasan or KERNEL=smp" >&2
	exit 2
}
name=$base${kernel:+-$kernel}
"$HEADWAY" import "$base" && "$HEADWAY" build "$base" || exit
[ "$kernel" != smp ] ||
	git -C "$build/linux.git" grep -q '^config SMP' "$base/base" -- arch/um/Kconfig || {
	echo "headway: error: UML of $base has one processor at most: take a newer base, such as 7.2" >&2
	exit 2
}
"$HEADWAY" checkout "$base" "$build/trees/$base" || exit
# A variant waits for half of its time, and more: two share a processor.
exec make --no-print-directory -s -k -j$((2 * $(nproc))) -f "$top/scripts/Makefile.lab" BASE="$base" \
	TREE="$build/trees/$base" OUT="$build/lab/$name" REPORT="$build/report/lab-$name" \
	KERNEL="$kernel"
