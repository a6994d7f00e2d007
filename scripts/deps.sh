#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: deps.sh GROUP...
# Install the Debian packages of these groups of scripts/packages that are missing.
set -eu

list=$(dirname "$0")/packages
wanted=$(awk -v groups=" $* " '
	/^# group: / { on = index(groups, " " $3 " ") }
	!/^#/ && NF && on { print $1 }' "$list")
[ -n "$wanted" ] || {
	echo "headway: error: $list has no group \"$*\"" >&2
	exit 2
}
command -v dpkg-query >/dev/null || {
	echo "headway: error: this is no Debian system: install what $list names" >&2
	exit 4
}

missing=
# shellcheck disable=SC2086
have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
	sed -n 's/ installed$//p')
for p in $wanted; do
	printf '%s\n' "$have" | grep -qxF "$p" || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	sudo="sudo"
else
	echo "headway: error: these packages are missing:$missing" >&2
	echo "headway: hint: as root: apt-get update && apt-get install --no-install-recommends$missing" >&2
	exit 4
fi

export DEBIAN_FRONTEND=noninteractive
echo "installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
if ! { $sudo apt-get -q update &&
       $sudo apt-get -q -y install --no-install-recommends $missing; } >"$log" 2>&1
then
	tail -n 20 "$log" >&2
	echo "headway: error: apt-get could not install:$missing" >&2
	echo "headway: hint: is there a network? apt-get update must work" >&2
	exit 4
fi
