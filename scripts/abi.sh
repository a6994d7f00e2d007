#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: abi.sh BASE [FORM]
# Build two arm64 kernels with debug information in one tree, the base and the base
# with the changes in the form of FORM (plain or android), and compare what they
# export. What was built from the same sources is not built again; the second one
# compiles only what differs. Exit code: headway abi's, 4 if a kernel does not build.
set -eu
unset MAKEFLAGS MFLAGS MAKELEVEL

base=$1 form=${2:-plain}
top=$(cd "$(dirname "$0")/.." && pwd)
repo=${HEADWAY_REPO:-$top/build/linux.git}
work=$top/build/abi/$base
src=$work/src
out=$work/arm64
config=$top/arch/arm64/configs/headway-abi.config
mkdir -p "$work"

[ -d "$src/.git" ] || git clone -q --shared --no-checkout "$repo" "$src"
git -C "$src" fetch -q --prune "$repo" "+refs/heads/$base/*:refs/abi/*"

# The compiler as in Makefile.kernel: the same from the same sources.
export KBUILD_BUILD_USER=headway KBUILD_BUILD_HOST=headway KBUILD_BUILD_VERSION=1
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
kmake() {
	make --no-print-directory -C "$src" O="$out" ARCH=arm64 LOCALVERSION= \
		CROSS_COMPILE=aarch64-linux-gnu- CC="${ARM64_CC:-aarch64-linux-gnu-gcc}" "$@"
}

# interface NAME: build what is checked out, and keep what abidw makes of it
interface() {
	state=$(git -C "$src" rev-parse 'HEAD^{tree}'; sha256sum <"$config")
	[ ! -s "$work/$1.abi" ] || [ "$(cat "$work/$1.state" 2>/dev/null)" != "$state" ] || return 0
	rm -f "$work/$1.state"
	echo "$base: building the kernel \"$1\" for arm64 ($work/$1.log)"
	"$top/scripts/configure.sh" "$src" "$out" arm64 "$config" -- \
		env CROSS_COMPILE=aarch64-linux-gnu- make --no-print-directory -C "$src" \
		O="$out" ARCH=arm64 LOCALVERSION=
	kmake -j"$(nproc)" vmlinux >"$work/$1.log" 2>&1 || {
		tail -n 20 "$work/$1.log" >&2
		echo "headway: error: the kernel \"$1\" of $base does not build" >&2
		exit 4
	}
	abidw --no-corpus-path --no-comp-dir-path --out-file "$work/$1.new" "$out/vmlinux"
	mv "$work/$1.new" "$work/$1.abi"
	echo "$state" >"$work/$1.state"
}

git -C "$src" checkout -q -f --detach refs/abi/base
git -C "$src" clean -qfdx
interface base
if [ "$form" = plain ]; then
	git -C "$src" checkout -q -f --detach refs/abi/integration
else
	rm -rf "$work/$form"
	"$HEADWAY" -q export --for "$form" "$base" --bug 1 -o "$work/$form"
	git -C "$src" am -q "$work/$form"/*.patch 2>"$work/$form.am" || {
		cat "$work/$form.am" >&2
		exit 1
	}
fi
interface "$form"
exec "$HEADWAY" abi "$base" --for "$form" --old "$work/base.abi" --new "$work/$form.abi"
