#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway series: the changes sorted by who maintains what they touch, cut where one
# needs another, and what is for stable. The kernel is made up, its scripts are real.

HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/lib.sh"
. "$HERE/lib-series.sh"
maintained_kernel
two_owners
import_bases 6.1 6.12 7.2
"$HEADWAY" -q build

check "a series for each maintainer, in the order of the commits" '
	hw 0 --porcelain series
	same "$(cut -f 1,2,8 out | grep "^series.*/")" ""
	same "$(series_field series a 7)" "DRIVERS OF A"
	same "$(series_field series b 7)" "DRIVERS OF B"
	same "$(series_field commit a 5 | paste -sd,)" "a: Do one thing,a: Do three things"
	same "$(series_field commit b 5)" "b: Do two things"
'
check "To: and Cc: come from the newest base, not from one whose people have left" '
	same "$(series_field to a)" "Ann A <ann@a.example>"
	out_has "cc	a	a@lists.example"
	out_has "cc	b	linux-kernel@vger.kernel.org"
	! grep gone.example out
'
check "each has a change-id of its own, the same every time and for everybody" '
	same "$(grep -c "^series" out)" 2
	cp out first
	git config --file "$GIT_CONFIG_GLOBAL" user.name "Somebody Else"
	TZ=Asia/Kathmandu hw 0 --porcelain series
	git config --file "$GIT_CONFIG_GLOBAL" user.name "Dev Eløper"
	same "$(cut -f 6 first | grep 2026)" "$(cut -f 6 out | grep 2026)"
	[ "$(cut -f 6 out | grep 2026 | sort -u | wc -l)" = 2 ]
'
check "the plan writes nothing into the repository" '
	before=$(repo count-objects -v; refs)
	hw 0 series
	same "$(repo count-objects -v; refs)" "$before"
	out_has "1/2"
	out_has "a: Do three things"
'
check "what get_maintainer.pl said is kept for these files, and asked anew for others" '
	kept=$(ls top/build/series/scripts-*/.owners)
	cp "$kept" was
	sed -i "s/^DRIVERS OF B/DRIVERS OF NOBODY/" "$kept"
	hw 0 --porcelain series b
	same "$(series_field series b 7)" "DRIVERS OF NOBODY"
	sed -i "1s/^/drivers\/a\/another.c\n/" "$kept"
	hw 0 --porcelain series b
	same "$(series_field series b 7)" "DRIVERS OF B"
	same_file "$kept" was
	printf -- "--rolestats\n--nom\n" > "$HOME/.get_maintainer.conf"
	rm "$kept"
	hw 0 --porcelain series b
	same "$(series_field to b)" "Bob B <bob@b.example>"
	same_file "$kept" was
	rm "$HOME/.get_maintainer.conf"
'
check "names choose: a series, a topic, nothing that is not there" '
	hw 0 --porcelain series b
	same "$(grep -c "^series" out)" 1
	hw 0 --porcelain series both
	same "$(grep -c "^series" out)" 2
	hw 2 series nobody
	err_has "no series and no topic with one called \"nobody\""
'
check "a header that one series brings and another includes: that one is needed" '
	mkdir -p "$W/top/drivers/b"
	echo "/* shared */" > "$W/top/drivers/b/shared.h"
	sed -i "/^Change: two/a Files: drivers/b/shared.h" topics/both/topic 2>/dev/null || sed -i "/^Change: two/a Files: drivers/b/shared.h" "$TOPICS/both/topic"
	cp "$TOPICS/both/0003-three.patch" saved
	begin 7.2
	kpatch both/0003-three "a: Do three things" "printf \"#include \\\"../b/x.h\\\"\n\" >> drivers/a/core.c"
	sed -i "s,\.\./b/x\.h,shared.h," "$TOPICS/both/0003-three.patch"
	hw 0 --porcelain series
	same "$(series_field needs a)" b
	out_has "it includes drivers/b/shared.h"
	cp saved "$TOPICS/both/0003-three.patch"
	sed -i "/^Files:/d" "$TOPICS/both/topic"
'
check "two entries with the same tree are one series" '
	git -C "$K" checkout -q --detach 7.2
	sed -i "s,git://b.example/b,git://a.example/a," "$K/MAINTAINERS"
	git -C "$K" -c user.name=x -c user.email=x@x commit -qam same && git -C "$K" tag -f same > /dev/null
	git -C "$W" clone -q --bare "$REPO" other.git
	sed -i "s/^Revision:.*/Revision: same/" top/bases/7.2
	HEADWAY_REPO=$W/other.git hw 0 import 7.2 --update
	HEADWAY_REPO=$W/other.git hw 0 --porcelain series
	same "$(grep -c "^series" out)" 1
	same "$(grep "^series" out | cut -f 2)" both
	same "$(series_field commit both 5 | wc -l)" 3
	sed -i "s/^Revision:.*/Revision: 7.2/" top/bases/7.2
'
check "one topic that stands on another: its series need those" '
	topic upper both
	change upper high "Patch: 0001-high.patch"
	begin 7.2
	kpatch upper/0001-high "b: Go higher" "echo \"/* high */\" >> drivers/b/core.c"
	hw 0 --porcelain series upper
	same "$(series_field needs upper | sort | paste -sd,)" a,b
	out_has "topic upper depends on both"
'
check "a cut that does not apply by itself stands on the other part, and says why" '
	topic mixed
	change mixed base "Patch: 0001-base.patch"
	change mixed top "Patch: 0002-top.patch"
	begin 7.2
	kpatch mixed/0001-base "a: Lay a base" "echo \"/* base */\" >> include/x.h; for i in 1 2 3 4; do echo /\* a\$i \*/; done >> drivers/a/core.c"
	kpatch mixed/0002-top "b: Build on it" "sed -i s,base,top, include/x.h; for i in 1 2 3 4; do echo /\* b\$i \*/; done >> drivers/b/core.c"
	hw 0 --porcelain series mixed
	same "$(series_field needs b-2)" a-2
	out_has "mixed/top does not apply by itself: conflict in include/x.h"
'
check "parts that need each other are one series" '
	change mixed back "Patch: 0003-back.patch"
	begin 7.2
	git -C "$K" am -q "$TOPICS"/mixed/000[12]*.patch
	minute=2
	kpatch mixed/0003-back "a: Come back" "sed -i s,top,back, include/x.h; for i in 5 6 7 8; do echo /\* a\$i \*/; done >> drivers/a/core.c"
	hw 0 --porcelain series mixed
	same "$(grep -c "^series" out)" 1
	same "$(series_field commit mixed 5 | paste -sd,)" "a: Lay a base,b: Build on it,a: Come back"
'
check "a topic that is not for upstream stays at home, with the reason" '
	printf "Upstream: no it is a test bed\n" > "$TOPICS/mixed/series"
	hw 0 --porcelain series
	out_has "left	7.2	mixed/base	it is a test bed"
	same "$(cut -f 1,4 out | grep -c "^series	mixed")" 0
	printf "Upstream: yes\n" > "$TOPICS/mixed/series"
	hw 3 series
	err_has "topics/mixed/series:1: Upstream: expected \"no\" and the reason"
	printf "Entry: DRIVERS OF A\nColour: red\n" > "$TOPICS/mixed/series"
	hw 3 series
	err_has "topics/mixed/series:2: unknown field \"Colour\""
	rm "$TOPICS/mixed/series"
'
check "a series of a cut topic has its own title, cover and change-id if it is given" '
	cat > "$TOPICS/both/series" <<-END
		Entry: DRIVERS OF B
		Title: b: A title of its own
		Change-Id: 20261122-own-aaaaaaaaaaaa
		Cover:
		 A cover of its own.
	END
	hw 0 --porcelain series both
	same "$(series_field series b 8)" "b: A title of its own"
	same "$(series_field series b 6)" 20261122-own-aaaaaaaaaaaa
	same "$(series_field series a 8)" "The topic both"
	rm "$TOPICS/both/series"
'

part_text() {
	printf "Entry: DRIVERS OF A\nPart: fixes\nTitle: a: Small fixes\nCover:\n They stand alone.\n" > "$TOPICS/both/series"
}
check "a part of a topic is a series of its own, on the base, and the rest stands on it" '
	cp "$TOPICS/both/topic" saved
	hw 0 --porcelain series both
	cp out whole
	sed -i "/^Change: three/a Part: fixes" "$TOPICS/both/topic"
	hw 3 series both
	err_has "topics/both/series: no title and cover for part fixes of \"DRIVERS OF A\""
	part_text
	hw 0 --porcelain series both
	same "$(series_field commit a-fixes 5)" "a: Do three things"
	same "$(series_field commit a 5)" "a: Do one thing"
	same "$(series_field series a-fixes 8)" "a: Small fixes"
	same "$(series_field series a 8)" "The topic both"
	same "$(series_field needs a-fixes)" ""
	same "$(series_field needs a)" a-fixes
	same "$(series_field needs b)" a-fixes
	out_has "part fixes of its topic goes first"
	cut -f 2,6 out | grep 2026 | sort -u > ids
	same "$(wc -l < ids)" 3
	cut -f 2,6 whole | grep 2026 | sort | comm -23 - ids | wc -l | grep -x 0
	cp saved "$TOPICS/both/topic"
	rm "$TOPICS/both/series"
'
check "what is in a part applies by itself, or the part is refused, and the rest with it" '
	cp "$TOPICS/both/topic" saved
	cp "$TOPICS/both/0003-three.patch" three
	part_text
	begin 7.2
	git -C "$K" am -q "$TOPICS/both/0001-one.patch"
	kpatch both/0003-three "a: Do three things" "sed -i \"s/alpha_end(y + 1)/alpha_end(y + 3)/\" drivers/a/core.c"
	sed -i "/^Change: three/a Part: fixes" "$TOPICS/both/topic"
	hw 1 --porcelain series both
	same "$(series_field refused a-fixes)" "both/three does not apply by itself: conflict in drivers/a/core.c"
	same "$(series_field refused a)" "what it needs of topic both cannot be cut out"
	sed -i "s/^Part: fixes/Part: Two words/" "$TOPICS/both/topic"
	hw 3 series both
	err_has "Part: \"Two words\" is not a name"
	cp three "$TOPICS/both/0003-three.patch"
	cp saved "$TOPICS/both/topic"
	rm "$TOPICS/both/series"
'

# What 7.2 has, or does not need, is for stable.
topic fixes
change fixes backport "Patch: 0001-backport.patch" "State-7.2: upstream 0123456789abcdef0123456789abcdef01234567 (\"a: Fix it\")" "Check-7.2:" " drivers/a/core.c has beta_finish" "State-6.12: not-needed it came later" "Check-6.12:" " Makefile has PATCHLEVEL = 12"
change fixes only "Patch: 0002-only.patch" "State-7.2: not-needed the function is gone and what came in its place does not have the bug at all" "Check-7.2:" " drivers/a/core.c has beta_finish" "State-6.12: not-needed it came later" "Check-6.12:" " Makefile has PATCHLEVEL = 12"
begin 6.1
kpatch fixes/0001-backport "a: Fix it" "sed -i 's,core of a,& fixed,' drivers/a/core.c"
kpatch fixes/0002-only "b: Fix that" "echo '/* fixed */' >> drivers/b/core.c"

check "what an older base alone needs is one series for stable, whoever owns it" '
	hw 0 --porcelain series 6.1/fixes
	same "$(series_field series 6.1/fixes 3)" 6.1
	same "$(series_field commit 6.1/fixes 5 | paste -sd,)" "a: Fix it,b: Fix that"
	same "$(series_field to 6.1/fixes | paste -sd,)" "Sta Ble <sta@stable.example>,stable@vger.kernel.org"
	out_has "cc	6.1/fixes	Ann A <ann@a.example>"
	out_has "cc	6.1/fixes	Bob B <bob@b.example>"
'
check "each of its patches says where it comes from, and has the tag" '
	hw 1 series --check 6.1/fixes
	p=top/build/series/patches/6.1/fixes
	grep -x "\[ Upstream commit 0123456789abcdef0123456789abcdef01234567 \]" $p/0001-*
	sed -n "/^\$/,\$p" $p/0001-* | sed -n 2p | grep "^\[ Upstream"
	grep -x "Cc: stable@vger.kernel.org # 6.1.x" $p/0001-*
	tail -n +1 $p/0002-* | tr "\n" " " | grep "\[ For 6.1 alone: mainline does not need it: the function is gone and"
	cp "$TOPICS/fixes/topic" saved
	sed -i "/^Change: only/,\$ { /-6.12:/d; /PATCHLEVEL = 12/d }" "$TOPICS/fixes/topic"
	hw 1 series --check 6.1/fixes
	tail -n +1 $p/0002-* | tr "\n" " " | grep "\[ For 6.1 and 6.12 alone: mainline does not need it"
	cp saved "$TOPICS/fixes/topic"
	awk "/^---/ { exit } length > 75 && !/^From|^Subject/ { print; bad = 1 } END { exit bad }" $p/0002-*
	same "$(gate upstream-id)" pass
'
check "one that names no commit of mainline does not pass for stable" '
	cp "$TOPICS/fixes/topic" saved
	sed -i "s/upstream 0123456789abcdef0123456789abcdef01234567/upstream by v7.0/" "$TOPICS/fixes/topic"
	hw 1 series --check 6.1/fixes
	same "$(gate upstream-id)" FAIL
	out_has "names no commit of 40 digits for backport"
	sed -i "/^Change: backport/a Origin: upstream fedcba9876543210fedcba9876543210fedcba98" "$TOPICS/fixes/topic"
	hw 1 series --check 6.1/fixes
	same "$(gate upstream-id)" pass
	grep -x "\[ Upstream commit fedcba9876543210fedcba9876543210fedcba98 \]" top/build/series/patches/6.1/fixes/0001-*
	cp saved "$TOPICS/fixes/topic"
'
check "stable takes what the topic says is a fix that it wants, and no more than 100 lines" '
	cp "$TOPICS/fixes/topic" saved
	hw 1 series --check 6.1/fixes
	same "$(gate stable-rules)" FAIL
	out_has "2 of 2 patches: backport: the topic does not say whether it is for stable"
	sed -i "/^Change: /a Stable: yes" "$TOPICS/fixes/topic"
	hw 1 series --check 6.1/fixes
	same "$(gate stable-rules)" pass
	cp "$TOPICS/fixes/0002-only.patch" patch
	begin 6.1
	kpatch fixes/0002-only "b: Fix that" "seq 100 | sed s,.*,/\\*\&\\*/, >> drivers/b/core.c"
	hw 1 series --check 6.1/fixes
	same "$(gate stable-rules)" FAIL
	out_has "1 of 2 patches: only has 103 lines with context, 100 are the limit"
	cp patch "$TOPICS/fixes/0002-only.patch"
	sed -i "s/^Stable: yes/Stable: no nobody was bothered/" "$TOPICS/fixes/topic"
	hw 0 --porcelain series
	out_has "left	6.1	fixes/only	not for stable: nobody was bothered"
	! grep "^series	6.1/fixes" out
	cp saved "$TOPICS/fixes/topic"
'
check "what mainline did in another way needs a reason, not a commit" '
	sed -i "s/upstream 0123456789abcdef0123456789abcdef01234567/upstream by v7.0/; /^Change: /a Stable: yes" "$TOPICS/fixes/topic"
	sed -i "/^Change: backport/a Stable-6.1: equivalent mainline has rewritten it,\n and that is larger" "$TOPICS/fixes/topic"
	hw 1 series --check 6.1/fixes
	same "$(gate upstream-id)" pass
	same "$(gate stable-rules)" pass
	grep -x "\[ Not a backport: mainline has rewritten it, and that is larger \]" top/build/series/patches/6.1/fixes/0001-*
	sed -i "/^ and that is larger/d" "$TOPICS/fixes/topic"
	for bad in "" equivalent no "yes because" perhaps; do
		sed -i "s/^Stable-6.1: .*/Stable-6.1: $bad/" "$TOPICS/fixes/topic"
		hw 3 series
		err_has "Stable-6.1: expected \"yes\", \"equivalent REASON\" or \"no REASON\""
	done
	sed -i "s/^Stable-6.1: .*/Stable-: yes/" "$TOPICS/fixes/topic"
	hw 3 series
	err_has "wants the name of a base after the dash"
	cp saved "$TOPICS/fixes/topic"
'
check "a fix for mainline that stable wants says so, and stable is told" '
	cp "$TOPICS/both/topic" both
	sed -i "/^Change: three/a Stable: yes\nState-6.1: not-needed it is not there\nCheck-6.1:\n drivers/a/core.c lacks no_such_thing" "$TOPICS/both/topic"
	sed -i "/^Change: one/a Stable: no it is large" "$TOPICS/both/topic"
	hw 0 --porcelain series a
	out_has "cc	a	stable@vger.kernel.org"
	p=top/build/series/patches/a
	grep -x "Cc: stable@vger.kernel.org # 6.12.x" $p/0002-*
	! grep stable@vger $p/0001-*
	hw 0 --porcelain series b
	! grep stable@vger out
	cp both "$TOPICS/both/topic"
'
check "what mainline needs too is for stable when mainline has it; tests never are" '
	sed -i "/^Change: only/a KUnit: fixes_suite" "$TOPICS/fixes/topic"
	hw 0 --porcelain series
	out_has "left	6.1	both/two	mainline first, 7.2 needs it too"
	out_has "left	6.1	fixes/only	tests, stable takes fixes alone"
'
check "a newest base without MAINTAINERS is no base to make series for" '
	git -C "$K" checkout -q --detach 7.2
	git -C "$K" rm -q MAINTAINERS
	git -C "$K" -c user.name=x -c user.email=x@x commit -qm none && git -C "$K" tag -f 7.2 > /dev/null
	hw 0 import 7.2 --update
	hw 3 series
	err_has "the newest base has no MAINTAINERS"
'
finish
