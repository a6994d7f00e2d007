// SPDX-License-Identifier: GPL-2.0-only
/*
 * "if (here) f(&x->work); else queue_work(wq, &x->work);": who wrote that had two
 * contexts in mind, and the work is there for the one in which f() is not for. Which it
 * is depends on data, so that the call in place of the work is not followed with the
 * belief of any other.
 */
#include <stdlib.h>

#include "points.h"

struct queueing {
	uint32_t name;		/* string */
	uint32_t arg;		/* with the work */
};

static uint32_t find_names(struct prog *p, struct queueing *q)
{
	static const struct {
		const char *name;
		uint32_t arg;
	} known[] = {
		{ "queue_work", 1 }, { "queue_work_on", 2 }, { "schedule_work", 0 },
		{ "queue_delayed_work", 1 }, { "schedule_delayed_work", 0 },
		{ "mod_delayed_work", 1 }, { "kthread_queue_work", 1 },
	};
	uint32_t n = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		q[n].name = rc_lookup(&p->str, known[i].name);
		q[n].arg = known[i].arg;
		n += q[n].name != RC_NONE;
	}
	return n;
}

/* The functions of the works that event @ev queues. */
static void queued_by(struct prog *p, uint32_t fn, uint32_t ev, const struct queueing *q,
		      uint32_t n, struct rc_vec_u32 *out)
{
	const struct fn *f = &p->fn.v[fn];
	const struct sk_event *e = &f->sk->event[ev];
	const struct sk_val *v = prog_val(p, f->unit, e->callee);
	uint32_t g, name, pl;

	if (e->kind != SK_E_CALL || v->kind != SK_FUNC)
		return;
	g = prog_fn(p, v->a);
	name = g == RC_NONE ? v->a : p->fn.v[g].name;
	for (uint32_t i = 0; i < n; i++) {
		if (q[i].name != name || q[i].arg >= e->nargs)
			continue;
		pl = pt_place(p, f->unit, e->args[q[i].arg]);
		if (pl == RC_NONE)
			continue;
		pt_at_place(p, "work_struct", "func", pl, out);
		pt_at_place(p, "kthread_work", "func", pl, out);
	}
}

/* INIT_WORK(): the function that event @ev makes that of a work. */
static void set_up_by(struct prog *p, uint32_t fn, uint32_t ev, struct rc_vec_u32 *out)
{
	const struct fn *f = &p->fn.v[fn];
	const struct sk_event *e = &f->sk->event[ev];
	const struct sk_val *to = prog_val(p, f->unit, e->callee);

	if (e->kind == SK_E_STORE && to->kind == SK_FIELD &&
	    !strncmp(rc_str(&p->str, to->b), "work_struct@", 12) &&
	    !strcmp(rc_str(&p->str, to->c), "func"))
		pt_functions(p, fn, f->unit, e->args[0], out);
}

/* What such a function calls of its own file: often it only finds the object. */
static void add_callees(struct prog *p, struct rc_vec_u32 *fns)
{
	uint32_t n = fns->n;

	for (uint32_t k = 0; k < n; k++) {
		const struct fn *w = &p->fn.v[fns->v[k]];

		for (uint32_t i = 0; i < w->sk->nevents; i++) {
			const struct call *c = &w->call[i];

			for (uint32_t t = c->first; t < c->first + c->n; t++)
				if (p->target.v[t].kind == T_DIRECT &&
				    p->fn.v[p->target.v[t].fn].file == w->file)
					rc_set_add(fns, p->target.v[t].fn);
		}
	}
}

void mark_deferred(struct prog *p)
{
	struct rc_vec_u32 fns = {};
	struct queueing q[8];
	uint32_t n = find_names(p, q);

	for (uint32_t f = 0; f < p->fn.n; f++) {
		const struct fn *fn = &p->fn.v[f];

		fns.n = 0;
		for (uint32_t i = 0; i < fn->sk->nevents; i++) {
			queued_by(p, f, i, q, n, &fns);
			set_up_by(p, f, i, &fns);
		}
		add_callees(p, &fns);
		for (uint32_t i = 0; fns.n && i < fn->sk->nevents; i++) {
			const struct call *c = &fn->call[i];

			for (uint32_t t = c->first; t < c->first + c->n; t++)
				p->target.v[t].deferred |= p->target.v[t].kind == T_DIRECT &&
							   rc_set_has(&fns, p->target.v[t].fn);
		}
	}
	rc_vec_free(&fns);
}
