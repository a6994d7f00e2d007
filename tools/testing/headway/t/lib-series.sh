# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by the tests of series: a made-up kernel with maintainers, looked after by
# the scripts of the newest real base; a sender. To be sourced after lib.sh.

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
REAL=${HEADWAY_REPO_REAL:-$PROJECT/build/linux.git}
REAL_BASE=$(git -C "$REAL" for-each-ref --sort=v:refname --format='%(refname:lstrip=2)' \
	'refs/heads/*/base' 2>/dev/null | tail -n 1)
[ -n "$REAL_BASE" ] || fail_all "no base is imported, for get_maintainer.pl: run make bases"
for tool in b4 perl curl; do
	command -v $tool > /dev/null || fail_all "$tool is missing: run make deps-check"
done

# b4 keeps things at home, and mail must find no way out.
export HOME=$W/home XDG_CACHE_HOME=$W/home/cache XDG_DATA_HOME=$W/home/data
export XDG_CONFIG_HOME=$W/home/config http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
export no_proxy=127.0.0.1
mkdir -p "$HOME"
GIT_CONFIG_GLOBAL=$HOME/gitconfig
git config --file "$GIT_CONFIG_GLOBAL" user.name "Dev Eløper"
git config --file "$GIT_CONFIG_GLOBAL" user.email dev@example.org
unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

# What headway finds beside the topics: its scripts, the fragments.
ln -s "$PROJECT/scripts" "$W/top/scripts"
ln -s "$PROJECT/arch" "$W/top/arch"

OUTBOX=$W/top/build/series/outbox
FORCE='--force build --force main-job --force lab --force checker'

# entry FILE TITLE PATTERN MAINTAINER LIST [TREE]
entry() {
	printf '%s\nM:\t%s\nL:\t%s\nS:\tMaintained\n' "$2" "$4" "$5"
	[ -n "${6-}" ] && printf 'T:\tgit %s\n' "$6"
	printf 'F:\t%s\n\n' "$3"
} >> "$1"

# The kernel of lib.sh, with drivers/a and drivers/b in other hands: in 6.1 in those
# of people who have left since.
maintained_kernel() {
	make_kernel
	export GIT_AUTHOR_NAME=Dev GIT_AUTHOR_EMAIL=dev@localhost
	export GIT_COMMITTER_NAME=Dev GIT_COMMITTER_EMAIL=dev@localhost
	local tag f
	for tag in 6.1 6.12 7.2; do
		begin $tag
		mkdir -p "$K/scripts" "$K/Documentation/process"
		for f in get_maintainer.pl checkpatch.pl spelling.txt const_structs.checkpatch; do
			git -C "$REAL" show "$REAL_BASE:scripts/$f" > "$K/scripts/$f"
		done
		# As in a real kernel: b4 takes a tree with this file for one.
		echo 'mainmenu "x"' > "$K/Kconfig"
		echo rules > "$K/Documentation/process/stable-kernel-rules.rst"
		if [ $tag = 7.2 ]; then
			entry "$K/MAINTAINERS" 'DRIVERS OF A' drivers/a/ 'Ann A <ann@a.example>' a@lists.example git://a.example/a
			entry "$K/MAINTAINERS" 'DRIVERS OF B' drivers/b/ 'Bob B <bob@b.example>' b@lists.example git://b.example/b
			entry "$K/MAINTAINERS" 'STABLE BRANCH' Documentation/process/stable-kernel-rules.rst \
				'Sta Ble <sta@stable.example>' stable@vger.kernel.org
		else
			entry "$K/MAINTAINERS" 'DRIVERS' drivers/ 'Old Hand <old@gone.example>' old@lists.example
		fi
		entry "$K/MAINTAINERS" 'THE REST' '*' 'Linus T <linus@rest.example>' linux-kernel@vger.kernel.org
		# Who is asked about everything is asked about nothing.
		sed -i '/^THE REST/,$s/Maintained/Buried alive in reporters/' "$K/MAINTAINERS"
		printf 'F:\t*/\n' >> "$K/MAINTAINERS"
		sed -i '/^$/{N;/^\nF:\t\*\/$/s/^\n//}' "$K/MAINTAINERS"
		git -C "$K" add -f -A && git -C "$K" commit -q -m "$tag with maintainers" &&
			git -C "$K" tag -f "$tag" > /dev/null
	done
	unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
}

# kpatch TOPIC/[BASE/]NNNN-NAME SUBJECT EDIT: as patch() of lib.sh, with committer
kpatch() {
	GIT_COMMITTER_NAME=Dev GIT_COMMITTER_EMAIL=dev@localhost patch "$@"
}

# A topic of three changes, of which Bob's comes in between.
two_owners() {
	topic both
	change both one "Patch: 0001-one.patch"
	change both two "Patch: 0002-two.patch"
	change both three "Patch: 0003-three.patch"
	begin 7.2
	kpatch both/0001-one "a: Do one thing" "sed -i 's/alpha_end(y)/alpha_end(y + 1)/' drivers/a/core.c"
	kpatch both/0002-two "b: Do two things" "sed -i 's/one_end(y)/one_end(y + 2)/' drivers/b/core.c"
	kpatch both/0003-three "a: Do three things" "sed -i 's/delta_end(y)/delta_end(y + 3)/' drivers/a/core.c"
}

# gate NAME: what the last output says of it
gate() { sed -n "s/^  \([a-zA-Z]*\) *$1 .*/\1/p" "$W/out"; }
series_field() { awk -F '\t' -v k="$1" -v s="$2" -v n="${3:-3}" '$1 == k && $2 == s { print $n }' "$W/out"; }

# am_tree BASE FOLDER...: the tree that git am makes of the patches in the folders
am_tree() {
	local base=$1 d
	rm -rf "$W/am"
	git clone -q --shared --no-checkout "$REPO" "$W/am" && cd "$W/am" || return
	git config user.name Am && git config user.email am@localhost
	git checkout -q --detach "origin/$base/base" || return
	shift
	for d; do
		# The cover letter is no patch.
		find "$d" -name '*.eml' ! -name '*0000*' | sort | xargs git am -q || return
	done
	git rev-parse 'HEAD^{tree}'
}
