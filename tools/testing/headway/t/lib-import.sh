# SPDX-License-Identifier: GPL-2.0-only
# Shared by the tests of "headway import": a scratch checkout, made-up
# tarballs. To be sourced; the program under test is $HEADWAY.

: "${HEADWAY:?name the program to test, as an absolute path}"
. "$(dirname "${BASH_SOURCE[0]}")/lib-tap.sh"

export HEADWAY_TOP=$W/top
REPO=$HEADWAY_TOP/build/linux.git
mkdir -p "$HEADWAY_TOP/topics" "$HEADWAY_TOP/bases"
: > "$HEADWAY_TOP/topics/order"
printf 'Package: linux-source-1.0\nDefault: yes\n' > "$HEADWAY_TOP/bases/1.0"

# ok DESCRIPTION COMMAND...: one TAP line for the command's exit code
ok() {
	local what=$1
	shift
	n=$((n + 1))
	if "$@" > "$W/ok.out" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/#   /' "$W/ok.out"
		[ -s "$W/err" ] && sed 's/^/#   stderr: /' "$W/err"
		failed=1
	fi
}

# is DESCRIPTION GOT WANTED
is() {
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "got:    $2" "wanted: $3" | sed 's/^/#   /'
		[ -s "$W/err" ] && sed 's/^/#   stderr: /' "$W/err"
		failed=1
	fi
}


# import ARGUMENTS...: run it; exit code in $rc, output in $W/out and $W/err
import() {
	"$HEADWAY" import "$@" > "$W/out" 2> "$W/err"
	rc=$?
}

sum() { sha256sum "$1" | cut -d' ' -f1; }
import_tar() { import "$1" --tarball "$2" --sha256 "$(sum "$2")"; }
said() { grep -q -e "$1" "$W/err" || { cat "$W/err"; return 1; }; }

tree_of() { git -C "$REPO" rev-parse -q --verify "$1/base^{tree}" 2>/dev/null || echo none; }
refs() { git -C "$REPO" for-each-ref 2>/dev/null; }
temporaries() { find "$REPO" \( -name 'tmp_*' -o -name '*.lock' ! -name headway.lock \) 2>/dev/null; }
sound() { git -C "$REPO" fsck --full --strict --no-dangling 2>&1 | grep -v '^notice: ' && return 1; :; }

# git_tree TARBALL: the tree id by tar and git, the way that import must agree with.
# Attributes that make git add change contents are off: import takes files as they are.
git_tree() {
	rm -rf "$W/ref"
	mkdir "$W/ref" && tar -xpf "$1" -C "$W/ref" --strip-components=1 &&
	git init -q "$W/ref/.work" && mv "$W/ref/.work/.git" "$W/refgit" &&
	rmdir "$W/ref/.work" &&
	echo '* -text -ident -filter -working-tree-encoding' > "$W/refgit/info/attributes" &&
	git --git-dir="$W/refgit" --work-tree="$W/ref" add -A -f "$W/ref" &&
	git --git-dir="$W/refgit" write-tree
	rm -rf "$W/ref" "$W/refgit"
}

# make_files DIR COUNT SEED: COUNT files of a few kB, some of them big
make_files() {
	mkdir -p "$1"
	awk -v dir="$1" -v count="$2" -v seed="$3" 'BEGIN {
		srand(seed)
		for (i = 0; i < count; i++) {
			if (i % 50 == 0) {
				sub_dir = dir "/d" (i / 50)
				system("mkdir -p " sub_dir)
			}
			file = sub_dir "/f" i
			lines = i % 97 ? 40 + i % 60 : 4000
			for (l = 0; l < lines; l++)
				print rand() * 1e9, l, seed > file
			close(file)
		}
	}'
}
