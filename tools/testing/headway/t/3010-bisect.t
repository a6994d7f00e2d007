#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/bisect-topic.sh compiles each commit of each topic by itself. The kernel
# here is made up: to "compile" a folder is to look for words in its files, and
# each such folder is noted in the file "made".

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
cd "$W" || exit 1
g() { git -C "$W/k" "$@"; }
commit() { g add -f -A && g commit -q -m "$1"; }
branch() { g branch -q -f "6.1/topic/$1" HEAD; }
bisect() {
	local want=$1 got=0
	shift
	: > "$W/made"
	"$top/scripts/bisect-topic.sh" "$W/k" 6.1 "$W/work" "$@" >"$W/tap" 2>&1 || got=$?
	cat "$W/tap" "$W/made"
	[ $got = "$want" ]
}
made() { [ "$(grep -cx "$1" "$W/made")" = "$2" ]; }

git init -q -b main "$W/k"
mkdir -p "$W/k/drivers/a/sub" "$W/k/drivers/b" "$W/k/arch/um" "$W/k/include" "$W/k/Documentation"
cat >"$W/k/Makefile" <<END
allnoconfig:
	cp \$(KCONFIG_ALLCONFIG) \$(O)/.config
drivers/a/ drivers/b/ arch/um/:
	@echo "\$(ARCH) \$@" >>$W/made
	@! grep -rn BROKEN \$@ || { echo "\$@: error: broken"; exit 1; }
	@grep -rl NOISY \$@ | sed 's/\$\$/:1:1: warning: noisy/'
.PHONY: drivers/a/ drivers/b/ arch/um/
END
for d in drivers/a drivers/b arch/um; do
	echo 'obj-y += x.o' >"$W/k/$d/Makefile"
	echo '/* x */' >"$W/k/$d/x.c"
done
echo '/* NOISY */' >"$W/k/drivers/a/old.c"
echo '/* s */' >"$W/k/drivers/a/sub/s.c"
echo '/* h */' >"$W/k/include/h.h"
commit base
g branch 6.1/base
echo '/* 1 */' >>"$W/k/drivers/a/sub/s.c"
commit "a: one"
echo '/* um */' >>"$W/k/arch/um/x.c"
commit "um: two"
branch one
g checkout -q --detach 6.1/base
echo '/* 2 */' >>"$W/k/drivers/b/x.c"
commit "b: three"
echo '/* 2 */' >>"$W/k/include/h.h"
commit "h: four"
echo text >"$W/k/Documentation/text"
commit "doc: five"
branch two
g merge -q -m merge 6.1/topic/one
g branch 6.1/integration HEAD

check "each commit is a test for each architecture, merges are none" '
	bisect 0
	[ "$(grep -c "^ok" tap)" = 10 ]
	grep -q "^1..10$" tap
	grep -q "^ok .* - 6.1 arm64 [0-9a-f]* b: three$" tap
	! grep -q merge tap
'
check "a folder without a Makefile is compiled through the one above" '
	made "um drivers/a/" 1; made "arm64 drivers/a/" 1
'
check "code of another architecture is left out" '
	made "um arch/um/" 1; made "arm64 arch/um/" 0
'
check "a header compiles every folder that the branch touches" '
	made "um drivers/b/" 2
'
check "a warning that was there before is nothing" '
	made "um drivers/a/" 1
	! grep -q "^not ok" tap
'
check "one architecture alone" '
	bisect 0 um
	grep -q "^1..5$" tap
	! grep -q arm64 made
'
g checkout -q --detach 6.1/topic/two
echo '/* BROKEN */' >>"$W/k/drivers/b/x.c"
commit "b: breaks"
sed -i '/BROKEN/d' "$W/k/drivers/b/x.c"
commit "b: mends"
echo '/* NOISY */' >>"$W/k/drivers/b/x.c"
commit "b: warns"
sed -i '/NOISY/d' "$W/k/drivers/b/x.c"
commit "b: is quiet"
branch two
g merge -q -m merge 6.1/topic/one
g branch -f 6.1/integration HEAD

check "a commit in the middle that does not compile fails, alone" '
	bisect 1 um
	grep -q "^not ok .* b: breaks$" tap
	grep -q "drivers/b/: error: broken" tap
	grep -q "^ok .* b: mends$" tap
'
check "so does one that brings a warning" '
	grep -q "^not ok .* b: warns$" tap
	grep -q "^ok .* b: is quiet$" tap
	[ "$(grep -c "^not ok" tap)" = 2 ]
'
check "a base without topics is no success" '
	g branch -f 6.1/integration 6.1/base
	bisect 1
'
finish
