/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches of several files, and applying them to git trees in memory. */
#ifndef HEADWAY_PATCH_H
#define HEADWAY_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "hunk.h"

struct file_patch {
	char *old_path;		/* NULL: the file is new */
	char *new_path;		/* NULL: the file goes away */
	git_filemode_t mode;	/* new mode, 0: as it was */
	struct hunk *hunks;
	size_t n_hunks;
	git_patch *source;	/* owns the lines */
};

struct patch {
	struct file_patch *files;
	size_t n_files;
	git_diff *diff;
};

/* Why a patch did not apply. */
struct reject {
	char *path;
	size_t hunk;		/* counted from 1; 0: the whole file */
	char *header;		/* of the hunk, or NULL */
	char *detail;		/* what the file has there, for people */
};

/*
 * Parse a git diff; @name is for messages. An empty one is a patch of no files.
 * Returns 0, or -1 after a message; free @out in both cases.
 */
int patch_parse(const char *name, const char *diff, size_t len,
		struct patch *out);
void patch_free(struct patch *p);

/*
 * Apply @p to @tree, in reverse if asked. Writes blobs and trees into @repo's
 * object database, touching only what changes.
 *
 * Returns 0 with the new tree's id as @out and the largest distance that a hunk
 * was moved as @offset (may be NULL); 1 with @why filled in (reject_free() it);
 * -1 after a message.
 */
int patch_apply(git_repository *repo, git_tree *tree, const struct patch *p,
		bool reverse, git_oid *out, long *offset, struct reject *why);
/*
 * The same on a tree that is not ours: what @a knows how to pass over is passed
 * over, and noted there.
 */
struct adapt;
int patch_fit(git_repository *repo, git_tree *tree, const struct patch *p,
	      bool reverse, struct adapt *a, git_oid *out, long *offset,
	      struct reject *why);

/* Do all hunks of @f apply to blob @id? */
bool file_patch_fits(git_repository *repo, const git_oid *id,
		     const struct file_patch *f);

void reject_free(struct reject *r);

#endif /* HEADWAY_PATCH_H */
