#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: configure.sh TREE OUT ARCH FRAGMENT... -- KMAKE...
# Lay the fragments over allnoconfig, if they or a Kconfig file changed. A line
# of them that did not take, although TREE knows the symbol, is an error: a
# check that is silently off would pass everything. (CONFIGURE_LENIENT=1: said only.)
# CONFIGURE_START names another target of the kernel's configuration to start from.
set -eu

tree=$1 out=$2 arch=$3
shift 3
start=${CONFIGURE_START:-allnoconfig}
mkdir -p "$out"
: >"$out/fragment.new"
[ "$start" = allnoconfig ] || echo "# over $start" >"$out/fragment.new"
while [ "$1" != -- ]; do
	cat "$1" >>"$out/fragment.new"
	shift
done
shift
# Of several lines about a symbol the last one counts.
awk '{ s = $0; sub(/^# /, "", s); line[NR] = $0 }
	s ~ /^CONFIG_[A-Za-z0-9_]+(=| is not set)/ { sub(/[= ].*/, "", s); last[s] = NR; of[NR] = s }
	END { for (i = 1; i <= NR; i++) if (!of[i] || last[of[i]] == i) print line[i] }' \
	"$out/fragment.new" >"$out/fragment.last"
mv "$out/fragment.last" "$out/fragment.new"

kconfigs() { git -C "$tree" ls-files -z '*Kconfig*'; }

configure() {
	if [ "$start" = allnoconfig ]; then
		"$@" -s KCONFIG_ALLCONFIG="$out/fragment.new" allnoconfig
		return
	fi
	"$@" -s "$start"
	"$tree/scripts/kconfig/merge_config.sh" -m -O "$out" \
		"$out/.config" "$out/fragment.new"
	"$@" -s olddefconfig
}

# A fragment is renamed into place only once all of it has taken.
if cmp -s "$out/fragment.new" "$out/fragment" && [ -e "$out/.config" ]; then
	newer=$(cd "$tree" && kconfigs | xargs -0 sh -c \
		'for f; do [ ! "$f" -nt "$0" ] || { echo "$f"; break; }; done' \
		"$out/.config")
	[ -n "$newer" ] || exit 0
fi
rm -f "$out/fragment"
(set -e; configure "$@") >"$out/config.log" 2>&1 || {
	cat "$out/config.log" >&2
	exit 1
}
# What was asked for and is not there, and what was to be off and is on.
grep -v '^#' "$out/fragment.new" | grep = | grep -v '=n$' |
	grep -vxFf "$out/.config" | cut -d= -f1 >"$out/missing" || :
sed -n 's/^\(CONFIG_[A-Za-z0-9_]*\)=n$/\1/p; s/^# \(CONFIG_[A-Za-z0-9_]*\) is not set$/\1/p' \
	"$out/fragment.new" | while read -r symbol; do
	! grep -q "^$symbol=" "$out/.config" || echo "$symbol"
done >>"$out/missing"
bad=0
while read -r symbol; do
	if (cd "$tree" && kconfigs | xargs -0 grep -lE \
		"^[[:space:]]*(menu)?config[[:space:]]+${symbol#CONFIG_}\$") >/dev/null; then
		echo "configure: error: $symbol of the fragment has unmet dependencies ($arch)" >&2
		bad=1
	fi
done <"$out/missing"
[ $bad -eq 0 ] || [ "${CONFIGURE_LENIENT:-0}" = 1 ] || exit 1
mv "$out/fragment.new" "$out/fragment"
