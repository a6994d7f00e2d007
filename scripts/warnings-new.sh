#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: warnings-new.sh TREE BEFORE AFTER
# Print the warnings in the build log AFTER that are not in BEFORE, one a line, as
# they stand there. TREE is the folder whose name the compiler puts before paths.
# Numbers of lines and columns do not count, nor sizes and offsets in the text. Of a
# file each occurrence counts; of a header, which many files include, only that it
# is there. Reads what gcc, clang, sparse, kernel-doc and objtool write.
#
# Exit: 0 none is new, 1 some are, 2 usage, 3 a log cannot be read.
set -u

[ $# -eq 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
for log in "$2" "$3"; do
	[ -r "$log" ] || { echo "headway: error: cannot read $log" >&2; exit 3; }
done
LC_ALL=C awk -v tree="$1/" '
	# The key of a warning, or nothing if the line is none.
	function key_of(line,    file, text) {
		if (index(line, tree) == 1)
			line = substr(line, length(tree) + 1)
		if (!match(line, /^[^ :]+(:[0-9]+)*: (warning|error): /))
			return ""
		file = line
		sub(/:.*/, "", file)
		text = substr(line, RSTART + RLENGTH)
		kind = line ~ /^[^ :]+(:[0-9]+)*: error: / ? "error" : "warning"
		gsub(/0x[0-9a-f]+/, "N", text)
		gsub(/[0-9]+ bytes/, "N bytes", text)
		gsub(/\([0-9]+\)/, "(N)", text)
		gsub(/:[0-9]+(:[0-9]+)?/, ":N", text)
		return file ": " kind ": " text
	}
	{ key = key_of($0) }
	key == "" { next }
	side == 1 { before[key]++; next }
	key ~ /^[^:]*\.h:/ { if (before[key] || seen[key]++) next }
	before[key] > 0 { before[key]--; next }
	{ print; bad = 1 }
	END { exit bad }' side=1 "$2" side=2 "$3"
