/* SPDX-License-Identifier: GPL-2.0-only */
/* The changes of one base in one line, rewritten into the form of a tree. */
#ifndef HEADWAY_EXPORTING_H
#define HEADWAY_EXPORTING_H

#include <git2.h>

#include "form.h"
#include "lint.h"

struct exporting {
	struct fork fork;	/* linear; its cells' commits are those exported */
	git_oid tip;		/* the last of them */
};

/*
 * Put the changes of @ts on @fc->base in one line in @repo. With @whole, the
 * result must have the tree of the integration branch. Returns 0; 1 if a change
 * does not go in, which was said; -1 after a message. exporting_free() always.
 */
int exporting_build(git_repository *repo, const struct topics *ts,
		    const struct form_context *fc, bool whole,
		    struct exporting *out);

/* Rewrite the commits as @fc asks. 0, or -1 after a message. */
int exporting_rewrite(git_repository *repo, const struct form_context *fc,
		      struct exporting *e);

/*
 * What the export consists of, as files below one folder. 0, or -1 after a
 * message; lint_set_free() @out in both cases.
 */
int exporting_files(git_repository *repo, const struct form_context *fc,
		    const struct exporting *e, struct lint_set *out);

void exporting_free(struct exporting *e);

#endif /* HEADWAY_EXPORTING_H */
