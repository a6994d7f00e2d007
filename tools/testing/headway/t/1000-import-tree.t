#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tree of an import is that of tar, git add -A -f and git write-tree, for
# every kind of entry, archive format, compression and locale.

. "$(dirname "$0")/lib-import.sh"

src=$W/src/linux-1.0
mkdir -p "$src/a/b/c" "$src/empty/deeper" "$src/a.dir" "$src/a-dir" "$src/tools"
cd "$src" || exit 1
echo one > a/b/c/file
: > a/empty-file
printf 'no newline' > a.dir/x
echo x > a-dir/x
echo sort > a.c
echo 'int main;' > tools/run
chmod 755 tools/run
echo o > tools/owner-only; chmod 700 tools/owner-only
echo g > tools/group-only; chmod 654 tools/group-only
echo r > tools/read-only; chmod 444 tools/read-only
ln -s ../a/b/c/file tools/link
ln -s /absolute/target tools/absolute
ln -s missing tools/dangling
ln -s a tools/link-to-dir
ln a/b/c/file a/hard
printf '*.o\nignored\n' > .gitignore
echo i > ignored; echo o > x.o
touch .gitattributes; echo '* text eol=crlf' > .gitattributes
printf 'unix\nlines\n' > eol.txt
mkdir -p .github; echo m > .github/file; echo k > .gitmodules-not
touch "name with blanks" "tab	name" "quote\"s" 'back\slash' ./-dash
touch "$(printf 'new\nline')" "$(printf 'latin1-\344')" "$(printf 'utf8-\303\244')"
touch "$(printf 'decomposed-a\314\210')" "$(printf 'bell-\007')"
long=$(printf 'd%.0s' {1..120})
mkdir -p "$long/$long/$long"
echo deep > "$long/$long/$long/$long"
ln -s "$long/$long/$long/$long" long-link
truncate -s 200000 holes
printf x >> holes; truncate -s 300000 holes
head -c 3000000 /dev/urandom > big
cd "$W/src" || exit 1

tar_with() {
	local to=$1
	shift
	tar "$@" --sort=name --mtime=@1700000000 --owner=0 --group=0 -cf "$to" linux-1.0
}

tar_with "$W/gnu.tar" --format=gnu
want=$(git_tree "$W/gnu.tar")
import_tar 1.0 "$W/gnu.tar"
is "a GNU tarball is imported" "$rc" 0
is "its tree is that of tar and git" "$(tree_of 1.0)" "$want"
ok "git finds nothing wrong with the pack" sound
is "no temporary file stays" "$(temporaries)" ""
is "one pack, nothing loose" "$(git -C "$REPO" count-objects -v | grep -E '^(count|packs):' | tr '\n' ' ')" "count: 0 packs: 1 "
is "author and date depend on the tarball alone" \
	"$(git -C "$REPO" log -1 --format='%an <%ae> %at %cn <%ce> %ct' 1.0/base)" \
	"Headway <headway@localhost> 1700000000 Headway <headway@localhost> 1700000000"
is "the message records the checksum" \
	"$(git -C "$REPO" log -1 --format='%(trailers:key=Tarball-SHA256,valueonly)' 1.0/base | tr -d '\n')" \
	"$(sum "$W/gnu.tar")"
is "the message records the tree" \
	"$(git -C "$REPO" log -1 --format='%(trailers:key=Tree,valueonly)' 1.0/base | tr -d '\n')" "$want"
packs=$(ls "$REPO/objects/pack")
commit=$(git -C "$REPO" rev-parse 1.0/base)

import_tar 1.0 "$W/gnu.tar"
is "importing it again is fine" "$rc" 0
is "and does nothing" "$(ls "$REPO/objects/pack")" "$packs"
ok "and says so" grep -q '^1.0: present' "$W/out"

rm -rf "$REPO"
(umask 077; cd / && taskset -c 0 env LC_ALL=C TZ=Asia/Tokyo HOME=/nonexistent \
	"$HEADWAY" -q import 1.0 --tarball "$W/gnu.tar" --sha256 "$(sum "$W/gnu.tar")")
is "on one processor, in another locale, zone, folder: the same pack" "$(ls "$REPO/objects/pack")" "$packs"
is "and the same commit" "$(git -C "$REPO" rev-parse 1.0/base)" "$commit"

for format in pax gnu-sparse; do
	case $format in
	pax) tar_with "$W/$format.tar" --format=pax ;;
	gnu-sparse) tar_with "$W/$format.tar" --format=gnu --sparse ;;
	esac
	for locale in C C.UTF-8; do
		rm -rf "$REPO"
		LC_ALL=$locale import_tar 1.0 "$W/$format.tar"
		is "$format in locale $locale: the same tree" "$rc $(tree_of 1.0)" "0 $want"
	done
done

rm -rf "linux-1.0/$long" linux-1.0/long-link
tar_with "$W/ustar.tar" --format=ustar
want=$(git_tree "$W/ustar.tar")
for z in xz gzip bzip2 zstd; do
	rm -rf "$REPO"
	"$z" -c < "$W/ustar.tar" > "$W/ustar.$z" 2> "$W/err" || continue
	import_tar 1.0 "$W/ustar.$z"
	is "ustar, compressed with $z: the same tree" "$rc $(tree_of 1.0)" "0 $want"
done

rm -rf "$REPO"
tar --sort=name -cf "$W/dot.tar" ./linux-1.0
import_tar 1.0 "$W/dot.tar"
is "names that begin with ./" "$rc $(tree_of 1.0)" "0 $want"

# A later entry takes the place of an earlier one, as with tar x.
rm -rf "$REPO"
mkdir -p "$W/twice/linux-1.0"
cd "$W/twice" || exit 1
echo first > linux-1.0/file; echo other > linux-1.0/keep
tar -cf "$W/twice.tar" linux-1.0
echo second > linux-1.0/file; chmod 755 linux-1.0/file
tar -rf "$W/twice.tar" linux-1.0/file
want=$(git_tree "$W/twice.tar")
import_tar 1.0 "$W/twice.tar"
is "of two entries of the same name the later counts" "$rc $(tree_of 1.0)" "0 $want"

# Blobs that the repository has are not written again.
echo third > linux-1.0/new
tar -cf "$W/more.tar" linux-1.0
import_tar 1.0 "$W/more.tar"
is "a new tarball moves the base" "$rc $(tree_of 1.0)" "0 $(git_tree "$W/more.tar")"
ok "and says so" grep -q '^1.0: updated' "$W/out"
ok "only what is new is written: a blob, a tree, a commit" grep -q ' 3 new objects' "$W/out"
ok "git finds nothing wrong with both packs" sound

"$HEADWAY" -q import 1.0 > "$W/out" 2> "$W/err"
is "-q: a base that is there gives no output" "$?$(cat "$W/out" "$W/err")" 0
"$HEADWAY" --porcelain import 1.0 > "$W/out" 2> "$W/err"
is "--porcelain: base, state, commit, tree, package, version, checksum" "$(cat "$W/out")" \
	"$(printf '1.0\tpresent\t%s\t%s\t-\t-\t%s' "$(git -C "$REPO" rev-parse 1.0/base)" \
	"$(tree_of 1.0)" "$(sum "$W/more.tar")")"
finish
