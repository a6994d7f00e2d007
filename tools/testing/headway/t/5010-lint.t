#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway lint: what export writes keeps every rule, and each rule finds the input
# that breaks it, and only that rule.

DOC=$(cd "$(dirname "$0")/../../../../Documentation/headway" && pwd)
. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1

C=0123456789abcdef0123456789abcdef01234567
topic one
change one own "Patch: 0001-own.patch"
change one up "Patch: 0002-up.patch" "Origin: upstream $C"
change one back "Patch: 0003-back.patch" "Origin: upstream $C" "Adapted-6.1: no second argument here"
change one tree "Patch: 0004-tree.patch" "Origin: git $C https://git.example.org/a.git for-next"
change one list "Patch: 0005-list.patch" "Origin: list https://lore.example.org/r/1@x"
change one no "Patch: 0006-no.patch" "Origin: refused https://lore.example.org/r/2@x machines need it"
begin 6.1
patch one/0001-own "a: alpha counts" "sed -i '/^int alpha/,/^}/s/+= 1/+= 2/' drivers/a/core.c"
patch one/0002-up "b: four counts" "sed -i '/^int four/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch one/6.1/0003-back "a: beta ends" "sed -i 's/beta_end(y)/beta_end(y + 1)/' drivers/a/core.c"
patch one/0004-tree "b: three counts" "sed -i '/^int three/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch one/0005-list "b: two counts" "sed -i '/^int two/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
patch one/0006-no "b: one counts" "sed -i '/^int one/,/^}/s/+= 1/+= 2/' drivers/b/core.c"
for form in plain android chromeos debian; do
	"$HEADWAY" -q export --for $form 6.1 --bug 7 -o "$W/$form" || exit 1
	check "$form: what export writes breaks no rule" '
		hw 0 lint --for '$form' '$form'
		out_has "nothing found"
	'
done
: > tried

# breaks RULE FORM FILE EDIT: the sed script EDIT of FILE (a pattern) is found by
# RULE and by no other
breaks() {
	echo "$1" >> tried
	printf '%s\n' "$4" > edit
	check "$1 ($2): $4" '
		rm -rf bad; cp -r '"$2"' bad
		sed -i -E -f edit bad/'"$3"'
		! diff -rq '"$2"' bad
		hw 1 --porcelain lint --for '"$2"' bad
		same "$(cut -f2 out | sort -u)" '"$1"'
	'
}
breaks mail-form plain '0001*' '/^diff/,$d'
breaks mail-form plain '0001*' 's/^Date:.*/Date: today/'
breaks mail-body plain '0001*' 's/^Why:.*/Signed-off-by: A B <a@b.example>/'
breaks mail-body chromeos '0001*' '/^Why:/d'
breaks series-file plain series '$d'
breaks series-file plain series '1p'
breaks series-file plain series '1s/^/9/'
breaks series-file debian debian/patches/series '2d'
breaks plain-lines plain '0001*' 's/^Why:.*/&\n\nChange-Id: I0123/'
breaks plain-lines plain '0001*' 's/^Why:.*/&\n\nBUG=None/'
breaks plain-lines plain '0001*' 's/^Why:.*/&\n\nTEST=none/'
breaks plain-lines plain '0001*' 's/^Why:.*/&\n\n(am from https:\/\/x.example)/'
breaks plain-lines plain '0001*' 's/PATCH\] /&UPSTREAM: /'
breaks tag-known android '0001*' 's/ANDROID: //'
breaks tag-known android '0001*' 's/ANDROID: /CHROMIUM: /'
breaks tag-known chromeos '0001*' 's/CHROMIUM: /ANDROID: /'
breaks tag-known android '0002*' 's/UPSTREAM: /UPSTREAM: BACKPORT: UPSTREAM: /;s/^Bug:/[x: y]\n&/'
breaks tag-origin android '0002*' 's/UPSTREAM: /ANDROID: /'
breaks tag-origin android '0004*' 's/FROMGIT: /UPSTREAM: /'
breaks tag-origin chromeos '0005*' 's/FROMLIST: /CHROMIUM: /'
breaks pick-commit android '0002*' '/^.cherry picked/d'
breaks pick-commit android '0002*' 's/(picked from commit .{12})[0-9a-f]*/\1/'
breaks pick-git android '0004*' 's/(picked from commit [0-9a-f]*) .*/\1)/'
breaks pick-git android '0004*' 's,git.example.org/a.git for-next,git.example.org/linux-next.git master,'
breaks backport-note android '0003*' '/^.Dev: /d'
breaks backport-note chromeos '0003*' '/^.Dev: /d'
breaks sign-last android '0001*' 's/^Signed-off-by.*/&\nTested-by: A B <a@b.example>/'
breaks sign-author android '0001*' 's/^From: Dev.*/From: A B <a@b.example>/'
breaks sign-real android '0001*' 's/dev@localhost/headway@localhost/'
breaks change-id android '0001*' '/^Change-Id/d'
breaks change-id android '0001*' 's/^Change-Id: I..../Change-Id: I/'
breaks change-id chromeos '0001*' 's/^Change-Id:.*/&\n&/'
breaks change-id-once android '0001* bad/0002*' "s/^Change-Id:.*/Change-Id: I$C/"
breaks android-why android '0001*' '/^Bug:/d'
breaks android-list android '0005*' '/^Bug:/d'
breaks android-list android '0005*' '/^Link:/d'
breaks android-foreign android '0001*' 's/^Why:.*/&\nTEST=none/'
breaks chromeos-bug chromeos '0001*' '/^BUG=/d'
breaks chromeos-bug chromeos '0001*' 's/^BUG=.*/BUG=/'
breaks chromeos-test chromeos '0001*' 's/^TEST=.*/TEST=/'
breaks chromeos-list chromeos '0005*' '/^.am from/d'
breaks chromeos-refused chromeos '0006*' '/^.Dev: /d'
breaks chromeos-order chromeos '0001*' '/^Change-Id/d;s/^BUG=/Change-Id: I'$C'\n&/'
breaks dep3-description debian 'debian/patches/headway/0001*' '/^Description/d'
breaks dep3-author debian 'debian/patches/headway/0001*' 's/^Author: .*/Author: Dev/'
breaks dep3-origin debian 'debian/patches/headway/0001*' 's/^Origin: .*/Origin: somewhere, else/'
breaks dep3-origin debian 'debian/patches/headway/0001*' 's/^Origin: .*/Origin: upstream/'
breaks dep3-forwarded debian 'debian/patches/headway/0001*' 's/^Forwarded: .*/Forwarded: maybe/'
breaks dep3-forwarded debian 'debian/patches/headway/0001*' '/^Forwarded/d'
breaks dep3-date debian 'debian/patches/headway/0001*' 's/^Last-Update: .*/Last-Update: 2026-02-30/'
breaks dep3-bug debian 'debian/patches/headway/0001*' 's/^Bug-Debian: .*/Bug-Debian: 7/'
breaks dep3-patch debian 'debian/patches/headway/0001*' '/^diff/,$d'
breaks dep3-patch debian 'debian/patches/headway/0001*' 's,^--- a/,--- ,'
echo series-number >> tried
check "series-number (plain): a number is left out" '
	rm -rf bad; cp -r android bad
	mv bad/0002-one-up.patch bad/0009-one-up.patch
	hw 1 --porcelain lint --for android bad
	same "$(cut -f2 out | sort -u)" series-number
'
check "every rule has a case here, and every case a rule" '
	hw 0 lint --rules
	cut -f1 out | sort > rules
	sort -u tried | same_file rules -
'
check "every rule is in downstream.rst with its source, and no other" '
	sed -n "s/^\*\*\([a-z0-9-]*\)\*\* (\([a-z, ]*\)) \[.*\]_.*/\1 \2/p" "$DOC/downstream.rst" | tr -d , | sort > said
	hw 0 lint --rules
	cut -f1,2 out | tr "\t," "  " | sort | same_file said -
'
check "what cannot be read, and what makes no sense" '
	mkdir empty
	hw 3 lint --for plain empty
	err_has "there is nothing to check"
	hw 3 lint --for plain none
	hw 2 lint --for plain
	hw 2 lint plain
	hw 2 lint --for nobody plain
	hw 2 lint --rules plain
'
check "lintian finds nothing wrong with the patches, but that our own went nowhere yet" '
	command -v lintian dpkg-source > /dev/null || { echo "lintian is missing"; exit 1; }
	mkdir pkg; cd pkg
	git -C "$K" archive --prefix=toy-1.0/ 6.1 | tar -x
	tar -cJf toy_1.0.orig.tar.xz toy-1.0
	cp -r ../debian/debian toy-1.0/; cd toy-1.0
	mkdir debian/source; echo "3.0 (quilt)" > debian/source/format
	printf "toy (1.0-1) unstable; urgency=low\n\n  * First.\n\n -- Dev <dev@example.org>  Sun, 22 Nov 2026 12:00:00 +0000\n" > debian/changelog
	printf "Source: toy\nMaintainer: Dev <dev@example.org>\nStandards-Version: 4.6.2\n\nPackage: toy\nArchitecture: all\nDescription: toy\n Toy.\n" > debian/control
	cd ..; dpkg-source -b toy-1.0
	lintian --fail-on none --display-info --pedantic toy_1.0-1.dsc > log 2>&1
	cat log
	grep -q "I: toy source: patch-not-forwarded-upstream .*/0001-one-own.patch" log
	! grep -v patch-not-forwarded-upstream log | grep -E ": (quilt|patch|dep3|invalid)"
'
finish
