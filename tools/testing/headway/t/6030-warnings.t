#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The comparison of warnings, by logs as compilers write them; and the way around
# it, with a made-up kernel in which to "compile" a file is to print the lines of it
# that begin with WARN.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
unset LLVM
cd "$W" || exit 1
# new CODE: what warnings-new.sh says of the files before and after, in new
new() {
	local want=$1 got=0
	"$top/scripts/warnings-new.sh" /t before after >new 2>err || got=$?
	cat new err
	[ $got = "$want" ]
}
gcc="/t/drivers/a.c:10:5: warning: unused variable 'x' [-Wunused-variable]"
sparse="/t/drivers/a.c:12:9: warning: context imbalance in 'f' - wrong count at exit"

check "the same warning in another line is not new" '
	printf "%s\n" "$gcc" "$sparse" >before
	printf "%s\n" "$sparse" "$gcc" | sed "s/:1/:23/" >after
	new 0; [ ! -s new ]
'
check "another text, and another file, are" '
	{ cat before; echo "/t/drivers/a.c:10:5: warning: unused variable '"'y'"' [-Wunused-variable]"
	echo "/t/drivers/b.c:10:5: warning: unused variable '"'x'"' [-Wunused-variable]"; } >after
	new 1
	[ "$(wc -l <new)" = 2 ]
	grep -q "a.c:10:5:.*y" new; grep -q "b.c:10:5:.*x" new
'
check "a second one of the same text in a source is new" '
	{ cat before; echo "$gcc" | sed s/:10:/:20:/; } >after
	new 1
	[ "$(cat new)" = "$(echo "$gcc" | sed s/:10:/:20:/)" ]
'
check "in a header it is not: more files include it" '
	echo "/t/include/h.h:3:1: warning: old" >before
	printf "/t/include/h.h:%s:1: warning: old\n" 3 4 5 >after
	new 0
'
check "a new one in a header is said once" '
	printf "/t/include/h.h:%s:1: warning: new\n" 3 3 4 >>after
	new 1
	[ "$(wc -l <new)" = 1 ]
'
check "sizes, offsets and lines in the text do not count" '
	printf "%s\n" "a.c:1:1: warning: the frame size of 2064 bytes is larger than 2048 bytes" \
		"a.o: warning: objtool: f()+0x1c: unreachable" \
		"a.c:9:1: warning: see /t/a.c:9:2" >before
	printf "%s\n" "a.c:7:1: warning: the frame size of 2080 bytes is larger than 2048 bytes" \
		"a.o: warning: objtool: f()+0x2c: unreachable" \
		"a.c:9:1: warning: see /t/a.c:19:2" >after
	new 0
'
check "a path with the tree before it and without is the same" '
	echo "/t/drivers/a.c:1:2: warning: w" >before
	echo "drivers/a.c:3:4: warning: w" >after
	new 0
'
check "errors of sparse count as well; a warning is no error" '
	echo "a.c:1:2: warning: bad" >before
	echo "a.c:1:2: error: bad" >after
	new 1
'
check "a kernel-doc warning has no column" '
	: >before
	echo "drivers/a.c:12: warning: Function parameter or member z not described" >after
	new 1
'
check "notes, steps and what surrounds a warning do not count" '
	printf "%s\n" "  CC      drivers/a.o" "a.c:1:2: note: in expansion of macro X" \
		"   10 |         int x;" "In file included from a.c:3:" >after
	new 0
'
check "a log that is not there is an error" 'rm after; new 3; grep -q "cannot read after" err'

# The made-up kernel.
mkdir -p "$W/k/drivers/a" "$W/k/scripts/kconfig" "$W/k/arch/um"
cat >"$W/k/Makefile" <<'END'
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
prepare:
drivers/a/off.o:
	@echo "make[1]: *** No rule to make target '$@'."; exit 1
%.o:
	@mkdir -p $(O)/$(dir $@)
	@[ "$(W)" = 1 -a "$(C)" = 1 ] || exit 1
	@grep -n '^BROKEN' $(basename $@).c && { echo "$(basename $@).c:1: error: broken"; exit 1; } || :
	@awk -v f=$(CURDIR)/$(basename $@).c '/^WARN/ { sub(/^WARN /, ""); print f ":" FNR ":1: warning: " $$0 } \
		/^HEAD/ { print "$(CURDIR)/include/h.h:1:1: warning: " $$2 }' $(basename $@).c
	@echo >$(O)/$@
.PHONY: prepare allnoconfig
END
g() { git -C "$W/k" "$@"; }
commit() { g add -f -A && g commit -q -m "$1"; }
git init -q -b main "$W/k"
printf 'WARN old\n' >"$W/k/drivers/a/a.c"
printf 'WARN old\n' >"$W/k/drivers/a/b.c"
printf 'fine\n' >"$W/k/drivers/a/off.c"
commit base
g branch 6.1/base
printf 'more\nWARN old\n' >"$W/k/drivers/a/a.c"
printf 'new file\n' >"$W/k/drivers/a/new.c"
printf 'changed\n' >"$W/k/drivers/a/off.c"
commit topics
g branch 6.1/integration
warnings() {
	local want=$1 got=0
	shift
	"$top/scripts/warnings.sh" "$W/k" 6.1 um "$W/work" >"$W/tap" 2>&1 || got=$?
	cat "$W/tap"
	[ $got = "$want" ]
}
again() { commit more && g branch -f 6.1/integration HEAD; }

check "no new warning: each changed source is a test, no other" '
	warnings 0
	grep -q "^ok 1 - 6.1 um drivers/a/a.c$" tap
	grep -q "^ok 2 - 6.1 um drivers/a/new.c$" tap
	! grep -q "b\.c" tap
	grep -q "^1..4$" tap
'
check "what the configuration has not is a skip" '
	grep -q "^ok 3 - 6.1 um drivers/a/off.c # SKIP not in this configuration$" tap
'
check "a new warning fails its file alone" '
	printf "WARN fresh\n" >>k/drivers/a/new.c
	again
	warnings 1
	grep -q "^not ok 2 - 6.1 um drivers/a/new.c$" tap
	grep -q "new.c:2:1: warning: fresh" tap
	[ "$(grep -c "^not ok" tap)" = 1 ]
'
check "one in a header fails the headers" '
	printf "new file\nHEAD bad\n" >k/drivers/a/new.c
	again
	warnings 1
	grep -q "^not ok 4 - 6.1 um headers$" tap
	[ "$(grep -c "^not ok" tap)" = 1 ]
'
check "a source that does not compile fails" '
	printf "BROKEN\n" >k/drivers/a/new.c
	again
	warnings 1
	grep -q "^not ok 2 - 6.1 um drivers/a/new.c: does not compile$" tap
'
check "mended, it passes again" 'printf "fine\n" >k/drivers/a/new.c; again; warnings 0'
check "topics that change no source are no success" '
	g branch -f 6.1/integration 6.1/base
	warnings 1
	grep -q "Bail out! 6.1: the topics change no source" tap
'
check "a base that is not there is an error" '
	got=0
	"$top/scripts/warnings.sh" k 6.6 um work66 >out 2>&1 || got=$?
	[ $got = 3 ] && grep -q "headway import 6.6" out
'
finish
