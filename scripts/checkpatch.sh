#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: checkpatch.sh REPO BASE WORK
# checkpatch.pl --strict of BASE (the newest one) on every patch of the topics, on
# our kernel files and on our programs; prints TAP, one test a file. What is left
# out, and why, stands in scripts/checkpatch.ignore.
set -u

repo=$1 base=$2 work=$3
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$work"
git -C "$repo" archive "refs/heads/$base/base" scripts/checkpatch.pl \
	scripts/spelling.txt scripts/const_structs.checkpatch |
	tar x -C "$work" || exit 1
cd "$top" || exit 1

# ignored GROUP: the types that are left out for it, separated by commas
ignored() {
	awk -v group="$1" '/^#/ || !NF { next } $1 == group || $1 == "all" { print $2 }' \
		scripts/checkpatch.ignore | paste -sd,
}

n=0 bad=0
# check FILE GROUP OPTIONS...: a patch comes on stdin, because checkpatch takes a
# file that git knows for a source.
check() {
	file=$1 group=$2
	shift 2
	n=$((n + 1))
	types=$(ignored "$group")
	if perl "$work/scripts/checkpatch.pl" --strict --no-tree --no-signoff \
		--no-summary --terse --show-types ${types:+--ignore "$types"} \
		"$@" <"$file" >"$work/out" 2>&1; then
		echo "ok $n - $file"
	else
		echo "not ok $n - $file"
		sed 's/^/#   /' "$work/out"
		bad=1
	fi
}

for f in $(git ls-files 'topics/*.patch'); do check "$f" patch -; done
for f in $(git ls-files 'arch/*.[ch]' 'drivers/*.[ch]' 'include/*.[ch]' 'kernel/*.[ch]'); do
	check "$f" kernel --file "$f"
done
for f in $(git ls-files 'tools/headway/*.[ch]' 'tools/testing/headway/*.[ch]' \
	   'tools/reclaimcheck/*.[ch]' 'tools/testing/reclaimcheck/*.[ch]' |
	   grep -v '/corpus/'); do
	check "$f" user --file "$f"
done
echo "1..$n"
[ $n -gt 0 ] && [ $bad -eq 0 ]
