#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# headway apply on trees that differ from ours, each difference a small tree: locks
# of another type, a vendor's hooks and fields, files moved, an older point release.
# What was passed over is said, nothing is guessed, and what is not understood is a
# conflict that leaves the tree as it is.

. "$(dirname "$0")/lib.sh"

# The kernel of our base, and the change: the unlock that was missing.
K=$W/kernel
git init -q -b main "$K"
mkdir -p "$K/drivers/icc" "$K/include"
cd "$K" || exit 1
printf '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n' > Makefile
printf 'obj-y += core.o\n\nobj-m += other.o\n' > drivers/icc/Makefile
cat > drivers/icc/core.c <<'END'
/* core */
#include <linux/mutex.h>
#include "icc.h"

static DEFINE_MUTEX(icc_lock);
static DEFINE_MUTEX(icc_bw_lock);
static DEFINE_SPINLOCK(icc_fast);

int icc_set(struct path *p)
{
	int ret;

	mutex_lock(&icc_bw_lock);
	ret = apply(p);
	mutex_unlock(&icc_bw_lock);
	return ret;
}

void icc_sync(struct device *dev)
{
	struct node *n;

	mutex_lock(&icc_lock);
	mutex_lock(&icc_bw_lock);
	for_each(n) {
		n->min = 0;
		aggregate(n);
		apply(n);
	}
	mutex_unlock(&icc_lock);
}

void icc_fast_path(struct node *n)
{
	unsigned long flags;

	spin_lock_irqsave(&icc_fast, flags);
	n->count++;
	spin_unlock_irqrestore(&icc_fast, flags);
}
END
printf 'struct node {\n\tint id;\n\tint min;\n\tint max;\n\tint count;\n};\n\nvoid put(struct node *n);\n' > include/icc.h
git add -A && git commit -q -m 6.1 && git tag 6.1
cd "$W" || exit 1
printf 'Repository: %s\nRevision: 6.1\nDefault: yes\n' "$K" > "$W/top/bases/6.1"
"$HEADWAY" -q import --repo "$K" --rev 6.1 --name 6.1 || exit 1
topic icc
change icc unlock "Patch: 0001-unlock.patch"
change icc field "Patch: 0002-field.patch"
change icc fast "Patch: 0003-fast.patch"
change icc test "Patch: 0004-test.patch" "Files: drivers/icc/test.c"
begin 6.1
patch icc/0001-unlock "icc: Release icc_bw_lock" "sed -i '/apply(n);/{n;s/.*/&\n\tmutex_unlock(\&icc_bw_lock);/}' drivers/icc/core.c"
patch icc/0002-field "icc: Count users" "sed -i 's/^\tint max;/&\n\tint users;/' include/icc.h"
patch icc/0003-fast "icc: Count users in the fast path" "sed -i 's/^\tn->count++;/&\n\tn->users++;/' drivers/icc/core.c"
patch icc/0004-test "icc: Add a test" "sed -i 's/^obj-y += core.o/&\nobj-y += test.o/' drivers/icc/Makefile"
mkdir -p "$W/top/drivers/icc"
echo 'int test;' > "$W/top/drivers/icc/test.c"
"$HEADWAY" -q build || exit 1

# theirs NAME EDIT: a clone of the base that the shell command EDIT changes, and the
# same without git
theirs() {
	git clone -q "$K" "$W/$1" && (cd "$W/$1" && git checkout -q -f --detach 6.1 && eval "$2" &&
		git add -A && git commit -q -m "$1") || exit 1
	mkdir "$W/$1.d" && git -C "$W/$1" archive HEAD | tar -x -C "$W/$1.d"
}
became() { git -C "$W/$1" show "headway:${2-drivers/icc/core.c}"; }

check "on the base itself all is applied, and nothing noted" '
	git clone -q "$K" plain; git -C plain checkout -q 6.1
	hw 0 --porcelain apply --onto plain
	same "$(cut -f3 out | sort -u)" applied
	same "$(git -C plain rev-parse "headway^{tree}")" "$(tree 6.1/integration)"
'

theirs rt "sed -i '/icc_lock\|icc_bw_lock/{s/mutex_/rt_mutex_/;s/DEFINE_MUTEX/DEFINE_RT_MUTEX/}' drivers/icc/core.c"
check "rt_mutex for mutex: the context is taken, and what is added is of that type" '
	hw 0 apply --onto rt
	out_has "adapted        icc/unlock"
	out_has "\"rt_mutex_unlock(&icc_lock);\" stands for \"mutex_unlock(&icc_lock);\""
	out_has "drivers/icc/core.c: adds \"rt_mutex_unlock(&icc_bw_lock);\" for \"mutex_unlock(&icc_bw_lock);\""
	out_has "applied        icc/fast"
	same "$(became rt | grep -c "rt_mutex_unlock(&icc_bw_lock)")" 2
	! became rt | grep -w "mutex_unlock"
	same "$(git -C rt diff HEAD headway --stat -- drivers/icc/core.c | tail -1)" \
		" 1 file changed, 2 insertions(+)"
'
check "a second time all is there already" '
	git -C rt checkout -q headway
	hw 0 --porcelain apply --onto rt --branch again
	cat out
	same "$(cut -f3 out | sort -u)" "there already"
'

theirs added "sed -i 's/DEFINE_MUTEX(icc_bw_lock)/DEFINE_RT_MUTEX(icc_bw_lock)/;s/mutex_\(un\)\?lock(&icc_bw_lock)/rt_&/;s/n->min = 0;/n->min = 1;/' drivers/icc/core.c
	sed -i '/rt_mutex_lock(&icc_bw_lock);/{N;s/.*for_each/\tbw_lock();\n\tfor_each/}' drivers/icc/core.c"
check "rt_mutex not in the hunk, but in the file: what is added is of that type" '
	hw 0 apply --onto added
	out_has "adapted        icc/unlock"
	out_has "adds \"rt_mutex_unlock(&icc_bw_lock);\" for \"mutex_unlock(&icc_bw_lock);\""
	! grep "stands for" out
'

theirs raw "sed -i 's/DEFINE_SPINLOCK/DEFINE_RAW_SPINLOCK/;s/spin_lock_irqsave/raw_&/;s/spin_unlock_irqrestore/raw_&/' drivers/icc/core.c"
check "raw_spinlock_t for spinlock_t around the change" '
	hw 0 apply --onto raw
	out_has "adapted        icc/fast"
	out_has "\"raw_spin_lock_irqsave(&icc_fast, flags);\" stands for \"spin_lock_irqsave(&icc_fast, flags);\""
	became raw | grep -A2 "raw_spin_lock_irqsave" | grep -q "n->users++"
'

theirs both "sed -i '/apply(n)/{n;n;s/mutex_/rt_mutex_/}' drivers/icc/core.c; echo 'static void x(void) { rt_mutex_lock(&icc_bw_lock); }' >> drivers/icc/core.c"
check "a lock of both types in one file: nobody guesses, it is a conflict" '
	snapshot both > before
	hw 1 apply --onto both
	out_has "CONFLICT       icc/unlock"
	out_has "+ 	rt_mutex_unlock(&icc_lock);"
	snapshot both | diff before -
'

theirs exact "echo 'static void x(void) { rt_mutex_lock(&icc_bw_lock); }' >> drivers/icc/core.c"
check "the same where all of the context is as it was" '
	snapshot exact > before
	hw 1 apply --onto exact
	out_has "CONFLICT       icc/unlock"
	out_has "icc_bw_lock is a lock of two types here"
	snapshot exact | diff before -
'

theirs rwsem "sed -i 's/DEFINE_MUTEX(icc_bw_lock)/DECLARE_RWSEM(icc_bw_lock)/;s/mutex_lock(&icc_bw_lock)/down_write(\&icc_bw_lock)/;s/mutex_unlock(&icc_bw_lock)/up_write(\&icc_bw_lock)/' drivers/icc/core.c
	sed -i '/down_write(&icc_bw_lock);/{N;s/.*for_each/\tbw_lock();\n\tfor_each/}' drivers/icc/core.c"
check "a lock of another kind, a semaphore: a conflict, though the patch would apply" '
	git -C rwsem apply --check "$TOPICS/icc/0001-unlock.patch"
	snapshot rwsem > before
	hw 1 apply --onto rwsem
	out_has "CONFLICT       icc/unlock"
	out_has "icc_bw_lock is a lock of another kind here"
	snapshot rwsem | diff before -
'

theirs rtolder "sed -i 's/mutex_lock(&icc_bw_lock)/rt_&/;s/mutex_unlock(&icc_bw_lock)/rt_&/;s/DEFINE_MUTEX(icc_bw_lock)/DEFINE_RT_MUTEX(icc_bw_lock)/;s/^\t\taggregate(n);/\t\taggregate_all(n);/' drivers/icc/core.c"
check "a lock of another type and an older release at once: never merged with the wrong type" '
	snapshot rtolder > before
	hw 1 apply --onto rtolder
	out_has "CONFLICT       icc/unlock"
	snapshot rtolder | diff before -
'

theirs hooks "sed -i 's/^\taggregate\|^\t\taggregate(n);/&\n\t\ttrace_android_vh_icc_sync(n,\n\t\t\t\t\t   dev);/;s/^\tn->count++;/\ttrace_android_rvh_icc_fast(n);\n\n&/' drivers/icc/core.c
	sed -i 's/^\tint max;/&\n\tANDROID_VENDOR_DATA(1);/' include/icc.h"
check "hooks and vendor data in the context stay, and are named" '
	hw 0 apply --onto hooks
	out_has "adapted        icc/unlock"
	out_has "passed over \"trace_android_vh_icc_sync(n,\""
	out_has "passed over \"trace_android_rvh_icc_fast(n);\""
	out_has "include/icc.h:5: passed over \"ANDROID_VENDOR_DATA(1);\""
	same "$(git -C hooks diff HEAD headway | grep -c "^-[^-]")" 0
	same "$(git -C hooks diff HEAD headway -- drivers/icc/core.c include | grep "^+[^+]" | tr -d "\t\n")" \
		"+mutex_unlock(&icc_bw_lock);+n->users++;+int users;"
'
begin 6.1
mkdir -p "$W/replace"
patch icc/0005-replace "icc: Replace two lines" "sed -i '/aggregate(n);/d;s/^\t\tapply(n);/\t\tapply_all(n);/' drivers/icc/core.c"
mv "$TOPICS/icc/0005-replace.patch" "$W/replace/"
check "a hook amid lines that are taken out: a conflict, for it would hang in the air" '
	cp replace/0005-replace.patch "$TOPICS/icc/"
	change icc replace "Patch: 0005-replace.patch"
	sed -i "s/^ \tmutex_unlock(&icc_lock);/ \tmutex_unlock(\&icc_bw_lock);\n&/; s/^@@ -25,8 +25,7/@@ -25,9 +25,8/" "$TOPICS/icc/0005-replace.patch"
	git -C "$K" checkout -q -f main
	hw 1 apply --onto hooks --branch x
	out_has "CONFLICT       icc/replace"
	rm "$TOPICS/icc/0005-replace.patch"
	sed -i "/^Change: replace/,\$d" "$TOPICS/icc/topic"
'

theirs moved "mkdir -p drivers/soc; git mv drivers/icc drivers/soc/interconnect; mkdir -p other; echo > other/core.c"
check "a folder was moved: found by what the patch fits, and new files follow" '
	hw 0 apply --onto moved
	out_has "drivers/icc/core.c is drivers/soc/interconnect/core.c here"
	out_has "drivers/icc/Makefile is drivers/soc/interconnect/Makefile here"
	out_has "drivers/icc/test.c is put at drivers/soc/interconnect/test.c"
	became moved drivers/soc/interconnect/core.c | grep -q "users++"
	same "$(became moved drivers/soc/interconnect/test.c)" "int test;"
	! git -C moved rev-parse -q --verify headway:drivers/icc
'
theirs twice "mkdir a b; cp drivers/icc/core.c a; git mv drivers/icc/core.c b/core.c"
check "the patch fits two files of that name: a conflict that names them" '
	snapshot twice > before
	hw 1 apply --onto twice
	out_has "the patch fits both a/core.c and b/core.c"
	snapshot twice | diff before -
'

theirs older "sed -i 's/^SUBLEVEL.*/SUBLEVEL = 60/' Makefile; sed -i 's/^\t\taggregate(n);/\t\taggregate_all(n);/' drivers/icc/core.c"
check "an older point release: lines near by differ, the three are merged, and it is shown" '
	hw 0 apply --onto older
	out_has "adapted        icc/unlock"
	out_has "drivers/icc/core.c: hunk 1 merged three ways, its context differs:"
	out_has "    - 		aggregate(n);"
	out_has "    + 		aggregate_all(n);"
	same "$(git -C older diff HEAD headway -- drivers/icc/core.c | grep "^+[^+]" | tr -d "\t\n")" \
		"+mutex_unlock(&icc_bw_lock);+n->users++;"
'
check "without our repository nothing is merged: a conflict" '
	snapshot older > before
	HEADWAY_REPO=$W/none hw 1 apply --onto older --branch x
	out_has "CONFLICT       icc/unlock"
	snapshot older | diff before -
'
theirs touches "sed -i 's/n->count++;/n->count += 2;/' drivers/icc/core.c"
check "a difference right beside the change: a conflict" '
	snapshot touches > before
	hw 1 apply --onto touches
	out_has "CONFLICT       icc/fast"
	out_has "    - 	n->count++;"
	out_has "    + 	n->count += 2;"
	snapshot touches | diff before -
'
check "it ends with a table; --keep-going leaves patches that git am takes, and the account" '
	hw 1 apply --onto touches --output set --keep-going
	out_has "topic          applied  adapted  there already  not needed  CONFLICT"
	out_has "icc                  3        0              0           0         1"
	out_has "3 patches in set, what became of each change in set/account"
	grep -q "CONFLICT       icc/fast" set/account
	grep -q "n->count += 2" set/account
	git clone -q touches am; git -C am am -q "$W"/set/*.patch
	same "$(git -C am log --format=%s -3 | tr "\n" ";")" "icc: Add a test;icc: Count users;icc: Release icc_bw_lock;"
'
check "a folder of sources gets the same patches as a clone" '
	for t in rt raw hooks moved older; do
		git -C $t checkout -q -f --detach HEAD 2> /dev/null
		rev=$(git -C $t log --format=%H --grep="^$t\$" -1 --all)
		snapshot $t.d > before
		hw 0 apply --onto $t --rev $rev --output git-$t
		hw 0 apply --onto $t.d --output dir-$t
		diff -r git-$t dir-$t
		snapshot $t.d | diff before -
	done
'
check "--porcelain says adapted" '
	rev=$(git -C rt log --format=%H --grep="^rt\$" -1 --all)
	hw 0 --porcelain apply --onto rt --rev $rev --dry-run --branch y
	same "$(cut -f2,3 out | tr "\t\n" " ;")" "unlock adapted;field applied;fast applied;test applied;"
'
finish
