/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The conflict memory: topics/resolutions/, keyed by the ids of the three blobs
 * that met. A resolution is kept as the patch from our side to the resolved
 * text, with a head that names base, topic and path.
 */
#ifndef HEADWAY_CONFLICT_H
#define HEADWAY_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

struct conflict {
	char *path;
	git_oid base, ours, theirs;	/* zero: the side has no such file */
	char *merged;			/* with markers; NULL if not text */
	size_t merged_len;
};

struct resolution {
	char *file;
	char *key;	/* "<base>-<ours>-<theirs>", full ids */
	char *kernel;	/* the base (6.1, ...) it was recorded for */
	char *diff;
	size_t diff_len;
	bool used;
};

struct resolutions {
	struct resolution *r;
	size_t n;
};

/* Read the memory of the checkout @top. 0, or -1 after a message. */
int resolutions_read(const char *top, struct resolutions *out);
void resolutions_free(struct resolutions *rs);

/*
 * Look for exactly the three blobs of @c. Returns 0 with the resolved blob
 * written as @out, 1 if there is none, -1 after a message.
 */
int resolutions_apply(git_repository *repo, struct resolutions *rs,
		      const struct conflict *c, git_oid *out);

/* -1 after a message for each resolution of @kernel that nothing used. */
int resolutions_check_used(const struct resolutions *rs, const char *kernel);

/*
 * Write the sides of @c below @dir as PATH.base, .ours, .theirs and .merged,
 * for a person to resolve. 0, or -1 after a message.
 */
int conflict_write(git_repository *repo, const char *dir,
		   const struct conflict *c);

/*
 * Record every conflict below @dir (as conflict_write() left it) whose .merged
 * file has no conflict markers any more. Returns how many were recorded, or -1.
 */
int conflicts_record(git_repository *repo, const char *top, const char *dir,
		     const char *kernel, const char *topic);

void conflict_free(struct conflict *c);

#endif /* HEADWAY_CONFLICT_H */
