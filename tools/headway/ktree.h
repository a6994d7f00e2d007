/* SPDX-License-Identifier: GPL-2.0-only */
/* The scripts of a base that headway runs: checkpatch.pl, get_maintainer.pl. */
#ifndef HEADWAY_KTREE_H
#define HEADWAY_KTREE_H

#include <git2.h>

/*
 * Make a folder below build/series that the scripts of @commit (a base) take for
 * the top of a kernel tree, or find it if it is there. @out is its path, the
 * caller's to free. Returns 0, or -1 after a message.
 */
int ktree_make(git_repository *repo, const git_oid *commit, char **out);

#endif /* HEADWAY_KTREE_H */
