#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What must hold before a series is sent: every gate passes, fails, and is passed by
# force where that is allowed; the cover letter says all of it.

HERE=$(cd "$(dirname "$0")" && pwd)
. "$HERE/lib.sh"
. "$HERE/lib-series.sh"
maintained_kernel

# A Makefile that "compiles" by looking for a word; as in 3010-bisect.t.
for tag in 6.1 7.2; do
	begin $tag
	printf '%s\n\t%s\n%s\n\t%s\n\t%s\n%s\n' 'allnoconfig:' 'cp $(KCONFIG_ALLCONFIG) $(O)/.config' \
		'drivers/a/ drivers/b/:' '@[ -z "$$DURING" ] || sh -c "$$DURING"' '@! grep -rn BROKEN $@ || { echo "$@: error: broken"; exit 1; }' \
		'.PHONY: drivers/a/ drivers/b/' >> "$K/Makefile"
	echo 'obj-y += core.o' > "$K/drivers/b/Makefile"
	git -C "$K" add -f drivers/b/Makefile
	git -C "$K" -c user.name=x -c user.email=x@x commit -q -a -m make
	git -C "$K" tag -f $tag > /dev/null
done
two_owners
import_bases 6.1 7.2
"$HEADWAY" -q build
tree_id() { repo rev-parse '7.2/integration^{tree}'; }
B=$W/top/build
NONE=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

# report_kernel TREE VERDICT, report_lab TREE VERDICT: as the real jobs leave them
report_kernel() {
	mkdir -p "$B/kernel/7.2" "$B/report/7.2"
	printf '%s\n%s  -\n' "$1" $NONE > "$B/kernel/7.2/state"
	printf '%s\n' "$2" > "$B/report/7.2/verdict"
}
report_lab() {
	mkdir -p "$B/lab/7.2" "$B/report/lab-7.2/a630"
	printf '%s\n%s  -\n' "$1" $NONE > "$B/lab/7.2/state"
	printf '%s\n' "$2" > "$B/report/lab-7.2/a630/verdict"
}
# report_checker TREE FINDINGS [DIRS [WAIVED ELSEWHERE]]
report_checker() {
	mkdir -p "$B/report/7.2/reclaimcheck"
	printf '%s\n%s  -\n%s\n' "$1" $NONE "${3-whole}" > "$B/report/7.2/reclaimcheck/integration.state"
	echo "$2 findings of the high tier (${4-0} waived, ${5-0} elsewhere), 0 on release paths, 0 of the low tier; 0 waived; 0 groups shown" \
		> "$B/report/7.2/reclaimcheck/integration.txt"
}

check "nothing was compiled or run: these gates fail, and say what to do" '
	hw 1 series --check a
	for g in cut identity cover recipients checkpatch; do same "$g $(gate $g)" "$g pass"; done
	for g in build main-job lab checker; do same "$g $(gate $g)" "$g FAIL"; done
	same "$(gate proof)" skip
	out_has "there is no report: make lab BASE=7.2"
	out_has "4 of 4 were not compiled: headway series --build a"
'
check "with a gate that fails nothing is made" '
	hw 1 series --make a
	[ ! -e "$OUTBOX/.git/refs/heads/b4" ]
	hw 1 send a
	err_has "4 of the gates fail: nothing was made"
	[ ! -e "$B/series/mails" ]
'
check "--build compiles what was not compiled, once, for both architectures" '
	hw 1 series --build a
	same "$(gate build)" pass
	same "$(wc -l < "$B/bisect/7.2/builds.tsv")" 4
	hw 1 series --check a
	same "$(gate build)" pass
'
check "while it compiles, others may write to the repository, but not compile there" '
	sed -i "s/y + 2/y + 7/" "$TOPICS/both/0002-two.patch"
	export DURING="cd $PWD; $HEADWAY -q build; echo \$? > rc.build
		$HEADWAY -q series --build a 2> err.build; echo \$? > rc.series"
	hw 1 series --build b
	unset DURING
	same "$(gate build)" pass
	same "$(cat rc.build) $(cat rc.series)" "0 5"
	grep -q "another headway .* is writing to $B/bisect/7.2" err.build
	sed -i "s/y + 7/y + 2/" "$TOPICS/both/0002-two.patch"
	hw 0 build
'
check "a commit that does not compile by itself is found" '
	sed -i "s/y + 2/y + 2 + BROKEN/" "$TOPICS/both/0002-two.patch"
	hw 1 series --build b
	same "$(gate build)" FAIL
	out_has "2 of 2 do not compile: um, \"b: Do two things\""
	sed -i "s/y + 2 + BROKEN/y + 2/" "$TOPICS/both/0002-two.patch"
	hw 1 series --check b
	out_has "2 of 2 were not compiled"
'
check "reports of this very tree that say all is well: the gates pass" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 21 checks passed, 1 skipped, no splat"
	report_checker "$(tree_id)" 0
	hw 0 series --check a
	for g in main-job lab checker; do same "$g $(gate $g)" "$g pass"; done
'
check "reports that say something is wrong fail, and are quoted" '
	report_kernel "$(tree_id)" "11 of 12 checks passed, 1 failed, no splat"
	report_lab "$(tree_id)" "20 of 20 checks passed, 1 splat"
	report_checker "$(tree_id)" 3
	hw 1 series --check a
	for g in main-job lab checker; do same "$g $(gate $g)" "$g FAIL"; done
	out_has "11 of 12 checks passed, 1 failed"
	out_has "a630: 20 of 20 checks passed, 1 splat"
	out_has "3 findings of the high tier"
'
check "findings that are waived, and those elsewhere, do not count; one more does" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 20 checks passed, no splat"
	report_checker "$(tree_id)" 24 whole 2 22
	hw 0 series --check a
	same "$(gate checker)" pass
	out_has "24 findings of the high tier (2 waived, 22 elsewhere)"
	report_checker "$(tree_id)" 25 whole 2 22
	hw 1 series --check a
	same "$(gate checker)" FAIL
'
check "reports of another tree, or of one with changes, are not reports of this" '
	report_kernel "$(repo rev-parse "7.2/base^{tree}")" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 20 checks passed, no splat"
	sed -i "s/^e3b0/ffff/" "$B/lab/7.2/state"
	touch "$B/report/lab-7.2/a630/verdict"
	report_checker "$(repo rev-parse "7.2/base^{tree}")" 0
	hw 1 series --check a
	for g in main-job lab checker; do same "$g $(gate $g)" "$g FAIL"; done
	same "$(grep -c "the last report is of another tree" out)" 3
'
check "reclaimcheck of a part of the kernel, or of a changed tree, does not count" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 20 checks passed, no splat"
	report_checker "$(tree_id)" 0 drivers/a/
	hw 1 series --check a
	same "$(gate checker)" FAIL
	out_has "of drivers/a/ only: 0 findings of the high tier"
	out_has "make reclaimcheck BASE=7.2"
	report_checker "$(tree_id)" 0
	sed -i "s/^e3b0/ffff/" "$B/report/7.2/reclaimcheck/integration.state"
	hw 1 series --check a
	same "$(gate checker)" FAIL
	report_checker "$(tree_id)" 0
	echo "Killed" > "$B/report/7.2/reclaimcheck/integration.txt"
	hw 1 series --check a
	out_has "the last report has no summary: it is not whole"
'
check "a verdict that is older than the kernel is no verdict on it" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	touch -d "1 hour ago" "$B/report/7.2/verdict"
	hw 1 series --check a
	same "$(gate main-job)" FAIL
'
check "a topic that changes makes every report old" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 20 checks passed, no splat"
	report_checker "$(tree_id)" 0
	hw 0 series --check a
	sed -i "s/y + 2/y + 22/" "$TOPICS/both/0002-two.patch"
	hw 1 series --check a
	for g in main-job lab checker; do same "$g $(gate $g)" "$g FAIL"; done
	same "$(gate build)" pass
	sed -i "s/y + 22/y + 2/" "$TOPICS/both/0002-two.patch"
'
check "proofs of these very commits: shown passes, not shown fails" '
	mkdir -p "$B/prove/7.2"
	hw 0 --porcelain status 7.2
	awk -F "\t" "{ print \$2 \"/\" \$3 \"\t\" \$5 \"\tproof\" }" out > "$B/prove/7.2/plan"
	printf "base\tsubject\tkind\tstate\n" > "$B/report/proof.tsv"
	printf "7.2\tboth/one\tfails\tshown\n7.2\tboth/three\tnone\tnone\n" >> "$B/report/proof.tsv"
	hw 0 series --check a
	same "$(gate proof)" pass
	sed -i "s/shown/not-shown/" "$B/report/proof.tsv"
	hw 1 series --check a
	same "$(gate proof)" FAIL
	out_has "one: not-shown; three: none"
	sed -i "s/\t[0-9a-f]*\tproof/\t0000\tproof/" "$B/prove/7.2/plan"
	hw 0 series --check a
	same "$(gate proof)" skip
'
check "checkpatch --strict sees each patch as it will be sent" '
	sed -i "s/return alpha_end(y + 1);/return alpha_end( y+1 );/" "$TOPICS/both/0001-one.patch"
	hw 1 series --check a
	same "$(gate checkpatch)" FAIL
	out_has "1 of 2 patches: 0001-one.patch"
	sed -i "s/return alpha_end( y+1 );/return alpha_end(y + 1);/" "$TOPICS/both/0001-one.patch"
'
check "a cover letter with EDITME in it, or a fixup, is not finished" '
	cp "$TOPICS/both/topic" saved
	sed -i "s/About both/EDITME/" "$TOPICS/both/topic"
	hw 1 series --check a
	same "$(gate cover)" FAIL
	cp saved "$TOPICS/both/topic"
	sed -i "s/About both./About it.\n # a line that b4 would drop/" "$TOPICS/both/topic"
	hw 1 series --check a
	same "$(gate cover)" FAIL
	cp saved "$TOPICS/both/topic"
	sed -i "s/^Subject: .*/Subject: [PATCH] fixup! a: Do one thing/" "$TOPICS/both/0001-one.patch"
	hw 1 series --check both
	same "$(gate cover | paste -sd,)" FAIL,pass
	sed -i "s/^Subject: .*/Subject: [PATCH] a: Do one thing/" "$TOPICS/both/0001-one.patch"
'
check "without user.name and user.email it refuses, with a hint" '
	git config --file "$GIT_CONFIG_GLOBAL" --unset user.email
	hw 1 series --check a
	same "$(gate identity)" FAIL
	out_has "git config --global user.name"
	hw 1 send $FORCE a
	hw 2 send --force identity a
	git config --file "$GIT_CONFIG_GLOBAL" user.email dev@example.org
'
check "only what a person may answer for can be forced" '
	hw 2 series --make --force cut a
	hw 2 send --force recipients a
	err_has "upstream-id, stable-rules, checkpatch, build, main-job, lab, checker and proof can be forced"
'
check "the cover letter has the reports, and says which checks were overruled" '
	report_kernel "$(tree_id)" "12 of 12 checks passed, no splat"
	report_lab "$(tree_id)" "20 of 21 checks passed, 1 failed, no splat"
	hw 0 series --make --force lab a
	same "$(gate lab)" forced
	git -C "$OUTBOX" config branch.b4/a.description > cover
	tr -s " \n" " " < cover | grep -F "KUnit and lockdep under User Mode Linux: 12 of 12 checks passed, no splat"
	tr -s " \n" " " < cover | grep -F "a630: 20 of 21 checks passed, 1 failed"
	grep -F "Sent although these checks do not pass: lab" cover
	grep -F "Compiling: every commit by itself, for um and arm64" cover
'
check "nobody to send to: refused" '
	git -C "$K" checkout -q --detach 7.2
	sed -i "/^M:/d" "$K/MAINTAINERS"
	git -C "$K" -c user.name=x -c user.email=x@x commit -qam nobody && git -C "$K" tag -f 7.2 > /dev/null
	hw 0 import 7.2 --update
	hw 1 series --check both
	same "$(gate recipients | sort -u)" FAIL
'
finish
