#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The files that the topics change bring no warning to the newest base that the base
# has not: W=1 and sparse, under User Mode Linux. "make warnings" does the same for
# the other bases and architectures.
set -u
top=$(cd "$(dirname "$0")/../../../.." && pwd)
base=$(cd "$top/bases" && printf '%s\n' * | sort -V | tail -n 1)
"$HEADWAY" import "$base" >/dev/null && "$HEADWAY" build "$base" >/dev/null || {
	echo "Bail out! $base: there are no branches"
	exit 1
}
exec "$top/scripts/warnings.sh" "$top/build/linux.git" "$base" um "$top/build/warnings/$base"
