#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two at once: the second says who is first and changes nothing.

. "$(dirname "$0")/lib-import.sh"

make_files "$W/s/top" 2000 1
tar -C "$W/s" --sort=name -cf "$W/one.tar" top
echo two > "$W/s/top/two"
tar -C "$W/s" --sort=name -cf "$W/two.tar" top
one=$(git_tree "$W/one.tar")
two=$(git_tree "$W/two.tar")

# Stopped as soon as it has the lock, which it holds until it is let go on.
"$HEADWAY" -q import 1.0 --tarball "$W/one.tar" --sha256 "$(sum "$W/one.tar")" &
first=$!
for ((i = 0; i < 10000; i++)); do
	[ -s "$REPO/headway.lock" ] && break
	sleep 0.002
done
kill -STOP $first
is "the first holds the lock" "$(cat "$REPO/headway.lock")" "$first"
import_tar 1.0 "$W/two.tar"
is "the second is told that the repository is in use" "$rc" 5
ok "and by which process" said "process $first"
is "the second changed nothing" "$(tree_of 1.0)" none
kill -CONT $first
wait $first
is "the first ends well" "$? $(tree_of 1.0)" "0 $one"
import_tar 1.0 "$W/two.tar"
is "then the second may" "$rc $(tree_of 1.0)" "0 $two"

"$HEADWAY" -q import 1.0 --tarball "$W/one.tar" --sha256 "$(sum "$W/one.tar")" &
first=$!
for ((i = 0; i < 10000; i++)); do
	[ -s "$REPO/headway.lock" ] && break
	sleep 0.002
done
kill -STOP $first
import 1.0
is "a base that is there can be asked for meanwhile" "$rc" 0
kill -9 $first
wait $first 2> /dev/null
import_tar 1.0 "$W/two.tar"
is "a killed holder is no obstacle" "$rc $(tree_of 1.0)" "0 $two"

# A crowd: each ends well or is told to wait, and all is sound.
for i in 1 2 3 4 5 6; do
	tarball=$W/one.tar
	[ $((i % 2)) = 0 ] && tarball=$W/two.tar
	("$HEADWAY" -q import 1.0 --tarball "$tarball" --sha256 "$(sum "$tarball")" 2> /dev/null
	 echo $? > "$W/crowd.$i") &
done
wait
odd=0 won=0
for i in 1 2 3 4 5 6; do
	case $(cat "$W/crowd.$i") in
	0) won=$((won + 1)) ;;
	5) ;;
	*) odd=$((odd + 1)) ;;
	esac
done
is "six at once: each 0 or 5" "$odd" 0
ok "at least one got through" [ "$won" -gt 0 ]
ok "the tree is one of the two" [ "$(tree_of 1.0)" = "$one" -o "$(tree_of 1.0)" = "$two" ]
ok "the repository is sound" sound
is "no temporary file stays" "$(temporaries)" ""
finish
