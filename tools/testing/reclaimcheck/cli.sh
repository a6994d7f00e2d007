#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The commands from end to end, on a tree of three files whose Makefile has the
# targets of the kernel's that "reclaimcheck build" uses.
#
# usage: cli.sh BINDIR TESTDIR

bin=$1 tests=$2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
k=$tmp/linux
rc=$bin/reclaimcheck
bad=0

# says WHAT STATUS COMMAND...: runs it, checks its exit status.
says() {
	what=$1 want=$2
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	if [ $got -eq "$want" ]; then
		echo "ok $what"
	else
		echo "not ok $what: exit status $got, not $want"
		sed 's/^/  /' "$tmp/err"
		bad=1
	fi
}

has() {
	if grep -q -e "$2" "$tmp/$1"; then
		echo "ok   and says \"$2\""
	else
		echo "not ok   but does not say \"$2\""
		sed 's/^/  /' "$tmp/$1" | head -n 20
		bad=1
	fi
}

mkdir -p "$k/drivers/x" && cp "$tests/corpus/rc.h" "$k/drivers/x/" || exit 2
cat >"$k/Makefile" <<'MK'
objs := drivers/x/a.o drivers/x/b.o drivers/x/s.o
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) .config
vmlinux.a: drivers/x/built-in.a
	rm -f $@ && llvm-ar-19 cDPrST $@ $^
drivers/x/: drivers/x/built-in.a
drivers/x/built-in.a: $(objs)
	rm -f $@ && llvm-ar-19 cDPrST $@ $^
%.o: %.c
	echo $< >>compiled
	$(CC) -O2 -g -w -std=gnu11 -ffreestanding -c -o $@ $<
drivers/x/s.o: drivers/x/s.S
	$(CC) -c -o $@ $<
MK
echo 'nop' >"$k/drivers/x/s.S"
cat >"$k/drivers/x/a.c" <<'C'
#include "rc.h"
extern struct mutex big;
static struct fence *run(struct job *job)
{
	mutex_lock(&big);
	mutex_unlock(&big);
	return NULL;
}
RUN_JOB(run);
C
cat >"$k/drivers/x/b.c" <<'C'
#include "rc.h"
struct mutex big;
void hold(int n)
{
	mutex_lock(&big);
	kfree(kmalloc(n, GFP_KERNEL));
	mutex_unlock(&big);
}
int clean(int n) { return n; }
C
echo 'CONFIG_X=y' >"$tmp/fragment"

says "a tree that was not built" 3 "$rc" report "$k"
has err "not built"
says "a whole build" 0 "$rc" build --fragment "$tmp/fragment" -j2 "$k"
says "a finding" 1 "$rc" report "$k"
has out "blocks on big"
has out "drivers/x/b.c:6:   holding big, hold() calls kmalloc()"
cp "$tmp/out" "$tmp/first"
says "the same again" 1 "$rc" report "$k"
cmp -s "$tmp/out" "$tmp/first" || { echo "not ok reports differ"; bad=1; }
says "porcelain" 1 "$rc" report --porcelain "$k"
cp "$tmp/out" "$tmp/old"
says "JSON" 1 "$rc" report --json "$k"
has out '"edges": \["run -> big@hold:kmalloc"\]'
says "SARIF" 1 "$rc" report --sarif "$k"
has out '"ruleId": "lock"'
if command -v dot >/dev/null; then
	says "a graph" 1 "$rc" report --graph 1 "$k"
	has out "</svg>"
fi
says "no such graph" 3 "$rc" report --graph 99 "$k"
says "why a lock" 0 "$rc" why big "$k"
has out "holding big, hold() calls kmalloc()"
says "why not" 0 "$rc" why clean "$k"
has out "nothing, as far as compiled code shows"
says "why nothing" 3 "$rc" why nobody "$k"
echo 'run | run -> big@hold:kmalloc | looked at | 2999-01-01' >"$tmp/waivers"
says "a waiver" 0 "$rc" report --waivers "$tmp/waivers" "$k"
echo 'run | run -> small@hold:kmalloc | looked at | 2999-01-01' >>"$tmp/waivers"
says "an unused waiver" 3 "$rc" report --waivers "$tmp/waivers" "$k"
has err "waivers:2: nothing is found that this waives"

: >"$k/compiled"
sed 's/GFP_KERNEL/GFP_NOWAIT/' "$k/drivers/x/b.c" >"$tmp/b.c" && mv "$tmp/b.c" "$k/drivers/x/b.c"
says "one file changed" 0 "$rc" build --fragment "$tmp/fragment" "$k"
[ "$(cat "$k/compiled")" = drivers/x/b.c ] || { echo "not ok more was compiled"; bad=1; }
says "mended" 0 "$rc" report "$k"
says "what was mended" 0 "$rc" diff "$tmp/old" "$k"
has out "^- high lock: run -> big@hold:kmalloc"
"$rc" report --porcelain "$k" >"$tmp/new"
says "what came back" 1 "$rc" diff "$tmp/new" "$tmp/old"
has out "^+ high lock: run -> big@hold:kmalloc"
says "a directory" 0 "$rc" build --fragment "$tmp/fragment" "$k" drivers/x/

echo 'syntax error' >>"$k/drivers/x/a.c"
says "a build that fails" 4 "$rc" build "$k"
says "an unfinished build" 3 "$rc" report "$k"
has err "did not finish"
says "what is left of it" 0 "$rc" report --partial "$k"
sed '$d' "$k/drivers/x/a.c" >"$tmp/a.c" && mv "$tmp/a.c" "$k/drivers/x/a.c"
says "the build again" 0 "$rc" build "$k"
rm "$k/drivers/x/a.o"
says "a missing object" 3 "$rc" report "$k"
says "the build once more" 0 "$rc" build "$k"
head -c 200 "$k/drivers/x/b.o" >"$tmp/cut" && cp "$tmp/cut" "$k/drivers/x/b.o"
says "an object that is cut short" 3 "$rc" report "$k"
has err "drivers/x/b.o: cut short"
clang-19 -emit-llvm -O2 -w -c -o "$k/drivers/x/b.o" "$k/drivers/x/b.c"
says "foreign bitcode" 3 "$rc" report "$k"
has err "bitcode, not a skeleton"
# What a server of distcc does: it compiles a file that was preprocessed elsewhere.
flags="-O2 -g -w -std=gnu11 -ffreestanding"
(cd "$k" && "$bin/reclaimcheck-cc" $flags -c -o "$tmp/near.o" drivers/x/b.c &&
	"$bin/reclaimcheck-cc" $flags -E -o "$tmp/server.i" drivers/x/b.c)
(cd "$tmp" && "$bin/reclaimcheck-cc" $flags -c -o far.o server.i)
says "a skeleton made elsewhere" 0 cmp "$tmp/near.o" "$tmp/far.o"

says "no command" 2 "$rc" nonsense
says "no arguments" 2 "$rc" report
exit $bad
