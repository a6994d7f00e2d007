#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The manual pages say what the program says: every command, every option, every
# exit code.

DOC=$(cd "$(dirname "$0")/../../../../Documentation/headway" && pwd)
. "$(dirname "$0")/lib.sh"
commands=$("$HEADWAY" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')

check "headway(1) names every command and every exit code" '
	[ "$(echo "$commands" | wc -l)" -ge 7 ]
	for c in $commands; do
		grep -qF "**headway-$c**\\ (1)" "$DOC/headway.rst" || { echo "no $c"; exit 1; }
	done
	for code in 0 1 2 3 4 5; do
		grep -qF "**$code**" "$DOC/headway.rst"
	done
	for o in --help --quiet --porcelain; do
		grep -qF -e "**$o**" "$DOC/headway.rst"
	done
'
for c in $commands; do
	check "headway-$c(1) has every option of headway $c --help, and no other" '
		hw 0 $c --help
		grep -oE -e "--[a-z][a-z0-9-]+" out | sort -u > said
		[ -s said ] || echo --help > said
		{ cat said; echo --help; } | sort -u > want
		# --porcelain and --quiet before the command are headway(1)s.
		sed -n "/^OPTIONS/,/^OUTPUT\|^EXIT/p" "$DOC/headway-$c.rst" |
			grep -E "^\*\*-" | grep -oE -e "--[a-z][a-z0-9-]+" | sort -u > have
		diff want have
	'
	check "headway-$c(1) has the exit codes of headway $c --help" '
		hw 0 $c --help
		sed -n "/^Exit codes:/,\$p" out | grep -oE "(^| )[0-5] " | tr -d " " | sort -u > want
		sed -n "/^EXIT STATUS/,/^EXAMPLES\|^SEE/p" "$DOC/headway-$c.rst" |
			grep -oE "\*\*[0-5]\*\*" | tr -d "*" | sort -u > have
		[ -s want ]
		diff want have
	'
done
if command -v rst2man > /dev/null; then
	check "the pages can be made" '
		for page in "$DOC"/headway*.rst; do
			rst2man --halt=2 "$page" page.1
			grep -q "^\.TH " page.1
		done
	'
else
	missing "the pages can be made" "rst2man (python3-docutils) is missing: run make deps-check"
fi
finish
