#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: step.sh TIMES NAME COMMAND...
# Run one step of the main job and add "NAME<tab>seconds" to the file TIMES.
set -u

times=$1 name=$2
shift 2
start=$(date +%s.%N)
"$@"
status=$?
end=$(date +%s.%N)
printf '%s\t%s\n' "$name" "$(echo "$end $start" | awk '{ printf "%.1f", $1 - $2 }')" >>"$times"
exit $status
