#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad input gives the documented exit code, and a message that names what is wrong
# and what to do; nothing is changed by it.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1
simple_topic one
"$HEADWAY" -q build || exit 1
refs > "$W/refs.before"
cp -r "$TOPICS" "$W/good"
restore() { rm -rf "$TOPICS"; cp -r "$W/good" "$TOPICS"; refs | diff "$W/refs.before" -; }
COMMANDS="import build status checkout save apply verify"

check "--help of every command prints its usage and its exit codes" '
	hw 0 --help
	for c in $COMMANDS; do
		grep -q "^  $c " out
	done
	for c in $COMMANDS; do
		hw 0 $c --help
		head -1 out | grep -q "^usage: headway .*$c"
		out_has "Exit codes: 0"
		same "$(cat err)" ""
		hw 0 $c -h
	done
'
check "an option or a command that is not there is a usage error" '
	hw 2
	hw 2 nothing
	err_has "no command \"nothing\""
	hw 2 --what
	for c in $COMMANDS; do
		hw 2 $c --what
		err_has "--what"
	done
	hw 2 checkout
	hw 2 checkout a b c
	hw 2 save
	hw 2 save one
	hw 2 save one two
	hw 2 status --kunit a b
'
check "without a checkout or a repository it says what to type" '
	HEADWAY_TOP=$W HEADWAY_REPO=$REPO hw 3 status
	err_has "topics/order: No such file"
	for c in build status verify; do
		HEADWAY_REPO=$W/none.git hw 3 $c
		err_has "hint: headway import makes it"
	done
	HEADWAY_REPO=$W/none.git hw 3 checkout 6.1
	HEADWAY_REPO=$W/none.git hw 3 save 6.1/topic/one
	git init -q --bare empty.git
	HEADWAY_REPO=$W/empty.git hw 3 build
	err_has "has no base yet"
	HEADWAY_REPO=$W/empty.git hw 3 status
	err_has "hint: headway import"
'
check "a malformed topic file ends every command with 3, file and line" '
	echo "Colour: red" >> "$TOPICS/one/topic"
	for c in "build" "status" "save 6.1/topic/one" "apply --onto $K --dry-run" "verify"; do
		hw 3 $c
		err_has "topics/one/topic:9: unknown field \"Colour\" in a change"
	done
	restore
	printf "\nChange: a\nState-6.1: upstream 1234\n" >> "$TOPICS/one/topic"
	hw 3 build
	err_has "add a Check-6.1 that can fail"
	restore
	rm "$TOPICS/one/topic"
	hw 3 build
	err_has "topics/one/topic: No such file"
	restore
	: > "$TOPICS/one/topic"
	hw 3 build
	err_has "topics/one/topic: empty"
	restore
	head -c 3000 /dev/urandom > "$TOPICS/one/topic"
	hw 3 build
	restore
'
check "so does a patch that is none" '
	echo garbage > "$TOPICS/one/0001-first.patch"
	hw 3 build
	err_has "0001-first.patch: not a patch mail: no From: header"
	restore
	sed -i "s/^Date: .*/Date: today/" "$TOPICS/one/0001-first.patch"
	hw 3 build
	err_has "Date: expected"
	restore
	sed -i "s/^@@ .* @@.*/@@ -1,99 +1,99 @@/" "$TOPICS/one/0001-first.patch"
	hw 3 build
	err_has "0001-first.patch: malformed patch"
	restore
	head -c 400 "$W/good/one/0001-first.patch" > "$TOPICS/one/0001-first.patch"
	"$HEADWAY" build > /dev/null 2>&1 && exit 1
	restore
	printf "a\0b" >> "$TOPICS/one/0001-first.patch"
	hw 3 build
	err_has "NUL byte"
	restore
'
check "a patch cut off at any byte is refused, or does not change the branch" '
	size=$(stat -c %s "$W/good/one/0001-first.patch")
	# From the end of the diff only the last line ends may be missing.
	for cut in $(seq 0 17 $((size - 3))); do
		head -c $cut "$W/good/one/0001-first.patch" > "$TOPICS/one/0001-first.patch"
		rc=0; "$HEADWAY" build > out 2> err || rc=$?
		! grep "Sanitizer\|runtime error" err
		[ $rc = 1 ] || [ $rc = 3 ] || { echo "cut at $cut: exit code $rc"; cat err; exit 1; }
	done
	rm -rf "$TOPICS"; cp -r "$W/good" "$TOPICS"
	hw 0 build
	restore
'
check "a patch without a diff fails its change" '
	sed -i "/^diff/,\$d" "$TOPICS/one/0001-first.patch"
	hw 1 build
	err_has "the patch is empty"
	rm -rf "$TOPICS"; cp -r "$W/good" "$TOPICS"
	hw 0 build
	restore
'
check "a topic that is not there, or named twice, or out of order" '
	echo ghost >> "$TOPICS/order"
	hw 3 build
	err_has "topics/ghost/topic: No such file"
	restore
	echo one >> "$TOPICS/order"
	hw 3 build
	err_has "\"one\" stands there twice"
	restore
	sed -i "s/^Title/Depends: two\n&/" "$TOPICS/one/topic"
	hw 3 build
	err_has "depends on \"two\", which topics/order does not name"
	restore
'
check "a base that is not there" '
	for c in "build 9.9" "status 9.9" "status --kunit 9.9"; do
		hw 3 $c
		err_has "base 9.9 is not imported"
		err_has "hint: headway import 9.9"
	done
	hw 3 verify 9.9
	hw 3 checkout 9.9
	hw 3 save 9.9/topic/one
	hw 3 build ../6.1
	refs | diff refs.before -
'
check "output that cannot be written is an error of the machine" '
	for c in status "status --porcelain" build --help "build --help" verify; do
		rc=0; "$HEADWAY" $c > /dev/full 2> err || rc=$?
		same "$rc" 4
		err_has "standard output: No space left on device"
	done
'
check "a closed output too" '
	rc=0; "$HEADWAY" status --porcelain >&- 2> err || rc=$?
	same "$rc" 4
'
check "a damaged repository is bad input" '
	cp -r "$REPO" damaged.git
	echo nonsense > damaged.git/packed-refs
	HEADWAY_REPO=$W/damaged.git hw 3 build
	rm -r damaged.git
	cp -r "$REPO" damaged.git
	find damaged.git/objects -type f ! -path "*/info/*" | while read -r f; do
		chmod u+w "$f"; echo x > "$f"
	done
	rm damaged.git/objects/info/alternates
	HEADWAY_REPO=$W/damaged.git hw 3 build
	HEADWAY_REPO=$W/damaged.git hw 3 status
'
if [ $EUID = 0 ]; then
	skip "a read-only repository is an error of the machine" "root may write everywhere"
else
	check "a read-only repository is an error of the machine" '
		chmod -R a-w "$REPO"
		sed -i "s/^Why/Because/" "$TOPICS/one/0001-first.patch"
		hw 4 build
		chmod -R u+w "$REPO"
		restore
	'
fi
check "the messages are one line each, with what they are" '
	hw 3 build 9.9
	! grep -v "^headway: \(error\|hint\): " err
'
finish
