#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/Makefile.kernel makes a kernel of a tree, boots it and judges it; it
# does nothing twice. The kernel here is made up: "linux" is a shell script that
# prints the file boot.txt of its source and counts its boots and builds.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
cd "$W" || exit 1

# kernel CODE [VARIABLE=VALUE...]: the exit code is make's. What it says is in out.
kernel() {
	local want=$1 got=0
	shift
	make -s -f "$top/scripts/Makefile.kernel" BASE=6.1 TREE="$W/tree" \
		OUT="$W/obj" REPORT="$W/report" SUITES="$W/suites" \
		FRAGMENTS="$W/fragment" TOOLS="$W/tools" "$@" >"$W/out" 2>&1 || got=$?
	cat "$W/out"
	[ $got = "$want" ]
}
built() { [ "$(cat "$W/builds" 2>/dev/null | wc -l)" = "$1" ]; }
booted() { [ "$(cat "$W/boots" 2>/dev/null | wc -l)" = "$1" ]; }

mkdir "$W/tree"
cat >"$W/tree/Makefile" <<END
allnoconfig:
	cp \$(KCONFIG_ALLCONFIG) \$(O)/.config
	if [ -e unmet ]; then sed -i /CONFIG_NEEDS/d \$(O)/.config; fi
linux:
	@echo "  CC      boot.o"
	@if grep -q BROKEN boot.txt; then echo "boot.c:1: error: broken"; exit 1; fi
	@{ echo "#!/bin/sh"; echo "echo x >>$W/boots"; echo "cat <<'END'"; cat boot.txt; echo END; \\
		if grep -q HANG boot.txt; then echo "sleep 600"; fi; } >\$(O)/linux
	@chmod +x \$(O)/linux
	@echo x >>$W/builds
END
printf 'config NEEDS\n\tbool\n' >"$W/tree/Kconfig"
printf '/*\n' >"$W/tree/.gitignore"
# boot CASE-RESULT [LINE]
boot_txt() {
	printf 'KTAP version 1\n1..1\n    # Subtest: alpha\n    1..1\n    %s 1 case\n%s 1 alpha\n%s\n' \
		"$1" "$1" "${2:-}"
	echo "reboot: System halted"
}
boot_txt ok >"$W/tree/boot.txt"
git -C "$W/tree" init -q
git -C "$W/tree" add -f -A
git -C "$W/tree" commit -qm one
echo alpha >"$W/suites"
echo CONFIG_NEEDS=y >"$W/fragment"

check "a first run builds, boots and passes" '
	kernel 0
	built 1; booted 1
	grep -q "^4 of 4 checks passed, no splat$" report/verdict
	grep -q "^ok 1 - alpha.case$" report/kunit.tap
	grep -q "CC      boot.o" obj/build.log
	! grep -q CC out
'
check "a second run does neither, and says the same" '
	kernel 0
	built 1; booted 1
	grep -q "no splat" report/verdict
'
check "a commit that leaves the content alone builds nothing" '
	git -C tree commit -q --allow-empty -m empty
	kernel 0
	built 1; booted 1
'
check "an expected suite that did not run fails without a new boot" '
	echo beta >>suites
	kernel 2
	grep -q "FAIL: boot.suite beta ran" out
	grep -q "1 failed" report/verdict
	booted 1
	echo alpha >suites
	kernel 0
'
check "an edit that is not committed is built, and its failing case shown" '
	boot_txt "not ok" >tree/boot.txt
	kernel 2
	built 2; booted 2
	grep -q "FAIL: alpha.case" out
'
check "a failing kernel fails again, though nothing is done again" '
	kernel 2
	built 2; booted 2
	grep -q "FAIL: alpha.case" out
'
check "a splat fails, and its first lines are shown" '
	boot_txt ok "WARNING: possible recursive locking detected
here is the lock" >tree/boot.txt
	kernel 2
	grep -q "FAIL: boot.splat: WARNING: possible recursive locking detected" out
	grep -q "here is the lock" out
	grep -q "1 splat" report/verdict
'
check "a new file that is in no commit is noticed" '
	boot_txt ok >tree/boot.txt
	kernel 0
	built 4
	echo new >tree/new.c
	kernel 0
	built 5
'
check "a changed fragment configures and builds again" '
	echo CONFIG_OTHER=y >>fragment
	kernel 0
	built 6
	grep -q CONFIG_OTHER obj/.config
'
check "a compile error is shown, fails, and leaves no verdict" '
	echo BROKEN >>tree/boot.txt
	kernel 2
	grep -q "boot.c:1: error: broken" out
	[ ! -e report/verdict ]
	built 6
'
check "it is not taken for built the next time" '
	kernel 2
	grep -q "boot.c:1: error: broken" out
'
check "a hang is killed and fails" '
	{ boot_txt ok; echo HANG; } >tree/boot.txt
	kernel 2 BOOT_SECONDS=1
	grep -q "FAIL: boot.ended by itself" out
	grep -q "killed after 1 s" report/boot.log
'
check "a symbol that the tree knows and that does not take is an error" '
	boot_txt ok >tree/boot.txt
	touch tree/unmet tree/Kconfig
	kernel 2
	grep -q "CONFIG_NEEDS of the fragment has unmet dependencies" out
	kernel 2
	grep -q "CONFIG_NEEDS of the fragment has unmet dependencies" out
'
check "a symbol that the tree does not know is ignored" '
	echo CONFIG_NEEDLESS=y >fragment
	rm tree/unmet
	kernel 0
'
check "a tree that is not there is an error" '
	kernel 2 TREE="$W/nowhere"
'
finish
