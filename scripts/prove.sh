#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove.sh BASE...
# The proof matrix: for each change that a base carries, build its integration
# branch without that change, run what the change's proof names, and look whether
# it shows; the same for each mutant. Leaves proof.tsv and index.html in
# build/report. What was run once with the same sources is not run again.
#
#   CHANGES="pm/qos-requests mutant/leak"  only these; of the others, what is known
#   CC                                     the compiler
#   FRAGMENTS                              the configuration, the lab's by default
#
# Exit: 0 each proof was shown; 1 one was not, or is not known yet; 2 usage; 4 the
# machine.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
report=$build/report
export TOOLS=$build/obj/boot PROOFCHECK=$build/obj/prove/proofcheck
one=$top/scripts/prove-one.sh
mutants=$top/tools/testing/headway/mutants

die() { echo "headway: error: $*" >&2; exit 4; }

for base; do
	[ -f "$top/bases/$base" ] || {
		echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
		exit 2
	}
done
make -s -C "$top/tools/testing/headway/boot" OUT="$TOOLS" all &&
	make -s -C "$top/tools/testing/headway/prove" OUT="${PROOFCHECK%/*}" all ||
	die "the programs that judge do not build"
mkdir -p "$report" || die "cannot write to $report"

# chosen SUBJECT: is it to be run?
chosen() { [ -z "${CHANGES:-}" ] || [[ " $CHANGES " == *" $1 "* ]]; }

# mutants_of BASE: name, patch and proof of each that BASE has, as the plan has it
mutants_of() {
	local f name
	for f in "$mutants"/*.patch; do
		name=${f##*/}
		[ -e "$mutants/$1/$name" ] && f=$mutants/$1/$name
		grep -qE "^Bases:.* $1( |\$)" "$f" || continue
		sed -n "s|^Proof: |mutant/${name%.patch}\t$f\t|p" "$f"
	done
}

# prepare BASE: branches, work tree and plan
prepare() {
	local base=$1 work=$build/prove/$1
	mkdir -p "$work" || die "cannot write to $work"
	"$HEADWAY" import "$base" && "$HEADWAY" -q build "$base" || exit
	[ -e "$work/tree/.git" ] ||
		git -C "$build/linux.git" worktree add -q --force --detach "$work/tree" "$base/integration" ||
		die "no work tree for $base"
	{ "$HEADWAY" status --proof "$base" && mutants_of "$base"; } >"$work/plan" ||
		die "cannot tell what to prove on $base"
}

# places BASE: what has to run for the chosen subjects, and for the mutants that these
# are blind to, each once
places() {
	local plan=$build/prove/$1/plan blind=
	while IFS=$'\t' read -r subject _ proof; do
		chosen "$subject" && [[ $proof == "blind "* ]] && blind+=" mutant/${proof#blind } "
	done <"$plan"
	while IFS=$'\t' read -r subject _ proof; do
		[ "$proof" != - ] && { chosen "$subject" || [[ $blind == *" $subject "* ]]; } &&
			"$PROOFCHECK" -n "$proof"
	done <"$plan" | LC_ALL=C sort -u
}

# subjects BASE boot|reclaimcheck: those that only kernels show; those for the checker
subjects() {
	awk -F '\t' -v want="$2" '
		!($1 in what) { what[$1] = $2; order[++n] = $1 }
		$3 ~ /^reclaimcheck / { checker[$1] = 1 }
		END {
			for (i = 1; i <= n; i++)
				if ((order[i] in checker) == (want == "reclaimcheck"))
					print order[i] "\t" what[order[i]]
		}' "$build/prove/$1/plan"
}

# control BASE PLACES [-b]: run the whole branch there, or only build it
control() {
	# shellcheck disable=SC2086 # -b or nothing
	"$one" ${3:-} "$1" control "refs/heads/$1/integration" "$2" >/dev/null ||
		die "$1: the integration branch itself does not build: $build/prove/$1/obj*/build.log"
}

# ahead BASE SUBJECTS: build one kernel after the other, a line when each is there
ahead() {
	local subject what
	while IFS=$'\t' read -r subject what; do
		! chosen "$subject" ||
			"$one" -b "$1" "$subject" "$what" "$build/prove/$1/plan" </dev/null >/dev/null || return
		echo "$subject"
	done <"$2"
}

prove() {
	local base=$1 work=$build/prove/$1 n=0 all subject what start by built
	prepare "$base"
	all=$(cut -f 1 "$work/plan" | uniq | wc -l)
	places "$base" >"$work/places"
	: >"$work/rows.all"
	# The checker wants a whole kernel by clang first: all that boots goes before.
	for by in boot reclaimcheck; do
		grep -v "^reclaimcheck" "$work/places" >"$work/places.$by"
		[ $by = boot ] || cp "$work/places" "$work/places.$by"
		subjects "$base" $by >"$work/subjects"
		control "$base" "$work/places.$by" -b
		# While one kernel boots, which takes one processor, the next is built. The
		# checker uses all of them, and the repository.
		[ $by != boot ] || exec {built}< <(ahead "$base" "$work/subjects")
		control "$base" "$work/places.$by"
		while IFS=$'\t' read -r subject what; do
			n=$((n + 1))
			start=$SECONDS
			[ $by != boot ] || read -r -u "$built" _ || die "$base: $subject was not built"
			chosen "$subject" && known= || known=-k
			[ ! -t 2 ] || printf '%s %3d/%d  %-30s ...\r' "$base" "$n" "$all" "$subject" >&2
			"$one" $known "$base" "$subject" "$what" "$work/plan" >"$work/rows" || die "$base: $subject"
			cat "$work/rows" >>"$work/rows.all"
			printf '%s %3d/%d  %-30s %-10s %3d s\n' "$base" "$n" "$all" "$subject" \
				"$(cut -f 4 "$work/rows" | sort -u | paste -sd,)" $((SECONDS - start))
		done <"$work/subjects"
		[ $by != boot ] || exec {built}<&-
	done
	# In the order of the topics, not of the runs.
	awk -F '\t' 'NR == FNR { if (!($1 in at)) at[$1] = FNR; next } { print at[$2] "\t" $0 }' \
		"$work/plan" "$work/rows.all" | sort -s -n -k 1,1 | cut -f 2- >"$work/proof.tsv"
}

for base; do prove "$base"; done

# Bases that were proven another time stay on the page.
printf 'base\tsubject\tkind\tstate\tmeans\tdropped\tproof\tseen\tgraph\tbuild_s\trun_s\n' >"$report/proof.tsv"
cat "$build"/prove/*/proof.tsv >>"$report/proof.tsv"
"$HEADWAY" --porcelain status >"$report/status.tsv" || [ $? -eq 1 ] || die "no status"
"${PROOFCHECK%/*}/proofpage" -s "$report/status.tsv" "$report/proof.tsv" >"$report/index.html.new" &&
	mv "$report/index.html.new" "$report/index.html" || die "the page was not made"
cut -f 4 "$report/proof.tsv" | sed 1d | LC_ALL=C sort | uniq -c
echo "report:   $report/proof.tsv, $report/index.html"
! sed 1d "$report/proof.tsv" | cut -f 4 | grep -qvE '^(shown|support|none)$'
