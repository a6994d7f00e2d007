#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: warnings.sh REPO BASE ARCH WORK [CONFIG]
# Compile the files that BASE's integration branch changes, before and after, with
# one configuration, W=1 and sparse, and compare what was complained of: no new
# warning may come. ARCH is one of scripts/kernels or um. Prints TAP, a test a file
# and a last one for the headers. WORK keeps a clone and the objects for the next
# time; WORK/before.log and after.log are what the compiler said. LLVM=1: clang.
#
# Exit: 0 nothing new, 1 something is, or does not compile, 2 usage, 3 no such
# branch, 4 the machine.
set -u

[ $# -ge 4 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
repo=$(realpath -e "$1") base=$2 arch=$3 work=$4 config=${5:-}
top=$(cd "$(dirname "$0")/.." && pwd)
table=${KERNELS:-$top/scripts/kernels}
. "$top/scripts/kernel-lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# The base knows less than the fragments ask for.
export CONFIGURE_LENIENT=1
export KBUILD_BUILD_USER=headway KBUILD_BUILD_HOST=headway LC_ALL=C

if [ "$arch" = um ]; then
	export CONFIGURE_START=allnoconfig
	fragments="$top/arch/um/configs/headway.config $top/arch/um/configs/headway-pci.config
		$top/arch/um/configs/headway-lab.config"
else
	# With the suites, if this architecture has a configuration with them.
	[ -n "$config" ] || config=$(awk -v a="$arch" '$1 == a && $2 == "debug" { print $2 }' "$table")
	[ -n "$config" ] || config=$(default_config "$arch")
	need_line "$arch" "$config"
	CONFIGURE_START=$(table_field "$arch" "$config" 3)
	export CONFIGURE_START
	fragments=$(fragments "$arch" "$config")
fi

mkdir -p "$work" || exit 4
work=$(cd "$work" && pwd)
tree=$work/tree out=$work/$arch
g() { git -C "$tree" "$@"; }
[ -d "$tree/.git" ] || git clone -q --shared --no-checkout "$repo" "$tree" || exit 4
g fetch -q --prune "$repo" "+refs/heads/$base/*:refs/warnings/*" &&
	g rev-parse -q --verify refs/warnings/base >/dev/null &&
	g rev-parse -q --verify refs/warnings/integration >/dev/null || {
	echo "headway: error: $repo has no branches of $base" >&2
	echo "headway: hint: headway import $base && headway build $base" >&2
	exit 3
}

kmake_arguments() {
	echo "--no-print-directory -C $tree O=$out ARCH=$arch LOCALVERSION="
	case $arch:${LLVM:-} in
	*:1) echo LLVM=-19 ;;
	arm64:*) echo CROSS_COMPILE=aarch64-linux-gnu- ;;
	arm:*) echo CROSS_COMPILE=arm-linux-gnueabihf- ;;
	esac
}
# shellcheck disable=SC2046 # one word an argument
kmake() { make $(kmake_arguments) "$@"; }

# The version of Debian 12 does not know __typeof_unqual__, which 7.2 is full of and
# without which its kbuild leaves sparse out, nor the length of a literal, which 7.2
# asserts in every MODULE_LICENSE(). The shell of kbuild takes the quotes away.
sparse="sparse -D__typeof_unqual__=__typeof__ '-D__builtin_strlen(s)=(sizeof(s)-1)'"

# Objects of the changed sources that the tree at hand has and that $arch can build.
objects() {
	g diff --name-only refs/warnings/base refs/warnings/integration -- '*.c' |
	while read -r file; do
		[ -e "$tree/$file" ] || continue
		case $arch:$file in
		um:arch/um/* | um:arch/x86/um/* | x86_64:arch/x86/* | arm64:arch/arm64/* | arm:arch/arm/*) ;;
		*:arch/*) continue ;;
		esac
		echo "${file%.c}.o"
	done
}

# compile BRANCH LOG: what this configuration has not is listed in LOG.absent, what
# does not compile in LOG.broken
compile() {
	g checkout -q --force --detach "refs/warnings/$1" || return 4
	# shellcheck disable=SC2046,SC2086 # one word a fragment, one an argument
	"$top/scripts/configure.sh" "$tree" "$out" "$arch" $fragments -- \
		make $(kmake_arguments) >"$2" 2>&1 && kmake -s prepare >"$2" 2>&1 || {
		echo "headway: error: cannot configure $1, see $2" >&2
		return 4
	}
	objects >"$2.objects"
	(cd "$out" && xargs -r rm -f) <"$2.objects"
	# shellcheck disable=SC2046 # one word an object
	[ ! -s "$2.objects" ] || kmake -s -k -j"$(nproc)" W=1 C=1 CHECK="$sparse" \
		$(cat "$2.objects") >"$2" 2>&1
	if grep -q "C=1 specified, but" "$2"; then
		echo "headway: error: kbuild does not want this sparse: $(sparse --version)" >&2
		return 4
	fi
	: >"$2.absent"
	: >"$2.broken"
	while read -r o; do
		[ ! -e "$out/$o" ] || continue
		if grep -qE "(No rule to make target|Nothing to be done for) .*$o'" "$2"; then
			echo "$o" >>"$2.absent"
		else
			echo "$o" >>"$2.broken"
		fi
	done <"$2.objects"
}

compile base "$work/$arch-before.log" && compile integration "$work/$arch-after.log" || exit 4
after=$work/$arch-after.log
"$top/scripts/warnings-new.sh" "$tree" "$work/$arch-before.log" "$after" >"$work/$arch-new"
[ $? -le 1 ] || exit 4

n=0 failed=0
# report OK NAME [SKIP]: the lines on stdin, no pipe, say why
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2${3:+ # SKIP $3}"; else
		echo "not ok $n - $2"
		sed 's/^/#   /'
		failed=1
	fi
}
while read -r o; do
	name="$base $arch ${o%.o}.c"
	if grep -qxF "$o" "$after.absent"; then
		report 0 "$name" "not in this configuration"
	elif grep -qxF "$o" "$after.broken"; then
		grep -E 'error|\*\*\*' "$after" | head -n 12 >"$work/why"
		report 1 "$name: does not compile" <"$work/why"
	else
		grep -F "${o%.o}.c:" "$work/$arch-new" >"$work/why" ||
			grep -F "$o: " "$work/$arch-new" >"$work/why"
		bad=$([ ! -s "$work/why" ]; echo $?)
		report "$bad" "$name" <"$work/why"
	fi
done <"$after.objects"
# What is in no file of ours: headers.
sed 's/\.o$//' "$after.objects" | awk 'NR == FNR { mine[$0]; next }
	{ f = $0; sub(/:.*/, "", f); sub(/\.[cSo]$/, "", f)
	  for (m in mine) if (f == m || substr(f, length(f) - length(m)) == "/" m) next
	  print }' - "$work/$arch-new" >"$work/why"
bad=$([ ! -s "$work/why" ]; echo $?)
report "$bad" "$base $arch headers" <"$work/why"
echo "1..$n"
echo "# warnings before: $(grep -cE ': (warning|error): ' "$work/$arch-before.log"), after: $(
	grep -cE ': (warning|error): ' "$after"), not compiled: $(wc -l <"$after.absent")"
[ $n -gt 1 ] || { echo "Bail out! $base: the topics change no source"; exit 1; }
exit $failed
