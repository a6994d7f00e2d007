#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove-one.sh [-k] BASE control REF PLACES
#        prove-one.sh [-k] BASE TOPIC/CHANGE COMMIT PLAN
#        prove-one.sh [-k] BASE mutant/NAME PATCH PLAN
# One subject of the proof matrix: build the kernel, run what its proofs in PLAN
# name, print a row of proof.tsv for each. "control" only runs the PLACES on the
# integration branch. -k: do not run anything, print what is known. What came out
# is kept under the sources, the configuration, the client and the proofs.
set -u

known=
[ "$1" = -k ] && { known=1; shift; }
base=$1 subject=$2 what=$3 plan=$4
top=$(cd "$(dirname "$0")/.." && pwd)
work=$top/build/prove/$base
tree=$work/tree obj=$work/obj
: "${FRAGMENTS:=$top/arch/um/configs/headway.config $top/arch/um/configs/headway-lab.config}"
client=$top/tools/testing/headway/lab
: "${SECONDS_KUNIT:=60}" "${SECONDS_LAB:=60}" "${CC:=gcc}"

g() { git -C "$tree" "$@"; }

# All that a kernel depends on beside the sources; extra words are added.
key() {
	{ printf '%s\n' "$@"
	  $CC --version | head -n 1
	  # shellcheck disable=SC2086 # several files
	  cat $FRAGMENTS
	} | sha256sum | cut -c 1-16
}

# What a run of the lab depends on beside the kernel.
client_key() { cat "$client"/*.[ch] "$top"/drivers/gpu/drm/msm/vadreno/dts/* | sha256sum | cut -c 1-8; }

# checkout REF [PATCH]: only what differs is written, so little is built
checkout() {
	g checkout -q --force --detach "$1" && g clean -q -fd &&
		{ [ $# -lt 2 ] || g apply "$2"; }
}

kernel() {
	make --no-print-directory -s -f "$top/scripts/Makefile.kernel" BASE="$base" \
		TREE="$tree" OUT="$obj" REPORT="$work/report" \
		FRAGMENTS="$FRAGMENTS" TOOLS="$TOOLS" CC="$CC" kernel >"$work/make.log" 2>&1
}

# run WHERE WHAT LOG: boot the kernel that is built for one place
run() {
	rm -f "$3"
	if [ "$1" = kunit ]; then
		"$TOOLS/umlrun" -t "$SECONDS_KUNIT" -o "$3.new" "$obj/linux" mem=128M \
			kunit_shutdown=halt "kunit.filter_glob=$2" || [ $? -eq 1 ] || return
	else
		make --no-print-directory -s -k -f "$top/scripts/Makefile.lab" BASE="$base" \
			TREE="$tree" OUT="$obj" REPORT="$work/report" TOOLS="$TOOLS" \
			CC="$CC" CONFIGS="$FRAGMENTS" VARIANTS="$1" STAGES="$2" \
			BOOT_SECONDS="$SECONDS_LAB" >"$work/lab.log" 2>&1
		cp "$work/report/$1/boot.log" "$3.new" || return
	fi
	mv "$3.new" "$3"
}

log_of() {
	local name=$2-$3
	[ "$2" = kunit ] || name+=-$(client_key)
	echo "$1/$(tr -c 'a-zA-Z0-9_.\n-' _ <<<"$name").log"
}

control() {
	local dir built= where place log
	dir=$work/control/$(key "$(g rev-parse "$what^{tree}")")
	mkdir -p "$dir" && ln -sfn "$dir" "$work/control/now" || return
	while IFS=$'\t' read -r where place; do
		log=$(log_of "$dir" "$where" "$place")
		[ -e "$log" ] && continue
		[ -n "$built" ] || { checkout "$what" && kernel || return; }
		built=1
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

# judge PROOF: run its place, here and in the control, and print the row
judge() {
	local where place log start state seen other graph=-
	IFS=$'\t' read -r where place < <("$PROOFCHECK" -n "$1")
	log=$(log_of "$dir" "$where" "$place")
	start=$(now)
	[ -e "$log" ] || run "$where" "$place" "$log" || return
	run_s=$(since "$start")
	rm -f "${log%.log}.dot"
	IFS=$'\t' read -r state seen < <("$PROOFCHECK" -g "${log%.log}.dot" "$1" "$log")
	IFS=$'\t' read -r other _ < <("$PROOFCHECK" "$1" "$(log_of "$work/control/now" "$where" "$place")")
	[ "$other" = not-shown ] || [ "$state" != shown ] || state=control-$other
	if [ -s "${log%.log}.dot" ]; then
		graph=${log%.log}.svg
		dot -Tsvg "${log%.log}.dot" >"$graph" || return
	fi
	row "$state" "$1" "$seen" "$graph"
}

# Without an annotation a mistake goes unnoticed that the whole branch shows.
blind() {
	local name=mutant/$1 file control state seen unseen=-
	file=$(awk -F '\t' -v s="$name" '$1 == s { print $2; exit }' "$plan")
	[ -n "$file" ] || { row unstated "$proofs" "there is no mutant $1 for $base" -; return; }
	# shellcheck disable=SC2086 # -k or nothing
	control=$("$0" ${known:+-k} "$base" "$name" "$file" "$plan" | cut -f 4 | sort -u)
	checkout "$ref" "$file" && kernel || { broken; return; }
	build_s=$(since "$start")
	while read -r mutant_proof; do
		IFS=$'\t' read -r state seen < <(judge "$mutant_proof" | cut -f 4,8)
		[ "$state" = not-shown ] && continue
		row not-shown "$proofs" "$name is $state all the same: $seen" -
		return
	done < <(awk -F '\t' -v s="$name" '$1 == s { print $3 }' "$plan")
	[ "$control" = shown ] || { row "control-$control" "$proofs" "on the whole branch $name is $control" -; return; }
	row shown "$proofs" "$name, which the whole branch shows, goes unnoticed" -
}

broken() {
	build_s=$(since "$start")
	row broken "${proofs%%$'\n'*}" "$(grep -hm1 -E 'error:|undefined reference|\*\*\*' \
		"$obj/build.log" "$work/make.log" | head -n 1 | sed "s|$tree/||" | tr '\t' ' ')" -
}

# The branch without the change, and by which means the tool got there.
without() {
	local out
	kind=change
	out=$("$HEADWAY" --porcelain build --nearest --without "$subject" "$base") || return
	IFS=$'\t' read -r _ ref means dropped <<<"$out"
	git -C "$top/build/linux.git" update-ref -d "refs/heads/$base/without/$subject"
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
grep -qv "^kunit " <<<"$proofs" && lab=$(client_key) || lab=
id=$(key "$(g rev-parse "$ref^{tree}")" "$proofs" "$lab" ${patch:+"$(sha256sum <"$patch")"})
dir=$work/runs/$id
# A control that has changed may show by now what it did not show then.
kept=$dir/$(basename "$(readlink "$work/control/now")").tsv
if [ -e "$kept" ]; then
	cat "$kept"
	exit 0
fi
[ -z "$known" ] || { row unknown "${proofs%%$'\n'*}" "not run yet" -; exit 0; }
mkdir -p "$dir" || exit 4
start=$(now)
# shellcheck disable=SC2086 # no patch, no word
checkout "$ref" $patch || exit 4
if [ "${proofs%% *}" = blind ]; then
	blind "${proofs#blind }" >"$dir/new"
elif kernel; then
	build_s=$(since "$start")
	while read -r proof; do judge "$proof" || exit 4; done <<<"$proofs" >"$dir/new"
else
	broken >"$dir/new"
fi
mv "$dir/new" "$kept" && cat "$kept"
