#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every line of scripts/kernels on every real base: each symbol that it asks for
# and that the base knows takes. And a line that does not take is found, whether a
# symbol should be on or off, and whether it starts from allnoconfig or not.

top=$(cd "$(dirname "$0")/../../../.." && pwd)
. "$(dirname "$0")/lib-tap.sh"
unset ARCH CONFIGURE_START CONFIGURE_LENIENT
repo=$top/build/linux.git
table=$top/scripts/kernels
. "$top/scripts/kernel-lib.sh"
cd "$W" || exit 1

# What the kernel's configuration reads, and no more.
unpack() {
	mkdir "$W/$1"
	git -C "$repo" archive "$1/integration" Makefile Kconfig scripts \
		arch/arm arch/arm64 arch/x86 ':(glob)**/Kconfig*' ':(exclude)arch/*/boot' | tar x -C "$W/$1"
	git -C "$W/$1" init -q && git -C "$W/$1" add -f -A
}
# configure BASE ARCH START FRAGMENT...
configure() {
	local base=$1 arch=$2 start=$3 cross=
	shift 3
	case $arch in
	arm64) cross=aarch64-linux-gnu- ;;
	arm) cross=arm-linux-gnueabihf- ;;
	esac
	# Without the other architecture's compiler its configuration cannot be made.
	CONFIGURE_START=$start "$top/scripts/configure.sh" "$W/$base" "$W/out-$base" "$arch" "$@" \
		-- make --no-print-directory -C "$W/$base" O="$W/out-$base" ARCH="$arch" \
		CROSS_COMPILE="$cross"
}
compiler() {
	case $1 in
	arm64) command -v aarch64-linux-gnu-gcc ;;
	arm) command -v arm-linux-gnueabihf-gcc ;;
	*) command -v gcc ;;
	esac >/dev/null
}

for base in $(cd "$top/bases" && printf '%s\n' * | sort -V); do
	if ! git -C "$repo" rev-parse -q --verify "$base/integration" >/dev/null 2>&1; then
		missing "$base: the configurations" "it is not imported: run make bases"
		continue
	fi
	check "$base: what configures it can be taken from the branch" 'unpack "$base"'
	while read -r arch config start list; do
		[ "$list" != - ] || continue
		if ! compiler "$arch"; then
			missing "$base: $arch $config" "there is no compiler for $arch: run make deps-check"
			continue
		fi
		check "$base: $arch $config" '
			rm -f "out-$base/.config" "out-$base/fragment"
			configure "$base" "$arch" "$start" $(fragments "$arch" "$config")
			[ -s "out-$base/.config" ]
		'
	done < <(grep -v '^#' "$table" | awk NF)
done

[ -d "$W/$base" ] || { echo "1..$n"; exit $failed; }
check "a symbol that cannot be on is an error" '
	printf "CONFIG_DRM=n\nCONFIG_DRM_MSM=y\n" >fragment
	! configure "$base" x86_64 allnoconfig fragment >out 2>&1
	cat out
	grep -q "CONFIG_DRM_MSM of the fragment has unmet dependencies (x86_64)" out
'
check "so is one that cannot be off, over another start" '
	printf "CONFIG_PROC_FS=y\nCONFIG_NET=n\n# CONFIG_PROC_SYSCTL is not set\nCONFIG_SYSCTL=n\n" >fragment
	! configure "$base" x86_64 defconfig fragment >out 2>&1
	cat out
	grep -q "of the fragment has unmet dependencies" out
'
check "another start configures again" '
	printf "CONFIG_PRINTK=y\n" >fragment
	configure "$base" x86_64 defconfig fragment
	grep -qx CONFIG_NET=y "out-$base/.config"
	configure "$base" x86_64 allnoconfig fragment
	! grep -qx CONFIG_NET=y "out-$base/.config"
'
finish
