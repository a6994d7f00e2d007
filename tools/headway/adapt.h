/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fitting patches to a tree that is not ours, where it differs in ways that are
 * known: locks of another type, a vendor's hooks, files that were moved, text
 * that was changed near by. Nothing is left out of the context silently: each
 * difference that was passed over is a note.
 */
#ifndef HEADWAY_ADAPT_H
#define HEADWAY_ADAPT_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "hunk.h"
#include "strlist.h"

struct file_patch;

/* A file that the tree has elsewhere. */
struct moved {
	char *from;
	char *to;
};

struct adapt {
	bool exact;		/* pass over nothing, but mind the types of locks */
	git_repository *ours;	/* has the files that patches were made for, or NULL */
	struct strlist notes;	/* of the patch at hand, for people */
	struct strlist text;	/* lines that were made, while it is applied */
	char *doubt;		/* why a hunk that would fit was not taken, or NULL */
	struct moved *moves;	/* found so far in this tree */
	size_t n_moves;
};

void adapt_free(struct adapt *a);

/*
 * Make @h fit @im. Returns a hunk that applies to @im exactly, or NULL if the
 * difference is none that is known here, or there is more than one place. What
 * was passed over is noted, with @path. The hunk is @a's, until adapt_done().
 */
struct hunk *adapt_hunk(struct adapt *a, const struct image *im,
			const struct hunk *h, const char *path);
void adapt_hunk_free(struct hunk *h);

/*
 * @h applies as it is. Must the lines that it adds be of another lock type here?
 * Returns the hunk that has them so, or NULL if nothing changes, or if nobody can say:
 * @a->doubt is set then, and @h is not to be applied.
 */
struct hunk *adapt_locks(struct adapt *a, const struct image *im,
			 const struct hunk *h, const char *path);

void adapt_note(struct adapt *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Where the file @path of patch @f is in @tree: the one file of that name to
 * which all of its hunks apply. NULL if there is none, or more than one, of
 * which a message is left as *@why (the caller's to free).
 */
const char *adapt_moved(struct adapt *a, git_repository *repo, git_tree *tree,
			const struct file_patch *f, const char *path, char **why);
/* Where a new file @path goes, if its folder was moved; else NULL. */
char *adapt_new_path(const struct adapt *a, git_tree *tree, const char *path);

/*
 * Merge what @f does to the file it was made for into @text: both sides' changes
 * stay. Returns the merged text, the caller's to free; NULL if they touch.
 */
char *adapt_merge(struct adapt *a, const struct file_patch *f, const char *path,
		  const char *text, size_t len, size_t *out_len);

#endif /* HEADWAY_ADAPT_H */
