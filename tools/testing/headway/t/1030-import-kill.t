#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kill -9 at random points and at every step that changes the disk: what is found
# afterwards is the old state or the new one, and the next run is fine.

. "$(dirname "$0")/lib-import.sh"

rounds=${HEADWAY_KILL_ROUNDS:-25}
make_files "$W/s/top" 2000 1
tar -C "$W/s" --sort=name -cf "$W/old.tar" top
make_files "$W/s/top" 1500 2
tar -C "$W/s" --sort=name -cf "$W/new.tar" top
old=$(git_tree "$W/old.tar")
new=$(git_tree "$W/new.tar")
old_sum=$(sum "$W/old.tar")
new_sum=$(sum "$W/new.tar")

import 1.0 --tarball "$W/old.tar" --sha256 "$old_sum"
is "the old tree" "$rc $(tree_of 1.0)" "0 $old"
cp -a "$REPO" "$W/old.git"
start=$(date +%s%N)
import 1.0 --tarball "$W/new.tar" --sha256 "$new_sum"
took=$((($(date +%s%N) - start) / 1000))
is "the new tree" "$rc $(tree_of 1.0)" "0 $new"

# state_ok ALLOWED...: the base is one of these, and all that it needs is there
state_ok() {
	local tree=$(tree_of 1.0) allowed
	for allowed; do
		[ "$tree" = "$allowed" ] || continue
		[ "$tree" = none ] && return 0
		sound
		return
	done
	echo "the tree is $tree, allowed is $*"
	return 1
}

# killed_update DELAY-IN-MICROSECONDS
killed_update() {
	rm -rf "$REPO"
	cp -a "$W/old.git" "$REPO"
	"$HEADWAY" -q import 1.0 --tarball "$W/new.tar" --sha256 "$new_sum" 2> "$W/err" &
	sleep "$(printf '0.%06d' "$1")"
	kill -9 $! 2> /dev/null
	wait $! 2> /dev/null
}

RANDOM=20261122
seen_old=0 seen_new=0 bad=0 rerun=0
[ "$took" -gt 999999 ] && took=999999
for ((i = 0; i < rounds; i++)); do
	killed_update $((took * i / rounds + RANDOM * took / rounds / 32768))
	state_ok "$old" "$new" > "$W/state" || { bad=$((bad + 1)); sed 's/^/# /' "$W/state"; }
	[ "$(tree_of 1.0)" = "$old" ] && seen_old=$((seen_old + 1)) || seen_new=$((seen_new + 1))
	import 1.0 --tarball "$W/new.tar" --sha256 "$new_sum"
	[ "$rc $(tree_of 1.0)$(temporaries)" = "0 $new" ] && sound > /dev/null && rerun=$((rerun + 1))
done
echo "# killed $rounds times in $took us: $seen_old left the old tree, $seen_new the new one"
is "killed at random points of an update: never anything in between" "$bad" 0
ok "some were killed before the end" [ "$seen_old" -gt 0 ]
is "the next run was fine each time, and cleared up" "$rerun" "$rounds"

# The first import of all, killed while the repository is made.
bad=0 rerun=0
for ((i = 0; i < 15; i++)); do
	rm -rf "$REPO"
	"$HEADWAY" -q import 1.0 --tarball "$W/old.tar" --sha256 "$old_sum" 2> "$W/err" &
	sleep "$(printf '0.%06d' $((i * 1000 + RANDOM % 1000)))"
	kill -9 $! 2> /dev/null
	wait $! 2> /dev/null
	state_ok none "$old" > "$W/state" || { bad=$((bad + 1)); sed 's/^/# /' "$W/state"; }
	import 1.0 --tarball "$W/old.tar" --sha256 "$old_sum"
	[ "$rc $(tree_of 1.0)$(temporaries)" = "0 $old" ] && rerun=$((rerun + 1))
done
is "killed while the repository is made: nothing or all" "$bad" 0
is "the next run was fine each time" "$rerun" 15

# Every call that changes a name or syncs: killed just before the n-th of them.
can_inject() { strace -f -o /dev/null -e inject=rename:signal=KILL:when=1 true; }
command -v strace > /dev/null || {
	missing "killed at each step" "strace is missing: run make deps-check"
	finish
}
can_inject 2> /dev/null || {
	skip "killed at each step" "strace may not trace here"
	finish
}
bad=0 rerun=0 killed=0
for call in rename fsync fchmod unlink mkdir pwrite64; do
	for ((i = 1; i < 40; i++)); do
		rm -rf "$REPO"
		cp -a "$W/old.git" "$REPO"
		# In a shell of its own, which keeps the word "Killed" to itself.
		(ASAN_OPTIONS=detect_leaks=0 strace -f -o /dev/null -e trace="$call" \
			-e inject="$call:signal=KILL:when=$i" "$HEADWAY" -q import 1.0 \
			--tarball "$W/new.tar" --sha256 "$new_sum"; exit $?) 2> "$W/err"
		[ $? -eq 137 ] || break
		killed=$((killed + 1))
		state_ok "$old" "$new" > "$W/state" ||
			{ bad=$((bad + 1)); echo "# at $call $i"; sed 's/^/# /' "$W/state"; }
		import 1.0 --tarball "$W/new.tar" --sha256 "$new_sum"
		[ "$rc $(tree_of 1.0)$(temporaries)" = "0 $new" ] && sound > /dev/null &&
			rerun=$((rerun + 1))
	done
done
echo "# killed at $killed steps"
ok "there were steps to be killed at" [ "$killed" -gt 5 ]
is "killed at each step: never anything in between" "$bad" 0
is "the next run was fine each time, and cleared up" "$rerun" "$killed"
finish
