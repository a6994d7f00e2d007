#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two topics that change the same lines. The conflict is written out with its three
# sides; its resolution is recorded under the ids of the three blobs and used for
# exactly those; a resolution that nothing uses is an error.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 6.12

double() { sed -i "/^int alpha/,/^}/s/+= 1/+= $1/" "$2"; }
topic one
change one alpha "Patch: 0001-alpha.patch"
begin 6.1
patch one/0001-alpha "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
topic two
change two alpha "Patch: 0001-alpha.patch"
begin 6.1
patch two/0001-alpha "a: alpha counts from three" "sed -i '/^int alpha/,/^}/s/+= 1/+= 3/' drivers/a/core.c"
topic three
change three b "Patch: 0001-b.patch"
begin 6.1
patch three/0001-b "b: one counts from two" "sed -i '/^int one/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
C=$W/top/build/conflicts/6.1/two/drivers/a/core.c

check "a conflict is an error that names base, topic, file and what to do" '
	hw 1 build 6.1
	err_has "base 6.1: topic two: merge conflict in drivers/a/core.c"
	err_has "hint: edit $C.merged until no markers are left, then: headway build --record 6.1/two"
'
check "the three sides and the merge with its markers are written out" '
	repo show 6.1/base:drivers/a/core.c | same_file - "$C.base"
	repo show 6.1/topic/one:drivers/a/core.c | same_file - "$C.ours"
	repo show 6.1/topic/two:drivers/a/core.c | same_file - "$C.theirs"
	grep -q "^<<<<<<< integration" "$C.merged"
	grep -q "^||||||| base" "$C.merged"
	grep -q "^>>>>>>> topic" "$C.merged"
'
check "both branches are made, and an integration of the topics that merge" '
	show 6.1/topic/two drivers/a/core.c | grep -q "+= 3"
	show 6.1/integration drivers/a/core.c | grep -q "+= 2"
	show 6.1/integration drivers/b/core.c | grep -q "+= 2"
	out_has "(without the topics that conflict)"
'
check "status says that the integration conflicts" '
	hw 1 status 6.1
	err_has "base 6.1: the integration branch has merge conflicts: headway build 6.1 tells more"
'
check "a file with markers is no resolution" '
	hw 1 build --record 6.1/two
	out_has "not recorded, has conflict markers still: $C.merged"
	err_has "nothing was recorded"
	[ ! -e "$TOPICS/resolutions" ]
'
check "a resolved conflict is recorded" '
	sed "/^<<<<<<</,/^>>>>>>>/c\\	y += 2 + 3;" "$C.merged" > resolved
	cp resolved "$C.merged"
	hw 0 build --record 6.1/two
	out_has "recorded: $TOPICS/resolutions/6.1-two-"
	same "$(ls "$TOPICS/resolutions" | wc -l)" 1
	grep -q "^Base: 6.1$" "$TOPICS"/resolutions/*
	grep -q "^Path: drivers/a/core.c$" "$TOPICS"/resolutions/*
'
check "and the next build uses it" '
	hw 0 build 6.1
	same "$(cat err)" ""
	show 6.1/integration drivers/a/core.c | same_file - resolved
	[ ! -e "$C.merged" ]
	hw 0 status 6.1
'
check "on a base where other blobs meet it is not used" '
	hw 1 build 6.12
	err_has "base 6.12: topic two: merge conflict in drivers/a/core.c"
	show 6.12/integration drivers/a/core.c | grep -q "+= 2;"
'
check "a failing topic does not make the resolutions of the others useless" '
	sed -i "s/^-\t.*/-nonsense/" "$TOPICS/three/0001-b.patch"
	hw 1 build 6.1
	err_has "topic three: change b fails"
	err_lacks "no merge on base"
	begin 6.1
	patch three/0001-b "b: one counts from two" "sed -i \"/^int one/,/^}/s/+= 1/+= 2/\" drivers/b/core.c"
'
check "a failing topic does not make its own resolution an error beside it" '
	cp "$TOPICS/two/0001-alpha.patch" keep
	sed -i "s/^-\t.*/-nonsense/" "$TOPICS/two/0001-alpha.patch"
	hw 1 build 6.1
	err_has "topic two: change alpha fails"
	err_lacks "no merge on base"
	hw 1 status 6.1
	err_lacks "no merge on base"
	cp keep "$TOPICS/two/0001-alpha.patch"
	hw 0 build 6.1
'
check "a resolution that nothing uses is an error, and nothing moves" '
	cp "$TOPICS/two/0001-alpha.patch" keep
	refs > before
	sed -i "/two/d" "$TOPICS/order"
	hw 3 build 6.1
	err_has "no merge on base 6.1 meets these blobs any more"
	err_has "hint: remove the file, or record the resolution anew with headway build --record"
	refs | diff before -
	hw 3 status 6.1
	echo two >> "$TOPICS/order"
	cp keep "$TOPICS/two/0001-alpha.patch"
	sed -i "/three/d" "$TOPICS/order"; echo three >> "$TOPICS/order"
	hw 0 build 6.1
'
check "a file that one side removes and the other changes is told apart" '
	topic four
	change four gone "Patch: 0001-gone.patch"
	begin 6.1
	patch four/0001-gone "b: Remove it" "git rm -q drivers/b/core.c"
	hw 1 build 6.1
	err_has "base 6.1: topic four: merge conflict in drivers/b/core.c"
	err_has "one side removed or retyped the file; its sides are"
	[ -s top/build/conflicts/6.1/four/drivers/b/core.c.base ]
	[ ! -s top/build/conflicts/6.1/four/drivers/b/core.c.theirs ]
	sed -i "/four/d" "$TOPICS/order"
'
check "to keep what is there is a resolution too" '
	hw 1 build 6.12
	cp "$W/top/build/conflicts/6.12/two/drivers/a/core.c.ours" "$W/top/build/conflicts/6.12/two/drivers/a/core.c.merged"
	hw 0 build --record 6.12/two
	hw 0 build 6.12
	show 6.12/integration drivers/a/core.c | grep -q "+= 2;"
'
check "a topic that depends on two that conflict starts from the resolved merge" '
	topic five "one two"
	change five c "Patch: 0001-c.patch"
	begin 6.1
	cp resolved "$K/drivers/a/core.c"; git -C "$K" commit -qam merged
	patch five/0001-c "a: alpha counts on" "sed -i \"s/+= 2 + 3;/+= 2 + 3 + 4;/\" drivers/a/core.c"
	hw 0 build 6.1
	show 6.1/integration drivers/a/core.c | grep -q "+= 2 + 3 + 4;"
'
check "and can be checked out and saved" '
	hw 0 save 6.1/topic/five
	out_has "nothing to save"
	hw 0 checkout 6.1/topic/five
	cd top/build/trees/6.1-five
	sed -i "s/+= 2 + 3 + 4;/+= 2 + 3 + 5;/" drivers/a/core.c
	git commit -q --amend -a --no-edit
	cd "$W"
	hw 0 save --own 6.1/topic/five
	out_has "wrote topics/five/6.1/0001-c.patch"
	hw 0 build 6.1
	show 6.1/integration drivers/a/core.c | grep -q "+= 2 + 3 + 5;"
'
check "--record wants BASE/TOPIC" '
	hw 2 build --record two
	err_has "--record wants BASE/TOPIC"
	hw 1 build --record 6.1/none
	err_has "nothing was recorded"
'
finish
