/* SPDX-License-Identifier: GPL-2.0-only */
/* The search from a root, among its parts. */
#ifndef RC_SEARCH_H
#define RC_SEARCH_H

#include "find.h"

/* A function on the way from the root, as it is entered there. */
struct visit {
	uint32_t fn;
	uint8_t depth;		/* atomic depth at the entry */
	bool scope;
	bool release;
	uint32_t parent, event, target;
	double cost, score;
	bool done;
};

struct search {
	struct prog *p;
	struct findings *fs;
	uint32_t root;
	uint32_t resume;	/* root that the way to what is judged leads through, or @root */
	RC_DECLARE_VEC(struct visit) v;
	struct rc_map at;
	struct rc_vec_u32 heap;
};

/* search.c: which visit is next. */
/* Adds a visit, unless the same was made or is to be made at no greater cost. */
void search_add(struct search *s, struct visit v);
/* The number of the visit of the least cost that was not made yet; RC_NONE: none is left. */
uint32_t search_next(struct search *s);
void search_free(struct search *s);
/*
 * What argument @param of event @ev is, if the path to the visit says so: a
 * constant, or one that a caller further up hands on.
 */
bool search_argument(const struct search *s, uint32_t vi, uint32_t ev, uint8_t kind,
		     uint32_t param, uint32_t *num);
/* A parameter of the visited function itself. */
bool search_parameter(const struct search *s, uint32_t vi, uint32_t param, uint32_t *num);

/* likely.c: a call's target, who holds a lock over reclaim, what an event comes to. */
double likely_target(const struct search *s, uint32_t caller, uint32_t ev, const struct target *t);
/* *@holder: the number of the taint that is to be shown, the best that may block the root. */
double likely_lock(struct search *s, uint32_t lock, uint32_t *holder);
double likely_event(struct search *s, uint32_t fn, uint32_t ev, uint8_t belief);

/* absent.c: can who taints the lock not be there while the root runs? */
bool absent(struct search *s, uint32_t lock, const struct taint *t);

/* sink.c: makes findings of where a search ends. */
void sink_report(struct search *s, uint32_t vi, uint8_t kind, uint32_t ev, uint32_t lock,
		 bool fs, uint8_t belief);
/* Event @ev of a visit blocks on @lock: a finding if somebody holds it over reclaim. */
void sink_lock(struct search *s, uint32_t vi, uint32_t ev, uint32_t lock);

#endif /* RC_SEARCH_H */
