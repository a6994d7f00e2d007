// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a job wait for its device to resume? Only if run_job, or a signalling section,
 * asks for that. A driver may hold the device awake from before a job has a fence, as
 * xe and v3d do; no fence waits for what its resume does then.
 */
#include <stdlib.h>

#include "find.h"

struct walk {
	struct prog *p;
	bool *seen;		/* of each function: met in, and outside of, the driver */
	struct rc_vec_u32 todo;	/* 2 * function, + 1: for the driver */
};

static void go(struct walk *w, uint32_t fn, bool ours)
{
	uint32_t at = 2 * fn + ours;

	if (w->seen[at])
		return;
	w->seen[at] = true;
	rc_push(&w->todo, at);
}

/* Who stored the callback that a pointer reaches is another driver: not this object's. */
static bool follow(const struct prog *p, const struct target *t, uint32_t root)
{
	return !t->cut && (t->kind != T_POINTER ||
			   same_driver(fn_file(p, root), fn_file(p, t->fn)));
}

/* A function of a header counts for who calls it: pm_runtime_get_sync(). */
static bool expand(struct walk *w, uint32_t fn, bool ours, uint32_t root)
{
	const struct prog *p = w->p;
	const struct fn *f = &p->fn.v[fn];

	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];

		if (!c->st.reached)
			continue;
		if (c->prim && c->prim->op == P_RPM) {
			if (ours)
				return true;
			continue;
		}
		for (uint32_t k = c->first; k < c->first + c->n; k++) {
			const struct target *t = &p->target.v[k];
			const struct fn *g = &p->fn.v[t->fn];

			if (follow(p, t, root))
				go(w, t->fn, g->sk->flags & SK_F_INLINE ? ours :
				   same_driver(fn_file(p, root), fn_file(p, t->fn)));
		}
	}
	return false;
}

bool wakes_device(struct prog *p, uint32_t root)
{
	struct walk w = { .p = p };
	bool found = false;

	w.seen = rc_alloc(2 * (size_t)p->fn.n + 2);
	go(&w, root, true);
	while (w.todo.n && !found) {
		uint32_t at = w.todo.v[--w.todo.n];

		found = expand(&w, at / 2, at & 1, root);
	}
	rc_vec_free(&w.todo);
	free(w.seen);
	return found;
}
