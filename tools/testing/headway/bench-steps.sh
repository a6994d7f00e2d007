#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The steps that bench-tree times, one a call. BASE is the base to measure on, REPO
# the fork's repository with the bases (only read), BENCH a folder for everything,
# TARBALL the base's source tarball (for import; without it the one of the package is
# taken, installed or as apt keeps it, or import is skipped).

set -eu
: "${HEADWAY:?}" "${HEADWAY_TOP:?}" "${REPO:?}" "${BASE:?}" "${BENCH:?}"
unset "${!GIT_@}" HEADWAY_REPO HEADWAY_BUILD
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=Bench GIT_AUTHOR_EMAIL=bench@localhost
export GIT_COMMITTER_NAME=Bench GIT_COMMITTER_EMAIL=bench@localhost
mkdir -p "$BENCH"
. "$(dirname "$0")/t/lib-real.sh"
CELLS=$BENCH/cells

# A repository that borrows the bases and has no branch and no object of its own.
fresh_repo() {
	rm -rf "$1"
	git init -q --bare "$1"
	echo "$REPO/objects" > "$1/objects/info/alternates"
	git -C "$REPO" for-each-ref --format='create %(refname) %(objectname)' \
		'refs/heads/*/base' | git -C "$1" update-ref --stdin
}
tree() { git -C "$1" rev-parse "$2^{tree}"; }
find_tarball() {
	local deb
	if [ -z "${TARBALL:-}" ]; then
		TARBALL=/usr/src/linux-source-$BASE.tar.xz
		[ -s "$TARBALL" ] && return
		TARBALL=$BENCH/source.tar.xz
		[ -s "$TARBALL" ] && return
		deb=$(find "$HEADWAY_TOP/build/apt" -name "linux-source-${BASE}_*_all.deb" 2>/dev/null | head -1)
		[ -n "$deb" ] || deb=$(find /var/cache/apt/archives -name "linux-source-${BASE}_*_all.deb" | head -1)
		[ -n "$deb" ] || return 1
		dpkg-deb --fsys-tarfile "$deb" |
			tar -xO "./usr/src/linux-source-$BASE.tar.xz" > "$TARBALL"
	fi
	[ -s "$TARBALL" ]
}

case $1 in
build-possible)
	git -C "$REPO" rev-parse -q --verify "refs/heads/$BASE/base" > /dev/null ||
		{ echo "bench-tree: base $BASE is not imported" >&2; exit 1; } ;;
build-ours-prepare)
	fresh_repo "$BENCH/fork.git" ;;
build-ours)
	HEADWAY_REPO=$BENCH/fork.git HEADWAY_BUILD=$BENCH/build "$HEADWAY" -q build "$BASE" ;;
build-theirs-prepare)
	list_cells "$BENCH/fork.git" "$BASE" > "$CELLS"
	rm -rf "$BENCH/tree"
	git clone -q --shared -n "$BENCH/fork.git" "$BENCH/tree"
	git -C "$BENCH/tree" update-ref "refs/heads/bench-$BASE" "origin/$BASE/base"
	sync ;;
build-theirs)
	cd "$BENCH/tree"
	git_fork "$BASE" ;;
build-compare)
	for t in $(topics); do
		[ "$(tree "$BENCH/tree" "bench-$t")" = "$(tree "$BENCH/fork.git" "$BASE/topic/$t")" ] ||
			{ echo "bench-tree: the trees of $t differ" >&2; exit 1; }
	done
	[ "$(tree "$BENCH/tree" bench-integration)" = "$(tree "$BENCH/fork.git" "$BASE/integration")" ] ||
		{ echo "bench-tree: the integrated trees differ" >&2; exit 1; }
	rm -rf "$BENCH/tree" ;;

import-possible)
	find_tarball || {
		echo "bench-tree: import is skipped: no tarball of linux-source-$BASE here; TARBALL=FILE names one" >&2
		exit 77
	}
	sha256sum "$TARBALL" | cut -d' ' -f1 > "$BENCH/sha256" ;;
import-ours-prepare)
	rm -rf "$BENCH/import.git"; sync ;;
import-ours)
	find_tarball
	HEADWAY_REPO=$BENCH/import.git "$HEADWAY" -q import "$BASE" --tarball "$TARBALL" \
		--sha256 "$(cat "$BENCH/sha256")" ;;
import-theirs-prepare)
	rm -rf "$BENCH/unpacked"; mkdir "$BENCH/unpacked"; sync ;;
import-theirs)
	find_tarball
	cd "$BENCH/unpacked"
	git init -q .
	tar -xf "$TARBALL" --strip-components=1
	git add -A -f
	git commit -q -m "Import" ;;
import-compare)
	[ "$(tree "$BENCH/unpacked" HEAD)" = "$(tree "$BENCH/import.git" "$BASE/base")" ] ||
		{ echo "bench-tree: the imported trees differ" >&2; exit 1; }
	rm -rf "$BENCH/unpacked" ;;

status-ours-prepare)
	HEADWAY_REPO=$BENCH/fork.git HEADWAY_BUILD=$BENCH/build "$HEADWAY" -q build
	HEADWAY_REPO=$BENCH/fork.git "$HEADWAY" -q status ;;
status-ours)
	HEADWAY_REPO=$BENCH/fork.git "$HEADWAY" status > /dev/null ;;

size-ours)
	bases=$(git -C "$REPO" for-each-ref 'refs/heads/*/base' | wc -l)
	du -s -k "$REPO" | awk -v n="$bases" '{ print $1 * 1024 / 1e6 / n }' > "$BENCH_SIZE_FILE" ;;
bench-clean)
	rm -rf "$BENCH" ;;
*)
	echo "bench-steps.sh: no step $1" >&2
	exit 2 ;;
esac
