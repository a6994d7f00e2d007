#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A developer checks a topic branch out, commits with plain git, and headway save
# turns the commits back into the topic's files: those that changed, and no others.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 6.12 7.2

topic one
change one alpha "Patch: 0001-alpha.patch"
change one beta "Patch: 0002-beta.patch" "Files: drivers/a/test.c"
begin 6.1
patch one/0001-alpha "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-beta "a: beta ends later" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
mkdir "$TOPICS/one/7.2"
begin 7.2
patch one/7.2/0002-beta "a: beta ends later" "sed -i 's/beta_finish(y, 0)/beta_finish(y, 1)/' drivers/a/core.c"
mkdir -p "$W/top/drivers/a"
echo 'int test;' > "$W/top/drivers/a/test.c"
# As another tool may have written it: other index lines, a signature.
sed -i 's/^index .*/index 1234567..89abcde 100644/' "$TOPICS/one/0001-alpha.patch"
printf -- '-- \n2.30\n\n' >> "$TOPICS/one/0001-alpha.patch"
topic two one
change two gamma "Patch: 0001-gamma.patch"
begin 6.1
patch two/0001-gamma "a: gamma counts from two" "sed -i '/^int gamma/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
"$HEADWAY" -q build || exit 1
T=$W/top/build/trees

check "the integration branch is checked out, and nothing of it twice" '
	hw 0 checkout 6.1
	out_has "$T/6.1: 6.1/integration at"
	same "$(git -C "$T/6.1" status --porcelain)" ""
	same "$(git -C "$T/6.1" rev-parse HEAD)" "$(id 6.1/integration)"
	hw 0 checkout 6.1
	out_has "nothing to do"
	hw 0 checkout 6.12 elsewhere
	[ -f elsewhere/drivers/a/core.c ]
'
check "a topic branch is checked out to commit on, with a word on .gitignore" '
	hw 0 checkout 6.1/topic/one
	same "$(git -C "$T/6.1-one" symbolic-ref HEAD)" refs/heads/6.1/topic/one
	out_has ".gitignore hides new files: add yours with git add -f"
	hw 0 --porcelain checkout 6.1/topic/one
	same "$(cat out)" "$(id 6.1/topic/one)	$T/6.1-one"
'
check "save of untouched branches changes not one byte" '
	topics_sum > before
	for base in 6.1 6.12 7.2; do
		hw 0 save $base/topic/one
		out_has "nothing to save"
		hw 0 save $base/topic/two
	done
	topics_sum | diff before -
'
check "an amended commit is saved, and no other" '
	cd "$T/6.1-one"
	sed -i "/^int delta/,/^}/s/+= 1/+= 4/" drivers/a/core.c
	git commit -q -a --amend --no-edit
	cd "$W"
	hw 0 save 6.1/topic/one
	out_has "wrote topics/one/0002-beta.patch"
	topics_sum | diff before - > changed || true
	same "$(grep -c "^>" changed)" 1
	grep -q "^+	y += 4;" "$TOPICS/one/0002-beta.patch"
	grep -q "^Date: Sun, 22 Nov 2026 12:01:00 +0000" "$TOPICS/one/0002-beta.patch"
	hw 0 build
	show 6.12/integration drivers/a/core.c | grep -q "y += 4"
'
check "what was built from it is what was committed" '
	same "$(tree 6.1/topic/one)" "$(git -C "$T/6.1-one" rev-parse "HEAD^{tree}")"
	same "$(git -C "$T/6.1-one" status --porcelain --untracked-files=no)" ""
	topics_sum > before
	hw 0 save 6.1/topic/one
	topics_sum | diff before -
'
check "a reworded commit is saved with its new words, also beyond ASCII" '
	cd "$T/6.1-one"
	git commit -q --amend -m "a: béta ends later, Å" -m "  Indented — as it was.

And über more."
	cd "$W"
	hw 0 save 6.1/topic/one
	grep -q "^Subject: \[PATCH\] a: béta ends later, Å" "$TOPICS/one/0002-beta.patch"
	hw 0 build
	same "$(repo log -1 --format=%B 6.1/topic/one)" "$(git -C "$T/6.1-one" log -1 --format=%B)"
	repo log -1 --format=%b 6.1/topic/one | grep -q "^  Indented"
'
check "an added commit becomes a change with the next number" '
	cd "$T/6.1-one"
	sed -i "s/X 1/X 2/" include/x.h
	echo "int fresh;" > drivers/a/fresh.c
	git add -f drivers/a/fresh.c
	git commit -q -a -m "x: Make it two"
	cd "$W"
	hw 0 save 6.1/topic/one
	out_has "wrote topics/one/0003-x-make-it-two.patch"
	out_has "wrote drivers/a/fresh.c"
	tail -4 "$TOPICS/one/topic" > got
	printf "\nChange: x-make-it-two\nPatch: 0003-x-make-it-two.patch\nFiles: drivers/a/fresh.c\n" | same_file - got
	! grep fresh.c "$TOPICS/one/0003-x-make-it-two.patch"
	same "$(cat top/drivers/a/fresh.c)" "int fresh;"
	hw 0 build
	show 7.2/integration include/x.h | grep -q "X 2"
	show 7.2/integration drivers/a/fresh.c
'
check "a second commit of the same subject gets a name of its own" '
	cd "$T/6.1-one"
	hw 0 checkout 6.1/topic/one
	sed -i "s/X 2/X 3/" include/x.h
	git commit -q -a -m "x: Make it two"
	cd "$W"
	hw 0 save 6.1/topic/one
	out_has "wrote topics/one/0004-x-make-it-two-2.patch"
	hw 0 build
	show 6.1/integration include/x.h | grep -q "X 3"
'
check "a new file in a known change is added to its Files:" '
	cd "$T/6.1-one"
	hw 0 checkout 6.1/topic/one
	echo "int second;" > drivers/a/second.c
	git add -f drivers/a/second.c
	git commit -q --amend --no-edit
	cd "$W"
	hw 0 save 6.1/topic/one
	tail -3 "$TOPICS/one/topic" > got
	printf "Change: x-make-it-two-2\nPatch: 0004-x-make-it-two-2.patch\nFiles: drivers/a/second.c\n" | same_file - got
	same "$(cat top/drivers/a/second.c)" "int second;"
	hw 0 build
	show 6.1/integration drivers/a/second.c
'
check "a changed file of ours is saved where it lies" '
	cd "$T/6.1-one"
	hw 0 checkout 6.1/topic/one
	echo "int second_time;" > drivers/a/second.c
	git commit -q -a --amend --no-edit
	cd "$W"
	hw 0 save 6.1/topic/one
	out_has "wrote drivers/a/second.c"
	same "$(cat top/drivers/a/second.c)" "int second_time;"
	hw 0 build
'
check "the form of one base is saved as that" '
	hw 0 checkout 7.2/topic/one
	cd "$T/7.2-one"
	git rebase -q -x "sed -i \"s/beta_finish(y, 1)/beta_finish(y, 2)/\" drivers/a/core.c; git commit -q -a --amend --no-edit --allow-empty" 7.2/base > /dev/null 2>&1 ||
		git rebase --abort
	cd "$W"
	cp "$TOPICS/one/0002-beta.patch" common
	hw 0 save 7.2/topic/one
	out_has "wrote topics/one/7.2/0002-beta.patch"
	same_file common "$TOPICS/one/0002-beta.patch"
	grep -q "beta_finish(y, 2)" "$TOPICS/one/7.2/0002-beta.patch"
	hw 0 build
'
check "a patch that no longer fits the other bases becomes a form of the base alone" '
	hw 0 checkout 6.12/topic/one
	cd "$T/6.12-one"
	cp "$TOPICS/one/0001-alpha.patch" "$W/common"
	git checkout -q --detach 6.12/topic/one~3
	sed -i "s,^/\* more \*/,/* much more */," drivers/a/core.c
	git commit -q -a --amend --no-edit
	git rebase -q --onto HEAD 6.12/topic/one~3 6.12/topic/one
	cd "$W"
	hw 0 save 6.12/topic/one
	out_has "other bases need the patch as it was: saving a form of 6.12"
	out_has "wrote topics/one/6.12/0001-alpha.patch"
	same_file common "$TOPICS/one/0001-alpha.patch"
	hw 0 build
	show 6.12/integration drivers/a/core.c | grep -q "much more"
	! show 6.1/integration drivers/a/core.c | grep -q "much more"
'
check "--own writes a form of the base alone, whatever the others say" '
	hw 0 checkout 6.12/topic/two
	cd "$T/6.12-two"
	sed -i "/^int gamma/,/^}/s/+= 2/+= 22/" drivers/a/core.c
	git commit -q -a --amend --no-edit
	cd "$W"
	hw 0 save --own 6.12/topic/two
	same "$(grep ^wrote out)" "wrote topics/two/6.12/0001-gamma.patch"
	hw 0 build
	show 6.12/topic/two drivers/a/core.c | grep -q "+= 22"
	show 6.1/topic/two drivers/a/core.c | grep -q "+= 2;"
'
check "a work tree follows its branch when that is built anew" '
	hw 0 checkout 6.1/topic/two
	sed -i "s/+= 2$/+= 2/; s/+	y += 2;/+	y += 6;/" "$TOPICS/two/0001-gamma.patch"
	hw 0 build
	hw 0 checkout 6.1/topic/two
	out_has "brought up to date"
	same "$(git -C "$T/6.1-two" status --porcelain --untracked-files=no)" ""
	grep -q "y += 6" "$T/6.1-two/drivers/a/core.c"
'
check "but not over a file of the developer that is in the way" '
	hw 0 checkout 7.2/topic/two
	mkdir -p "$T/7.2-two/lib" top/lib
	echo mine > "$T/7.2-two/lib/two.c"
	echo "int two;" > top/lib/two.c
	cp "$TOPICS/two/topic" keep
	echo "Files: lib/two.c" >> "$TOPICS/two/topic"
	hw 0 build
	hw 0 checkout 7.2/topic/two
	out_has "left alone"
	same "$(cat "$T/7.2-two/lib/two.c")" mine
	rm "$T/7.2-two/lib/two.c"
	hw 0 checkout 7.2/topic/two
	out_has "brought up to date"
	same "$(cat "$T/7.2-two/lib/two.c")" "int two;"
	cp keep "$TOPICS/two/topic"
	hw 0 build
'
check "build refuses to lose commits that were not saved" '
	cd "$T/6.1-two"
	sed -i "/^int gamma/,/^}/s/+= 6/+= 7/" drivers/a/core.c
	git commit -q -a -m "a: gamma counts from seven"
	cd "$W"
	refs > refs.before
	sed -i "s/^+	y += 6;/+	y += 8;/" "$TOPICS/two/0001-gamma.patch"
	hw 1 build
	err_has "6.1/topic/two has commits that are not in the topic folder"
	err_has "hint: headway save 6.1/topic/two keeps them; headway build --discard throws them away"
	refs | diff refs.before -
	hw 0 build --discard
	show 6.1/topic/two drivers/a/core.c | grep -q "y += 8"
'
check "changes that are not committed are left alone" '
	cd "$T/6.1-two"
	git reset -q --hard
	echo "int dirty;" >> include/x.h
	cd "$W"
	hw 0 checkout 6.1/topic/two
	out_has "with changes that are not committed; left alone"
	grep -q dirty "$T/6.1-two/include/x.h"
	echo "int dirty;" >> "$T/6.1/include/x.h"
	sed -i "s/^+	y += 8;/+	y += 9;/" "$TOPICS/two/0001-gamma.patch"
	hw 0 build
	hw 1 checkout 6.1
	err_has "$T/6.1 has changes that are not committed"
	err_has "hint: commit them on a topic branch"
	grep -q dirty "$T/6.1/include/x.h"
	hw 0 checkout --force 6.1
	! grep -q dirty "$T/6.1/include/x.h"
	grep -q "y += 9" "$T/6.1/drivers/a/core.c"
'
check "a folder that is not ours is not touched" '
	mkdir mine; echo x > mine/x
	hw 3 checkout 6.1 mine
	err_has "$W/mine is there and is not a work tree of"
	same "$(ls mine)" x
	hw 3 checkout 6.1/topic/none
	err_has "there is no branch 6.1/topic/none"
	err_has "hint: headway build makes the branches"
'
check "a checkout that was killed is finished by the next" '
	: > "$T/6.12-two.unfinished"
	rm "$T/6.12-two/drivers/a/core.c"
	: > "$(git -C "$T/6.12-two" rev-parse --absolute-git-dir)/index.lock"
	hw 0 checkout 6.12/topic/two
	grep -q "+= 22" "$T/6.12-two/drivers/a/core.c"
	[ ! -e "$T/6.12-two.unfinished" ]
'
check "a dropped or moved commit is refused, and nothing is written" '
	topics_sum > before
	git -C "$K" fetch -q "$REPO" "+refs/heads/*:refs/fork/*"
	repo update-ref refs/heads/6.1/topic/one "$(id 6.1/topic/one~1)"
	hw 1 save 6.1/topic/one
	err_has "change x-make-it-two-2 is not on the branch any more"
	err_has "hint: to drop it, remove its paragraph and its patch from"
	hw 0 build --discard
	hw 2 save 6.1/one
	err_has "save wants BASE/topic/NAME"
	hw 3 save 6.1/topic/none
	err_has "there is no branch 6.1/topic/none"
	topics_sum | diff before -
'
check "after all of this every base still saves without a change" '
	hw 0 build
	topics_sum > before
	for base in 6.1 6.12 7.2; do
		for t in one two; do
			hw 0 save $base/topic/$t
		done
	done
	topics_sum | diff before -
'
finish
