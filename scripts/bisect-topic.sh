#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: bisect-topic.sh [-s FROM TO] REPO BASE WORK [ARCH...]
#
# Compile each commit of each topic branch of BASE by itself (or with -s those
# between two commits of REPO), so that git bisect never meets one that does not
# build: the directories that it touches, and when
# it touches a header under include/, every directory that any topic touches.
# For UML and for arm64 (or only ARCH...). Prints TAP, one test a commit and
# architecture; a compiler's warning about a file that the commit touches fails
# it too. WORK keeps a clone and the objects for the next time, and builds.tsv: the
# trees before and after the commit, architecture, "ok" or "fail".
set -eu

range=
if [ "$1" = -s ]; then
	range=$2..$3
	shift 3
fi

repo=$(cd "$1" && pwd) base=$2
mkdir -p "$3"
work=$(cd "$3" && pwd)
shift 3
[ $# -gt 0 ] || set -- um arm64
top=$(cd "$(dirname "$0")/.." && pwd)
tree=$work/tree
unset MAKEFLAGS MFLAGS MAKELEVEL
# A topic without the lab's symbols has less than the fragment asks for.
export CONFIGURE_LENIENT=1

if [ ! -d "$tree/.git" ]; then
	git clone -q --shared --no-checkout "$repo" "$tree"
fi
git -C "$tree" fetch -q --prune "$repo" "+refs/heads/$base/*:refs/bisect/*"

g() { git -C "$tree" "$@"; }

kmake() {
	arch=$1
	shift
	case $arch in
	arm64) set -- CROSS_COMPILE=aarch64-linux-gnu- CC="${ARM64_CC:-aarch64-linux-gnu-gcc}" "$@" ;;
	*) set -- CC="${CC:-gcc}" "$@" ;;
	esac
	make --no-print-directory -C "$tree" O="$work/$arch" ARCH="$arch" LOCALVERSION= "$@"
}

configure() {
	case $1 in
	um) set -- um "$top/arch/um/configs/headway.config" "$top/arch/um/configs/headway-pci.config" ;;
	*) set -- "$1" "$top/arch/$1/configs/headway.config" ;;
	esac
	arch=$1
	shift
	"$top/scripts/configure.sh" "$tree" "$work/$arch" "$arch" "$@" -- \
		env "CROSS_COMPILE=$(cross "$arch")" make --no-print-directory \
		-C "$tree" O="$work/$arch" ARCH="$arch" LOCALVERSION=
}

cross() { [ "$1" != arm64 ] || echo aarch64-linux-gnu-; }

# The directories that kbuild can build for the files on stdin, on architecture $1.
dirs() {
	while read -r file; do
		case $file in
		*.c | *.h | *.S | */Makefile) ;;
		*) continue ;;
		esac
		case $1:$file in
		*:include/*) continue ;;
		um:arch/um/* | um:arch/x86/um/* | arm64:arch/arm64/*) ;;
		*:arch/*) continue ;;
		esac
		dir=$(dirname "$file")
		while [ "$dir" != . ] && ! g cat-file -e "HEAD:$dir/Makefile" 2>/dev/null; do
			dir=$(dirname "$dir")
		done
		[ "$dir" = . ] || echo "$dir/"
	done | LC_ALL=C sort -u | awk '
		# kbuild builds what lies below a folder with it, and two such goals
		# at a time get in each other'"'"'s way.
		top == "" || index($0, top) != 1 { top = $0; print }'
}

# Compile what commit $1 touches for architecture $2; 0 if all is well.
compile() {
	log=$work/$2.log
	g diff-tree --no-commit-id -r --name-only --diff-filter=d "$1" >"$work/files"
	if grep -q '^include/' "$work/files"; then
		g diff --name-only "refs/bisect/base" "$1" | dirs "$2" >"$work/dirs"
	else
		dirs "$2" <"$work/files" >"$work/dirs"
	fi
	configure "$2" >"$log" 2>&1 || return 1
	[ -s "$work/dirs" ] || { echo "nothing to compile" >"$log"; return 0; }
	# shellcheck disable=SC2046 # one word a directory
	kmake "$2" -s -j"$(nproc)" $(cat "$work/dirs") >"$log" 2>&1 || return 1
	! grep 'warning:' "$log" | grep -qFf "$work/files"
}

n=0 bad=0
commits=$(g rev-list --reverse --topo-order --no-merges \
	"${range:-refs/bisect/base..refs/bisect/integration}")
for commit in $commits; do
	g checkout -q --force --detach "$commit"
	for arch; do
		n=$((n + 1))
		trees=$(g rev-parse "$commit^^{tree}" "$commit^{tree}" | paste -s)
		name="$base $arch $(g log -1 --format='%h %s' "$commit" | tr -d '#')"
		if compile "$commit" "$arch"; then
			echo "ok $n - $name"
			result=ok
		else
			echo "not ok $n - $name"
			result=fail
			grep -E 'error|warning|\*\*\*|undefined' "$work/$arch.log" |
				head -n 12 | sed 's/^/#   /'
			bad=1
		fi
		printf '%s\t%s\t%s\n' "$trees" "$arch" "$result" >>"$work/builds.tsv"
	done
done
echo "1..$n"
[ $n -gt 0 ] && [ $bad -eq 0 ]
