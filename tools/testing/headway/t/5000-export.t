#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway export writes the changes in the form that a tree downstream asks for:
# the same tree comes out of each, the tags say where a change comes from, and the
# output depends on nothing but the topics and who exports.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 7.2

C=0123456789abcdef0123456789abcdef01234567
topic one
change one own "Patch: 0001-own.patch"
change one up "Patch: 0002-up.patch" "Origin: upstream $C"
change one back "Patch: 0003-back.patch" "Origin: upstream $C" "Adapted-6.1: beta has no second argument here"
change one tree "Patch: 0004-tree.patch" "Origin: git $C https://git.example.org/a.git for-next"
topic two one
change two list "Patch: 0001-list.patch" "Files: drivers/a/new.c" "Origin: list https://lore.example.org/r/1@x"
change two no "Patch: 0002-no.patch" "Origin: refused https://lore.example.org/r/2@x machines without the unit need it"
begin 6.1
patch one/0001-own "a: alpha counts from two" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-up "b: four counts from two" "sed -i '/^int four/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch one/6.1/0003-back "a: beta ends later" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
patch one/0004-tree "b: three counts from two" "sed -i '/^int three/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch two/0001-list "b: two counts from two" "sed -i '/^int two/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch two/0002-no "b: one counts from two" "sed -i '/^int one/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
begin 7.2
patch one/0003-back "a: beta ends later" "sed -i 's/beta_finish(y, 0)/beta_finish(y, 1)/' drivers/a/core.c"
mkdir -p "$W/top/drivers/a"
echo 'int new;' > "$W/top/drivers/a/new.c"
# A message that has trailers already.
sed -i 's/^Why: b: four counts from two\.$/&\n\nFixes: 0123456789ab ("b: Add four")\nSigned-off-by: Somebody Else <else@example.org>/
	s/^From: Headway.*/From: Somebody Else <else@example.org>/' "$TOPICS/one/0002-up.patch"
"$HEADWAY" -q build || exit 1

subject() { sed -n 's/^Subject: \[PATCH\] //p' "$1"; }
# taken DIR: the tree that git am makes of the patches in DIR on the base
taken() {
	rm -rf am && git clone -q --no-checkout "$REPO" am && git -C am checkout -q "origin/${2-6.1}/base" &&
		git -C am am -q "$W/$1"/*.patch && git -C am rev-parse "HEAD^{tree}"
}

check "plain: git am makes the tree of the integration branch of it" '
	hw 0 export --for plain 6.1 -o plain
	out_has "6 patches in plain"
	same "$(taken plain)" "$(tree 6.1/integration)"
	ls plain/*.patch | sed "s,.*/,," | same_file plain/series -
	grep -q "^From: Headway <headway@localhost>" plain/0001-one-own.patch
	same "$(subject plain/0001-one-own.patch)" "a: alpha counts from two"
'
check "plain needs no name; the others refuse without one, with a hint" '
	unset GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL
	hw 0 export --for plain 6.1 -o plain-2
	diff -r plain plain-2
	for form in android chromeos debian; do
		hw 2 export --for $form 6.1 --bug 1 -o none
		err_has "git does not know your user.name"
		err_has "git config --global user.name"
	done
	export GIT_COMMITTER_NAME=Dev
	hw 2 export --for android 6.1 --bug 1 -o none
	err_has "git does not know your user.email"
	[ ! -e none ]
'
check "debian: quilt makes the tree of the integration branch of it" '
	command -v quilt > /dev/null
	hw 0 export --for debian 6.1 --bug 100 -o deb
	rm -rf am; git clone -q --no-checkout "$REPO" am; cd am; git checkout -q origin/6.1/base
	cp -r ../deb/debian .
	QUILT_PATCHES=debian/patches quilt push -aq --fuzz=0
	rm -rf .pc debian; git add -f -A .
	same "$(git write-tree)" "$(tree 6.1/integration)"
'
check "debian: the headers say description, author, origin, and day" '
	f=deb/debian/patches/headway/0001-one-own.patch
	{
		printf "Description: a: alpha counts from two\n Why: a: alpha counts from two.\n"
		printf "Author: Dev <dev@localhost>\nOrigin: other, Headway topic one, change own\nForwarded: no\n"
		printf "Bug-Debian: https://bugs.debian.org/100\nLast-Update: 2026-11-22\n"
	} > want
	sed "/^---/,\$d" $f | same_file want -
	grep -q "^Origin: backport, commit:$C" deb/debian/patches/headway/0003-one-back.patch
	grep -q "^ beta has no second argument here" deb/debian/patches/headway/0003-one-back.patch
	grep -q "^Origin: upstream, commit:$C" deb/debian/patches/headway/0002-one-up.patch
	grep -q "^Author: Somebody Else <else@example.org>" deb/debian/patches/headway/0002-one-up.patch
	grep -q "^Origin: upstream, https://git.example.org/a.git branch for-next commit:$C" deb/debian/patches/headway/0004-one-tree.patch
	grep -q "^Forwarded: https://lore.example.org/r/1@x" deb/debian/patches/headway/0005-two-list.patch
'
check "debian makes no branch" '
	hw 2 export --for debian 6.1 --branch deb
	err_has "--for debian makes debian/patches"
'
check "android: each tag by the origin, with its lines in their order" '
	hw 0 export --for android 6.1 --bug 77 -o android
	same "$(taken android)" "$(tree 6.1/integration)"
	same "$(subject android/0001-one-own.patch)" "ANDROID: a: alpha counts from two"
	same "$(subject android/0002-one-up.patch)" "UPSTREAM: b: four counts from two"
	same "$(subject android/0003-one-back.patch)" "BACKPORT: a: beta ends later"
	same "$(subject android/0004-one-tree.patch)" "FROMGIT: b: three counts from two"
	same "$(subject android/0005-two-list.patch)" "FROMLIST: b: two counts from two"
	same "$(subject android/0006-two-no.patch)" "ANDROID: b: one counts from two"
	sed -n "/^Why/,/^---/p" android/0002-one-up.patch | grep -v "^Change-Id: I[0-9a-f]\{40\}$" > got
	{
		printf "Why: b: four counts from two.\n\nFixes: 0123456789ab (\"b: Add four\")\n"
		printf "Signed-off-by: Somebody Else <else@example.org>\n(cherry picked from commit $C)\n"
		printf "Bug: 77\nSigned-off-by: Dev <dev@localhost>\n%s\n" ---
	} | same_file - got
	grep -A1 "^(cherry picked from commit $C)" android/0003-one-back.patch |
		grep -qx "\[Dev: beta has no second argument here\]"
	grep -qx "(cherry picked from commit $C https://git.example.org/a.git for-next)" android/0004-one-tree.patch
	grep -qx "Link: https://lore.example.org/r/1@x" android/0005-two-list.patch
'
check "android wants a bug for what is not upstream" '
	hw 2 export --for android 6.1 -o none
	err_has "one/own: Android wants a Bug:"
	err_has "--bug NUMBER"
	hw 2 export --for android 6.1 --bug X -o none
	err_has "--bug X: expected a number"
	[ ! -e none ]
'
check "chromeos: the same, with BUG= and TEST=, and says that nothing was tested" '
	hw 0 export --for chromeos 6.1 -o cros
	same "$(taken cros)" "$(tree 6.1/integration)"
	same "$(subject cros/0001-one-own.patch)" "CHROMIUM: a: alpha counts from two"
	same "$(subject cros/0006-two-no.patch)" "CHROMIUM: FROMLIST: b: one counts from two"
	grep -qx "(am from https://lore.example.org/r/1@x)" cros/0005-two-list.patch
	grep -qx "\[Dev: refused upstream; here because machines without the unit need it\]" cros/0006-two-no.patch
	grep -qx "BUG=None" cros/0001-one-own.patch
	grep -q "^TEST=KUnit and lockdep: not run, there is no report for 6.1" cros/0001-one-own.patch
	hw 0 export --for chromeos 6.1 --bug 5 -o cros-2
	grep -qx "BUG=b:5" cros-2/0001-one-own.patch
'
# state TREE: of a kernel built from that and nothing else, as tree-state.sh has it
state() { printf '%s\n%s  -\n' "$(tree "$1")" e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855; }
check "chromeos: TEST= has the last report of this very tree, and of no other" '
	B=$W/top/build
	mkdir -p $B/report/6.1 $B/kernel/6.1 $B/report/lab-6.1/a506 $B/lab/6.1
	state 6.1/integration > $B/kernel/6.1/state
	state 6.1/integration > $B/lab/6.1/state
	echo "7 of 7 checks passed, no splat" > $B/report/6.1/verdict
	echo "19 of 19 checks passed, no splat" > $B/report/lab-6.1/a506/verdict
	hw 0 export --for chromeos 6.1 -o cros-3
	text=$(sed -n "/^TEST=/,/^$/p" cros-3/0001-one-own.patch | tr -s " \n" " ")
	same "$text" "TEST=KUnit and lockdep under User Mode Linux: 7 of 7 checks passed, no splat; lab, virtual Adreno a506: 19 of 19 checks passed, no splat "
	state 6.1/base > $B/kernel/6.1/state
	state 6.1/base > $B/lab/6.1/state
	hw 0 export --for chromeos 6.1 -o cros-4
	tr -s " \n" " " < cros-4/0001-one-own.patch > text
	grep -q "not run on this, the last report for 6.1 is of another tree; lab: not run on this" text
	! grep -q "checks passed" text
'
check "the same bytes from another place, at another time, in another locale" '
	mkdir elsewhere
	for form in plain android chromeos debian; do
		(cd elsewhere && HEADWAY_BUILD=$W/top/build TZ=Asia/Tokyo LC_ALL=C hw 0 export --for $form 6.1 --bug 9 -o $form)
		hw 0 export --for $form 6.1 --bug 9 -o again/$form
	done
	diff -r elsewhere again
'
check "a Change-Id stays when the patch changes, and is no other change'\''s" '
	grep -h "^Change-Id" android/*.patch | sort -u > ids
	same "$(wc -l < ids)" 6
	sed -i "s/^Why: a: alpha.*/Why: a better reason./" "$TOPICS/one/0001-own.patch"
	hw 0 export --for android 6.1 --bug 77 -o android-2
	! diff -q android/0001-one-own.patch android-2/0001-one-own.patch
	grep -h "^Change-Id" android-2/*.patch | sort -u | same_file ids -
	sed -i "s/^Why: a better.*/Why: a: alpha counts from two./" "$TOPICS/one/0001-own.patch"
'
check "a branch of the fork has what the patches have" '
	refs > before
	hw 0 export --for android 6.1 --bug 77 --branch vendor/android
	out_has "branch vendor/android in $REPO:"
	same "$(tree vendor/android)" "$(tree 6.1/integration)"
	same "$(repo log -1 --format="%an <%ae>|%cn|%cd" --date=iso vendor/android~5)" \
		"Dev <dev@localhost>|Dev|2026-11-22 12:00:00 +0000"
	same "$(repo rev-list --count 6.1/base..vendor/android)" 6
	repo format-patch -N --zero-commit --no-signature --stdout 6.1/base..vendor/android |
		grep "^Subject\|^Change-Id\|^Bug" > got
	cat android/*.patch | grep "^Subject\|^Change-Id\|^Bug" | same_file - got
	refs | grep -v vendor/android | same_file before -
	hw 2 export --for android 6.1 --bug 77 --branch vendor/android
	err_has "has a branch vendor/android already"
	hw 2 export --for android 6.1 --bug 77 --branch 6.1/topic/mine
	err_has "the branches below 6.1 are headway'\''s own"
'
check "one topic can be named; it brings what it depends on" '
	hw 0 export --for plain 6.1 -o part one
	same "$(ls part | wc -l)" 5
	hw 2 export --for plain 6.1 -o part-2 nothing
	err_has "there is no topic \"nothing\""
'
check "a form of Android'\''s own is taken for Android alone" '
	mkdir "$TOPICS/one/6.1-android"
	sed "s/+= 2/+= 3/" "$TOPICS/one/0001-own.patch" > "$TOPICS/one/6.1-android/0001-own.patch"
	hw 0 export --for android 6.1 --bug 77 -o varied
	grep -q "^+.*+= 3" varied/0001-one-own.patch
	hw 0 export --for plain 6.1 -o not-varied
	grep -q "^+.*+= 2" not-varied/0001-one-own.patch
	rm -r "$TOPICS/one/6.1-android"
'
check "what a backport changes must be said" '
	sed -i "/^Adapted-6.1/d" "$TOPICS/one/topic"
	hw 3 export --for android 6.1 --bug 1 -o none
	err_has "say in Adapted-6.1 what that changes"
	[ ! -e none ]
'
check "a change that fails stops it, and nothing is written" '
	sed -i "s/+= 1/+= 7/" "$TOPICS/two/0001-list.patch"
	hw 1 export --for plain 6.1 -o none
	err_has "topic two: change list fails"
	[ ! -e none ]
	sed -i "s/+= 7/+= 1/" "$TOPICS/two/0001-list.patch"
'
check "a patch that breaks a rule is not written" '
	sed -i "s/^Why: b: two.*//" "$TOPICS/two/0001-list.patch"
	hw 1 export --for plain 6.1 -o none
	out_has "0005-two-list.patch: mail-body: "
	err_has "nothing was written: the patches break 1 of the rules for plain"
	[ ! -e none ]
'
check "a folder with something in it is not touched; bad words are refused" '
	mkdir full; : > full/x
	hw 2 export --for plain 6.1 -o full
	err_has "full is not empty"
	hw 2 export --for gentoo 6.1 -o none
	err_has "expected android, chromeos, debian or plain"
	hw 2 export --for plain
	hw 2 export 6.1
	hw 2 export --for plain 6.1 -o a --branch b
	hw 3 export --for plain 5.4 -o none
	err_has "base 5.4 is not imported"
'
check "an origin that makes no sense is refused with file and line" '
	sed -i "s,^Origin: list.*,Origin: list nowhere," "$TOPICS/two/topic"
	hw 3 export --for plain 6.1 -o none
	err_has "two/topic:11: Origin: \"list nowhere\" is none that is known"
	err_has "list LINK"
'
finish
