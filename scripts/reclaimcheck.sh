#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: reclaimcheck.sh BASE [base|integration|TOPIC/CHANGE]
#
# reclaimcheck on a base: import, branches, a work tree of its own, the arm64
# build by clang with kernel/configs/reclaimcheck.config, the report. The second
# argument says what is read: the integration branch, the base as it is, or the
# integration branch without one change. All use one work tree, so that going
# from one to the next compiles only what differs.
#
# build/report/BASE/reclaimcheck/WHAT.txt, .keys (--porcelain), .json and .sarif;
# WHAT.state says of what: the tree, a sum of what was changed in it, "whole" or DIRS.
# build/reclaimcheck-trees/BASE is the tree, for "reclaimcheck why".
#
# DIRS: directories and objects in place of the whole kernel; nothing is waived then,
# since much of what is waived is not there. TREE, REPORT: other places for the two.
#
# Exit code of "reclaimcheck report": 0 nothing of the high tier that is neither
# waived nor elsewhere (WHAT.within: the files that the topics but lab change), 1 something,
# 3 an unused waiver, 4 the machine.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1 what=${2:-integration}
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
rc=${RECLAIMCHECK:-$build/reclaimcheck/reclaimcheck}
repo=$build/linux.git
tree=${TREE:-$build/reclaimcheck-trees/$base}
report=${REPORT:-$build/report/$base/reclaimcheck}
# What was compiled once is not compiled again, where ccache is installed.
prefix=${PREFIX-$(command -v ccache)}
waivers=$top/tools/reclaimcheck/waivers/$base
[ -f "$top/bases/$base" ] || {
	echo "reclaimcheck: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
"$HEADWAY" import "$base" || exit
case $what in
integration)
	"$HEADWAY" build "$base" || exit
	ref=$base/integration ;;
base) ref=$base/base ;;
*/*)
	"$HEADWAY" -q build "$base" || exit
	"$HEADWAY" build --without "$what" --nearest "$base" || exit
	ref=$base/without/$what ;;
*)
	echo "reclaimcheck: error: \"$what\" is not base, integration or TOPIC/CHANGE" >&2
	exit 2 ;;
esac
name=$(echo "$what" | tr / -)
mkdir -p "$report" "$(dirname "$tree")" || exit 4
# Only files that differ are written.
if [ -e "$tree/.git" ]; then
	git -C "$tree" checkout -q --detach "refs/heads/$ref" || exit 4
else
	git -C "$repo" worktree add -q --detach "$tree" "refs/heads/$ref" || exit 4
fi
# A report that is there is of just what its state says.
rm -f "$report/$name".*
state=$(git -C "$tree" rev-parse 'HEAD^{tree}' &&
	git -C "$tree" diff --no-ext-diff HEAD | sha256sum && echo "${DIRS:-whole}") || exit 4
# shellcheck disable=SC2086 # DIRS is a list
compile() {
	"$rc" build "$@" -j"${JOBS:-$(nproc)}" --fragment "$top/kernel/configs/reclaimcheck.config" \
		${prefix:+--prefix "$prefix"} "$tree" ${DIRS:-}
}

# Without a change, what needs it may apply and not compile.
partial=
if ! compile; then
	case $what in */*) ;; *) exit 4 ;; esac
	echo "reclaimcheck: not all of this compiles; the report is on the rest" >&2
	compile --keep-going
	partial=--partial
fi

# What is accepted on the integration branch is accepted without a change as well, so
# that the change alone makes the difference; that a waiver has no use there is no error.
accept=1
case $what in
base) waivers= ;;
*/*) accept=3 ;;
esac
[ -z "${DIRS:-}" ] && [ -f "$waivers" ] || waivers=
cd "$tree" || exit 4
# Whose findings they are: what has no step in a file that a topic changes is not ours.
# The lab's hook is in each allocation, but the lab is not what is judged.
within=
if [ "$what" != base ]; then
	within=$report/$name.within
	git for-each-ref --format='%(refname)' "refs/heads/$base/topic" | grep -v '/lab$' |
		while read -r topic; do
			git diff --no-ext-diff --name-only "refs/heads/$base/base" "$topic"
		done | LC_ALL=C sort -u >"$within"
fi
for form in txt keys json sarif; do
	case $form in txt) option=--all ;; keys) option=--porcelain ;; *) option=--$form ;; esac
	"$rc" report $partial $option ${waivers:+--waivers "$waivers"} \
		${within:+--within "$within"} . >"$report/$name.$form"
	status=$?
	[ -s "$report/$name.$form" ] || exit 3
	[ $status -le 1 ] || [ $status -eq $accept ] || exit $status
done
printf '%s\n' "$state" >"$report/$name.state" || exit 4
echo
tail -n 1 "$report/$name.txt"
echo "report:   $report/$name.txt"
echo "tree:     $tree"
[ $status -le 1 ] || status=1
exit $status
