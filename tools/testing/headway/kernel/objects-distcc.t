#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Some objects of the default base, compiled by two distcc servers and here: the
# same to the byte. "make distcc-check" does that with the whole kernel.
set -u
top=$(cd "$(dirname "$0")/../../../.." && pwd)
base=$(cd "$top/bases" && grep -l '^Default: yes$' -- * | head -n 1)
tree=$top/build/trees/$base
"$HEADWAY" import "$base" >/dev/null && "$HEADWAY" build "$base" >/dev/null &&
	"$HEADWAY" checkout "$base" "$tree" >/dev/null || {
	echo "Bail out! $base: there is no tree"
	exit 1
}
exec "$top/scripts/distcc-check.sh" "$tree" "$top/build/distcc/objects-$base" "$base" \
	drivers/devfreq/ drivers/dma-buf/
