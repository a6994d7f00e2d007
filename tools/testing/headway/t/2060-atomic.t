#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Killed at any moment, out of space or beside another process: the branches are
# those of before or those of after, all of them, and the next run is fine.

. "$(dirname "$0")/lib.sh"
make_kernel
import_bases 6.1 6.12 7.2

# Many changes, that a build takes a while; "turn" moves all branches of all bases.
mkdir -p "$W/top/lib"
begin 6.1
while read -r t function; do
	topic $t
	for i in 1 2 3 4 5 6 7 8; do
		change $t $t$i "Patch: 000$i-$t$i.patch" "Files: lib/$t$i.c"
		patch $t/000$i-$t$i "b: $function counts $i" \
			"sed -i '/^int $function/,/^}/s/+= .*;/+= $i$i;/' drivers/b/core.c"
		echo "int $t$i;" > "$W/top/lib/$t$i.c"
	done
	begin 6.1
done << 'END'
a one
b two
c three
d four
END
now=0
turn() {
	now=$1
	echo "int turn = $now;" > "$W/top/lib/a1.c"
}
turn 1
"$HEADWAY" -q build || exit 1
refs > "$W/refs.1"
turn 2
start=$(date +%s%N)
"$HEADWAY" -q build || exit 1
took=$((($(date +%s%N) - start) / 1000000))
refs > "$W/refs.2"

check "all branches differ between the two states" '
	same "$(comm -12 <(sort refs.1) <(sort refs.2) | grep -v /base | grep -vc "topic/[bcd]$")" 0
'

# Builds that are killed, at moments spread over their whole time. How long that is
# changes with what else the machine does: the moments follow.
kill_loop() {
	local i old=2 killed=0 moved=0 row=0 pid
	for i in $(seq 200); do
		turn $((3 - old))
		"$HEADWAY" -q build 2>> "$W/kill.err" &
		pid=$!
		sleep "$(printf '%d.%03d' $((took * (i % 25 + 1) / 24000)) $((took * (i % 25 + 1) / 24 % 1000)))"
		kill -9 $pid 2>/dev/null || :
		wait $pid 2>/dev/null && rc=0 || rc=$?
		refs > "$W/refs.now"
		if cmp -s "$W/refs.now" "$W/refs.$now"; then
			old=$now
			moved=$((moved + 1))
		elif ! cmp -s "$W/refs.now" "$W/refs.$old"; then
			echo "after kill $i the branches are neither old nor new:"
			diff "$W/refs.$old" "$W/refs.now"
			return 1
		fi
		if [ $rc = 137 ]; then
			killed=$((killed + 1))
			row=$((row < 0 ? 1 : row + 1))
		else
			row=$((row > 0 ? -1 : row - 1))
		fi
		[ $row -lt 24 ] || { took=$((took * 2)); row=0; }
		[ $row -gt -12 ] || { took=$((took / 2 + 1)); row=0; }
		if [ $i -ge 50 ] && [ $killed -gt 20 ] && [ $moved -gt 2 ]; then
			return 0
		fi
	done
	echo "of 200 builds $killed were killed, $moved moved the branches: too few"
	return 1
}
check "build killed at any moment leaves all old branches or all new ones" '
	kill_loop
'
check "and the next build is fine" '
	turn 1
	hw 0 build
	refs | diff refs.1 -
	turn 2
	hw 0 build
	refs | diff refs.2 -
	repo fsck --strict --no-dangling
	hw 0 verify
'
check "save killed at any moment is finished by the next" '
	turn 2
	hw 0 build
	hw 0 checkout 6.1/topic/a "$W/tree-a"
	cd tree-a
	mkdir -p lib
	git rebase -q -x "echo more >> Makefile; git commit -q -a --amend --no-edit" 6.1/base > /dev/null 2>&1
	echo "int new;" > lib/new.c
	git add -f lib/new.c
	git commit -q -m "One more" lib/new.c
	tip=$(git rev-parse HEAD)
	cd "$W"
	cp -r top/topics topics.old
	cp -r top/lib lib.old
	built=$(id refs/headway/built/6.1/topic/a)
	hw 0 save 6.1/topic/a
	topics_sum > saved
	[ "$(wc -l < out)" -gt 5 ]
	for i in $(seq 12); do
		rm -r top/topics top/lib
		cp -r topics.old top/topics
		cp -r lib.old top/lib
		repo update-ref refs/headway/built/6.1/topic/a "$built"
		"$HEADWAY" -q save 6.1/topic/a 2> /dev/null &
		pid=$!
		sleep "$(printf "0.%03d" $((took * i / 4)))"
		kill -9 $pid 2>/dev/null || :
		wait $pid 2>/dev/null || :
		hw 0 save 6.1/topic/a
		topics_sum | grep -v "\.patch\.[^.]*$\|topic\.[^.]*$\|\.c\.[^.]*$" | diff saved -
		same "$(id 6.1/topic/a)" "$tip"
	done
	# killed after the last patch and before the file and the paragraph of it
	rm top/lib/new.c
	cp topics.old/a/topic top/topics/a/topic
	repo update-ref refs/headway/built/6.1/topic/a "$built"
	hw 0 save 6.1/topic/a
	topics_sum | diff saved -
	rm -r top/topics top/lib
	cp -r topics.old top/topics
	cp -r lib.old top/lib
	hw 0 build --discard
'
check "a lock that a killed process left in git does not stop it" '
	turn 1
	: > "$REPO/packed-refs.lock"; touch -d "1 hour ago" "$REPO/packed-refs.lock"
	hw 0 build
	refs | diff refs.1 -
	[ ! -e "$REPO/packed-refs.lock" ]
'
check "while another writes, build and save end with 5 and say who" '
	exec 9>> "$REPO/headway.lock"
	flock 9
	turn 2
	hw 5 build
	err_has "another headway is writing to $REPO"
	err_has "hint: wait until it has ended; the lock is $REPO/headway.lock"
	hw 5 save 6.1/topic/a
	hw 5 build --record 6.1/a
	refs | diff refs.1 -
	hw 0 status
	exec 9>&-
	hw 0 build
'
check "of builds at the same time one or more work, and the others end with 5" '
	for round in 1 2 3 4; do
		turn $((round % 2 + 1))
		rm -f rc.*
		for i in 1 2 3; do
			("$HEADWAY" -q build 2> err.$i; echo $? > rc.$i) &
		done
		wait
		cat rc.*
		grep -qx 0 rc.*
		! grep -vhx "[05]" rc.*
		refs | diff refs.$now -
	done
'

# A small disk of our own, for repository and checkout both.
mkdir "$W/small"
cleanup() { umount "$W/small" 2>/dev/null; rm -rf "$W"; }
# full SIZE: fill it up but for SIZE
full() {
	head -c 16M /dev/zero > "$W/small/fill" 2>/dev/null || :
	truncate -s "-$1" "$W/small/fill"
}
reason="a tmpfs cannot be mounted here"
if mount -t tmpfs -o size=4M tmpfs "$W/small" 2>/dev/null; then
	cp -r "$W/top" "$W/small/top"
	export HEADWAY_TOP=$W/small/top
	REPO=$W/small/top/build/linux.git
	TOPICS=$W/small/top/topics
	turn_small() { echo "int turn = $1;" > "$W/small/top/lib/a1.c"; }
	turn_small 1
	"$HEADWAY" -q build
	check "a full disk ends build with 4, and the old branches stay" '
		refs > old
		tried=0
		for left in 0 4K 8K 16K 32K 64K 128K; do
			tried=$((tried + 1))
			turn_small 1$tried
			full $left
			if "$HEADWAY" -q build 2> err; then
				refs > old
			else
				rc=$?
				cat err
				same $rc 4
				refs | diff old -
				err_has "No space left on device"
			fi
			rm small/fill
		done
		turn_small 99; full 0
		hw 4 build
		err_has "No space left on device"
	'
	check "with room again the next build is fine" '
		rm -f small/fill
		hw 0 build
		repo fsck --strict --no-dangling
		hw 0 verify
	'
	check "a full disk ends save with 4, and the topic stays as it was" '
		hw 0 checkout 6.1/topic/a "$W/tree"
		cd "$W/tree"
		for i in $(seq 2000); do echo "/* line $i */"; done >> Makefile
		git commit -q -a --amend --no-edit
		cd "$W"
		(cd "$TOPICS" && find . -type f -exec sha256sum {} + | sort) > before
		full 8K
		hw 4 save 6.1/topic/a
		rm small/fill
		(cd "$TOPICS" && find . -type f -exec sha256sum {} + | sort) | diff before -
		hw 0 save 6.1/topic/a
		hw 0 build
	'
else
	skip "a full disk ends build with 4, and the old branches stay" "$reason"
	skip "with room again the next build is fine" "$reason"
	skip "a full disk ends save with 4, and the topic stays as it was" "$reason"
fi
finish
