/* SPDX-License-Identifier: GPL-2.0-only */
/* The integration branch less one change, also where others stand on it. */
#ifndef HEADWAY_WITHOUT_H
#define HEADWAY_WITHOUT_H

#include <git2.h>

#include "fork.h"

enum without_means {
	WITHOUT_LEFT_OUT,	/* all the rest applies without it */
	WITHOUT_UNDONE,		/* a merge took it back on the integration branch */
	WITHOUT_DEPENDENTS,	/* what stands on it is left out too */
};

/* "left-out", "undone", "dependents" */
const char *without_means_name(enum without_means m);

/*
 * Build the fork of @base without @change ("TOPIC/CHANGE", which is there), by
 * the first of these means that works. @out is as fork_build() leaves it; its
 * integration is the branch, and the cells that were left out beside @change have
 * "dropped" set. Returns 0, 1 if @base does not carry the change (@out is whole
 * then), -1 after a message. Free @out in each case.
 */
int without_build(git_repository *repo, const struct topics *ts, const char *base,
		  const char *change, struct resolutions *memory,
		  struct fork *out, enum without_means *means);

#endif /* HEADWAY_WITHOUT_H */
