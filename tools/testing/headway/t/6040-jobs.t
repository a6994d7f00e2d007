#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The job files: the whole matrix is in them, once; LAVA's are valid by LAVA's own
# schema (Debian's lava-common), the others are YAML.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
url=https://example.org/headway
schema=/usr/share/lava-common/lava-schema.py
cd "$W" || exit 1
bases() { (cd "$top/bases" && printf '%s\n' * | sort -V); }
# Every build of the matrix, by name.
matrix() {
	for b in $(bases); do
		grep -v '^#' "$top/scripts/kernels" | while read -r arch config _; do
			[ -n "$arch" ] || continue
			for c in gcc-12 clang-19; do echo "$b-$arch-$config-$c"; done
		done
	done | sort
}

check "they are written" '"$top/scripts/jobs.sh" jobs $url/; [ -d jobs/tuxmake ]'
check "every build of the matrix is in TuxSuite's plan, once" '
	sed -n "s/^ *- build_name: //p" jobs/tuxmake/plan.yaml | sort >have
	matrix >want
	[ "$(wc -l <want)" -ge 36 ]
	diff want have
'
check "every build of the matrix is in KernelCI's file, once" '
	awk "/^  kbuild-/ { job = \$1; sub(/:\$/, \"\", job); sub(/^kbuild-/, \"\", job) }
		/- headway:/ { b = \$2; sub(/^headway:/, \"\", b); sub(/\/integration\$/, \"\", b); print b, job }" \
		jobs/kernelci/headway.yaml | sed -E "s/^([^ ]*) (gcc-12|clang-19)-(.*)/\1-\3-\2/" | sort >have
	matrix >want
	diff want have
	sed -n "s/^  - job: kbuild-//p" jobs/kernelci/headway.yaml | sort >planned
	sed -nE "s/^  kbuild-(.*):\$/\1/p" jobs/kernelci/headway.yaml | sort | diff - planned
'
check "every base and architecture that is booted has a job of LAVA's" '
	(cd jobs/lava && ls) | sort >have
	for b in $(bases); do for a in arm64 x86_64; do echo $b-$a.yaml; done; done | sort | diff - have
'
check "each symbol of a fragment is in both descriptions" '
	grep -h ^CONFIG_ "$top/arch/arm/configs/headway.config" | while read -r s; do
		grep -q "\"$s\"" jobs/tuxmake/plan.yaml && grep -q "\"$s\"" jobs/kernelci/headway.yaml || exit 1
	done
'
if command -v yamllint >/dev/null; then
	check "all are YAML" '
		yamllint -s -d "{extends: default, rules: {line-length: disable}}" jobs
	'
else
	missing "all are YAML" "there is no yamllint: run make deps-check"
fi
if [ -x $schema ]; then
	check "LAVA's schema accepts its jobs" '$schema job --strict -r jobs/lava'
	check "and would not accept what is wrong" '
		mkdir wrong
		sed "s/^priority: medium/priority: whenever/" jobs/lava/6.1-arm64.yaml >wrong/a.yaml
		! $schema job --strict -r wrong
		sed "s/method: qemu/methods: qemu/" jobs/lava/6.1-arm64.yaml >wrong/a.yaml
		! $schema job --strict -r wrong
	'
else
	missing "LAVA's schema accepts its jobs" "there is no lava-common: run make deps-check"
fi
check "the pattern of the jobs reads what KUnit prints" '
	pattern=$(sed -n "s/^ *pattern: \"(?P<result>\(.*\)) \[0-9.*/\1/p" jobs/lava/6.1-arm64.yaml)
	[ "$pattern" = "not ok|ok" ]
	grep -qE "($pattern) [0-9]+ [^ #]+" "$top/tools/testing/headway/boot/logs/good.log"
'
check "the same call writes the same files" '
	"$top/scripts/jobs.sh" again $url
	diff -r jobs again
'
check "no place to fetch from is an error" '
	for u in "" ftp://x /srv; do
		got=0
		"$top/scripts/jobs.sh" bad "$u" >out 2>&1 || got=$?
		[ $got = 2 ] && grep -q "URL= is an http" out && [ ! -e bad ]
	done
'
finish
