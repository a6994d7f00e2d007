#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What no source tarball has is an error that names the entry: paths that lead out
# of the tree, git's own folder, devices, links to nothing. Nothing is changed.

. "$(dirname "$0")/lib-import.sh"

mkdir -p "$W/s/top/dir" "$W/s/other"
cd "$W/s" || exit 1
echo good > top/good
echo bad > top/dir/bad
echo o > other/file
tar -cf "$W/good.tar" top
import_tar 1.0 "$W/good.tar"
before=$(refs)
files=$(find "$REPO" -type f ! -name headway.lock | sort)

# refused DESCRIPTION TARBALL NAME REASON
refused() {
	import_tar 1.0 "$2"
	is "$1: refused as bad input" "$rc" 3
	ok "$1: the message names the entry and the reason" said "'$3' $4"
	is "$1: nothing is changed" "$(refs; find "$REPO" -type f ! -name headway.lock | sort)" \
		"$before
$files"
}

# renamed TAR-EXPRESSION: the good tarball with one name changed
renamed() { tar -P --transform="$1" -cf "$W/bad.tar" top; }

renamed 's,top/dir/bad,top/../../bad,'
refused "a path that climbs out" "$W/bad.tar" 'top/../../bad' 'leads out'
renamed 's,top/dir/bad,top/dir/..,'
refused "a path that ends in .." "$W/bad.tar" 'top/dir/..' 'leads out'
renamed 's,top/dir/bad,/etc/bad,'
refused "an absolute path" "$W/bad.tar" '/etc/bad' 'is an absolute path'
renamed 's,top/dir/bad,top/dir/.git/config,'
refused "a .git folder" "$W/bad.tar" 'top/dir/.git/config' 'has a component that belongs to git'
renamed 's,top/dir/bad,top/.GiT,'
refused "a .git in other letters" "$W/bad.tar" 'top/.GiT' 'has a component that belongs to git'
tar -cf "$W/bad.tar" top/good
tar --transform='s,top/dir/bad,top/good/bad,' -rf "$W/bad.tar" top/dir/bad
refused "a file below a file" "$W/bad.tar" 'top/good/bad' 'is in the place of a folder, or below a file'
tar -cf "$W/bad.tar" top/dir
tar --transform='s,top/good,top/dir,' -rf "$W/bad.tar" top/good
refused "a file in the place of a folder" "$W/bad.tar" 'top/dir' 'is in the place of a folder'
tar -cf "$W/bad.tar" top other
refused "a second top folder" "$W/bad.tar" 'other/' "lies outside the tarball's one top folder"
(cd top && tar -cf "$W/bad.tar" good dir)
refused "files without a folder" "$W/bad.tar" 'good' 'is not in a folder'

mkfifo top/fifo
tar -cf "$W/bad.tar" top
refused "a fifo" "$W/bad.tar" 'top/fifo' 'is neither a file, a link nor a folder'
rm top/fifo
if mknod top/device c 1 3 2> /dev/null; then
	tar -cf "$W/bad.tar" top
	refused "a device" "$W/bad.tar" 'top/device' 'is neither a file, a link nor a folder'
	rm top/device
else
	n=$((n + 1))
	echo "ok $n # SKIP a device: only root may make one"
fi

ln top/good top/hard
tar -P --transform='flags=h;s,.*,top/missing,' -cf "$W/bad.tar" top
import_tar 1.0 "$W/bad.tar"
is "a hard link to a file that is not there: refused" "$rc" 3
ok "and the message says so" said "is a hard link to no file of the tarball"
tar -P --transform='flags=h;s,.*,/etc/passwd,' -cf "$W/bad.tar" top
import_tar 1.0 "$W/bad.tar"
is "a hard link out of the tree: refused" "$rc" 3
ok "and the message says so" said "'/etc/passwd' is an absolute path"
rm top/hard

ln -s /etc top/way
tar -cf "$W/bad.tar" top
tar -P --transform='s,top/good,top/way/passwd,' -rf "$W/bad.tar" top/good
refused "a file below a symbolic link" "$W/bad.tar" 'top/way/passwd' 'is in the place of a folder, or below a file'
rm top/way

mkdir -p "$W/e/top/empty"
tar -C "$W/e" -cf "$W/bad.tar" top
import_tar 1.0 "$W/bad.tar"
is "a tarball without files: refused" "$rc" 3
ok "and the message says so" said "has no files in it"
head -c 100000 /dev/urandom > "$W/bad.tar"
import_tar 1.0 "$W/bad.tar"
is "noise instead of a tarball: refused" "$rc" 3
ok "and the message names the file" said "bad.tar is truncated or damaged"
: > "$W/bad.tar"
import_tar 1.0 "$W/bad.tar"
is "an empty file instead of a tarball: refused" "$rc" 3
import 1.0 --tarball "$W" --sha256 "$(sum /dev/null)"
is "a folder instead of a tarball: refused" "$rc" 3
ok "and the message says so" said "is not a file"
import 1.0 --tarball "$W/absent" --sha256 "$(sum /dev/null)"
is "a tarball that is not there: bad input" "$rc" 3
import 9.9
is "a base that bases/ does not have: bad input" "$rc" 3
ok "and the message names those that there are" said "there is no base 9.9: $HEADWAY_TOP/bases has 1.0"
is "after all this nothing is changed" "$(refs)" "$before"
ok "the repository is sound" sound
finish
