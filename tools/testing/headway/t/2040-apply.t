#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway apply carries the topics onto a tree that is not ours, and says for each
# change what became of it. Whatever goes wrong, that tree stays as it was, to the
# byte.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 7.2

topic one
change one alpha "Patch: 0001-alpha.patch"
change one level "Patch: 0002-level.patch"
change one none "State-6.1: not-needed nobody needs it" "Check-6.1: none absent" "State-7.2: not-needed no" "Check-7.2: none absent"
topic two one
change two beta "Patch: 0001-beta.patch" "Files: drivers/a/new.c"
begin 6.1
patch one/0001-alpha "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-level "b: four counts from two" "sed -i '/^int four/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch two/0001-beta "a: beta ends later" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
mkdir "$TOPICS/two/7.2"
begin 7.2
patch two/7.2/0001-beta "a: beta ends later" "sed -i 's/beta_finish(y, 0)/beta_finish(y, 1)/' drivers/a/core.c"
mkdir -p "$W/top/drivers/a"
echo 'int new;' > "$W/top/drivers/a/new.c"

# Somebody's tree: 6.6, with lines of theirs before ours, and one change in already.
git clone -q "$K" "$W/theirs"
cd "$W/theirs" || exit 1
git checkout -q -b vendor 6.1
sed -i 's/PATCHLEVEL = 1/PATCHLEVEL = 6/' Makefile
sed -i '1a /* theirs */' drivers/a/core.c
git am -q < "$TOPICS/one/0002-level.patch" > /dev/null 2>&1 || exit 1
git commit -qam vendor
cd "$W" || exit 1
mkdir "$W/folder"
git -C "$W/theirs" archive HEAD | tar -x -C "$W/folder"

check "it says for each change what became of it, and --dry-run writes nothing" '
	snapshot theirs > before
	hw 0 apply --onto theirs --dry-run
	out_has "$W/theirs: kernel 6.6, with the forms of 6.1 first"
	out_has "  applied        one/alpha, offset 1  (topics/one/0001-alpha.patch)"
	out_has "  there already  one/level: the patch reverses cleanly"
	out_has "  not needed     one/none: nobody needs it"
	out_has "  applied        two/beta, offset 1  (topics/two/0001-beta.patch)"
	snapshot theirs | diff before -
'
check "--porcelain is tab-separated, a line a change" '
	hw 0 --porcelain apply --onto theirs --dry-run
	{
		printf "one\talpha\tapplied\t1\ttopics/one/0001-alpha.patch\n"
		printf "one\tlevel\tthere already\t0\t\n"
		printf "one\tnone\tnot needed\t0\t\n"
		printf "two\tbeta\tapplied\t1\ttopics/two/0001-beta.patch\n"
	} | same_file - out
'
check "a clone gets a branch, and its work tree and index stay as they are" '
	snapshot theirs | grep -v "^.git\|\.git/\|^ d" > before
	git -C theirs rev-parse HEAD > head
	hw 0 apply --onto theirs
	out_has "branch headway in $W/theirs:"
	snapshot theirs | grep -v "^.git\|\.git/\|^ d" | diff before -
	git -C theirs rev-parse HEAD | diff head -
	same "$(git -C theirs status --porcelain)" ""
	same "$(git -C theirs log --format=%s vendor..headway | tr "\n" ";")" "a: beta ends later;a: alpha counts from two;"
	same "$(git -C theirs show headway:drivers/a/new.c)" "int new;"
	git -C theirs show headway:drivers/a/core.c | grep -q "beta_end(y + 1)"
	git -C theirs fsck --no-dangling
'
check "a branch that is there already is not moved" '
	snapshot theirs > before
	hw 2 apply --onto theirs
	err_has "the repository has a branch headway already: name another with --branch"
	snapshot theirs | diff before -
	hw 2 apply --onto theirs --branch "a b"
	err_has "\"a b\" cannot be the name of a branch"
	snapshot theirs | diff before -
'
check "a clone gets a patch set if that is asked for; git am takes it" '
	snapshot theirs > before
	hw 0 apply --onto theirs --output set
	out_has "2 patches in set"
	same "$(ls set | tr "\n" " ")" "0001-one-alpha.patch 0002-two-beta.patch account "
	snapshot theirs | diff before -
	git clone -q theirs taken
	git -C taken am -q "$W"/set/*.patch
	same "$(git -C taken rev-parse "HEAD^{tree}")" "$(git -C theirs rev-parse "headway^{tree}")"
'
check "a folder of sources gets the same patch set, and stays as it is" '
	snapshot folder > before
	hw 0 apply --onto folder --output set2
	diff -r set set2
	snapshot folder | diff before -
	hw 2 apply --onto folder
	err_has "is no git repository: say --output FOLDER to get a patch set"
	hw 2 apply --onto folder --output set2
	err_has "set2 is not empty"
	hw 2 apply --onto folder --rev HEAD --output set3
	err_has "--rev: folder is no git repository"
	snapshot folder | diff before -
'
check "another revision of a clone can be named" '
	hw 0 apply --onto theirs --rev 7.2 --branch on-7.2
	out_has "kernel 7.2, with the forms of 7.2 first"
	out_has "(topics/two/7.2/0001-beta.patch)"
	git -C theirs show on-7.2:drivers/a/core.c | grep -q "beta_finish(y, 1)"
	hw 3 apply --onto theirs --rev nowhere --branch x
	err_has "nowhere"
'
check "a tree between our bases takes the form that fits" '
	git -C theirs checkout -q -b mixed vendor
	sed -i "s/beta_end(y)/beta_finish(y, 0)/" theirs/drivers/a/core.c
	git -C theirs commit -qam mixed
	hw 0 apply --onto theirs --branch on-mixed
	out_has "applied        two/beta, offset -2  (topics/two/7.2/0001-beta.patch)"
	hw 0 apply --onto theirs --base 7.2 --dry-run --branch x
	out_has "with the forms of 7.2 first"
	hw 2 apply --onto theirs --base 5.4 --dry-run --branch x
	err_has "there is no base 5.4"
'
check "one topic can be named; it brings what it depends on, and no more" '
	hw 0 apply --onto theirs --rev vendor --dry-run --branch x one
	out_has "one/alpha"
	! grep two/beta out
	hw 0 apply --onto theirs --rev vendor --dry-run --branch x two
	out_has "one/alpha"
	out_has "two/beta"
	hw 2 apply --onto theirs --dry-run --branch x nothing
	err_has "there is no topic \"nothing\""
'

git -C "$W/theirs" checkout -q -b stuck vendor
sed -i '/^int alpha/,/^}/s/+= 1/+= 9/' "$W/theirs/drivers/a/core.c"
git -C "$W/theirs" commit -qam stuck
cp "$W/theirs/drivers/a/core.c" "$W/folder/drivers/a/core.c"
check "a conflict is shown with its hunk, and the clone is untouched" '
	snapshot theirs > before
	hw 1 apply --onto theirs --branch stuck-1
	out_has "  CONFLICT       one/alpha"
	out_has "drivers/a/core.c: hunk 1 (@@"
	out_has "    - 	y += 1;"
	out_has "    + 	y += 9;"
	out_has "1 of the changes conflict: nothing was written to $W/theirs"
	snapshot theirs | diff before -
'
check "so is the folder, and no patch set is written" '
	snapshot folder > before
	hw 1 apply --onto folder --output set4
	[ ! -e set4 ]
	snapshot folder | diff before -
'
check "--keep-going writes what applies" '
	hw 1 apply --onto theirs --branch stuck-2 --keep-going
	same "$(git -C theirs log --format=%s stuck..stuck-2 | tr "\n" ";")" "a: beta ends later;"
	hw 1 apply --onto folder --output set5 --keep-going
	same "$(ls set5 | tr "\n" " ")" "0001-two-beta.patch account "
'
check "what is no kernel is refused" '
	mkdir empty; git init -q nothing; mkdir -p other; echo all: > other/Makefile
	hw 3 apply --onto empty --output x
	err_has "is no kernel tree: its Makefile has no VERSION and PATCHLEVEL"
	hw 3 apply --onto other --output x
	hw 3 apply --onto nothing
	hw 3 apply --onto none
	err_has "none: No such file or directory"
	hw 2 apply
	hw 2 apply --onto theirs --branch x --output y
	err_has "--branch and --output exclude each other"
	same "$(ls -A empty nothing)" "$(printf "empty:\n\nnothing:\n.git")"
'
check "a patch set that cannot be written is the machine'\''s fault, and the folder is untouched" '
	: > file
	hw 4 apply --onto theirs --rev vendor --output file/below
	snapshot folder > after
	diff before after || true
'
finish
