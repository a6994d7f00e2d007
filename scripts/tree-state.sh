#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: tree-state.sh TREE CC FRAGMENT...
# Print what a kernel built from the git work tree TREE depends on: its content,
# committed or not, the compiler, the configuration.
set -eu

tree=$1 cc=$2
shift 2
git -C "$tree" rev-parse 'HEAD^{tree}'
git -C "$tree" diff --no-ext-diff HEAD | sha256sum
# Nothing is excluded: Debian's .gitignore hides all that is new.
cd "$tree"
git ls-files -z --others | xargs -0 -r sha256sum --
cd - >/dev/null
$cc --version | head -n 1
sha256sum <"$(dirname "$0")/Makefile.kernel"
cat "$@"
