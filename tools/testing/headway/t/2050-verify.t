#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway verify builds everything a second time in another place and compares every
# id. And in fact: the ids depend on base and topics alone.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 6.12 7.2
topic one
change one alpha "Patch: 0001-alpha.patch" "Files: Documentation/a.rst drivers/a/test.c"
change one beta "Patch: 0002-beta.patch"
topic two
change two gamma "Patch: 0001-gamma.patch"
begin 6.1
patch one/0001-alpha "a: alpha counts from İki, ı and ß" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-beta "a: delta ends later" "sed -i '/^int delta/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch two/0001-gamma "a: gamma counts from two" "sed -i '/^int gamma/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
mkdir -p "$W/top/Documentation" "$W/top/drivers/a"
echo text > "$W/top/Documentation/a.rst"
echo 'int test;' > "$W/top/drivers/a/test.c"
"$HEADWAY" -q build || exit 1

check "what was built is found to be identical" '
	hw 0 verify
	out_has "identical  $(id 6.1/topic/one | cut -c-12)  6.1/topic/one"
	out_has "identical: 12 branches of 3 bases"
	hw 0 verify 6.1
	out_has "identical: 4 branches of 1 bases"
'
check "a subject beyond ASCII is the one that the patch has" '
	grep -q "^Subject: .*=?UTF-8?" "$TOPICS/one/0001-alpha.patch"
	same "$(repo log -1 --format=%s 6.1/topic/one~1)" "a: alpha counts from İki, ı and ß"
'
check "it leaves nothing behind and moves nothing" '
	refs > before
	mkdir tmp
	TMPDIR=$W/tmp hw 0 verify
	same "$(ls -A tmp)" ""
	refs | diff before -
'
check "branches that --without made do not disturb it" '
	hw 0 build --without one/beta 6.1
	hw 0 verify
	repo update-ref -d refs/heads/6.1/without/one/beta
'
check "a branch that is not what the topics make is found" '
	good=$(id 6.1/topic/two)
	repo update-ref refs/heads/6.1/topic/two "$(id 6.1/topic/one)"
	hw 1 verify
	err_has "6.1/topic/two differs: $(id 6.1/topic/one) here, $good built again"
	err_has "1 of 12 branches differ"
	err_has "hint: if the topics were edited since the last headway build"
	repo update-ref refs/heads/6.1/topic/two "$good"
	repo update-ref -d refs/heads/6.12/integration
	hw 1 verify 6.12
	err_has "6.12/integration differs: nothing here"
	hw 0 build --discard
	hw 0 verify
'
check "an edited topic is found" '
	sed -i "s/+	y += 2/+	y += 3/" "$TOPICS/two/0001-gamma.patch"
	hw 1 verify
	err_has "6.1/topic/two differs"
	err_has "7.2/integration differs"
	hw 0 build
	hw 0 verify
'

# build_as VARIABLE=VALUE...: the same from copies of topics and bases, elsewhere
build_as() {
	rm -rf "$W/again" && mkdir -p "$W/again"
	# In another order: tar lists the names backwards.
	(cd "$W/top" && find topics bases Documentation drivers -type f | sort -r |
		tar -c -T - | tar -x -C "$W/again")
	git init -q --bare "$W/again.git"
	echo "$REPO/objects" > "$W/again.git/objects/info/alternates"
	repo for-each-ref --format='update %(refname) %(objectname)' 'refs/heads/*/base' |
		git -C "$W/again.git" update-ref --stdin
	env HEADWAY_TOP="$W/again" HEADWAY_REPO="$W/again.git" "$@" "$HEADWAY" -q build
	git -C "$W/again.git" for-each-ref > "$W/again.refs"
	rm -rf "$W/again.git"
	refs | diff - "$W/again.refs"
}
check "the time zone and the clock do not matter" '
	build_as TZ=Pacific/Kiritimati
	build_as TZ=America/St_Johns
	if command -v faketime; then build_as faketime "2001-01-01 00:00:00"; fi
'
check "the locale does not matter" '
	build_as LC_ALL=C
	build_as LC_ALL=POSIX LANG=tr_TR.UTF-8
'
check "who runs it does not matter" '
	build_as USER=somebody HOME=/nonexistent GIT_AUTHOR_NAME=x GIT_COMMITTER_NAME=y \
		GIT_AUTHOR_DATE=2001-01-01T00:00:00 GIT_COMMITTER_DATE=2001-01-01T00:00:00
	printf "[user]\n\tname = other\n[core]\n\tautocrlf = true\n[commit]\n\tgpgsign = true\n" > gitconfig
	build_as GIT_CONFIG_GLOBAL="$W/gitconfig" XDG_CONFIG_HOME="$W"
	mkdir home; cp gitconfig home/.gitconfig
	build_as env -u GIT_CONFIG_GLOBAL HOME="$W/home"
'
check "the umask and the modes of the files do not matter" '
	chmod 600 "$TOPICS"/one/*.patch
	chmod 755 top/drivers/a/test.c
	umask 077
	build_as A=1
	umask 022
	hw 0 verify
'
check "the working directory does not matter" '
	cd "$TOPICS/one"
	unset HEADWAY_TOP
	refs > "$W/before"
	hw 0 build
	refs | diff "$W/before" -
	cd /
	hw 2 build
	err_has "not in a checkout of Headway: no topics/order here or above"
	err_has "hint: change to the checkout, or name it: HEADWAY_TOP=DIR"
'
finish
