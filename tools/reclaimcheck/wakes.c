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
	const char *driver;	/* a file of it */
	bool *met;		/* of each function */
	struct rc_vec_u32 todo;
};

/*
 * Calls within the driver, and what it has from a header: pm_runtime_get_sync(). What
 * happens if a last reference is dropped is not what a job asks for.
 */
static void follow(struct walk *w, const struct target *t)
{
	const struct fn *g = &w->p->fn.v[t->fn];

	if (t->cut || t->kind == T_RELEASE || t->deferred || own_work(w->p, t) || w->met[t->fn] ||
	    !(g->sk->flags & SK_F_INLINE || same_driver(w->driver, fn_file(w->p, t->fn))))
		return;
	w->met[t->fn] = true;
	rc_push(&w->todo, t->fn);
}

static bool expand(struct walk *w, uint32_t fn)
{
	const struct fn *f = &w->p->fn.v[fn];

	for (uint32_t i = 0; i < f->sk->nevents; i++) {
		const struct call *c = &f->call[i];

		if (!c->st.reached)
			continue;
		if (c->prim && c->prim->op == P_RPM)
			return true;
		for (uint32_t k = c->first; k < c->first + c->n; k++)
			follow(w, &w->p->target.v[k]);
	}
	return false;
}

bool wakes_device(struct prog *p, uint32_t root)
{
	struct walk w = { .p = p, .driver = fn_file(p, root) };
	bool found = false;

	w.met = rc_alloc(p->fn.n + 1);
	w.met[root] = true;
	rc_push(&w.todo, root);
	while (w.todo.n && !found)
		found = expand(&w, w.todo.v[--w.todo.n]);
	rc_vec_free(&w.todo);
	free(w.met);
	return found;
}
