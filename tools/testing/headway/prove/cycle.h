/* SPDX-License-Identifier: GPL-2.0-only */
/* What lockdep's report of a splat says: which locks, taken where. */
#ifndef CYCLE_H
#define CYCLE_H

#include "klog.h"

/* One "-> #2 (class)": the stack in which it was taken, the innermost first. */
struct link {
	char *lock;
	struct strs stack;
};

struct cycle {
	struct link *links;	/* as printed: the newest dependency is the last */
	size_t n;
	struct strs locks;	/* every lock that the report names, once */
	struct strs functions;	/* every function, once */
};

/* Read @s, of which all lines were kept. @out is the caller's to free. */
void cycle_read(const struct splat *s, struct cycle *out);
void cycle_free(struct cycle *c);

/*
 * The innermost function of @stack that is not of the machinery of locks,
 * memory and lockdep; NULL if there is none.
 */
const char *cycle_who(const struct strs *stack);

/* In one line: "fs_reclaim in a(); b.lock in c()", or the title and who. */
char *cycle_short(const struct splat *s, const struct cycle *c);

/* The locks and who took which while he held which, for dot(1). */
void cycle_graph(const struct splat *s, const struct cycle *c, FILE *out);

#endif /* CYCLE_H */
