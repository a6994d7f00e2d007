#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/dist.sh packs a branch to the same byte for anybody, and what comes out of
# the tarball is the branch's tree.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
cd "$W" || exit 1
dist() { "$top/scripts/dist.sh" "$@"; }
# As another user would have it: other mask, zone, language, git settings.
elsewhere() {
	(umask 077
	printf '[core]\n\tautocrlf = true\n[tar]\n\tumask = 0077\n' >"$W/config"
	export TZ=Asia/Kolkata LC_ALL=C GIT_CONFIG_GLOBAL=$W/config HOME=$W
	unset GIT_CONFIG_NOSYSTEM
	cd / && "$@")
}
# The id of the tree of all that lies below $1.
tree_of() {
	(cd "$1" && git init -q && git -c core.autocrlf=false add -f -A &&
		git write-tree; status=$?; rm -rf .git; exit $status)
}

git init -q -b main "$W/k"
cd "$W/k" || exit 1
mkdir -p scripts drivers/a
printf '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\n' >Makefile
printf '#!/bin/sh\n' >scripts/run.sh && chmod +x scripts/run.sh
printf 'int a;\n' >drivers/a/a.c
ln -s ../drivers/a scripts/link
printf '/*\n' >.gitignore
git add -f -A && git commit -qm base && git branch 6.1/integration
cd "$W" || exit 1

for format in xz gz zst tar; do
	case $format in tar) file=linux-6.1.192-headway.tar ;; *) file=linux-6.1.192-headway.tar.$format ;; esac
	check "$format: the same file for anybody" '
		dist k/.git 6.1 one $format
		sleep 1.1
		elsewhere dist "$W/k/.git" 6.1 "$W/two" $format
		cmp one/$file two/$file
		(cd one && sha256sum -c $file.sha256)
	'
	check "$format: it has the tree and nothing else" '
		rm -rf x && mkdir x && tar x -C x -f one/$file
		[ "$(ls x)" = linux-6.1.192-headway ]
		[ "$(tree_of x/linux-6.1.192-headway)" = "$(git -C k rev-parse 6.1/integration^{tree})" ]
	'
done
check "the commit can be read from it" '
	[ "$(git get-tar-commit-id <one/linux-6.1.192-headway.tar)" = "$(git -C k rev-parse 6.1/integration)" ]
'
check "another tree is another file" '
	echo "int b;" >>k/drivers/a/a.c
	git -C k commit -qam more && git -C k branch -f 6.1/integration
	dist k/.git 6.1 three gz
	! cmp -s one/linux-6.1.192-headway.tar.gz three/linux-6.1.192-headway.tar.gz
'
check "a base without a branch is an error that says what to do" '
	got=0
	dist k/.git 6.6 four >out 2>&1 || got=$?
	[ $got = 3 ]
	grep -q "headway import 6.6 && headway build 6.6" out
	[ ! -e four ]
'
check "a tree that cannot be read leaves no tarball" '
	blob=$(git -C k rev-parse 6.1/integration:drivers/a/a.c)
	file=k/.git/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
	mv "$file" saved
	got=0
	dist k/.git 6.1 five gz >out 2>&1 || got=$?
	mv saved "$file"
	[ $got = 4 ]
	[ -z "$(ls five)" ]
'

repo=$top/build/linux.git
base=$(cd "$top/bases" && grep -l '^Default: yes$' -- * | head -1)
if git -C "$repo" rev-parse -q --verify "$base/integration" >/dev/null 2>&1; then
	check "$base, the real one: the same file for anybody, twice" '
		dist "$repo" "$base" real zst
		elsewhere dist "$repo" "$base" "$W/again" zst
		cmp real/linux-$base.*-headway.tar.zst again/linux-$base.*-headway.tar.zst
	'
	check "$base, the real one: every file of the tree is in it" '
		zstd -qdc real/*.zst | tar t | sed -n "s|^[^/]*/\(.*[^/]\)\$|\1|p" | sort >have
		git -C "$repo" ls-tree -r --name-only -z "$base/integration" | tr "\0" "\n" | sort >want
		[ "$(wc -l <want)" -gt 70000 ]
		diff want have
	'
else
	missing "$base, the real one" "it is not imported: run make bases"
fi
finish
