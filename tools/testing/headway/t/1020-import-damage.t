#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Wrong checksums, truncated and altered tarballs, wrong command lines: a clear error,
# the old state intact, the next run fine.

. "$(dirname "$0")/lib-import.sh"

make_files "$W/s/top" 400 1
tar -C "$W/s" --sort=name -cJf "$W/good.tar.xz" top
echo changed > "$W/s/top/d0/f0"
tar -C "$W/s" --sort=name -cJf "$W/new.tar.xz" top
good=$(git_tree "$W/good.tar.xz")
new=$(git_tree "$W/new.tar.xz")
import_tar 1.0 "$W/good.tar.xz"
is "the first import" "$rc $(tree_of 1.0)" "0 $good"
before=$(refs; find "$REPO/objects" -type f | sort)
unchanged() { [ "$(refs; find "$REPO/objects" -type f | sort)" = "$before" ]; }

import 1.0 --tarball "$W/new.tar.xz" --sha256 "$(sum "$W/good.tar.xz" | tr 0-9a-f 1-9a-f0)"
is "a wrong checksum is bad input" "$rc" 3
ok "the message has both sums" said "$(sum "$W/new.tar.xz"), not $(sum "$W/good.tar.xz" | tr 0-9a-f 1-9a-f0)"
ok "nothing is changed" unchanged

size=$(stat -c %s "$W/new.tar.xz")
for part in 1 5 50 99; do
	head -c $((size * part / 100)) "$W/new.tar.xz" > "$W/cut.tar.xz"
	import 1.0 --tarball "$W/cut.tar.xz" --sha256 "$(sum "$W/new.tar.xz")"
	is "cut to $part %: bad input" "$rc" 3
	ok "cut to $part %: the message names the file" said 'cut.tar.xz is truncated or damaged'
	ok "cut to $part %: nothing is changed" unchanged
done
head -c $((size - 4)) "$W/new.tar.xz" > "$W/cut.tar.xz"
import 1.0 --tarball "$W/cut.tar.xz" --sha256 "$(sum "$W/new.tar.xz")"
is "the last bytes gone: bad input" "$rc" 3
ok "the last bytes gone: nothing is changed" unchanged

cp "$W/new.tar.xz" "$W/flip.tar.xz"
printf '\125\252' | dd of="$W/flip.tar.xz" bs=1 seek=$((size / 2)) conv=notrunc status=none
import 1.0 --tarball "$W/flip.tar.xz" --sha256 "$(sum "$W/new.tar.xz")"
is "bytes changed in the middle: bad input" "$rc" 3
ok "bytes changed in the middle: nothing is changed" unchanged

xz -dc "$W/new.tar.xz" > "$W/plain.tar"
truncate -s $(($(stat -c %s "$W/plain.tar") / 1024 * 512)) "$W/plain.tar"
import 1.0 --tarball "$W/plain.tar" --sha256 "$(xz -dc "$W/new.tar.xz" | sha256sum | cut -d' ' -f1)"
is "an uncompressed tarball cut short: bad input" "$rc" 3
ok "an uncompressed tarball cut short: nothing is changed" unchanged

is "no temporary file stays" "$(temporaries)" ""
import_tar 1.0 "$W/new.tar.xz"
is "the whole tarball is imported after all this" "$rc $(tree_of 1.0)" "0 $new"
ok "the repository is sound" sound

# usage WANTED-MESSAGE ARGUMENTS...
usage() {
	local message=$1
	shift
	import "$@"
	is "usage error: import $*" "$rc" 2
	ok "and says why" said "$message"
}
usage 'go together' 1.0 --tarball "$W/new.tar.xz"
usage 'go together' 1.0 --sha256 "$(sum "$W/new.tar.xz")"
usage '64 hexadecimal digits' 1.0 --tarball "$W/new.tar.xz" --sha256 12ab
usage "wants the base's name" --tarball "$W/new.tar.xz" --sha256 "$(sum "$W/new.tar.xz")"
usage 'go together' --repo "$W"
usage 'go together' --rev HEAD
usage 'exclude each other' 1.0 --update --repo "$W" --rev HEAD
usage 'cannot be the name' ../1.0
usage 'cannot be the name' 1.0.lock
usage 'more than one base' 1.0 2.0
usage 'usage: headway import' --no-such-option
import --help
is "--help" "$rc" 0
ok "--help is on stdout and names every option" awk '
	/--update/ { a = 1 } /--tarball FILE/ { b = 1 } /--sha256 HEX/ { c = 1 }
	/--repo DIR/ { d = 1 } /--rev REV/ { e = 1 } /--name BASE/ { f = 1 }
	END { exit !(a && b && c && d && e && f) }' "$W/out"

rm "$HEADWAY_TOP/bases/1.0"
import
is "no default base: bad input" "$rc" 3
ok "and says so" said "exactly one base must say 'Default: yes'"
printf 'Package: linux-source-3.0\nDefault: yes\nColour: red\n' > "$HEADWAY_TOP/bases/3.0"
import 3.0
is "a malformed base file: bad input" "$rc" 3
ok "the message has file, line and field" said 'bases/3.0:3: Colour'
import 4.0
is "a base that has no file: bad input" "$rc" 3
ok "the message names it and the folder" said "no base 4.0: $HEADWAY_TOP/bases has"
finish
