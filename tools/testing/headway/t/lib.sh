# SPDX-License-Identifier: GPL-2.0-only
# Shared by the end-to-end tests: a made-up kernel in three versions, a
# checkout with topics of it. To be sourced by bash; the program is $HEADWAY.

: "${HEADWAY:?name the program to test, as an absolute path}"
. "$(dirname "${BASH_SOURCE[0]}")/lib-tap.sh"

export HEADWAY_TOP=$W/top
TOPICS=$W/top/topics
REPO=$W/top/build/linux.git
mkdir -p "$TOPICS" "$W/top/bases"
cd "$W" || exit 1
: > "$TOPICS/order"

# hw CODE ARGUMENTS...: headway must end with the exit code. Its output is in
# $W/out and $W/err.
hw() {
	local want=$1 got=0
	shift
	"$HEADWAY" "$@" > "$W/out" 2> "$W/err" || got=$?
	if [ $got != "$want" ] || grep -q 'Sanitizer\|runtime error:' "$W/err"; then
		echo "headway $*: exit code $got, expected $want"
		cat "$W/out" "$W/err"
		return 1
	fi
}
# Does the last output, or the last messages, have this text?
out_has() { grep -qF -e "$1" "$W/out" || { echo "not in the output: $1"; cat "$W/out"; return 1; }; }
err_has() { grep -qF -e "$1" "$W/err" || { echo "not in the messages: $1"; cat "$W/err"; return 1; }; }
err_lacks() { ! grep -F -e "$1" "$W/err"; }
same() { [ "$1" = "$2" ] || { printf 'got:    %s\nwanted: %s\n' "$1" "$2"; return 1; }; }
same_file() { diff -u "$1" "$2"; }

repo() { git -C "$REPO" "$@"; }
id() { repo rev-parse --verify -q "$1" || echo none; }
tree() { repo rev-parse --verify -q "$1^{tree}" || echo none; }
refs() { repo for-each-ref; }
show() { repo show "$1:$2"; }
# Everything below a folder, to the byte, with modes and times.
snapshot() { (cd "$1" && find . -printf '%P %y %m %s %T@\n' | sort; find . -type f -exec sha256sum {} + | sort); }
# Everything of the topics folder and of our files, to the byte.
topics_sum() { (cd "$W/top" && find . -path ./build -prune -o -type f -exec sha256sum {} + | sort); }

# The made-up kernel: a clone with the tags 6.1, 6.12 and 7.2. In 6.12 lines have
# moved; in 7.2 "beta" is another function.
functions() {
	local f
	for f in "$@"; do
		printf '\nint %s(int x)\n{\n\tint y = x;\n\n\ty += 1;\n\treturn %s_end(y);\n}\n' "$f" "$f"
	done
}
make_kernel() {
	K=$W/kernel
	git init -q -b main "$K"
	cd "$K" || exit 1
	mkdir -p drivers/a drivers/b include
	printf '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n' > Makefile
	printf 'obj-y += core.o\n\nobj-m += other.o\n' > drivers/a/Makefile
	{ echo '/* core of a */'; functions alpha beta gamma delta; } > drivers/a/core.c
	{ echo '/* core of b */'; functions one two three four; } > drivers/b/core.c
	echo '#define X 1' > include/x.h
	# As in Debian's source packages: what is new is ignored.
	printf '/*\n!/debian/\n' > .gitignore
	git add -f -A && git commit -q -m 6.1 && git tag 6.1
	sed -i 's/PATCHLEVEL = 1/PATCHLEVEL = 12/' Makefile
	sed -i '1a /* more */\n/* lines */\n/* here */' drivers/a/core.c
	git commit -qa -m 6.12 && git tag 6.12
	sed -i 's/VERSION = 6/VERSION = 7/; s/PATCHLEVEL = 12/PATCHLEVEL = 2/' Makefile
	sed -i 's/beta_end(y)/beta_finish(y, 0)/' drivers/a/core.c
	git commit -qa -m 7.2 && git tag 7.2
	cd "$W" || exit 1
	printf 'Repository: %s\nRevision: 6.1\nDefault: yes\n' "$K" > "$W/top/bases/6.1"
	printf 'Repository: %s\nRevision: 6.12\n' "$K" > "$W/top/bases/6.12"
	printf 'Repository: %s\nRevision: 7.2\n' "$K" > "$W/top/bases/7.2"
}
# import_bases BASE...
import_bases() {
	local b
	for b in "$@"; do
		"$HEADWAY" -q import --repo "$K" --rev "$b" --name "$b" || exit 1
	done
}

# topic NAME [DEPENDS]: a topic without changes, last in the order
topic() {
	mkdir -p "$TOPICS/$1"
	echo "$1" >> "$TOPICS/order"
	{
		printf '# SPDX-License-Identifier: GPL-2.0-only\nTitle: The topic %s\n' "$1"
		[ -n "${2-}" ] && printf 'Depends: %s\n' "$2"
		printf 'Change-Id: 20261122-%s-0123456789ab\nCover:\n About %s.\n' "$1" "$1"
	} > "$TOPICS/$1/topic"
}
# change TOPIC NAME [FIELD...]: one more paragraph
change() {
	local file=$TOPICS/$1/topic
	shift
	printf '\nChange: %s\n' "$1" >> "$file"
	shift
	[ $# = 0 ] || printf '%s\n' "$@" >> "$file"
}
# begin REV: patches that follow are made from here, one on top of the other
begin() { git -C "$K" checkout -q -f --detach "$1" && git -C "$K" clean -qfdx; minute=0; }
# patch TOPIC/[BASE/]NNNN-NAME SUBJECT EDIT: a patch of what the shell command EDIT
# does to the kernel
patch() {
	local file=$TOPICS/$1.patch
	mkdir -p "${file%/*}"
	(cd "$K" && eval "$3") && git -C "$K" add -f -A &&
	GIT_AUTHOR_NAME=Headway GIT_AUTHOR_EMAIL=headway@localhost \
	GIT_AUTHOR_DATE="2026-11-22T12:$(printf %02d $minute):00+0000" \
		git -C "$K" commit -q -m "$2" -m "Why: $2." &&
	git -C "$K" format-patch -1 -N --zero-commit --no-signature --stdout > "$file" ||
		exit 1
	minute=$((minute + 1))
}
# The simplest topic that works on all three bases.
simple_topic() {
	topic "$1"
	change "$1" first "Patch: 0001-first.patch"
	begin 6.1
	patch "$1/0001-first" "a: Say first" "sed -i 's/= x;/= x * 2;/;T;:a;n;ba' drivers/a/core.c"
}
