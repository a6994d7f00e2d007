/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of locks: which lock may be taken while which is held, spin locks
 * and lockdep's own maps included. It is not what findings are made of; it is
 * what lockdep writes down of a running kernel, so the two can be compared.
 */
#ifndef RC_ORDER_H
#define RC_ORDER_H

#include "program.h"

struct order {
	struct prog *p;
	uint32_t n;		/* locks: those of the program when this was made */
	uint32_t words;		/* of a set of locks */
	uint64_t *acquires;	/* for each function: what it may take */
	uint64_t *params;	/* for each function: parameters that it takes */
	RC_DECLARE_VEC(struct rc_vec_u32) pair;	/* for each function: see order.c */
	uint64_t *after;	/* for each lock: what is taken while it is held */
	struct rc_vec_u32 work;
	bool *queued;
};

/* From a program that was loaded with @every_lock set, resolved and flowed. */
void order_build(struct order *o, struct prog *p);
void order_free(struct order *o);
/* Is @b taken while @a is held? */
bool order_has(const struct order *o, uint32_t a, uint32_t b);

/* A name that lockdep may give to a class, and the lock that has it. 0: computed. */
struct lock_alias {
	uint32_t name;		/* string */
	uint32_t lock;
};

struct lock_names {
	RC_DECLARE_VEC(struct lock_alias) v;
};

/* names.c: what the program names its locks, from the calls that set them up. */
void lock_names(struct prog *p, struct lock_names *out);

/*
 * oracle.c: compares @path (a copy of /proc/lockdep) with the order. The file
 * @except has the dependencies that need not be there, "A -> B | reason" a line,
 * or NULL. RC_OK, RC_FINDING if one is missing, RC_INPUT.
 */
int oracle_compare(FILE *out, struct prog *p, const char *path, const char *except, bool all);

#endif /* RC_ORDER_H */
