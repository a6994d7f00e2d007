#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: form.sh BASE FORM
# The changes of BASE in the form of a tree downstream (android, chromeos): exported,
# checked out, compiled for User Mode Linux, booted and judged, as main.sh does with
# the integration branch. Before it, what differs from that is shown.
# Exit: 0 if all is well, 1 if not, 2 for what cannot be, else the step's.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1 form=${2:-}
top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
repo=${HEADWAY_REPO:-$build/linux.git}
name=$base-$form
tree=$build/trees/$name
report=$build/report/$name
[ -f "$top/bases/$base" ] || {
	echo "headway: error: there is no base $base: bases/ has $(ls "$top/bases" | tr '\n' ' ')" >&2
	exit 2
}
case $form in
android | chromeos) ;;
*)
	echo "headway: error: FORM=$form is not one that is built: android or chromeos" >&2
	echo "headway: hint: make BASE=$base builds the plain form" >&2
	exit 2
	;;
esac

"$HEADWAY" import "$base" >/dev/null && "$HEADWAY" build "$base" >/dev/null || exit
# A branch of the export's own, made anew each time; a tree that stands on the old one
# keeps its commits until it is moved.
git -C "$repo" update-ref -d "refs/heads/form/$name" || exit 4
"$HEADWAY" -q export --for "$form" "$base" --bug 1 --branch "form/$name" || exit
if [ -e "$tree/.git" ]; then
	git -C "$tree" checkout -q -f --detach "form/$name" && git -C "$tree" clean -qfdx
else
	git -C "$repo" worktree prune &&
		git -C "$repo" worktree add -q -f --detach "$tree" "form/$name"
fi || exit 4
echo "$name, beside $base/integration:"
git -C "$repo" diff --stat "$base/integration" "form/$name"

mkdir -p "$report" || exit 4
"$HEADWAY" status --kunit "$base" >"$report/suites" || exit
make --no-print-directory -s -f "$top/scripts/Makefile.kernel" BASE="$name" TREE="$tree" \
	OUT="$build/kernel/$name" SUITES="$report/suites" REPORT="$report"
status=$?
verdict=FAIL
[ $status -ne 0 ] || verdict=PASS
echo "headway: $name: $verdict: $(cat "$report/verdict" 2>/dev/null || echo "no kernel")"
[ $status -eq 0 ] || exit 1
