# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The fork of a real base made the long way: git checkout, git am, git merge in a
# work tree. Shared by the test and the benchmark; to be sourced by bash.

# field TOPIC NAME: a field of the topic's first paragraph
field() { sed -n "/^\$/q; s/^$2: *//p" "$HEADWAY_TOP/topics/$1/topic"; }
topics() { grep -v '^#' "$HEADWAY_TOP/topics/order"; }

# all_depends TOPIC: the topics below it, each after its own
all_depends() {
	local t d wanted
	wanted=" $(field "$1" Depends) "
	for t in $(topics | tac); do
		case $wanted in *" $t "*) wanted="$wanted$(field "$t" Depends) " ;; esac
	done
	for t in $(topics); do
		case $wanted in *" $t "*) echo "$t" ;; esac
	done
}

# resolve BASE: settle a conflicting merge from topics/resolutions by the blob ids
resolve() {
	local path key file
	for path in $(git diff --name-only --diff-filter=U); do
		key=$(git ls-files -u -- "$path" | cut -d' ' -f2 | paste -sd-)
		file=$(grep -ls "^Blobs: $key$" "$HEADWAY_TOP"/topics/resolutions/"$1"-*.patch | head -1)
		[ -n "$file" ] || { echo "no resolution for $path" >&2; return 1; }
		git checkout -q --ours -- "$path" && git apply "$file" &&
			git add -f -- "$path" || return 1
	done
	git commit -q --no-edit
}
merge() { git merge -q --no-edit "$2" > /dev/null 2>&1 || resolve "$1"; }

# git_topic BASE TOPIC: the topic's branch, by git am. What is carried, in which
# form, with which files of ours, is in $CELLS: topic, patch file, files of ours.
git_topic() {
	local base=$1 topic=$2 d in patch files f from
	git checkout -q -f --detach "bench-$base" || return 1
	for d in $(all_depends "$topic"); do
		merge "$base" "bench-$d" || return 1
	done
	while IFS='	' read -r in patch files; do
		[ "$in" = "$topic" ] || continue
		git am -q --keep-non-patch --empty=keep < "$HEADWAY_TOP/$patch" || return 1
		[ -n "$files" ] || continue
		for f in $files; do
			from=$HEADWAY_TOP/topics/$topic/$base/$f
			[ -e "$from" ] || from=$HEADWAY_TOP/$f
			mkdir -p "$(dirname "$f")" && install -m 644 "$from" "$f" &&
				git add -f "$f" || return 1
		done
		git commit -q --amend --no-edit || return 1
	done < "$CELLS"
	git branch -q -f "bench-$topic"
}

# git_fork BASE: all topics and the integration branch, in the work tree at hand
git_fork() {
	local t
	for t in $(topics); do
		git_topic "$1" "$t" || { echo "git cannot make $t" >&2; return 1; }
	done
	git checkout -q -f --detach "bench-$1" || return 1
	for t in $(topics); do
		[ "$(git rev-parse "bench-$t")" = "$(git rev-parse "bench-$1")" ] ||
			merge "$1" "bench-$t" || return 1
	done
	git branch -q -f bench-integration
}

# list_cells REPO BASE: for $CELLS, from what headway itself reports
list_cells() {
	local topic change state paragraph patch files
	HEADWAY_REPO=$1 "$HEADWAY" status --porcelain "$2" |
	while IFS='	' read -r _ topic change state _; do
		[ "$state" = carried ] || continue
		paragraph=$(awk -v RS= -v c="$change" '$0 ~ "(^|\n)Change: *" c "(\n|$)"' \
			"$HEADWAY_TOP/topics/$topic/topic")
		patch=$(echo "$paragraph" | sed -n 's/^Patch: *//p')
		files=$(echo "$paragraph" | awk '/^Files:/ { on = 1; sub(/^Files:/, ""); print; next }
			/^#/ { next } /^[^ \t]/ { on = 0 } on' | tr '\n' ' ')
		[ -e "$HEADWAY_TOP/topics/$topic/$2/$patch" ] && patch=$2/$patch
		printf '%s\ttopics/%s/%s\t%s\n' "$topic" "$topic" "$patch" "$files"
	done
}
