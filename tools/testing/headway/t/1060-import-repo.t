#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A revision of an existing clone: its objects are borrowed, nothing is copied, and
# the clone is not written to.

. "$(dirname "$0")/lib-import.sh"

git() { command git -c user.name=T -c user.email=t@localhost -c protocol.file.allow=always "$@"; }
git init -q -b main "$W/clone"
cd "$W/clone" || exit 1
echo one > file; git add file; git commit -qm one; git tag v1
echo two > file; git commit -qam two; git tag -a -m annotated v2
echo three > file; git commit -qam three
cd / || exit 1
v1=$(git -C "$W/clone" rev-parse v1)
v2=$(git -C "$W/clone" rev-parse 'v2^{commit}')

state() { (cd "$1" && find . -printf '%p %T@ %s\n' | sort; git rev-parse --all 2> /dev/null); }
own() { find "$REPO/objects" -type f ! -path '*/info/*'; }
base() { git -C "$REPO" rev-parse -q --verify "$1/base"; }

before=$(state "$W/clone")
import --repo "$W/clone" --rev v2
is "a revision is imported under its own name" "$rc $(base v2)" "0 $v2"
is "nothing is copied" "$(own)" ""
is "the clone is not written to" "$(state "$W/clone")" "$before"
is "its history can be read" "$(git -C "$REPO" log --format=%s v2/base | tr '\n' ' ')" "two one "
ok "the repository is sound" sound
import --repo "$W/clone" --rev v1 --name 1.0
is "--name names the base" "$rc $(base 1.0)" "0 $v1"
import 1.0 --repo "$W/clone" --rev v2
is "so does the argument; the base moves" "$rc $(base 1.0)" "0 $v2"
import 1.0 --repo "$W/clone" --rev v2
is "the same again is fine" "$rc $(base 1.0)" "0 $v2"
is "the clone is borrowed from once" "$(wc -l < "$REPO/objects/info/alternates")" 1
import --repo "$W/clone/.git" --rev main~1
is "a revision that cannot be a name wants --name" "$rc" 2
ok "and the message says so" said '\--name gives one'
import --repo "$W/clone" --rev v9 --name 9
is "a revision that is not there is bad input" "$rc $(base 9)" "3 "
import --repo "$W/nowhere" --rev v1
is "a clone that is not there is bad input" "$rc" 3
ok "and the message names it" said "$W/nowhere"
is "all this has not written to the clone" "$(state "$W/clone")" "$before"

git -C "$W/clone" worktree add -q "$W/tree" v1
import --repo "$W/tree" --rev HEAD --name wt
is "a linked work tree stands for its clone" "$rc $(base wt)" "0 $v1"
is "and is borrowed from as that" "$(wc -l < "$REPO/objects/info/alternates")" 1

git clone -q --depth 1 "file://$W/clone" "$W/shallow"
tip=$(git -C "$W/shallow" rev-parse HEAD)
before=$(state "$W/shallow")
rm -rf "$REPO"
import --repo "$W/shallow" --rev HEAD --name sh
is "a shallow clone will do" "$rc $(base sh)" "0 $tip"
is "git knows where its history ends" "$(git -C "$REPO" rev-list --count sh/base)" 1
ok "the repository is sound" sound
is "the shallow clone is not written to" "$(state "$W/shallow")" "$before"

# libgit2 1.5 looks for "extensions." in such a clone's config by a regular expression,
# whose memory it forgets: not ours to mend.
echo 'leak:libpcre2-8.so' > "$W/lsan"
export LSAN_OPTIONS=suppressions=$W/lsan:print_suppressions=0
git -C "$W/clone" config uploadpack.allowFilter true
git clone -q --bare --filter=blob:none "file://$W/clone" "$W/partial.git"
import --repo "$W/partial.git" --rev HEAD --name pa
is "a partial clone is refused" "$rc $(base pa)" "3 "
ok "and the message says why" said 'is a partial clone'

# A tarball that has the same files stands on its own feet: the clone may go away.
mkdir -p "$W/two/top"; echo two > "$W/two/top/file"
tar -C "$W/two" -cf "$W/two.tar" top
rm -rf "$REPO"
import --repo "$W/clone" --rev v2
import_tar 2.0 "$W/two.tar"
is "a tarball beside a clone" "$rc $(tree_of 2.0)" "0 $(git -C "$W/clone" rev-parse 'v2^{tree}')"
mv "$W/clone" "$W/gone"
is "needs nothing of the clone" "$(git -C "$REPO" cat-file -p 2.0/base:file 2> /dev/null)" two
mv "$W/gone" "$W/clone"

printf 'Repository: %s\nRevision: v1\n' "$W/clone" > "$HEADWAY_TOP/bases/mine"
import mine
is "a base file may name a clone" "$rc $(base mine)" "0 $v1"
printf 'Repository: %s\nRevision: v2\n' "$W/clone" > "$HEADWAY_TOP/bases/mine"
import mine
is "a base that is there stays" "$rc $(base mine)" "0 $v1"
import mine --update
is "--update reads the base file again" "$rc $(base mine)" "0 $v2"
finish
