#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-lab.sh BASE [VARIANT]
# Does it help? The base with nothing but the lab's topic, and the whole fork, on
# the virtual Adreno, with the same configuration and without what checks
# (headway-bench.config), booted in turn. Leaves build/report/bench-lab-BASE.tsv
# (every value), prints medians and ratios, and draws bench-lab-BASE.svg; with
# VARIANT it is bench-lab-BASE-VARIANT. The default one, a530, has the drivers that a real
# GPU gets its power and bandwidth from.
#
#   ROUNDS  how many boots of each (5); 0 builds the kernels and stops
#   STUCK   in how many of them jobs are made to wait for reclaim (3): it takes
#           the base a minute
#   CC      the compiler
#
# Exit: 0 measured; 1 the fork did not pass all stages, or the base the plain ones;
# 2 usage; 4 the machine, or a kernel that did not finish.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1 variant=${2:-a530}
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build work=$build/bench-lab/$base
tools=$build/obj/boot out=$build/report/bench-lab-$base${2:+-$2}
: "${ROUNDS:=5}" "${STUCK:=3}" "${CC:=gcc}"
plain=bench-first,bench-idle,bench-resume,bench-hog
stuck=reclaim-resume,reclaim-qos,reclaim-state,hang-reclaim,reclaim-mmap
# The last processor, for both: UML is several processes, and how fast they wake each
# other across processors would be most of what is measured.
cpu=$(($(nproc) - 1))
failed=0

die() { echo "headway: error: $*" >&2; exit 4; }
[ -f "$top/bases/$base" ] || {
	echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
[ -f "$top/drivers/gpu/drm/msm/vadreno/dts/$variant.dts" ] || {
	echo "headway: error: there is no variant $variant: see drivers/gpu/drm/msm/vadreno/dts" >&2
	exit 2
}
"$HEADWAY" import "$base" && "$HEADWAY" -q build "$base" || exit
mkdir -p "$work" "$build/report" || die "cannot write to $work"
[ -e "$work/tree/.git" ] ||
	git -C "$build/linux.git" worktree add -q --force --detach "$work/tree" "$base/base" ||
	die "no work tree"
(cd "$top/arch/um/configs" && "$top/scripts/bench-config.sh" headway-bench.config \
	headway.config headway-lab.config) >"$work/fragment" || die "no configuration"

lab() {
	make --no-print-directory -s -f "$top/scripts/Makefile.lab" BASE="$base" \
		TREE="$work/tree" OUT="$work/obj" REPORT="$work/report" TOOLS="$tools" \
		CC="$CC" CONFIGS="$work/fragment" VARIANTS="$variant" "$@"
}

# kernel SIDE REF: linux-SIDE, once for the same sources
kernel() {
	local state
	state="$(git -C "$work/tree" rev-parse "$2^{tree}") $(sha256sum <"$work/fragment")"
	[ -x "$work/linux-$1" ] && [ "$state" = "$(cat "$work/state-$1" 2>/dev/null)" ] && return
	git -C "$work/tree" checkout -q --force --detach "$2" && lab kernel || return
	for symbol in PROVE_LOCKING DEBUG_ATOMIC_SLEEP KUNIT FAILSLAB; do
		grep -q "^CONFIG_$symbol=y" "$work/obj/.config" &&
			die "$symbol is on in the benchmark's kernel"
	done
	cp "$work/obj/linux" "$work/linux-$1" && echo "$state" >"$work/state-$1"
}

# complete SIDE LOG: all stages ran and passed. That the base is stuck behind reclaim
# is what some of them are there to show.
complete() {
	local plan
	plan=$(sed -n 's/^1\.\.\([0-9]*\)\r*$/\1/p' "$2" | head -n 1)
	[ "${plan:-none}" = "$(grep -cE '^(not )?ok [0-9]+ [a-z]' "$2")" ] || return
	! grep -E '^not ok [0-9]+ [a-z]' "$2" | grep -qv "$([ "$1" = base ] && echo reclaim || echo nothing)"
}

# A base without the fork's changes has the lab, and nothing else.
kernel base "refs/heads/$base/topic/lab" || die "the kernel of the base does not build: $work/obj/build.log"
kernel fork "refs/heads/$base/integration" || die "the fork's kernel does not build: $work/obj/build.log"
lab "$work/obj/lab/initrd" "$work/obj/lab/$variant.dtb" || die "no client"
[ "$ROUNDS" -gt 0 ] || exit 0

printf 'side\tround\tname\tvalue\tunit\n' >"$out.tsv"
for round in $(seq "$ROUNDS"); do
	stages=$plain
	[ "$round" -gt "$STUCK" ] || stages=$stages,$stuck
	for side in base fork; do
		[ ! -t 2 ] || printf '%s: round %d of %d, %s\r' "$base" "$round" "$ROUNDS" "$side" >&2
		truncate -s 64M "$work/swap"
		taskset -c "$cpu" "$tools/umlrun" -t 300 -o "$work/$side.log" "$work/linux-$side" mem=96M \
			console=tty0 con=null con0=null,fd:1 "LAB_STAGES=$stages" \
			"dtb=$work/obj/lab/$variant.dtb" "initrd=$work/obj/lab/initrd" \
			"ubda=$work/swap" || [ $? -eq 1 ] || die "$side: umlrun"
		sed -n "s/^# bench \([a-z0-9_]*\) \(>*[0-9-]*\) \(.*[^\r]\)\r*$/$side\t$round\t\1\t\2\t\3/p" \
			"$work/$side.log" >>"$out.tsv"
		complete "$side" "$work/$side.log" && continue
		failed=1
		cp "$work/$side.log" "$work/$side-$round.log"
		echo "headway: $side, round $round: not all stages passed: see $work/$side-$round.log" >&2
	done
done
"$top/scripts/bench-medians.sh" "$out.tsv" | tee "$out.txt"
gnuplot -e "tsv='$out.tsv'; svg='$out.svg'; base='$base, $variant'" \
	"$top/scripts/bench-lab.gnuplot" || die "no plot"
echo "values: $out.tsv, plot: $out.svg"
exit $failed
