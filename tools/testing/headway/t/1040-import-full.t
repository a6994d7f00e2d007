#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A full disk: an error that says where and how much, the old state intact, and a
# fine run once there is room. On a tmpfs, in a mount namespace of our own.

if [ -z "${HEADWAY_IN_NAMESPACE:-}" ]; then
	[ "$(id -u)" = 0 ] && map= || map=-r
	if ! unshare $map -m true 2> /dev/null; then
		echo "1..0 # SKIP neither root nor allowed to make a mount namespace"
		exit 0
	fi
	HEADWAY_IN_NAMESPACE=1 exec unshare $map -m "$BASH" "$0" "$@"
fi
. "$(dirname "$0")/lib-import.sh"
trap 'umount "$W/disk" 2> /dev/null; cleanup' EXIT

mkdir "$W/disk"
mount -t tmpfs -o size=4m none "$W/disk" 2> "$W/err" || skip_all "cannot mount a tmpfs"
export HEADWAY_BUILD=$W/disk
REPO=$W/disk/linux.git

make_files "$W/s/top" 200 1
tar -C "$W/s" --sort=name -cf "$W/small.tar" top
head -c 9000000 /dev/urandom > "$W/s/top/noise"
tar -C "$W/s" --sort=name -cf "$W/big.tar" top
import_tar 1.0 "$W/small.tar"
is "a base that fits" "$rc $(tree_of 1.0)" "0 $(git_tree "$W/small.tar")"
before=$(refs; find "$REPO" -type f | sort)

import_tar 1.0 "$W/big.tar"
is "one that does not fit: the machine is at fault" "$rc" 4
ok "the message says where, how much is needed and how much is free" \
	said "no space left in .*linux.git/objects/pack: the pack needs about [0-9]* MB, [0-9]* MB of it were written, [0-9]* MB are free"
is "the old state is intact, no temporary file stays" "$(refs; find "$REPO" -type f | sort)" "$before"
ok "the repository is sound" sound

dd if=/dev/zero of="$W/disk/ballast" bs=4k 2> /dev/null
import_tar 1.0 "$W/big.tar"
is "not one byte free: the machine is at fault" "$rc" 4
is "the old state is intact" "$(refs)" "$(printf '%s' "$before" | head -n 1)"
ok "reading still works" "$HEADWAY" import 1.0
rm "$W/disk/ballast"

# Each amount of room on the way to enough: wherever it ends, nothing is torn.
bad=0
for kb in $(seq 40 40 400); do
	mount -o remount,size=$((9800 + kb))k "$W/disk"
	import_tar 1.0 "$W/big.tar"
	[ "$rc" = 0 ] && break
	[ "$rc $(refs)" = "4 $(printf '%s' "$before" | head -n 1)" ] && sound > /dev/null || bad=$((bad + 1))
done
is "with ever more room: an error and the old state, until it fits" "$bad" 0
mount -o remount,size=32m "$W/disk"
import_tar 1.0 "$W/big.tar"
is "with room enough it is imported" "$rc $(tree_of 1.0)" "0 $(git_tree "$W/big.tar")"
is "no temporary file stays" "$(temporaries)" ""

mount -o remount,size=64m "$W/disk"
rm -rf "$REPO"
dd if=/dev/zero of="$W/disk/ballast" bs=1k 2> /dev/null
import_tar 1.0 "$W/small.tar"
is "no room even for an empty repository: the machine is at fault" "$rc" 4
rm "$W/disk/ballast"
import_tar 1.0 "$W/small.tar"
is "and it is made once there is room" "$rc $(tree_of 1.0)" "0 $(git_tree "$W/small.tar")"
finish
