#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two distcc servers, each in a network namespace of its own, give the same
# report to the byte as this machine alone. Needs root, distcc and ip.
#
# usage: distcc.sh BINDIR TESTDIR

bin=$1 tests=$2
rc=$bin/reclaimcheck
for p in distcc distccd ip; do
	command -v $p >/dev/null || { echo "$0: no $p here" >&2; exit 4; }
done
[ "$(id -u)" = 0 ] || { echo "$0: needs root for network namespaces" >&2; exit 4; }
tmp=$(mktemp -d) || exit 2
chmod 1777 "$tmp"
pids=

server() {
	ip netns add "rc$1" && ip link add "rcv$1" type veth peer name eth0 netns "rc$1" &&
		ip addr add "10.77.$1.1/24" dev "rcv$1" && ip link set "rcv$1" up &&
		ip -n "rc$1" addr add "10.77.$1.2/24" dev eth0 &&
		ip -n "rc$1" link set eth0 up || return 1
	TMPDIR=$tmp ip netns exec "rc$1" distccd --no-detach --daemon --enable-tcp-insecure \
		--allow "::ffff:10.77.$1.1/128" --allow "10.77.$1.0/24" --jobs 2 --log-stderr --user nobody 2>"$tmp/log$1" &
	pids="$pids $!"
}

stop() {
	for p in $pids; do
		kill "$p" 2>/dev/null
	done
	for n in 1 2; do
		ip link del "rcv$n" 2>/dev/null
		ip netns del "rc$n" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap stop EXIT

# tree NAME: the corpus as a tree with the targets of the kernel's Makefile.
tree() {
	mkdir -p "$tmp/$1/drivers/x" && cp "$tests"/corpus/*.c "$tests"/corpus/rc.h "$tmp/$1/drivers/x/"
	cat >"$tmp/$1/Makefile" <<'MK'
objs := $(patsubst %.c,%.o,$(sort $(wildcard drivers/x/*.c)))
.PHONY: .
.: built-in.a
built-in.a: $(objs)
	rm -f $@ && llvm-ar-19 cDPrST $@ $^
%.o: %.c
	$(CC) -O2 -g -w -std=gnu11 -ffreestanding -c -o $@ $<
MK
}

server 1 && server 2 || exit 2
sleep 1
mkdir "$tmp/distcc"
tree near
tree far
"$rc" build -j2 "$tmp/near" || exit 1
DISTCC_HOSTS='10.77.1.2/2 10.77.2.2/2' DISTCC_FALLBACK=0 DISTCC_DIR=$tmp/distcc \
	"$rc" build -j4 --prefix distcc "$tmp/far" || { cat "$tmp"/log?; exit 1; }
for n in 1 2; do
	jobs=$(grep -c COMPILE_OK "$tmp/log$n")
	echo "server $n compiled $jobs units"
	[ "$jobs" -gt 0 ] || exit 1
done
for form in --all --porcelain --json; do
	(cd "$tmp/near" && "$rc" report $form .) >"$tmp/near.out"
	(cd "$tmp/far" && "$rc" report $form .) >"$tmp/far.out"
	cmp "$tmp/near.out" "$tmp/far.out" || exit 1
	echo "ok report $form: $(wc -c <"$tmp/near.out") bytes, the same"
done
