# SPDX-License-Identifier: GPL-2.0-only
# Shared by all end-to-end tests: an environment of their own, a scratch folder $W,
# TAP lines. To be sourced by bash.

set -u
unset "${!GIT_@}" HEADWAY_BUILD HEADWAY_REPO MAKEFLAGS MFLAGS MAKELEVEL
export LC_ALL=C.UTF-8 TZ=UTC
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=1
export GIT_CONFIG_KEY_0=advice.detachedHead GIT_CONFIG_VALUE_0=false
export GIT_AUTHOR_NAME=Dev GIT_AUTHOR_EMAIL=dev@localhost
export GIT_COMMITTER_NAME=Dev GIT_COMMITTER_EMAIL=dev@localhost

W=$(mktemp -d "${TMPDIR:-/tmp}/headway-t.XXXXXX") || exit 1
W=$(realpath "$W")
trap 'cleanup' EXIT
trap 'exit 1' INT TERM
cleanup() { chmod -R u+w "$W" 2>/dev/null; rm -rf "$W"; }

n=0
failed=0

# check DESCRIPTION SCRIPT: one TAP line. The script runs in a subshell of its own
# and ends at the first command that fails; what it wrote is shown then.
check() {
	n=$((n + 1))
	(set -e; eval "$2") > "$W/log" 2>&1 < /dev/null
	if [ $? = 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/#   /' "$W/log"
		failed=1
	fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
skip_all() { echo "1..0 # SKIP $1"; exit 0; }
# What must be there, since make installs or makes it, is not: that is no skip.
fail_all() { echo "1..1"; echo "not ok 1 - $1"; exit 1; }
# missing NAME WHY: the same for one check of a test
missing() { n=$((n + 1)); echo "not ok $n - $1"; echo "#   $2"; failed=1; }
finish() { echo "1..$n"; exit $failed; }
