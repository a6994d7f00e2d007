#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway build makes topic branches and the integration branch from the base and
# the topics, in memory. A change that fails is reported, and the rest still built.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 6.12 7.2

topic low
change low alpha "Patch: 0001-alpha.patch" "KUnit: suite_alpha"
change low test "Patch: 0002-test.patch" "Files: drivers/a/test.c"
begin 6.1
patch low/0001-alpha "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch low/0002-test "a: Test alpha" "sed -i '1a obj-y += test.o' drivers/a/Makefile"
mkdir -p "$W/top/drivers/a"
echo 'int test;' > "$W/top/drivers/a/test.c"

topic high low
change high more "Patch: 0001-more.patch"
begin low 2>/dev/null || begin 6.1
(cd "$K" && git am -q "$TOPICS"/low/*.patch) > /dev/null 2>&1
patch high/0001-more "a: alpha counts from three" "sed -i '/^int alpha/,/^}/s/+= 2/+= 3/' drivers/a/core.c"

topic side
change side beta "Patch: 0001-beta.patch"
begin 6.1
patch side/0001-beta "a: beta ends later" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
begin 7.2
patch side/7.2/0001-beta "a: beta ends later" "sed -i 's/beta_finish(y, 0)/beta_finish(y, 1)/' drivers/a/core.c"

check "all topics are built on all bases" '
	hw 0 build
	out_has "6.1: 3 of 3 topics, 4 changes carried, integration"
	out_has "6.12: 3 of 3 topics, 4 changes carried"
	out_has "7.2: 3 of 3 topics, 4 changes carried"
'
check "a branch has one commit a change, with the mail's author, date and words" '
	same "$(repo log --reverse --format="%an <%ae> %aI %s|%b" 6.1/base..6.1/topic/low | tr "\n" " ")" \
	     "Headway <headway@localhost> 2026-11-22T12:00:00+00:00 a: alpha counts from two|Why: a: alpha counts from two.  Headway <headway@localhost> 2026-11-22T12:01:00+00:00 a: Test alpha|Why: a: Test alpha.  "
	same "$(repo log -1 --format="%cn <%ce> %cI" 6.1/topic/low)" \
	     "Headway <headway@localhost> 2026-11-22T12:01:00+00:00"
'
check "a file of ours comes with its change, and only with it" '
	same "$(show 6.1/topic/low drivers/a/test.c)" "int test;"
	! show 6.1/topic/low~1 drivers/a/test.c
'
check "a topic starts from the topic that it depends on" '
	same "$(id 6.1/topic/high~1)" "$(id 6.1/topic/low)"
	same "$(id 6.1/topic/side~1)" "$(id 6.1/base)"
'
check "a base takes its own form of a patch, else the common one" '
	show 7.2/topic/side drivers/a/core.c | grep -q "beta_finish(y, 1)"
	show 6.12/topic/side drivers/a/core.c | grep -q "beta_end(y + 1)"
'
check "the integration branch is what git merges from the topic branches" '
	for base in 6.1 6.12 7.2; do
		git clone -q -s -n "$REPO" "$W/merge-$base"
		cd "$W/merge-$base"
		git checkout -q --detach origin/$base/base
		for t in low high side; do
			git merge -q --no-edit origin/$base/topic/$t
		done
		same "$(git rev-parse HEAD^{tree})" "$(tree $base/integration)"
	done
'
check "the integration branch has each topic as a merge, in the declared order" '
	same "$(repo log --first-parent --reverse --format=%s 6.1/base..6.1/integration | tr "\n" ";")" \
	     "Merge topic low into 6.1/integration;Merge topic high into 6.1/integration;Merge topic side into 6.1/integration;"
'
check "a second build moves nothing and gives the same ids" '
	refs > before
	hw 0 build
	refs | diff before -
'
check "one base alone can be built" '
	repo for-each-ref --format="delete %(refname)" "refs/heads/*/topic/*" "refs/headway" | git -C "$REPO" update-ref --stdin
	hw 0 build 6.12
	out_has "6.12: 3 of 3"
	same "$(id 6.1/topic/low)" none
	hw 0 build
	refs | diff before -
'
check "git finds nothing wrong with what was written" '
	repo fsck --strict --no-dangling
'
check "--porcelain prints base and integration" '
	hw 0 --porcelain build 6.1
	same "$(cat out)" "6.1	$(id 6.1/integration)"
	hw 0 -q build 6.1
	same "$(cat out)" ""
'
check "--without leaves one change out, in a branch of its own" '
	refs > before
	hw 0 build --without low/test 6.1
	! show 6.1/without/low/test drivers/a/test.c
	show 6.1/without/low/test drivers/a/core.c | grep -q "y += 3"
	refs | grep -v /without/ | diff before -
	repo update-ref -d refs/heads/6.1/without/low/test
'
check "--without tells if the others need the change" '
	hw 1 build --without low/alpha 6.1
	err_has "base 6.1: topic high: change more fails"
	repo update-ref -d refs/heads/6.1/without/low/alpha
'
check "--nearest leaves out what does not apply without it, and says so" '
	hw 0 --porcelain build --without low/alpha --nearest 6.1
	same "$(cat out)" "6.1	$(id 6.1/without/low/alpha)	dependents	high/more"
	show 6.1/without/low/alpha drivers/a/core.c | sed -n "/^int alpha/,/^}/p" | grep -q "+= 1"
	show 6.1/without/low/alpha drivers/a/test.c
	repo update-ref -d refs/heads/6.1/without/low/alpha
'
check "--nearest takes the users of a change with it" '
	cp "$TOPICS/low/topic" kept.topic
	sed "s/^Change: test$/&\nUsers: side\/beta/" kept.topic > "$TOPICS/low/topic"
	hw 0 --porcelain build --without low/test --nearest 6.1
	same "$(cut -f 3,4 out)" "dependents	side/beta"
	! show 6.1/without/low/test drivers/a/test.c
	show 6.1/without/low/test drivers/a/core.c | grep -q "beta_end(y)"
	repo update-ref -d refs/heads/6.1/without/low/test
	cp kept.topic "$TOPICS/low/topic"
'
check "--nearest takes the users of what does not apply with it, too" '
	cp "$TOPICS/high/topic" kept.topic
	sed "s/^Change: more$/&\nUsers: side\/beta/" kept.topic > "$TOPICS/high/topic"
	hw 0 --porcelain build --without low/alpha --nearest 6.1
	same "$(cut -f 3,4 out)" "dependents	high/more side/beta"
	repo update-ref -d refs/heads/6.1/without/low/alpha
	cp kept.topic "$TOPICS/high/topic"
'
check "--nearest is --without where nothing stands on the change" '
	hw 0 build --without low/test 6.1
	before=$(id 6.1/without/low/test)
	hw 0 --porcelain build --without low/test --nearest 6.1
	same "$(cat out)" "6.1	$before	left-out	-"
	repo update-ref -d refs/heads/6.1/without/low/test
'
check "--nearest alone is refused" '
	hw 2 build --nearest 6.1
	err_has "--nearest wants --without TOPIC/CHANGE"
'
check "--without something that is not there is refused" '
	hw 2 build --without low/none
	err_has "--without low/none: there is no such change"
	err_has "hint: headway status lists the changes"
	hw 2 build --without none
'

# From here on "side" fails on 7.2, and "low" everywhere.
rm -r "$TOPICS/side/7.2"
check "a change that does not apply is reported with base, file, hunk and what is there" '
	hw 1 build
	err_has "base 7.2: topic side: change beta fails"
	err_has "drivers/a/core.c: hunk 1 (@@"
	err_has "    - 	return beta_end(y);"
	err_has "    + 	return beta_finish(y, 0);"
	err_lacks "base 6.1"
'
check "the other topics and an integration without it are built" '
	out_has "7.2: 2 of 3 topics"
	show 7.2/integration drivers/a/core.c | grep -q "y += 3"
	show 7.2/integration drivers/a/core.c | grep -q "beta_finish(y, 0)"
	show 6.1/integration drivers/a/core.c | grep -q "beta_end(y + 1)"
'
check "a topic that depends on one that fails, fails; the others do not" '
	cp -r "$TOPICS" saved
	sed -i "s/+	y += 2/+	y += 2;/; s/^-	y += 1;/-	y += 9;/" "$TOPICS/low/0001-alpha.patch"
	hw 1 build 6.1
	err_has "topic low: change alpha fails"
	err_has "topic high: change more fails"
	err_has "topic low, which this one depends on, fails or conflicts"
	out_has "6.1: 1 of 3 topics"
	show 6.1/integration drivers/a/core.c | grep -q "beta_end(y + 1)"
	rm -r "$TOPICS" && mv saved "$TOPICS"
'
check "a file under Files: that is not there fails its change" '
	mv top/drivers/a/test.c moved
	hw 1 build 6.1
	err_has "drivers/a/test.c: named under Files:, but there is no such file here"
	mv moved top/drivers/a/test.c
'
check "a file under Files: that the base has fails its change" '
	mkdir -p top/include; echo "#define X 2" > top/include/x.h
	sed -i "s,^Files: .*,& include/x.h," "$TOPICS/low/topic"
	hw 1 build 6.1
	err_has "include/x.h: named under Files:, but the base has a file there"
	sed -i "s, include/x.h,," "$TOPICS/low/topic"
	hw 0 build 6.1
'
check "a base has its own form of a file of ours" '
	mkdir -p "$TOPICS/low/6.12/drivers/a"
	echo "int test_6_12;" > "$TOPICS/low/6.12/drivers/a/test.c"
	hw 1 build
	same "$(show 6.12/integration drivers/a/test.c)" "int test_6_12;"
	same "$(show 6.1/integration drivers/a/test.c)" "int test;"
'
check "a change without a patch for a base fails there" '
	mkdir "$TOPICS/side/6.1"
	mv "$TOPICS/side/0001-beta.patch" "$TOPICS/side/6.1/"
	hw 0 build 6.1
	hw 1 build 6.12
	err_has "there is no patch 0001-beta.patch for base 6.12"
'
check "branches of a topic that is gone go away" '
	sed -i /side/d "$TOPICS/order"
	hw 0 build
	same "$(id 6.1/topic/side)" none
	same "$(id 7.2/topic/side)" none
'
finish
