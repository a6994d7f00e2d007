#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The changes of this checkout on the real bases, exported in every form: git am and
# quilt make the tree of the integration branch of them, and no rule is broken. The
# repository is $HEADWAY_REPO, build/linux.git by default; it is only read.

HERE=$(cd "$(dirname "$0")" && pwd)
PROJECT=$(cd "$HERE/../../../.." && pwd)
REAL=${HEADWAY_REPO:-$PROJECT/build/linux.git}
. "$HERE/lib.sh"

REAL=$(realpath -q "$REAL") && bases=$(git -C "$REAL" for-each-ref \
	--format='%(refname:lstrip=2)' 'refs/heads/*/base' 2>/dev/null | sed 's,/base$,,')
[ -n "${bases-}" ] || fail_all "no base is imported: run make bases"
export HEADWAY_TOP=$PROJECT HEADWAY_BUILD=$W/build HEADWAY_REPO=$W/fork.git
mkdir -p "$HEADWAY_BUILD"
git init -q --bare fork.git
echo "$REAL/objects" > fork.git/objects/info/alternates
git -C "$REAL" for-each-ref --format='create %(refname) %(objectname)' 'refs/heads/*/base' |
	git -C fork.git update-ref --stdin
"$HEADWAY" -q build 2> why || fail_all "the topics do not build: $(head -1 why)"

# Only what the changes touch is checked out: the rest of a kernel is the same.
git clone -q --shared --no-checkout fork.git am && cd am || exit 1
git sparse-checkout init --no-cone > /dev/null
cd ..
# begin_at BASE: the base, in the work tree
begin_at() {
	git -C am diff --name-only "origin/$1/base" "origin/$1/integration" |
		sed 's,^,/,' > am/.git/info/sparse-checkout
	git -C am checkout -q -f --detach "origin/$1/base" && git -C am clean -qfdx &&
		git -C am sparse-checkout reapply && git -C am clean -qfdx
}
# own_files BASE-FORM: the files that changes with a form of their own touch, in any
# of their forms
own_files() {
	local own change
	for own in "$HEADWAY_TOP"/topics/*/"$1"/*.patch; do
		change=${own##*/}; change=${change#*-}
		find "${own%/*/*}" -name "*-$change" -exec sed -n 's,^+++ b/,,p' {} +
	done
	(cd "$HEADWAY_TOP/topics" && find ./*/"$1" -type f ! -name '*.patch' 2> /dev/null) |
		sed "s,^\./[^/]*/$1/,,"
}
integration() { git -C "$W/am" rev-parse "origin/$1/integration^{tree}"; }

for base in $bases; do
	check "$base, plain: git am makes the tree of the integration branch" '
		hw 0 export --for plain '$base' -o plain-'$base'
		hw 0 lint --for plain plain-'$base'
		begin_at '$base'
		git -C am am -q "$W/plain-'$base'"/*.patch
		same "$(git -C am rev-parse "HEAD^{tree}")" "$(integration '$base')"
	'
	for form in android chromeos; do
		check "$base, $form: the branch comes to the same tree but for forms of its own, and the patches break no rule" '
			hw 0 export --for '$form' '$base' --bug 1 --branch '$form-$base'
			git -C fork.git diff --name-only "'$form-$base'" "'$base'/integration" > differs
			own_files '$base-$form' | sort -u > own
			[ -z "$(sort differs | comm -23 - own)" ]
			hw 0 export --for '$form' '$base' --bug 1 -o '$form-$base'
			hw 0 lint --for '$form' '$form-$base'
			same "$(ls '$form-$base' | wc -l)" \
				"$(git -C fork.git rev-list --count '$base'/base..'$form-$base')"
		'
	done
	check "$base, debian: quilt makes the same tree" '
		hw 0 export --for debian '$base' -o deb-'$base'
		hw 0 lint --for debian deb-'$base'
		begin_at '$base'
		cd am; cp -r ../deb-'$base'/debian .
		QUILT_PATCHES=debian/patches quilt push -aq --fuzz=0 > ../quilt || { tail ../quilt; exit 1; }
		rm -rf .pc debian; git add -f -A --sparse .
		same "$(git write-tree)" "$(integration '$base')"
	'
done
finish
