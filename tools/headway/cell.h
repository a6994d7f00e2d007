/* SPDX-License-Identifier: GPL-2.0-only */
/* One change on one base: a part of building a fork (fork.h), of use there alone. */
#ifndef HEADWAY_CELL_H
#define HEADWAY_CELL_H

#include <git2.h>

#include "fork.h"

struct builder {
	git_repository *repo;
	const struct topics *topics;
	const struct fork_options *opts;
	struct fork *fork;
	git_tree *base_tree;
	struct strlist users;	/* what would not compile without what is left out */
};

/*
 * Evaluate what @cell's change claims and, if it is carried, apply its patch on
 * top of @br->tip, which moves. What became of it is in @cell. Returns 0, or -1
 * after a message.
 */
int cell_build(const struct builder *b, struct branch *br, struct cell *cell);
void cell_free(struct cell *cell);

#endif /* HEADWAY_CELL_H */
