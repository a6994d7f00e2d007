/* SPDX-License-Identifier: GPL-2.0-only */
/* Three-way merge of git trees that reads only what differs. */
#ifndef HEADWAY_MERGE_H
#define HEADWAY_MERGE_H

#include <stddef.h>

#include <git2.h>

#include "conflict.h"

struct conflicts {
	struct conflict *c;
	size_t n;
};

/*
 * Merge @ours and @theirs, which both grew out of @base. Text conflicts are
 * resolved from @memory (may be NULL) and nothing else.
 *
 * Returns 0 with the merged tree as @out; 1 with what is left in @conflicts
 * (free with conflicts_free()); -1 after a message.
 */
int merge_trees(git_repository *repo, const git_oid *base, const git_oid *ours,
		const git_oid *theirs, struct resolutions *memory, git_oid *out,
		struct conflicts *conflicts);
void conflicts_free(struct conflicts *cs);

#endif /* HEADWAY_MERGE_H */
