/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commits on a topic branch as a developer left it, each paired with the
 * change of the topic that it is a new version of.
 */
#ifndef HEADWAY_SERIES_H
#define HEADWAY_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include <git2.h>

#include "fork.h"

struct pair {
	git_commit *commit;
	const struct cell *cell;	/* NULL: a change that is new */
	bool same;			/* the very commit that was built */
};

struct series {
	struct pair *p;
	size_t n;
};

/*
 * Read the commits from @br's start to @tip and pair them: by id, then by
 * subject, then by place. Returns 0; -1 after a message if the branch is not
 * linear, does not start there, lost a change or has them in another order.
 * Free @out in both cases.
 */
int series_read(git_repository *repo, const struct branch *br,
		const git_oid *tip, struct series *out);
void series_free(struct series *s);

#endif /* HEADWAY_SERIES_H */
