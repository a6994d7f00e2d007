#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The series of the real topics: for the newest base those that its maintainers shall
# get, for the oldest those for stable; and the mails for PM, which git am turns into
# the topic's own tree. The repository is $HEADWAY_REPO, build/linux.git by default;
# it is only read.

HERE=$(cd "$(dirname "$0")" && pwd)
PROJECT=$(cd "$HERE/../../../.." && pwd)
REAL=${HEADWAY_REPO:-$PROJECT/build/linux.git}
. "$HERE/lib.sh"
command -v b4 > /dev/null || fail_all "b4 is missing: run make deps-check"
REAL=$(realpath -q "$REAL") && bases=$(git -C "$REAL" for-each-ref \
	--format='%(refname:lstrip=2)' 'refs/heads/*/base' 2>/dev/null | sed 's,/base$,,')
for b in 6.1 7.2; do
	grep -qx $b <<< "${bases-}" || fail_all "base $b is not imported: run make bases"
done
export HEADWAY_TOP=$PROJECT HEADWAY_BUILD=$W/build HOME=$W HEADWAY_REPO=$W/one.git
export GIT_CONFIG_GLOBAL=$W/gitconfig
git config --file "$GIT_CONFIG_GLOBAL" user.name "Dev Eloper"
git config --file "$GIT_CONFIG_GLOBAL" user.email dev@example.org
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
mkdir -p "$HEADWAY_BUILD"
git init -q --bare "$HEADWAY_REPO"
echo "$REAL/objects" > "$HEADWAY_REPO/objects/info/alternates"
git -C "$REAL" for-each-ref --format='create %(refname) %(objectname)' 'refs/heads/*/base' |
	git -C "$HEADWAY_REPO" update-ref --stdin
R() { git -C "$HEADWAY_REPO" "$@"; }
row() { awk -F '\t' -v k="$1" -v s="$2" '$1 == k && $2 == s' "$W/out"; }
hw 0 build > "$W/log" 2>&1 || { sed "s|^|# |" "$W/err"; fail_all "a change fails on a base"; }
FORCE='--force build --force main-job --force lab --force checker --force proof'

check "for 7.2: PM, devfreq, drm/msm and drm/sched, each to the entry that owns it" '
	hw 0 --porcelain series
	cp out plan
	cut -f 2,7 plan | grep -x "pm-qos	POWER MANAGEMENT CORE"
	cut -f 2,7 plan | grep -x "pm-devfreq	DEVICE FREQUENCY (DEVFREQ)"
	cut -f 2,7 plan | grep -x "msm	DRM DRIVER for Qualcomm Adreno GPUs"
	cut -f 2,7 plan | grep -x "msm-fixes	DRM DRIVER for Qualcomm Adreno GPUs"
	cut -f 2,7 plan | grep -x "drm-sched	DRM GPU SCHEDULER"
	! grep "^refused" plan
'
cp "$W/plan" "$W/out" 2>/dev/null
check "each goes to somebody, and to a list" '
	cp plan out
	for s in $(awk -F "\t" "\$1 == \"series\" { print \$2 }" plan); do
		echo "$s"
		[ -n "$(row to "$s")" ]
		row cc "$s" | grep -q "@.*lists\|vger"
	done
'
check "stable series for 6.1 go to stable, with the interconnect's missing unlock" '
	cp plan out
	row commit 6.1/icc | grep "icc/sync-state-unlock"
	row to 6.1/icc | grep stable@vger.kernel.org
	row left 6.1 | grep "soc-qcom/smd-rpm-no-alloc	not for stable"
	row commit 6.1/drm-sched | grep drm-sched/sched-fence-name
	! grep "^needs	6\." plan
	! grep "^commit	6\.[0-9]*/.*kunit" plan
'
check "each change that a base carries is in one series, or it is said why not" '
	hw 0 --porcelain status
	awk -F "\t" "\$4 == \"carried\" { print \$1 \"\t\" \$2 \"/\" \$3 }" out | sort > carried
	awk -F "\t" "\$1 == \"series\" { base[\$2] = \$3 } \$1 == \"commit\" { print base[\$2] \"\t\" \$4 } \$1 == \"left\" { print \$2 \"\t\" \$3 }" plan | sort > planned
	diff carried planned
'
check "stable series: the rules hold; where mainline has a change its commit is asked for" '
	for s in 6.1/icc 6.1/drm-sched 6.12/drm-sched; do
		hw 1 series --check $s
		for g in cut upstream-id stable-rules checkpatch; do grep "^  pass    $g " out; done
	done
	grep -x "\[ Not a backport: mainline has the unlock since .*" build/series/patches/6.1/icc/0001-*
	for s in 6.1/msm 6.12/msm; do
		hw 1 series --check $s
		for g in cut stable-rules checkpatch; do grep "^  pass    $g " out; done
		grep "^  FAIL    upstream-id .* names no commit of 40 digits for .*crash-noreclaim" out
	done
'
check "the fixes of drm/msm are a series of their own, on the base; the rest stands on it" '
	same "$(grep "^needs	msm-fixes	" plan)" ""
	grep "^needs	msm	msm-fixes	part fixes of its topic goes first$" plan
'
check "fixes for mainline that stable wants are tagged" '
	cp plan out
	row cc msm-fixes | grep stable@vger
	grep -x "Cc: stable@vger.kernel.org # 6.1.x" build/series/patches/msm-fixes/*relocs-leak.patch
	! grep stable@vger build/series/patches/msm/*annotate.patch
'
check "the mails for PM, devfreq and drm/msm: checkpatch is content, and the cover is whole" '
	for s in pm-qos pm-devfreq msm-fixes; do
		hw 0 send --output "$s" $FORCE $s
		grep -x "  pass    checkpatch .*" out
	done
	same "$(ls pm-qos | wc -l)" 6
	grep "^Subject: \[PATCH 0/5\]" pm-qos/*0000*
	grep "^base-commit: $(R rev-parse 7.2/base)" pm-qos/*0000*
	grep "^The base is Linux 7\.2\.[0-9]*[;,]" pm-qos/*0000*
	same "$(grep -c "^prerequisite-patch-id" pm-devfreq/*0000*)" 5
	grep "^To:.*rafael@kernel.org\|^ .*rafael@kernel.org" pm-qos/*0001*
	! grep -r "LINUX_VERSION_CODE\|EDITME" pm-qos pm-devfreq
'
check "git am makes the trees of the series: PM and devfreq together all of the topic" '
	git clone -q --shared -n "$HEADWAY_REPO" am
	cd am
	git config user.name Am && git config user.email am@localhost
	git sparse-checkout set --no-cone /drivers/base/ /drivers/devfreq/ /include/kunit/ /drivers/gpu/drm/msm/
	git checkout -q --detach origin/7.2/base
	git am -q "$W"/pm-qos/*000[1-9]*
	same "$(git rev-parse "HEAD^{tree}")" "$(git -C "$W/build/series/outbox" rev-parse "b4/pm-qos^{tree}")"
	git am -q "$W"/pm-devfreq/*000[1-9]*
	same "$(git rev-parse "HEAD^{tree}")" "$(git -C "$W/build/series/outbox" rev-parse "b4/pm-devfreq^{tree}")"
	# The topic differs in what its files ask of the kernel'\''s version alone.
	git fetch -q origin
	git diff --stat HEAD origin/7.2/topic/pm -- | cat
	# And UFS has owners of its own.
	same "$(git diff --name-only HEAD origin/7.2/topic/pm -- | paste -sd,)" \
		drivers/devfreq/devfreq-reclaim-test.c,drivers/ufs/core/ufshcd.c
	git diff HEAD origin/7.2/topic/pm -- | grep "^+.*LINUX_VERSION_CODE"
	# The fixes of drm/msm need none of it.
	git checkout -q --detach origin/7.2/base
	git am -q $(ls "$W"/msm-fixes/* | tail -n +2)
	same "$(git rev-parse "HEAD^{tree}")" "$(git -C "$W/build/series/outbox" rev-parse "b4/msm-fixes^{tree}")"
'
finish
