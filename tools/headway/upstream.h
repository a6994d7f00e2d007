/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands that deal with upstream share. */
#ifndef HEADWAY_UPSTREAM_H
#define HEADWAY_UPSTREAM_H

#include "lock.h"
#include "plan.h"

struct upstream {
	git_repository *repo;
	struct hw_lock lock;	/* initialise with HW_LOCK_INIT */
	struct topics topics;
	struct resolutions memory;
	struct plan plan;
};

/*
 * Read the topics and make the plan. With @write the repository is locked and
 * objects stay in it. 0, or -1 after a message; upstream_close() in both cases.
 */
int upstream_open(struct upstream *u, bool write);
void upstream_close(struct upstream *u);

/* Is @s among @names, or are there no names? */
bool series_wanted(const struct outgoing *s, const struct strlist *names);

/* Each of @names is a series or a topic that has one. 0, or -1 after a message. */
int series_check_names(const struct plan *p, const struct strlist *names);

/* Are these gates that may fail? 0, or -1 after a message. */
int force_check(const struct strlist *force);

#endif /* HEADWAY_UPSTREAM_H */
