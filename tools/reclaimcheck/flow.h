/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the analysis within a function, among themselves. */
#ifndef RC_FLOW_H
#define RC_FLOW_H

#include "program.h"

/* One function on its way through the analysis. */
struct fl {
	struct prog *p;
	struct fn *f;
	uint32_t n;
	struct state *in;	/* at the start of each block */
	RC_DECLARE_VEC(uint32_t) todo;
	bool *queued;
};

/* flow-prepare.c: what events are, before any state is known: primitives, locks, tags. */
void flow_prepare(struct prog *p, uint32_t n);

/* flow-effect.c */

/*
 * What event @i does to the state; @nonzero: -1 at the call itself, else at a
 * branch on its result, and only what depends on it.
 */
void flow_transfer(struct fl *fl, uint32_t i, struct state *s, int nonzero);
/* The function's effect on its callers, from its state on return; true: not what it was. */
bool flow_summarise(struct fl *fl);

#endif /* RC_FLOW_H */
