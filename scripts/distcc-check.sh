#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: distcc-check.sh TREE WORK BASE [DIRECTORY/...]
# Build the UML kernel of TREE twice, here and distributed over distcc to two
# servers, and compare: the same kernel must come out, to the byte. With directories
# only their objects are built, twice, and compared.
#
# The servers run in network namespaces of their own, linked by virtual Ethernet;
# none of the three has a way out of this machine. Falling back to compiling here is
# switched off, and both servers must have done a part.
#
# Prints TAP. Exit: 0 the same, 1 not, 2 usage, 4 the machine.
set -u

[ $# -ge 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
if [ "${DISTCC_CHECK_INSIDE:-}" != 1 ]; then
	# All below in a namespace of its own, which goes with its last process.
	DISTCC_CHECK_INSIDE=1 exec unshare --user --map-root-user --net --pid --fork \
		--kill-child --mount-proc -- "$0" "$@"
fi
tree=$(realpath -e "$1") work=$2 base=$3
shift 3
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$work" || exit 4
work=$(cd "$work" && pwd)
out=$work/out
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
export KBUILD_BUILD_USER=headway KBUILD_BUILD_HOST=headway KBUILD_BUILD_VERSION=1
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export DISTCC_DIR=$work/distcc DISTCC_FALLBACK=0 DISTCC_BACKOFF_PERIOD=0
export DISTCC_HOSTS='10.77.1.2/2 10.77.2.2/2' DISTCC_SKIP_LOCAL_RETRY=1

fail() { echo "headway: error: $1" >&2; exit 4; }

# server N: distccd behind a link of its own
server() {
	pidfile=$work/server-$1.pid log=$work/server-$1.log
	rm -f "$pidfile" "$log"
	: >"$log"
	unshare --net -- sh -c 'echo $$ >"$1.ns"; read -r go <"$1.go"; ip link set lo up &&
		ip addr add "10.77.$2.2/24" dev "hw$2b" && ip link set "hw$2b" up &&
		exec unshare --user --map-user=1000 distccd --daemon --no-detach --allow 10.77.0.0/16 --listen "10.77.$2.2" \
			--jobs 2 --log-level info --log-file "$3" --pid-file "$1"' \
		sh "$pidfile" "$1" "$log" &
	i=0
	while [ ! -s "$pidfile.ns" ] && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
	ip link add "hw$1a" type veth peer name "hw$1b" netns "$(cat "$pidfile.ns")" &&
		ip addr add "10.77.$1.1/24" dev "hw$1a" && ip link set "hw$1a" up ||
		fail "cannot link a network namespace: is the module veth there?"
	echo go >"$pidfile.go"
	while [ ! -s "$pidfile" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
	[ -s "$pidfile" ] || fail "distccd did not start, see $log"
}

kmake() {
	make --no-print-directory -s -C "$tree" O="$out" ARCH=um LOCALVERSION= "$@"
}

rm -rf "$DISTCC_DIR" "$work"/server-*
mkdir -p "$DISTCC_DIR"
ip link set lo up || fail "no loopback"
for n in 1 2; do
	mkfifo "$work/server-$n.pid.go" || exit 4
	server $n
done
"$top/scripts/configure.sh" "$tree" "$out" um "$top/arch/um/configs/headway.config" \
	-- make --no-print-directory -C "$tree" O="$out" ARCH=um LOCALVERSION= || exit 4

# The results of a build: every object of the directories, or the kernel as well.
if [ $# -gt 0 ]; then goals=$*; else goals=linux; fi
objects() {
	(cd "$out" && {
		if [ "$goals" = linux ]; then find . -name '*.o' -print0; else
			# shellcheck disable=SC2086
			find $goals -name '*.o' -print0
		fi
		[ ! -e linux ] || printf 'linux\0'
	} | sort -z | xargs -0 -r sha256sum)
}
# build HOW SUMS: with no object of an earlier one. The compiler is called gcc in both,
# so that kbuild finds no command changed; for the distributed build distcc goes by
# that name.
build() {
	masquerade=
	[ "$1" != distributed ] || masquerade=/usr/lib/distcc:
	if [ "$goals" = linux ]; then
		kmake clean
	else
		# shellcheck disable=SC2086
		(cd "$out" && for d in $goals; do [ ! -d "$d" ] || find "$d" -name '*.o' -delete; done)
	fi
	# What is not the object of the test is made here in any case.
	kmake prepare || fail "the tree cannot be prepared"
	start=$(date +%s)
	# shellcheck disable=SC2086
	(PATH=$masquerade$PATH && export PATH && kmake -j4 $goals) >"$work/build.log" 2>&1 ||
		{ tail -n 20 "$work/build.log" >&2; fail "the $1 build failed, see $work/build.log"; }
	echo "# $1: $(($(date +%s) - start)) s"
	objects >"$2"
}
build distributed "$work/distcc.sums"
build here "$work/local.sums"

t=0 bad=0
# result OK NAME
result() {
	t=$((t + 1))
	if [ "$1" = 0 ]; then echo "ok $t - $2"; else
		echo "not ok $t - $2"
		bad=1
	fi
}
count=$(wc -l <"$work/local.sums")
[ "$count" -gt 0 ]
result $? "$base: there are objects to compare: $count"
cmp -s "$work/local.sums" "$work/distcc.sums"
same=$?
result $same "$base: $goals: the same to the byte, distributed and not"
[ $same -eq 0 ] || diff "$work/local.sums" "$work/distcc.sums" | grep '^<' | head -n 20 | sed 's/^/#   /'
for n in 1 2; do
	jobs=$(grep -c 'COMPILE_OK' "$work/server-$n.log")
	[ "$jobs" -gt 0 ]
	result $? "$base: server $n compiled some: $jobs"
done
echo "1..$t"
exit $bad
