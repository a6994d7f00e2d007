#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway status shows what each change is on each base. It believes nothing: what
# the topic file claims is checked in the base's source, and a patch that reverses
# cleanly is in the base.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 7.2 6.1 6.12

topic one
change one alpha "Series: 8" "Patch: 0001-alpha.patch" "KUnit: alpha_suite alpha_more" \
	"State-7.2: upstream 0123456789ab (\"a: alpha counts\")" \
	"Check-7.2: drivers/a/core.c:beta has beta_finish"
change one beta "Patch: 0002-beta.patch" "KUnit: beta_suite" \
	"State-6.12: not-needed nobody calls it" \
	"Check-6.12:" " drivers/a/core.c:beta lacks kzalloc\\(" " drivers/none.c absent" \
	"State-7.2: not-needed it is finished there" \
	"Check-7.2: drivers/a/core.c lacks beta_end"
change one sub "Patch: 0003-sub.patch"
begin 6.1
patch one/0001-alpha "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-beta "a: beta ends later" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
# What the patch for 6.1 does is in 6.1: PATCHLEVEL 1 made of 0.
begin 6.1
sed -i 's/PATCHLEVEL = 1/PATCHLEVEL = 0/' "$K/Makefile"
git -C "$K" commit -qam older
patch one/6.1/0003-sub "Level" "sed -i 's/PATCHLEVEL = 0/PATCHLEVEL = 1/' Makefile"
for base in 6.12 7.2; do
	begin $base
	patch one/$base/0003-sub "Sublevel" "sed -i 's/SUBLEVEL = 0/SUBLEVEL = 5/' Makefile"
done

check "the matrix has a row a change and a column a base, sorted as versions" '
	hw 0 status 
	grep -q "^  #  change  *6.1  *6.12  *7.2 *$" out
	grep -q "^  8  one/alpha  *carried  *carried  *upstream *$" out
	grep -q "^     one/beta  *carried  *not-needed  *not-needed *$" out
	grep -q "^     one/sub  *upstream  *carried  *carried *$" out
'
check "it says that the branches are not built yet, and writes nothing" '
	out_has "6.1: the branches are older than the topics: headway build 6.1"
	refs | grep -v /base$ && exit 1
	same "$(find "$REPO/objects" -type f ! -path "*/info/*" | wc -l)" 0
	hw 0 build
	hw 0 status
	! grep older out
'
check "--why adds the reasons" '
	hw 0 status --why 7.2 6.1
	out_has "7.2: one/alpha: upstream: 0123456789ab (\"a: alpha counts\")"
	out_has "7.2: one/beta: not-needed: it is finished there"
	out_has "6.1: one/sub: upstream: the patch reverses cleanly"
	hw 0 status --why 6.12
	out_has "6.12: one/alpha: carried, a hunk moved by 3 lines"
'
check "--porcelain is tab-separated, a line a cell, with the commit" '
	hw 0 status --porcelain
	{
		printf "6.1\tone\talpha\tcarried\t%s\n" "$(id 6.1/topic/one~1)"
		printf "6.1\tone\tbeta\tcarried\t%s\n" "$(id 6.1/topic/one)"
		printf "6.1\tone\tsub\tupstream\t-\n"
		printf "6.12\tone\talpha\tcarried\t%s\n" "$(id 6.12/topic/one~1)"
		printf "6.12\tone\tbeta\tnot-needed\t-\n"
		printf "6.12\tone\tsub\tcarried\t%s\n" "$(id 6.12/topic/one)"
		printf "7.2\tone\talpha\tupstream\t-\n"
		printf "7.2\tone\tbeta\tnot-needed\t-\n"
		printf "7.2\tone\tsub\tcarried\t%s\n" "$(id 7.2/topic/one)"
	} | same_file - out
	cp out first
	hw 0 --porcelain status
	same_file first out
'
check "--proof lists how the absence of each carried change shows" '
	sed "s/^Change: alpha$/&\nProof: kunit suite_alpha.one fails\nProof-6.12:\n a506 open hangs\n a506 submit fails/" \
		"$TOPICS/one/topic" > proof.topic
	cp "$TOPICS/one/topic" kept.topic
	cp proof.topic "$TOPICS/one/topic"
	hw 0 status --proof 6.1
	grep -q "^one/alpha	[0-9a-f]\{40\}	kunit suite_alpha.one fails$" out
	hw 0 status --proof 6.12
	same "$(grep "^one/alpha" out | cut -f 3 | tr "\n" ";")" "a506 open hangs;a506 submit fails;"
	grep "^one/" out | cut -f 1,3 | grep -q -- "	-$"
	cp kept.topic "$TOPICS/one/topic"
	hw 2 status --proof
	err_has "--proof wants one BASE"
'
check "--kunit lists the suites of the changes that the base carries" '
	hw 0 status --kunit 6.1
	same "$(tr "\n" " " < out)" "alpha_suite alpha_more beta_suite "
	hw 0 status --kunit 6.12
	same "$(tr "\n" " " < out)" "alpha_suite alpha_more "
	hw 0 status --kunit 7.2
	same "$(cat out)" ""
	hw 2 status --kunit
	err_has "--kunit wants one BASE"
'
check "-q prints nothing and tells by its exit code" '
	hw 0 -q status
	same "$(cat out err)" ""
'
check "a claim whose check does not hold makes the cell fail" '
	cp "$TOPICS/one/topic" keep
	sed -i "s/:beta has beta_finish/:beta has beta_end/" "$TOPICS/one/topic"
	hw 1 status --porcelain 7.2
	out_has "7.2	one	alpha	fails	-"
	err_has "base 7.2: topic one: change alpha fails"
	err_has "said to be upstream (0123456789ab (\"a: alpha counts\")), but check \"drivers/a/core.c:beta has beta_end\" does not hold"
	cp keep "$TOPICS/one/topic"
'
check "so does one about a file or a function that is not there" '
	sed -i "s/:beta has beta_finish/:zeta has beta_finish/" "$TOPICS/one/topic"
	hw 1 status 7.2
	err_has "but drivers/a/core.c has no function zeta"
	cp keep "$TOPICS/one/topic"
	sed -i "s,drivers/none.c absent,drivers/b/core.c absent," "$TOPICS/one/topic"
	hw 1 status 6.12
	err_has "but drivers/b/core.c is there"
	cp keep "$TOPICS/one/topic"
'
check "a change that is carried may say what is wrong in the base, and it is checked" '
	change one extra "Check-6.1: drivers/a/core.c:alpha has \\+= 9" "Patch: 0004-extra.patch"
	begin 6.1
	patch one/0004-extra "b" "sed -i 2d drivers/b/core.c"
	hw 1 status 6.1
	err_has "said to be carried (carried), but check"
	cp keep "$TOPICS/one/topic"
'
check "a subject that is in the base proves nothing" '
	git -C "$K" checkout -q 7.2
	git -C "$K" commit -q --allow-empty -m "a: beta ends later"
	hw 0 import --repo "$K" --rev HEAD --name 7.3
	hw 1 status 7.3
	out_has "one/beta"
	err_has "base 7.3: topic one: change beta fails"
	repo update-ref -d refs/heads/7.3/base
'
check "a base that is not imported is an error with the command to type" '
	hw 3 status 5.10
	err_has "base 5.10 is not imported"
	err_has "hint: headway import 5.10"
'
check "a patch that was edited shows at once" '
	hw 0 build
	sed -i "s/+= 2/+= 7/" "$TOPICS/one/0001-alpha.patch"
	hw 0 status
	out_has "6.1: the branches are older than the topics"
	out_has "6.12: the branches are older than the topics"
	! grep "^7.2: the branches" out
'
finish
