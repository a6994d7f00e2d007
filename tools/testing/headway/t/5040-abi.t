#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway abi: what breaks the interface of a kernel, and by which change. The
# kernels are small ones of our own, compiled from the base and from the integration
# branch, with exports as a kernel has them, so that abidiff really runs.

. "$(dirname "$0")/lib.sh"
command -v abidiff > /dev/null || fail_all "abidiff (abigail-tools) is missing: run make deps-check"

K=$W/kernel
git init -q -b main "$K"
mkdir -p "$K/include" "$K/kernel"
cd "$K" || exit 1
printf '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n' > Makefile
cat > include/sched.h <<'END'
struct args {
	const char *name;
	long timeout;
};

struct sched {
	void *ops;
	int limit;
	_Bool ready;
	void *dev;
};

struct hidden {
	int count;
};

struct entity {
	long id;
	unsigned long reserved1;
};

enum prio {
	LOW,
	HIGH,
};

int sched_init(struct sched *s, const struct args *a);
int sched_run(struct sched *s, enum prio p);
int sched_add(struct entity *e);
END
cat > kernel/sched.c <<'END'
#include "sched.h"

/* As linux/export.h does it, with what libabigail looks for. */
#define EXPORT_SYMBOL(s) \
	static const char __kstr_##s[] __attribute__((section("__ksymtab_strings"), used)) = #s; \
	const void *__ksymtab_##s __attribute__((section("___ksymtab+" #s), used)) = &s

int sched_limit = 16;
EXPORT_SYMBOL(sched_limit);

int sched_init(struct sched *s, const struct args *a)
{
	return s->limit + !a;
}
EXPORT_SYMBOL(sched_init);

int sched_run(struct sched *s, enum prio p)
{
	return s->ready + p;
}
EXPORT_SYMBOL(sched_run);

int sched_add(struct entity *e)
{
	return e->id;
}
EXPORT_SYMBOL(sched_add);

int sched_stop(int x)
{
	return x;
}
EXPORT_SYMBOL(sched_stop);

/* Others have but a pointer to it. */
struct state {
	int count;
};

int sched_state(struct state *s)
{
	return s->count;
}
EXPORT_SYMBOL(sched_state);

/* Not exported: nobody depends on it. */
int sched_private(struct hidden *h)
{
	return h->count;
}
END
git add -A && git commit -q -m 6.1 && git tag 6.1
cd "$W" || exit 1
printf 'Repository: %s\nRevision: 6.1\nDefault: yes\n' "$K" > "$W/top/bases/6.1"
"$HEADWAY" -q import --repo "$K" --rev 6.1 --name 6.1 || exit 1

topic good
change good private "Patch: 0001-private.patch"
change good more "Patch: 0002-more.patch"
change good hole "Patch: 0003-hole.patch"
change good state "Patch: 0004-state.patch"
begin 6.1
patch good/0001-private "sched: Count more, privately" "sed -i 's/^\tint count;/&\n\tlong more;/' include/sched.h; sed -i 's/^int sched_private(struct/long sched_private(struct/' kernel/sched.c"
patch good/0002-more "sched: Add sched_more()" "printf '\nint sched_more(int x);\n' >> include/sched.h; printf '\nint sched_more(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL(sched_more);\n' >> kernel/sched.c"
patch good/0003-hole "sched: Put a flag into a hole" "sed -i 's/^\t_Bool ready;/&\n\t_Bool fast;/' include/sched.h"
patch good/0004-state "sched: A bigger state" "sed -i '/^struct state/,/^}/s/int count;/&\n\tlong other;/' kernel/sched.c"

# kernel NAME REV: compile it. abidiff is to look at exports only.
kernel() {
	rm -rf src && git clone -q --no-checkout "$REPO" src && git -C src checkout -q "origin/$2" &&
		gcc -g -fPIC -shared -Isrc/include -o "$1" src/kernel/sched.c
}
"$HEADWAY" -q build && kernel base.so 6.1/base && kernel good.so 6.1/integration || exit 1

check "private changes, additions and flags in holes break nothing" '
	hw 0 abi 6.1 --old base.so --new good.so
	out_has "added    function int sched_more(int)"
	out_has "           by good/more"
	out_has "private  struct state (sched.c)"
	out_has "padding  struct sched (sched.h)"
	out_has "           by good/hole"
	out_has "reaches function int sched_init("
	out_has "6.1: 0 differences break the interface; 1 in padding and 1 in private types change checksums alone; 1 additions"
	! grep "hidden\|sched_private" out
'
check "a kernel is the same as itself" '
	hw 0 abi 6.1 --old base.so --new base.so
	out_has "6.1: 0 differences break the interface; 0 in padding and 0 in private types change checksums alone; 0 additions"
'

topic bad good
change bad grown "Patch: 0001-grown.patch"
change bad signature "Patch: 0002-signature.patch"
change bad variable "Patch: 0003-variable.patch"
change bad removed "Patch: 0004-removed.patch"
change bad prio "Patch: 0005-prio.patch"
change bad field "Patch: 0006-field.patch"
git -C "$K" checkout -q -f main && git -C "$REPO" branch -q tmp 6.1/integration
git -C "$K" fetch -q "$REPO" tmp && git -C "$K" tag good FETCH_HEAD && git -C "$REPO" branch -q -D tmp
begin good
patch bad/0001-grown "sched: Add arguments" "sed -i 's/^\tlong timeout;/&\n\t_Bool signalling;/' include/sched.h"
patch bad/0002-signature "sched: Return a long" "sed -i 's/^int sched_stop(int x)/int sched_stop(long x)/' kernel/sched.c"
patch bad/0003-variable "sched: A long limit" "sed -i 's/^int sched_limit/long sched_limit/' kernel/sched.c"
patch bad/0004-removed "sched: Remove sched_run()" "sed -i '/^int sched_run/d' include/sched.h; sed -i '/^int sched_run/,/^EXPORT/d' kernel/sched.c"
patch bad/0005-prio "sched: A priority between" "sed -i 's/^\tLOW,/&\n\tMID,/' include/sched.h"
patch bad/0006-field "sched: Narrow id" "sed -i 's/^\tlong id;/\tint id;\n\tint gen;/' include/sched.h"
"$HEADWAY" -q build && kernel bad.so 6.1/integration || exit 1

check "each change that breaks something is named with what it breaks" '
	hw 1 --porcelain abi 6.1 --old base.so --new bad.so
	sort out | cut -f1-3 | tr "\t" "|" > got
	sort > want <<-END
	added|function int sched_more(int)|good/more
	BREAKS|function int sched_run(sched*, prio)|bad/removed
	BREAKS|function int sched_stop(int)|bad/signature
	BREAKS|int sched_limit|bad/variable
	BREAKS|struct args|bad/grown
	BREAKS|struct entity|bad/field
	padding|struct sched|good/hole
	private|struct state|good/state
	END
	same_file want got
'
check "for people it says how, and whom it reaches" '
	hw 1 abi 6.1 --old base.so --new bad.so
	out_has "BREAKS   struct args (sched.h)"
	out_has "type size changed from 128 to 192 (in bits)"
	out_has "reaches function int sched_init(sched*, const args*)"
	out_has "6.1: 5 differences break the interface; 1 in padding and 1 in private types change checksums alone; 1 additions"
'
check "what abidw wrote is as good as the kernel itself" '
	abidw --no-corpus-path --out-file base.abi base.so
	abidw --no-corpus-path --out-file bad.abi bad.so
	hw 1 --porcelain abi 6.1 --old base.so --new bad.so
	sort out > direct
	mkdir -p "$W/top/build/abi/6.1"
	printf "[abi_symbol_list]\n  sched_add\n" > list
	hw 2 abi 6.1 --old base.abi --new bad.abi --symbols list
	err_has "--symbols wants a kernel"
	cp base.abi "$W/top/build/abi/6.1/base.abi"; cp bad.abi "$W/top/build/abi/6.1/plain.abi"
	hw 1 --porcelain abi 6.1
	sort out | same_file direct -
'
check "a list of symbols narrows the interface" '
	printf "[abi_symbol_list]\n  sched_add\n" > list
	hw 1 --porcelain abi 6.1 --old base.so --new bad.so --symbols list
	same "$(cut -f2 out)" "struct entity"
	printf "[abi_symbol_list]\n  sched_init\n\n[vendor_symbol_list]\n  sched_none\n" > list
	hw 0 --porcelain abi 6.1 --old base.so --new good.so --symbols list
	same "$(cut -f2 out)" "struct sched"
	printf "sched_init\n" > list
	hw 3 abi 6.1 --old base.so --new good.so --symbols list
	err_has "list is no list of symbols"
'
check "a difference that no change explains is said to be so" '
	sed "s/_Bool ready/long ready/" src/include/sched.h > other.h && mkdir -p o && cp other.h o/sched.h
	gcc -g -fPIC -shared -Io -o odd.so src/kernel/sched.c
	hw 1 --porcelain abi 6.1 --old bad.so --new odd.so
	! grep -q "^BREAKS.*bad/grown" out
'
check "Android'\''s form of a change is judged in its own right" '
	mkdir "$TOPICS/bad/6.1-android"
	sed "s/_Bool signalling/int signalling/" "$TOPICS/bad/0001-grown.patch" > "$TOPICS/bad/6.1-android/0001-grown.patch"
	hw 1 --porcelain abi 6.1 --for android --old base.so --new bad.so
	grep -q "bad/grown" out
	hw 2 abi 6.1 --for nobody --old base.so --new bad.so
'
check "what cannot be compared is refused" '
	hw 3 abi 6.1 --old none.so --new bad.so
	err_has "there is no none.so"
	err_has "make abi BASE=6.1 builds both kernels"
	: > empty.so
	hw 3 abi 6.1 --old empty.so --new bad.so
	err_has "abidw cannot read empty.so"
	gcc -fPIC -shared -Isrc/include -o nodebug.so src/kernel/sched.c
	hw 3 abi 6.1 --old nodebug.so --new bad.so
	err_has "nodebug.so has no debug information"
	hw 2 abi
	hw 3 abi 5.4 --old base.so --new bad.so
'
finish
