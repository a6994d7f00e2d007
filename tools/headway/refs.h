/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moving many refs of a bare repository in one step: they are written into
 * packed-refs, which one rename replaces. libgit2's transactions, and git's,
 * rename one file a ref and can be killed in between.
 */
#ifndef HEADWAY_REFS_H
#define HEADWAY_REFS_H

#include <stddef.h>

#include <git2.h>

struct ref_move {
	char *name;		/* full: "refs/heads/..." */
	git_oid to;		/* zero: the ref goes away */
};

struct ref_moves {
	struct ref_move *m;
	size_t n;
};

/* Add a move; @to NULL removes the ref. */
void refs_plan(struct ref_moves *moves, const char *name, const git_oid *to);
void refs_plan_free(struct ref_moves *moves);

/*
 * Make all of @moves or none. The caller holds the repository's lock. Returns
 * the number of refs that changed, or -1 after a message.
 */
int refs_move(git_repository *repo, const struct ref_moves *moves);

#endif /* HEADWAY_REFS_H */
