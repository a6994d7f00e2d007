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

# edited FILE: later than what was just built, by a clock whose ticks are some 4 ms
edited() {
	sleep 0.05
	touch "$1"
}

mkdir -p "$k/drivers/x" && cp "$tests/corpus/rc.h" "$k/drivers/x/" || exit 2
cat >"$k/Makefile" <<'MK'
# What fixdep leaves.
cmd = printf 'savedcmd_$@ := cc\n\nsource_$@ := $<\n\ndeps_$@ := \\\n  $(if $(filter %.c,$<),drivers/x/rc.h) \\\n    $$(wildcard include/config/X) \\\n\n$@: $$(deps_$@)\n' >$(@D)/.$(@F).cmd
objs := drivers/x/a.o drivers/x/b.o drivers/x/s.o
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) .config
.PHONY: .
.: built-in.a
built-in.a: drivers/x/built-in.a
	rm -f $@ && llvm-ar-19 cDPrST $@ $^
drivers/x/: drivers/x/built-in.a
drivers/x/built-in.a: $(objs)
	rm -f $@ && llvm-ar-19 cDPrST $@ $^
%.o: %.c drivers/x/rc.h $(wildcard include/config/X)
	echo $< >>compiled
	[ ! -e slow ] || sleep 20
	$(CC) -O2 -g -w -std=gnu11 -ffreestanding -c -o $@ $<
	$(cmd)
drivers/x/s.o: drivers/x/s.S $(wildcard include/config/X)
	$(CC) -c -o $@ $<
	$(cmd)
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
echo drivers/x/c.c >"$tmp/within"
says "what has no step in those files" 0 "$rc" report --within "$tmp/within" "$k"
has out "^1 findings of the high tier (0 waived, 1 elsewhere)"
has out ", elsewhere\]$"
says "the same with its waiver: counted once" 0 "$rc" report --all --within "$tmp/within" \
	--waivers "$tmp/waivers" "$k"
has out "^1 findings of the high tier (1 waived, 0 elsewhere)"
echo drivers/x/b.c >>"$tmp/within"
says "what only its other side has a step in" 1 "$rc" report --within "$tmp/within" "$k"
has out "^1 findings of the high tier (0 waived, 0 elsewhere)"
: >"$tmp/within"
says "no file at all" 3 "$rc" report --within "$tmp/within" "$k"
has err "within: no file is named"
says "no such list" 3 "$rc" report --within "$tmp/nowhere" "$k"
echo 'assume | hold -> kmalloc | never with a job | 2999-01-01' >"$tmp/assume"
says "an assumption" 0 "$rc" report --waivers "$tmp/assume" "$k"
has out "^0 findings of the high tier"
echo 'assume | hold -> kfree | never with a job | 2999-01-01' >"$tmp/assume"
says "an assumption that changes nothing" 3 "$rc" report --waivers "$tmp/assume" "$k"
has err "assume:1: nothing is found that this waives"
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
: >"$k/compiled"
says "nothing to look at" 0 "$rc" build --changed "$k"
has out "nothing has changed"
edited "$k/drivers/x/b.c"
says "what is older than its source" 0 "$rc" build --changed "$k"
has out "1 objects made again"
[ "$(cat "$k/compiled")" = drivers/x/b.c ] || { echo "not ok more was compiled"; bad=1; }
edited "$k/drivers/x/rc.h"
says "what is older than a header" 0 "$rc" build --changed "$k"
has out "2 objects made again"
mkdir -p "$k/include/config" && edited "$k/include/config/X"
says "what is older than an option" 0 "$rc" build --changed "$k"
has out "3 objects made again"
says "the whole of it still" 0 "$rc" report "$k"
edited "$k/Makefile"
says "a Makefile that changed" 0 "$rc" build --changed "$k"
has out "^3 objects$"
has err "all is built"
cp "$k/drivers/x/b.c" "$tmp/b.c" && sleep 0.05 && echo 'syntax error' >>"$k/drivers/x/b.c"
says "what does not compile" 4 "$rc" build --changed "$k"
says "no report on what was there before" 3 "$rc" report "$k"
sleep 0.05
cp "$tmp/b.c" "$k/drivers/x/b.c"
says "what compiles again" 0 "$rc" build --changed "$k"
has out "1 objects made again"
says "the report again" 0 "$rc" report "$k"
says "no list with it" 2 "$rc" build --changed "$k" drivers/x/

says "a directory" 0 "$rc" build --fragment "$tmp/fragment" "$k" drivers/x/

: >"$k/slow"
edited "$k/drivers/x/a.c"
: >"$k/compiled"
"$rc" build "$k" >/dev/null 2>&1 & pid=$!
while [ ! -s "$k/compiled" ]; do sleep 0.05; done
kill $pid
wait $pid
[ $? -eq 143 ] && ! pgrep -f "make.*$k" >/dev/null && echo "ok a build that is killed, and its make" ||
	{ echo "not ok a build that is killed goes on"; bad=1; }
rm "$k/slow"

echo 'syntax error' >>"$k/drivers/x/a.c"
says "a build that goes on" 4 "$rc" build --keep-going -j2 "$k"
has err "the kernel's build failed"
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

# A struct that one of two units has the definition of, but no debug information.
cat >"$tmp/pool.h" <<'C'
#include "rc.h"
struct pool { int n; struct mutex lock[4]; };
extern struct pool *pool;
C
cat >"$tmp/pool-user.c" <<'C'
#include "pool.h"
static struct fence *run(struct job *job)
{
	mutex_lock(&pool->lock[job->n & 3]);
	mutex_unlock(&pool->lock[job->n & 3]);
	return NULL;
}
RUN_JOB(run);
C
cat >"$tmp/pool-owner.c" <<'C'
#include "pool.h"
struct pool *pool;
void fill(int n)
{
	mutex_lock(&pool->lock[n]);
	kfree(kmalloc(n, GFP_KERNEL));
	mutex_unlock(&pool->lock[n]);
}
C
for c in pool-user pool-owner; do
	"$bin/reclaimcheck-cc" $flags -I"$k/drivers/x" -c -o "$tmp/$c.o" "$tmp/$c.c" || bad=1
done
says "a field that one unit has no name of" 1 "$rc" report "$tmp/pool-user.o" "$tmp/pool-owner.o"
has out "blocks on pool.lock"
says "a field that nobody has a name of" 0 "$rc" report "$tmp/pool-user.o"

# What only another driver with jobs of its own has is no way to reclaim from this one.
mkdir -p "$tmp/drivers/gpu/drm/one" "$tmp/drivers/gpu/drm/two" "$tmp/drivers/opp"
cat >"$tmp/drivers/opp/ops.h" <<'C'
#include "rc.h"
struct ops { int (*rate)(int n); };
extern struct ops *ops;
int rate(int n);
C
cat >"$tmp/drivers/opp/core.c" <<'C'
#include "ops.h"
struct ops *ops;
int rate(int n) { return ops->rate ? ops->rate(n) : 0; }
C
for d in one two; do
	cat >"$tmp/drivers/gpu/drm/$d/$d.c" <<'C'
#include "ops.h"
static struct fence *run(struct job *job)
{
	rate(job->n);
	return NULL;
}
RUN_JOB(run);
C
done
cat >>"$tmp/drivers/gpu/drm/two/two.c" <<'C'
static int two_rate(int n) { kfree(kmalloc(n, GFP_KERNEL)); return 0; }
struct ops two_ops = { .rate = two_rate };
C
for c in gpu/drm/one/one gpu/drm/two/two opp/core; do
	(cd "$tmp" && "$bin/reclaimcheck-cc" $flags -I"$k/drivers/x" -Idrivers/opp \
		-c -o "drivers/$c.o" "drivers/$c.c") || bad=1
done
gpus="$tmp/drivers/gpu/drm/one/one.o $tmp/drivers/gpu/drm/two/two.o $tmp/drivers/opp/core.o"
# shellcheck disable=SC2086 # a list
says "a callback of another driver" 1 "$rc" report --porcelain $gpus
has out "^high	reclaim	run	two_rate -> kmalloc"
# shellcheck disable=SC2086
"$rc" report $gpus >"$tmp/out"
has out "^drivers/gpu/drm/two/two.c:[0-9]*:   run() calls rate()"
says "the same alone" 0 "$rc" report "$tmp/drivers/gpu/drm/one/one.o" "$tmp/drivers/opp/core.o"

# lockdep's own words of a run against the order in the code.
cat >"$tmp/order.c" <<'C'
#include "rc.h"
struct lock_class_key { int x; };
void lockdep_init_map_type(struct lockdep_map *m, const char *name, struct lock_class_key *k);
struct dev { struct mutex lock; spinlock_t queue; };
struct mutex list = { .dep_map = { 0 } };
static void spin_init(struct raw_spinlock *l, const char *name, struct lock_class_key *k)
{
	lockdep_init_map_type((struct lockdep_map *)&l->x, name, k);
}
void setup(struct dev *d)
{
	static struct lock_class_key a, b;

	lockdep_init_map_type(&d->lock.dep_map, "&d->lock", &a);
	spin_init(&d->queue.rlock, "&d->queue", &b);
}
static void take(spinlock_t *l)
{
	spin_lock(l);
	spin_unlock(l);
}
static void locked(struct dev *d, spinlock_t *l)
{
	mutex_lock(&d->lock);
	take(l);
	mutex_unlock(&d->lock);
}
void walk(struct dev *d)
{
	mutex_lock(&list);
	locked(d, &d->queue);
	mutex_unlock(&list);
}
C
cat >"$tmp/lockdep" <<'L'
all lock classes:
00000000a FD:    3 BD:    1 +.+.: list
 -> [00000000b] &d->lock#2

00000000b FD:    2 BD:    2 +.+.: &d->lock#2
 -> [00000000c] &d->queue/1

L
"$bin/reclaimcheck-cc" $flags -I"$k/drivers/x" -c -o "$tmp/order.o" "$tmp/order.c"
says "the order of locks" 0 "$rc" lockdep "$tmp/lockdep" "$tmp/order.o"
has out "2 dependencies, 2 in the static order"
cat >>"$tmp/lockdep" <<'L'
00000000c FD:    2 BD:    2 +.+.: &d->queue
 -> [00000000a] list

L
says "a dependency that is in no code" 1 "$rc" lockdep "$tmp/lockdep" "$tmp/order.o"
has out "missing: &d->queue -> list"
echo '&d->queue -> list | from a module' >"$tmp/except"
says "an exception" 0 "$rc" lockdep --except "$tmp/except" "$tmp/lockdep" "$tmp/order.o"
echo 'list -> list | nothing' >>"$tmp/except"
says "an exception that nothing needs" 3 "$rc" lockdep --except "$tmp/except" "$tmp/lockdep" "$tmp/order.o"
has err "except:2: no dependency of the run needs this"
says "no copy of lockdep's" 3 "$rc" lockdep "$tmp/fragment" "$tmp/order.o"

says "no command" 2 "$rc" nonsense
says "no arguments" 2 "$rc" report
exit $bad
