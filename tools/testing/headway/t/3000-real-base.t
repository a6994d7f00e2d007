#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The topics of this checkout on the real bases: built twice they have the same ids,
# and git am and git merge of the same patches make the same trees. The repository
# is $HEADWAY_REPO, build/linux.git by default; it is only read.

HERE=$(cd "$(dirname "$0")" && pwd)
PROJECT=$(cd "$HERE/../../../.." && pwd)
REAL=${HEADWAY_REPO:-$PROJECT/build/linux.git}
. "$HERE/lib.sh"
. "$HERE/lib-real.sh"

REAL=$(realpath -q "$REAL") && bases=$(git -C "$REAL" for-each-ref \
	--format='%(refname:lstrip=2)' 'refs/heads/*/base' 2>/dev/null | sed 's,/base$,,')
[ -n "${bases-}" ] || fail_all "no base is imported: run make bases"
export HEADWAY_TOP=$PROJECT HEADWAY_BUILD=$W/build
mkdir -p "$HEADWAY_BUILD"

# borrow NAME: a repository with the bases of the real one, and nothing else
borrow() {
	git init -q --bare "$W/$1"
	echo "$REAL/objects" > "$W/$1/objects/info/alternates"
	git -C "$REAL" for-each-ref --format='create %(refname) %(objectname)' 'refs/heads/*/base' |
		git -C "$W/$1" update-ref --stdin
}
borrow one.git
borrow two.git
# Its other branches may be built anew by somebody meanwhile.
real_bases=$(git -C "$REAL" for-each-ref 'refs/heads/*/base')
fails=$(HEADWAY_REPO=$W/one.git "$HEADWAY" status --porcelain 2> "$W/why" | grep -c '	fails	')

check "every topic is built on every base" '
	cat "$W/why"
	HEADWAY_REPO=$W/one.git hw 0 build
	cat out
	! grep -v "^headway: error: base .* fails" err
'
check "a second time, elsewhere, the ids are the same" '
	HEADWAY_REPO=$W/two.git TZ=Asia/Kathmandu hw 0 build
	same "$(git -C two.git for-each-ref)" "$(git -C one.git for-each-ref)"
	HEADWAY_REPO=$W/one.git hw 0 verify
'
for base in $bases; do
	if [ "$fails" != 0 ]; then
		skip "$base: git am and git merge make the same trees" "a change fails"
		continue
	fi
	check "$base: git am and git merge make the same trees" '
		git clone -q --shared -n "$W/one.git" "$W/tree"
		cd "$W/tree"
		git update-ref "refs/heads/bench-$base" "origin/$base/base"
		CELLS=$W/cells
		list_cells "$W/one.git" "$base" > "$CELLS"
		echo "$base: $(wc -l < "$CELLS") changes"
		# Of 80000 files the work tree needs those that the changes touch.
		{
			cut -f2 "$CELLS" | (cd "$PROJECT" && xargs sed -n "s,^diff --git a/\(.*\) b/.*,/\1,p")
			cut -f3 "$CELLS" | tr " " "\n" | sed -n "s,.,/&,p"
		} | sort -u | git sparse-checkout set --no-cone --stdin
		git_fork "$base"
		for t in $(topics); do
			same "$t $(git rev-parse "bench-$t^{tree}")" \
			     "$t $(git rev-parse "origin/$base/topic/$t^{tree}")"
		done
		same "$(git rev-parse "bench-integration^{tree}")" "$(git rev-parse "origin/$base/integration^{tree}")"
	'
	rm -rf "$W/tree"
done
check "save of every branch changes not one byte" '
	(cd "$PROJECT/topics" && find . -type f -exec sha256sum {} + | sort) > before
	export HEADWAY_REPO=$W/one.git
	for ref in $(git -C one.git for-each-ref --format="%(refname:lstrip=2)" "refs/heads/*/topic/*"); do
		hw 0 save "$ref"
		out_has "nothing to save"
	done
	(cd "$PROJECT/topics" && find . -type f -exec sha256sum {} + | sort) | diff before -
'
check "the bases that were borrowed are as they were" '
	same "$(git -C "$REAL" for-each-ref "refs/heads/*/base")" "$real_bases"
'
# Under a sanitizer everything is slow: that program is measured by make bench-tree.
if grep -q __asan_init "$HEADWAY"; then
	skip "status takes less than half a second" "the program has sanitizers in it"
else
	check "status takes less than half a second" '
		export HEADWAY_REPO=$W/one.git
		hw 0 status
		best=9999
		for i in 1 2 3 4 5; do
			start=$(date +%s%N)
			hw 0 status
			took=$((($(date +%s%N) - start) / 1000000))
			[ $took -lt $best ] && best=$took
		done
		echo "$best ms"
		[ $best -lt 500 ]
	'
fi
finish
