# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Shared by the scripts about whole kernels. Wants $top, $table and $HEADWAY.

# bad WHAT HINT: the user asked for something that cannot be
bad() {
	echo "headway: error: $1" >&2
	echo "headway: hint: $2" >&2
	exit 2
}

# need_base BASE
need_base() {
	[ -n "$1" ] && [ -f "$top/bases/$1" ] ||
		bad "there is no base \"$1\"" "BASE= is one of: $(ls "$top/bases" | paste -sd' ')"
}

# default_config ARCH: the first of its lines in the table
default_config() { awk -v a="$1" '!/^#/ && $1 == a { print $2; exit }' "$table"; }

# need_line ARCH CONFIG: the table must have it
need_line() {
	awk -v a="$1" '!/^#/ && $1 == a { found = 1 } END { exit !found }' "$table" ||
		bad "there is no architecture \"$1\"" \
			"ARCH= is one of: $(awk '!/^#/ && NF && !s[$1]++ { print $1 }' "$table" | paste -sd' ')"
	awk -v a="$1" -v c="$2" '!/^#/ && $1 == a && $2 == c { found = 1 } END { exit !found }' "$table" ||
		bad "$1 has no configuration \"$2\"" \
			"CONFIG= is one of: $(awk -v a="$1" '!/^#/ && $1 == a { print $2 }' "$table" | paste -sd' ')"
}

# prepare_tree BASE BRANCH DIR: import and build BASE, check its branch out in DIR.
# With a topic that fails there is no whole integration branch to ship.
prepare_tree() {
	"$HEADWAY" import "$1" >/dev/null && "$HEADWAY" build "$1" >/dev/null || exit
	"$HEADWAY" checkout "$1" "$3" || exit
}

# table_field ARCH CONFIG N
table_field() {
	awk -v a="$1" -v c="$2" -v n="$3" '!/^#/ && $1 == a && $2 == c { print $n }' "$table"
}

# fragments ARCH CONFIG: as paths, one a line
fragments() {
	table_field "$1" "$2" 4 | tr , '\n' | grep -vx -e - | sed "s|^|$top/|"
}
