#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove-one.sh [-b|-k] BASE control REF PLACES
#        prove-one.sh [-b|-k] BASE TOPIC/CHANGE COMMIT PLAN
#        prove-one.sh [-b|-k] BASE mutant/NAME PATCH PLAN
# One subject of the proof matrix: build the kernel, run what its proofs in PLAN
# name, print a row of proof.tsv for each. "control" only runs the PLACES on the
# integration branch. A proof by the checker has "reclaimcheck" for its place, and a
# report for its log; one by the kernel that watches memory has "kasan " before its
# place. -k: do not run anything, print what is known. -b: only build the kernels that
# a run will want, so that another can be booted meanwhile. What came out is kept under
# the sources and the configuration: the proofs are judged anew each time.
set -u

known= ahead=
case $1 in
-k) known=1; shift ;;
-b) ahead=1; shift ;;
esac
base=$1 subject=$2 what=$3 plan=$4
top=$(cd "$(dirname "$0")/.." && pwd)
work=$top/build/prove/$base
tree=$work/tree
: "${FRAGMENTS:=$top/arch/um/configs/headway.config $top/arch/um/configs/headway-lab.config}"
client=$top/tools/testing/headway/lab
: "${SECONDS_KUNIT:=60}" "${SECONDS_LAB:=60}" "${CC:=gcc}"
# Each file is compiled twice, when a kernel differs in it and when the next does not.
cc="${CCACHE-$(command -v ccache)} $CC" cc=${cc# }

g() { git -C "$tree" "$@"; }

# choose WHERE KEPT SOURCES...: the kernel that a place wants, which is one of two:
# what it is made of, where it is built, and $dir below KEPT for it and its logs, by
# all that it depends on. What watches memory is slower, and needs more of it.
choose() {
	local kept=$2
	kernel='' fragments=$FRAGMENTS obj=$work/obj mem=128M times=1
	if [[ $1 == "kasan "* ]]; then
		kernel=kasan obj=$work/obj-kasan mem=256M times=5
		fragments+=" $top/arch/um/configs/headway-kasan.config"
	fi
	shift 2
	dir=$kept/$({
		printf '%s\n' "$@"
		$CC --version | head -n 1
		# shellcheck disable=SC2086 # several files
		cat $fragments
	} | sha256sum | cut -c 1-16)
	mkdir -p "$dir" || exit 4
}

# What a run of the lab depends on beside the kernel.
client_key() { cat "$client"/*.[ch] "$top"/drivers/gpu/drm/msm/vadreno/dts/* | sha256sum | cut -c 1-8; }

# What a report of the checker depends on beside the kernel.
reader_key() {
	cat "$top"/tools/reclaimcheck/*.[ch] "$top/tools/reclaimcheck/waivers/$base" \
		"$top/kernel/configs/reclaimcheck.config" | { cat; echo "${DIRS:-}"; } | sha256sum | cut -c 1-8
}

# checkout REF [PATCH]: only what differs is written, so little is built
checkout() {
	g checkout -q --force --detach "$1" && g clean -q -fd &&
		{ [ $# -lt 2 ] || g apply "$2"; }
}

kernel() {
	make --no-print-directory -s -f "$top/scripts/Makefile.kernel" BASE="$base" \
		TREE="$tree" OUT="$obj" REPORT="$work/report" \
		FRAGMENTS="$fragments" TOOLS="$TOOLS" CC="$cc" kernel >"$work/make.log" 2>&1
}

# keep: the kernel that was just built, so that another client costs no building
keep() { cp "$obj/linux" "$dir/linux.new" && mv "$dir/linux.new" "$dir/linux"; }

# report WHAT KEYS: what the checker says of a branch
report() {
	make -s -C "$top/tools/reclaimcheck" all >"$work/make.log" 2>&1 || return
	REPORT=$work/reclaimcheck "$top/scripts/reclaimcheck.sh" "$base" "$1" \
		>"$work/reclaimcheck.log" 2>&1 || [ $? -eq 1 ] ||
		{ tail -n 5 "$work/reclaimcheck.log" >&2; return 1; }
	cp "$work/reclaimcheck/$(tr / - <<<"$1").keys" "$2"
}

# run WHERE WHAT LOG: boot $dir/linux for one place
run() {
	local where=${1#kasan }
	rm -f "$3"
	if [ "$1" = reclaimcheck ]; then
		report "${subject/#control/integration}" "$3.new" || return
	elif [ "$where" = kunit ]; then
		"$TOOLS/umlrun" -t $((SECONDS_KUNIT * times)) -o "$3.new" "$dir/linux" "mem=$mem" \
			kunit_shutdown=halt "kunit.filter_glob=$2" || [ $? -eq 1 ] || return
	else
		make --no-print-directory -s -k -f "$top/scripts/Makefile.lab" BASE="$base" \
			TREE="$tree" OUT="$obj" REPORT="$work/report" TOOLS="$TOOLS" \
			CC="$cc" IMAGE="$dir/linux" KERNEL="$kernel" VARIANTS="$where" \
			STAGES="$2" BOOT_SECONDS=$((SECONDS_LAB * times)) >"$work/lab.log" 2>&1
		cp "$work/report/$where/boot.log" "$3.new" || return
	fi
	mv "$3.new" "$3"
}

log_of() {
	local name=$2-$3
	case ${2#kasan } in
	kunit) ;;
	reclaimcheck) name+=-$(reader_key) ;;
	*) name+=-$(client_key) ;;
	esac
	echo "$1/$(tr -c 'a-zA-Z0-9_.\n-' _ <<<"$name").log"
}

# control_of WHERE SOURCES: the whole branch, as the kernel of that place, is the one now
control_of() {
	choose "$1" "$work/control" "$2"
	ln -sfn "$dir" "$work/control/now${kernel:+-$kernel}"
}

control() {
	local sources where place log
	sources=$(g rev-parse "$what^{tree}")
	control_of "kasan " "$sources" && control_of "" "$sources" || return
	while IFS=$'\t' read -r where place; do
		choose "$where" "$work/control" "$sources"
		log=$(log_of "$dir" "$where" "$place")
		[ -e "$log" ] && continue
		[ "$where" = reclaimcheck ] || [ -x "$dir/linux" ] ||
			{ checkout "$what" && kernel && keep || return; }
		[ -z "$ahead" ] || continue
		run "$where" "$place" "$log"
	done <"$plan"
}

# row STATE PROOF SEEN GRAPH
row() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$base" "$subject" "$kind" \
		"$1" "$means" "$dropped" "$2" "$3" "$4" "$build_s" "$run_s"
}

now() { date +%s.%N; }
since() { echo "$(now) $1" | awk '{ printf "%.1f", $1 - $2 }'; }

# Build the kernel of this subject, unless it was.
build() {
	local start
	[ ! -x "$dir/linux" ] || return 0
	[ ! -e "$dir/broken" ] || return 1
	start=$(now)
	# shellcheck disable=SC2086 # no patch, no word
	checkout "$ref" $patch || exit 4
	if ! kernel; then
		grep -hm1 -E 'error:|undefined reference' "$obj/build.log" "$work/make.log" |
			head -n 1 | sed "s|$tree/||" | tr '\t' ' ' >"$dir/broken"
		[ -s "$dir/broken" ] || { rm "$dir/broken"; tail -n 5 "$work/make.log" >&2; exit 4; }
		return 1
	fi
	keep || exit 4
	since "$start" >"$dir/build_s"
}

# build_ahead PROOFS: build the kernels that have to be run for them
build_ahead() {
	local proof where place
	while read -r proof; do
		IFS=$'\t' read -r where place < <("$PROOFCHECK" -n "$proof")
		choose "$where" "$work/runs" "${sources[@]}"
		[ "$where" = reclaimcheck ] || [ -e "$(log_of "$dir" "$where" "$place")" ] ||
			build </dev/null
	done <<<"$1"
	return 0
}

# judge PROOF: run its place, if it was not yet, and print the row
judge() {
	local where place log start state seen other graph=-
	IFS=$'\t' read -r where place < <("$PROOFCHECK" -n "$1")
	choose "$where" "$work/runs" "${sources[@]}"
	log=$(log_of "$dir" "$where" "$place")
	if [ ! -e "$log" ] && [ -n "$known" ]; then
		[ -e "$dir/broken" ] && row broken "$1" "$(cat "$dir/broken")" - ||
			row unknown "$1" "not run yet" -
		return
	fi
	if [ ! -e "$log" ]; then
		[ "$where" = reclaimcheck ] || build ||
			{ row broken "$1" "$(cat "$dir/broken")" -; return; }
		start=$(now)
		run "$where" "$place" "$log" || exit 4
		since "$start" >"${log%.log}.s"
	fi
	[ ! -e "$dir/build_s" ] || build_s=$(cat "$dir/build_s")
	run_s=$(cat "${log%.log}.s")
	rm -f "${log%.log}.dot"
	IFS=$'\t' read -r state seen < <("$PROOFCHECK" -g "${log%.log}.dot" "$1" "$log")
	other=$(log_of "$work/control/now${kernel:+-$kernel}" "$where" "$place")
	[ ! -e "$other" ] && other=not-run ||
		IFS=$'\t' read -r other _ < <("$PROOFCHECK" "$1" "$other")
	[ "$other" = not-shown ] || [ "$state" != shown ] || state=control-$other
	if [ -s "${log%.log}.dot" ]; then
		graph=${log%.log}.svg
		dot -Tsvg "${log%.log}.dot" >"$graph" || exit 4
	fi
	row "$state" "$1" "$seen" "$graph"
}

# Without an annotation a mistake goes unnoticed that the whole branch shows.
blind() {
	local name=mutant/$1 mutant_proofs control state seen rows
	mutant_proofs=$(awk -F '\t' -v s="$name" '$1 == s { print $3 }' "$plan")
	if [ -n "$ahead" ]; then
		"$0" -b "$base" "$name" "$patch" "$plan" && build_ahead "$mutant_proofs"
		return
	fi
	# shellcheck disable=SC2086 # -k or nothing
	control=$("$0" ${known:+-k} "$base" "$name" "$patch" "$plan" | cut -f 4 | sort -u)
	rows=$(while read -r mutant_proof; do
		judge "$mutant_proof" </dev/null || exit
	done <<<"$mutant_proofs") || exit
	build_s=$(tail -n 1 <<<"$rows" | cut -f 10)
	while IFS=$'\t' read -r _ _ _ state _ _ _ seen _; do
		case $state in
		not-shown) ;;
		unknown | broken) row "$state" "$proofs" "$seen" -; return ;;
		*) row not-shown "$proofs" "$name is $state all the same: $seen" -; return ;;
		esac
	done <<<"$rows"
	[ "$control" = shown ] || { row "control-$control" "$proofs" "on the whole branch $name is $control" -; return; }
	row shown "$proofs" "$name, which the whole branch shows, goes unnoticed" -
}

# The branch without the change, and by which means the tool got there.
without() {
	local out
	kind=change
	# One subject is run while another is built: the repository is for one at a time.
	out=$(flock "$work/lock" "$HEADWAY" --porcelain build --nearest --without \
		"$subject" "$base") || return
	IFS=$'\t' read -r _ ref means dropped <<<"$out"
	flock "$work/lock" git -C "$top/build/linux.git" update-ref -d "refs/heads/$base/without/$subject"
}

[ "$subject" = control ] && { control; exit; }
proofs=$(awk -F '\t' -v s="$subject" '$1 == s { print $3 }' "$plan")
means=- dropped=- build_s=- run_s=- patch=
if [ "${subject%%/*}" = mutant ]; then
	kind=mutant ref=refs/heads/$base/integration patch=$what
else
	kind=change
	case $proofs in
	-) row unstated - "the topic does not say how its absence shows" -; exit 0 ;;
	none\ *) row none "$proofs" "${proofs#none }" -; exit 0 ;;
	support\ *) row support "$proofs" "${proofs#support }" -; exit 0 ;;
	esac
	without || exit
fi
case $proofs in
blind\ *)
	patch=$(awk -F '\t' -v s="mutant/${proofs#blind }" '$1 == s { print $2; exit }' "$plan")
	[ -n "$patch" ] || { row unstated "$proofs" "there is no such mutant for $base" -; exit 0; }
	;;
esac
case $kind/$proofs in
mutant/*reclaimcheck\ *) row not-run "$proofs" "the checker does not read mutants" -; exit 0 ;;
esac
sources=("$(g rev-parse "$ref^{tree}")" ${patch:+"$(sha256sum <"$patch")"})
case $proofs in
blind\ *) blind "${proofs#blind }" ;;
*)
	[ -z "$ahead" ] || { build_ahead "$proofs"; exit; }
	while read -r proof; do judge "$proof" </dev/null || exit; done <<<"$proofs"
	;;
esac
